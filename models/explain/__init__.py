"""What one reading tells: attribution, memory, interventions, state space, epochs."""
