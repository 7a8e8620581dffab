"""A school's exports, read and compared."""
