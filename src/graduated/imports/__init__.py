"""MIS files in."""
