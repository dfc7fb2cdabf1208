"""Compare: several networks on one review, and one review in several versions."""
