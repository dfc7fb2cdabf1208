"""Many reviews: files, columns, streaming, export."""
