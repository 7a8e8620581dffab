"""Delivered sessions, who was there, why not."""
