"""The parent's view."""
