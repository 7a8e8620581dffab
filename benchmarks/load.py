"""Thirty people at work for ten minutes while a backup, an import and packs run; or the same while processes are killed.

The demo school is served as a school serves it, by `graduated serve --processes 2` with its worker. Each save carries words
of its own; afterwards every save that was answered is looked for in the database. With GRADUATED_TEST_DATABASE=postgresql
the records are in a server that is started for this, with everything as it comes. See README.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.load.book import share
from tests.load.run import Load, Outcome, copied, run
from tests.support import databases
from tests.support.demo import loaded


def say(found: Outcome) -> None:
    """Everything that was measured."""
    book, stands = found.book, found.held
    print("| What | Answers | Median | 95 in 100 | 99 in 100 | Slowest |\n|---|---|---|---|---|---|")
    every = [one for times in book.seconds.values() for one in times]
    for kind, times in [*sorted(book.seconds.items()), ("all", every)]:
        figures = (statistics.median(times), share(times, 0.95), share(times, 0.99), max(times))
        print(f"| {kind} | {len(times)} | " + " | ".join(f"{one * 1000:,.0f} ms" for one in figures) + " |")
    print(f"statuses {dict(sorted(book.statuses.items()))}; without an answer {book.cut_off}; sent again {book.again}")
    print(f"saves acknowledged {len(book.acknowledged)} of {len(book.sent)} sent; in the records {stands.count};"
          f" lost {len(stands.lost)}, doubled {len(stands.doubled)}, not as sent {len(stands.unsent)}")  # fmt: skip
    print(
        f"kills {sum(book.kills.values())}: {dict(book.kills)}; packs {found.packs}; beside: {', '.join(book.besides)}"
    )
    print(f"memory (MB): {'; '.join(book.memory)}")
    print(f"verify: whole {found.verified['whole']}, {found.verified['checked']}, remarks {found.verified['remarks']}")
    print(f"lines of the log that say locked: {found.locked}; unfinished files: {found.left}")
    print(f"faults: {len(book.faults)}")
    for one in book.faults[:40]:
        print(f"  {one}")


def main() -> None:
    """Measure, and say it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument(
        "--think", type=float, default=3.0, help="seconds between two pages of one person, on the average"
    )
    parser.add_argument("--kills", type=int, default=0, help="so many kills -9 meanwhile")
    parser.add_argument("--patience", type=float, default=60.0, help="minutes after which nothing more is killed")
    parser.add_argument("--demo", type=Path, help="a folder in which the demo school may stay for the next time")
    parser.add_argument("--log", type=Path, help="where the log of the server is to be kept")
    given = parser.parse_args()
    server = databases.start_server(as_at_work=True) if databases.ON_POSTGRESQL else None
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            school = loaded(given.demo or folder / "school")
            load = Load(given.people, given.minutes * 60, given.think, given.kills, patience=given.patience * 60)
            found = run(copied(school.home, folder), school.accounts, load)
    finally:
        if server is not None:
            databases.stop_server(server)
    say(found)
    if given.log:
        given.log.write_text(found.log)


if __name__ == "__main__":
    main()
