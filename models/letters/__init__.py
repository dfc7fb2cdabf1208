"""A recurrent network small enough for the blackboard: it learns to spell one word, and every number can be shown."""
