"""Unrolled: watch a recurrent network read a review."""

from components import shell

shell.run()
