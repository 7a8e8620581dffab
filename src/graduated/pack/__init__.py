"""Documents drawn from plain data: dataclasses in, bytes out; no web and no database (design §3, §8)."""
