"""Puts the list of docs/faults.toml into docs/faults.md, between the two marks; the rest is written by hand.

python3 docs/faults.py           writes it
python3 docs/faults.py --check   only says whether it is up to date
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from listing import BEGIN, END, Line, entries, proof, put, row, run

__all__ = ["ANSWERS", "BEGIN", "END", "lines", "made"]
DATA = Path(__file__).with_name("faults.toml")
DOCUMENT = Path(__file__).with_name("faults.md")
ANSWERS = ("shown", "part", "not shown")


def lines() -> list[Line]:
    """The entries of the data file, in its order."""
    return entries(DATA)


def table(some: list[Line]) -> str:
    """The faults of one group."""
    rows = [row("What happens", "What must come of it", "", "Shown by", "Remark"), "|---|---|---|---|---|"]
    for one in some:
        answer = one["answer"] if one["answer"] == ANSWERS[0] else f"**{one['answer']}**"
        rows.append(row(one["id"], one["must"], answer, proof(one), one.get("remark", "")))
    return "\n".join(rows)


def listed() -> str:
    """Everything that stands between the marks."""
    found = lines()
    told = ", ".join(f"{sum(one['answer'] == answer for one in found)} {answer}" for answer in ANSWERS)
    parts = [f"{len(found)} faults: {told}."]
    for group in dict.fromkeys(one["group"] for one in found):
        parts.append(f"## {group}\n\n" + table([one for one in found if one["group"] == group]))
    return "\n\n".join(parts)


def made(document: str) -> str:
    """The document with the list of today in it."""
    return put(document, listed())


def main() -> int:
    """Write the document, or say that it is not up to date."""
    return run(DOCUMENT, made)


if __name__ == "__main__":
    sys.exit(main())
