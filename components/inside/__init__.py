"""Inside: one review seen from inside one network."""
