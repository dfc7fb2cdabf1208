"""Your network: a file is dropped in, set up, checked against the notebook, and read with on every page."""
