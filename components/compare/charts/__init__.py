"""Charts of Compare: figures from ready numbers."""
