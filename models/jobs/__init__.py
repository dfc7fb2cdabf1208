"""Long work in processes of its own: training, checking against Keras, the dataset's download."""
