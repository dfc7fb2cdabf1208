"""Charts of Training: figures from ready numbers."""
