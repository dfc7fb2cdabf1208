"""Classes that take part by phone: who has joined, what is shown, what is guessed, and how phones find this machine."""
