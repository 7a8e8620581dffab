"""The main pages on PostgreSQL, behind its wall between schools, beside the same pages on SQLite. See README.md.

    python benchmarks/on_postgresql.py FOLDER [--sets primary trust-10] [--calls 15]

By the clock, since what a server takes is not this process's time; so only on a machine that does nothing else. The
server is started for this and thrown away, with everything as it comes (fsync, autovacuum); the data sets are made in
it. Those on SQLite lie in FOLDER.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(Path(__file__).parent)]
os.environ["GRADUATED_TEST_DATABASE"] = "postgresql"

from datasets import SETS, app_of, build
from measuring import Person, call
from ratios import asked_at, running_plan

from tests.support import databases

PAGES = {
    "Register": "/register",
    "A running plan": "/cycles/{running}",
    "Today": "/today",
    "Groups": "/groups",
    "Provision map": "/insight",
    "Impact": "/insight/impact",
}


def timed(person: Person, path: str, calls: int) -> float:
    """Milliseconds by the clock for one call: the middle one."""
    taken = []
    environ = person.environ(path)
    for _ in range(3):
        call(person.app, environ)
    gc.collect()
    for _ in range(calls):
        began = time.perf_counter()
        call(person.app, environ)
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def pages_of(home: Path, place: int, running: int, calls: int) -> dict[str, tuple[float, int]]:
    """(milliseconds, statements) of each page for the SENCO of one school."""
    person = Person(app_of(home), "senco", place)
    paths = {name: path.format(running=running) for name, path in PAGES.items()}
    return {name: (timed(person, path, calls), asked_at(person, path)) for name, path in paths.items()}


def on_server(name: str, folder: Path, place: int, running: int, calls: int) -> dict[str, tuple[float, int]]:
    """The same, of a set made in the server."""
    home, noted = folder / name, folder / f"{name}-database"  # apart: a data set begins in an empty folder
    os.environ.update(databases.environment_of(noted))
    try:
        began = time.monotonic()
        build(home, name, loud=False)
        databases.weigh(noted)
        print(f"{name} made on PostgreSQL in {time.monotonic() - began:.0f} s", file=sys.stderr)
        return pages_of(home, place, running, calls)
    finally:
        for one in ("DATABASE_URL", "GRADUATED_OWNER_URL"):
            os.environ.pop(one)


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=["primary", "trust-10"])
    parser.add_argument("--calls", type=int, default=15)
    given = parser.parse_args()
    server = databases.start_server(as_at_work=True)
    print("| Set | Page | SQLite | PostgreSQL | Statements |\n|---|---|---|---|---|")
    try:
        with tempfile.TemporaryDirectory() as name:
            for one in given.sets:
                home, place = build(given.folder / one, one), SETS[one][1] // 2 + 1
                running = running_plan(home, place)
                on_file = pages_of(home, place, running, given.calls)
                there = on_server(one, Path(name), place, running, given.calls)
                for page, (taken, statements) in there.items():
                    print(f"| {one} | {page} | {on_file[page][0]:.1f} ms | {taken:.1f} ms | {statements} |")
    finally:
        databases.stop_server(server)


if __name__ == "__main__":
    main()
