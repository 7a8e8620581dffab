"""How long records are kept: what falls due, what is held, and destroying it by two people with a log."""
