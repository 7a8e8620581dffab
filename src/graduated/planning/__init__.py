"""The termly planning meeting with link professionals: its agenda from the records, its decisions for each pupil."""
