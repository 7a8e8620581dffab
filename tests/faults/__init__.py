"""Faults that really happen: a killed server, a full disc, a held database, a cut line, a wrong clock."""
