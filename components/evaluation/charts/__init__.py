"""Charts of Evaluation: figures from ready numbers."""
