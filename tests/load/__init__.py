"""Many people at once, at the real server: what it answers, what it keeps, and what of that outlives its processes."""
