"""Batch: many reviews from a file."""
