"""Letters: a network of a few units that learns to spell one word, every number of it on the screen."""
