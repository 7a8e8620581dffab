"""Concerns, measures and measurements, views, observations, professionals' advice."""
