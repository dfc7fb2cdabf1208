"""Figures of one model on the test set: the records that pages work with, and the reading of ``evaluation.json``."""
