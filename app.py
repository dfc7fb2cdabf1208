"""Unrolled: watch a recurrent network read a review."""

from components.session import frame

frame.run()
