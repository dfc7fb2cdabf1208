"""Training histories in the forms people have them in: tables, JSON, Python's own notation, console output, events."""
