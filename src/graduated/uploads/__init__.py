"""Files that come from outside: what they are and whether they are taken; looked at in a process of its own."""
