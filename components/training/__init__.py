"""Training: how the networks learnt, and a training of one's own."""
