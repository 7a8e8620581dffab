"""How far a long import is. It runs in one transaction, so the number lies in a small file beside the database."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True, slots=True)
class Far:
    """Pupils written so far, and in all."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """From 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


def _path(upload: int) -> Path:
    return Path(current_app.config["SETTINGS"].home) / "progress" / f"import-{upload}.json"


def report(upload: int, done: int, total: int) -> None:
    """Note how far it is; never seen half written."""
    path = _path(upload)
    path.parent.mkdir(exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}")
    aside.write_text(json.dumps([done, total]), encoding="ascii")
    os.replace(aside, path)


def read(upload: int) -> Far | None:
    """How far it is, or nothing while it has not begun."""
    try:
        done, total = json.loads(_path(upload).read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return Far(done, total)


def clear(upload: int) -> None:
    """It has ended."""
    _path(upload).unlink(missing_ok=True)
