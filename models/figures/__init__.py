"""Figures of one model on the test set: records, the reading of ``evaluation.json``, and what is computed of them."""
