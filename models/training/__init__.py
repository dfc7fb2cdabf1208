"""The rooms that know TensorFlow: data, recipes, networks, training and evaluation."""
