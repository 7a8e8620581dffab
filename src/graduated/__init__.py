"""Graduated: the assess-plan-do-review cycle, from concern to evidence pack."""

__version__ = "0.1.0"
