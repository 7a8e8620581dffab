"""Puts the list of docs/security/asvs.toml into docs/security.md, between the two marks; the rest is written by hand.

python3 docs/security/make.py           writes it
python3 docs/security/make.py --check   only says whether it is up to date
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from listing import BEGIN, END, Line, entries, proof, put, row, run

__all__ = ["BEGIN", "END", "STATUSES", "lines", "made"]
DATA = Path(__file__).with_name("asvs.toml")
DOCUMENT = Path(__file__).parents[1] / "security.md"
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


def lines() -> list[Line]:
    """The entries of the data file, in its order."""
    return entries(DATA)


def chapter(line: Line) -> int:
    """The chapter of the standard that an entry belongs to."""
    return int(line["id"].split(".")[0])


def counts(all_lines: list[Line]) -> str:
    """How many entries of each chapter have which status."""
    rows = [f"| Chapter | {' | '.join(STATUSES)} | with a test |", "|---|" + "---:|" * (len(STATUSES) + 1)]

    def figures_of(name: str, some: list[Line]) -> str:
        figures = [sum(one["status"] == status for one in some) for status in STATUSES]
        tested = sum(bool(one.get("tests")) for one in some if one["status"] != STATUSES[3])
        return f"| {name} | {' | '.join(map(str, figures))} | {tested} |"

    for number, title in CHAPTERS.items():
        rows.append(figures_of(f"V{number} {title}", [one for one in all_lines if chapter(one) == number]))
    rows.append(figures_of("**All**", all_lines))
    return "\n".join(rows)


def table(some: list[Line]) -> str:
    """The entries of one chapter."""
    rows = ["| | Level | What is asked | | Shown by | Remark |", "|---|---|---|---|---|---|"]
    for one in some:
        status = one["status"] if one["status"] == STATUSES[0] else f"**{one['status']}**"
        rows.append(row(one["id"], str(one["level"]), one["asks"], status, proof(one), one.get("remark", "")))
    return "\n".join(rows)


def listed() -> str:
    """Everything that stands between the marks."""
    found = lines()
    parts = [counts(found)]
    for number, title in CHAPTERS.items():
        parts.append(f"### V{number} {title}\n\n" + table([one for one in found if chapter(one) == number]))
    return "\n\n".join(parts)


def made(document: str) -> str:
    """The document with the list of today in it."""
    return put(document, listed())


def main() -> int:
    """Write the document, or say that it is not up to date."""
    return run(DOCUMENT, made)


if __name__ == "__main__":
    sys.exit(main())
