"""Read: the first page."""
