"""What training leaves behind: evaluation, states, epochs, seeds, the model card."""
