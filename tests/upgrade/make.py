"""Make a small school with the code of an earlier version, and write its rows down as SQL.

    PYTHONPATH=TREE/src .venv/bin/python tests/upgrade/make.py OUT.sql

TREE is that version, as `git archive` gives it. The demo school of that version is told with few pupils, and whatever
of its telling needs pupils that are not there is left out. Rows only: the schema is what the migrations make.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

MOMENT = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
NAMES = ("Zofia,", "Albie,", "Kit,")
STORIES = ("Zofia Szymańska", "Albie Fernandes")
NOT_KEPT = {"alembic_version", "sqlite_sequence"}


class Lives(dict[str, Any]):
    """The pupils told of; who is not there is the first."""

    def __missing__(self, _name: str) -> Any:
        return next(iter(self.values()))


def paper(number: int) -> bytes:
    """What stands for a drawn paper of these schools."""
    return f"%PDF Paper {number} of the demo school\n".encode()


def tolerant(module: ModuleType) -> None:
    """Let a part of the telling end early where it needs what is not there."""
    for name, what in list(vars(module).items()):
        if callable(what) and getattr(what, "__module__", "") == module.__name__ and name in {
            "tell", "word", "lie_ready", "put_right", "afterwards", "attendance"}:  # fmt: skip
            setattr(module, name, _ends_early(module, what))


def _ends_early(module: ModuleType, what: Callable[..., Any]) -> Callable[..., Any]:
    def told(*args: Any, **named: Any) -> Any:
        try:
            return what(*args, **named)
        except Exception as error:
            print(f"{module.__name__}.{what.__name__} ended early: {error!r}"[:200], file=sys.stderr)
            from graduated.db.session import db

            db.session.rollback()
            return None

    return told


def main(out: Path) -> None:
    """Make it and write it."""
    home = Path(tempfile.mkdtemp())
    os.environ |= {
        "GRADUATED_HOME": str(home), "GRADUATED_SECRET_KEY": "tests only", "GRADUATED_AUDIT_KEY": "tests only",
        "GRADUATED_SIGN_IN_COST": "low"}  # fmt: skip
    from graduated.app import create_app
    from graduated.config import settings_from_environment
    from graduated.db import migrate
    from graduated.db.clock import held
    from graduated.demo import load, roll

    _small_papers()
    settings = settings_from_environment(home, demo=True)
    migrate.upgrade(settings)
    lines = roll.FILE.read_text("utf-8").splitlines(keepends=True)
    roll.FILE = home / "roll.csv"
    roll.FILE.write_text("".join(lines[:1] + [one for one in lines[1:] if any(f",{n}" in one for n in NAMES)]), "utf-8")
    known = load.all_stories()
    load.all_stories = lambda: [one for one in known if one.name in STORIES]
    for module in list(vars(load).values()):
        if isinstance(module, ModuleType) and module.__name__.startswith("graduated.demo."):
            tolerant(module)
    _one_parent()
    real = load._tell
    load._tell = lambda *args: Lives(real(*args))
    with create_app(settings).app_context(), held(MOMENT):
        load.ensure(lambda words: print(words, file=sys.stderr))
        from graduated.db.session import db

        db.session.remove()
        db.engine.dispose()
    rows = write_rows(home / "graduated.db", out)
    anchor = (home / "audit-anchor.log").read_text().splitlines()
    print(migrate.newest(), rows, "rows", out.stat().st_size, "bytes", anchor[-1:], file=sys.stderr)


def _one_parent() -> None:
    """A sign-in for the one parent whose child is told of."""
    from graduated.demo import background, people

    people.PARENTS = people.PARENTS[:1]
    sign_ins, join = background.sign_ins, background._join_user
    background._join_user = lambda adult, user: join(adult, user) if adult else None
    background.sign_ins = lambda stage, hashed, known: sign_ins(stage, hashed, defaultdict(int, known))


def _small_papers() -> None:
    """Keep a line of text for each drawn paper, the same each time: the tests write these lines down again."""
    from graduated.db.files import FileStore

    real, number = FileStore.put, count(1)

    def put(self: FileStore, chunks: Any, limit: int | None = None) -> Any:
        whole = b"".join(chunks)
        return real(self, [paper(next(number)) if whole.startswith(b"%PDF") else whole], limit)

    FileStore.put = put  # type: ignore[method-assign]


def write_rows(database: Path, out: Path) -> int:
    """Every row as one INSERT, table by table; rows in the order of their ids."""
    written = 0
    with contextlib.closing(sqlite3.connect(database)) as connection, out.open("w", encoding="utf-8") as file:
        connection.execute("PRAGMA foreign_keys=ON")
        tables = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
        ]
        for table in (one for one in tables if one not in NOT_KEPT):
            names = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            quoted = ", ".join(f"quote({name!r})".replace("'", '"') for name in names)
            values = connection.execute(f'SELECT {quoted} FROM "{table}" ORDER BY rowid').fetchall()
            if not values:
                continue
            columns = ", ".join(f'"{name}"' for name in names)
            file.write(f'INSERT INTO "{table}" ({columns}) VALUES\n')
            file.write(",\n".join("(" + ", ".join(row) + ")" for row in values) + ";\n")
            written += len(values)
    return written


if __name__ == "__main__":
    main(Path(sys.argv[1]))
