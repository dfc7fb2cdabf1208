"""Small faults that the tests must notice: a list of them, and what puts each into a copy of the code and looks."""
