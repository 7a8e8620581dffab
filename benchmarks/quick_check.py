"""How long the look at a database takes when a program starts, and the copy before an upgrade.

PYTHONPATH=src python benchmarks/quick_check.py FOLDER      an empty folder with room for 600 MB
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from graduated.db import copies, standing

NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {most}) "


def make(path: Path) -> None:
    """A database of some 260 MB: long contents, and a table with an index."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE detail (id INTEGER PRIMARY KEY, payload TEXT)")
        connection.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, sequence INTEGER, mac TEXT)")
        contents = "INSERT INTO detail (payload) SELECT hex(randomblob(1800)) FROM n"
        connection.execute(NUMBERS.format(most=48_000) + contents)
        events = "INSERT INTO event (sequence, mac) SELECT i, hex(randomblob(32)) FROM n"
        connection.execute(NUMBERS.format(most=400_000) + events)
        connection.execute("CREATE INDEX ix_event ON event (sequence, mac)")


def main(folder: Path) -> None:
    """Make it, look at it, copy it."""
    path = folder / "graduated.db"
    make(path)
    for name, work in (("look", lambda: standing.look(path)), ("copy", lambda: copies.make(path, folder, "a", "b"))):
        wall, busy = time.monotonic(), time.process_time()
        found = work()
        took, spent = time.monotonic() - wall, time.process_time() - busy
        print(f"{name}: {copies.in_megabytes(copies.size_of(path))}, {took:.2f} s ({spent:.2f} s of work): {found}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
