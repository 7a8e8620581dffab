"""What works and what it costs."""
