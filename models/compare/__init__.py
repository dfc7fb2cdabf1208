"""What two readings tell: edits, opposites, the smallest change, contrast pairs."""
