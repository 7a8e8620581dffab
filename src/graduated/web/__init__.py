"""Pages, fragments, errors."""
