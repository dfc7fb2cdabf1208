"""Figures on the test reviews."""

from components.shell import page_header

page_header("Evaluation", "How good the networks are.")
