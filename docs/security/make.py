"""Puts the list of docs/security/asvs.toml into docs/security.md, between the two marks; the rest is written by hand.

python3 docs/security/make.py           writes it
python3 docs/security/make.py --check   only says whether it is up to date
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("asvs.toml")
DOCUMENT = Path(__file__).parents[1] / "security.md"
BEGIN, END = "<!-- the list begins -->", "<!-- the list ends -->"
STATUSES = ("met", "part", "not met", "does not apply")
CHAPTERS = {
    1: "Encoding and injection",
    2: "What may be typed, and the order of the work",
    3: "The browser",
    4: "Messages of the web",
    5: "Files",
    6: "Proving who one is",
    7: "Sessions",
    8: "Who may do what",
    9: "Tokens that speak for themselves",
    10: "OAuth and OpenID Connect",
    11: "Ciphers and chance",
    12: "TLS",
    13: "Setting up",
    14: "Protecting what is known",
    15: "How it is written",
    16: "Logs and faults",
    17: "WebRTC",
}
Line = dict[str, Any]


def lines() -> list[Line]:
    """The entries of the data file, in its order."""
    found: list[Line] = tomllib.loads(DATA.read_text(encoding="utf-8"))["line"]
    return found


def chapter(line: Line) -> int:
    """The chapter of the standard that an entry belongs to."""
    return int(line["id"].split(".")[0])


def counts(entries: list[Line]) -> str:
    """How many entries of each chapter have which status."""
    rows = [f"| Chapter | {' | '.join(STATUSES)} | with a test |", "|---|" + "---:|" * (len(STATUSES) + 1)]

    def row(name: str, some: list[Line]) -> str:
        figures = [sum(one["status"] == status for one in some) for status in STATUSES]
        tested = sum(bool(one.get("tests")) for one in some if one["status"] != STATUSES[3])
        return f"| {name} | {' | '.join(map(str, figures))} | {tested} |"

    for number, title in CHAPTERS.items():
        rows.append(row(f"V{number} {title}", [one for one in entries if chapter(one) == number]))
    rows.append(row("**All**", entries))
    return "\n".join(rows)


def proof(line: Line) -> str:
    """By what an entry is shown: tests by file and name, and places to read."""
    tests = [
        f"`{file.removeprefix('tests/')}` {name}" for file, name in (one.split("::") for one in line.get("tests", ()))
    ]
    return "<br>".join([*tests, *([line["where"]] if "where" in line else [])])


def table(entries: list[Line]) -> str:
    """The entries of one chapter."""
    rows = ["| | Level | What is asked | | Shown by | Remark |", "|---|---|---|---|---|---|"]
    for one in entries:
        status = one["status"] if one["status"] == STATUSES[0] else f"**{one['status']}**"
        cells = (one["id"], str(one["level"]), one["asks"], status, proof(one), one.get("remark", ""))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def listed() -> str:
    """Everything that stands between the marks."""
    entries = lines()
    parts = [counts(entries)]
    for number, title in CHAPTERS.items():
        parts.append(f"### V{number} {title}\n\n" + table([one for one in entries if chapter(one) == number]))
    return "\n\n".join(parts)


def made(document: str) -> str:
    """The document with the list of today in it."""
    return re.sub(
        f"{BEGIN}.*{END}", lambda _found: f"{BEGIN}\n\n{listed()}\n\n{END}", document, count=1, flags=re.DOTALL
    )


def main() -> int:
    """Write the document, or say that it is not up to date."""
    now = DOCUMENT.read_text(encoding="utf-8")
    if "--check" in sys.argv[1:]:
        return int(made(now) != now)
    DOCUMENT.write_text(made(now), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
