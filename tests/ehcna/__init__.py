"""Evidence and the pack."""
