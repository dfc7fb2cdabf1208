"""The cells as their equations, in NumPy: networks, recurrence, gradients, padding."""
