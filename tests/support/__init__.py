"""What the tests share: a small world of people and pupils, and a client that looks hard at every page."""
