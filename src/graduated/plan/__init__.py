"""Cycles, outcomes, groups and places, provision planned, strategies, agreement with parents."""
