"""A Chinese archive indexer."""
