"""Journeys in a real browser, with axe, at a desk's and a phone's width, with JavaScript and without."""
