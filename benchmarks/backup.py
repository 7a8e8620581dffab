"""How long a backup takes, and what people who write meanwhile notice of it.

    PYTHONPATH=src python benchmarks/backup.py HOME [MEGABYTES]

HOME is an installation (it is copied, not touched); its database is filled up to so many megabytes (203 unless said
otherwise) with text that hardly compresses.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from graduated.backup import keys, making, places, restoring, snapshot
from graduated.config import Settings


class Writer(threading.Thread):
    """Saves a small row after row, and notes how long the slowest took."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file, self.stop, self.took = file, threading.Event(), list[float]()

    def run(self) -> None:
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=30)) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            while not self.stop.is_set():
                began = time.perf_counter()
                connection.execute("INSERT INTO filler (words) VALUES (?)", ("x" * 500,))
                self.took.append(time.perf_counter() - began)

    def said(self) -> str:
        """Median, slowest and number."""
        took = sorted(self.took)
        return f"{len(took)} saved, median {took[len(took) // 2] * 1000:.1f} ms, slowest {took[-1] * 1000:.0f} ms"


def fill(file: Path, megabytes: int) -> None:
    """Bring a database up to a size."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, words TEXT)")
        missing = megabytes * 1_000_000 - file.stat().st_size
        connection.executemany(
            "INSERT INTO filler (words) VALUES (?)", ((os.urandom(1900).hex(),) for _row in range(missing // 4000))
        )
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def quietly(file: Path, seconds: float) -> str:
    """What a writer notices without a backup."""
    writer = Writer(file)
    writer.start()
    time.sleep(seconds)
    writer.stop.set()
    writer.join()
    return writer.said()


def main() -> None:
    """Measure once and print."""
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 203
    with tempfile.TemporaryDirectory() as folder:
        home, disk = Path(folder) / "home", Path(folder) / "disk"
        shutil.copytree(sys.argv[1], home, ignore=shutil.ignore_patterns("backup", "run"))
        disk.mkdir()
        file = home / "graduated.db"
        fill(file, megabytes)
        settings = Settings(home, f"sqlite:///{file}", "benchmark", b"benchmark")
        key = keys.private_key(keys.make(settings))
        places.add(settings, disk)
        print(f"database {file.stat().st_size / 1e6:.0f} MB; writer alone: {quietly(file, 3)}")
        (home / "copies").mkdir()
        writer = Writer(file)
        writer.start()
        began = time.perf_counter()
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(home / "copies" / "copy.db")) as copy:
            source.backup(copy, pages=-1)
        print(f"the copy in one step: {time.perf_counter() - began:.2f} s")
        snapshot.cut_log(sqlite3.connect(file), file)
        writer.stop.set()
        writer.join()
        print(f"writer meanwhile: {writer.said()}")
        writer = Writer(file)
        writer.start()
        made = making.make(settings)
        log = file.with_name("graduated.db-wal")
        size = log.stat().st_size if log.exists() else 0
        writer.stop.set()
        writer.join()
        print(
            f"whole backup: {made.seconds:.1f} s, archive {made.size / 1e6:.1f} MB, {made.files} files; log of writes "
            f"{size / 1e6:.1f} MB when done; writer meanwhile: {writer.said()}"
        )
        began = time.perf_counter()
        restoring.restore(disk, key, Path(folder) / "new")
        print(f"restored and checked, without verify: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
