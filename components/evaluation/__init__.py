"""Evaluation: how good every network is on the test reviews, and where it fails."""
