"""Binding in a process of its own, for the documents are strangers': `python -m graduated.pack.bind_apart ORDER`.

The order is a file in JSON; what came of it is printed in JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from graduated.uploads import limits

if __name__ == "__main__":
    limits.confine(cpu_seconds=80, file_bytes=2 * 1024**3)  # before any library reads a stranger's file

from graduated.pack.binding import Bindable, Bound, Stamp, bind
from graduated.uploads.scratch import scratch

_WALL_SECONDS = 90.0  # the worker says at least every two minutes that it lives


def bind_apart(pack: Path, out: Path, documents: Sequence[Bindable], about: Stamp) -> Bound:
    """Bind the documents behind the pack, outside this process. Raises TookTooMuch, Crashed: `out` is of no use."""
    order = {
        "pack": str(pack),
        "out": str(out),
        "documents": [{**asdict(one), "path": str(one.path)} for one in documents],
        "about": {**asdict(about), "moment": about.moment.isoformat()},
    }
    with scratch() as folder:
        path = folder / "order.json"
        path.write_text(json.dumps(order), encoding="utf-8")
        said = json.loads(limits.run_module("graduated.pack.bind_apart", [str(path)], _WALL_SECONDS))
    first = {int(number): page for number, page in said["first_pages"].items()}
    return Bound(said["pages"], first, tuple(said["notes"]))


def main(path: Path) -> str:
    """Carry an order out."""
    order = json.loads(path.read_text(encoding="utf-8"))
    documents = [Bindable(**{**one, "path": Path(one["path"])}) for one in order["documents"]]
    about = Stamp(**{**order["about"], "moment": datetime.fromisoformat(order["about"]["moment"])})
    return json.dumps(asdict(bind(Path(order["pack"]), Path(order["out"]), documents, about)))


if __name__ == "__main__":
    try:
        sys.stdout.write(main(Path(sys.argv[1])))
    except MemoryError:
        sys.exit(limits.OUT_OF_MEMORY)
