"""About: model cards, limits and privacy."""
