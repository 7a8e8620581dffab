"""Recording who saw what and who changed what."""
