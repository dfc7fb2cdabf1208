"""Charts of Inside: figures from ready numbers."""
