"""Bundles, census list, spreadsheets out."""
