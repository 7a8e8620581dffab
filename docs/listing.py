"""What the lists of docs share: entries of a TOML file, each shown by named tests, put between two marks of a page."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- the list begins -->", "<!-- the list ends -->"
Line = dict[str, Any]


def entries(data: Path) -> list[Line]:
    """The entries of a data file, in its order."""
    found: list[Line] = tomllib.loads(data.read_text(encoding="utf-8"))["line"]
    return found


def proof(line: Line) -> str:
    """By what an entry is shown: tests by file and name, and places to read."""
    tests = [
        f"`{file.removeprefix('tests/')}` {name}" for file, name in (one.split("::") for one in line.get("tests", ()))
    ]
    return "<br>".join([*tests, *([line["where"]] if "where" in line else [])])


def row(*cells: str) -> str:
    """One row of a table."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def put(document: str, listed: str) -> str:
    """A page with its list of today in it."""
    return re.sub(f"{BEGIN}.*{END}", lambda _found: f"{BEGIN}\n\n{listed}\n\n{END}", document, count=1, flags=re.DOTALL)


def run(document: Path, made: Callable[[str], str]) -> int:
    """Write the page, or with --check only say by the exit code whether it is up to date."""
    now = document.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(made(now) != now)
    document.write_text(made(now), encoding="utf-8")
    return 0
