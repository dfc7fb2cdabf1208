"""A network that somebody brings in a file: read as data, never executed, and read with as one of ours."""
