"""Meetings, judgements, next step, actions, seal, addenda."""
