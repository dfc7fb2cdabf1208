"""What networks learn from: the dataset, batches, single sentences, texts turned round, word vectors."""
