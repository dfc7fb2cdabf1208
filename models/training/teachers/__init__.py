"""What teaches a network besides labels: language model, adversarial training, naive Bayes, rewritten texts."""
