"""Lessons: a class guesses first, then looks at the networks' own numbers."""
