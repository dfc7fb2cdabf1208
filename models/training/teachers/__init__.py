"""What teaches a network besides labels: language model, adversarial training, other networks, tutorials."""
