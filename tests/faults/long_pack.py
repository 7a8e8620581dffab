"""A pack of three hundred pages, built by itself; prints what it took as JSON. Run by `test_very_long.py`."""

from __future__ import annotations

import json
import resource
import time
from dataclasses import replace

from graduated.pack.evidence_pack import render_pack
from tests.pack.builders import BUILDER, HASH, MOMENT, content

CYCLES = 76


def main() -> None:
    """Build a small one first, so that what each needs once is not counted; then the long one."""
    small = content()
    render_pack(small, MOMENT, BUILDER, HASH)
    before = resource.getrusage(resource.RUSAGE_SELF)
    began = time.process_time()
    cycles = tuple(replace(small.cycles[i % 5], number=i + 1) for i in range(CYCLES))
    made = render_pack(content(cycles=cycles), MOMENT, BUILDER, HASH)
    after = resource.getrusage(resource.RUSAGE_SELF)
    took = {
        "pages": made.pages,
        "seconds": round(time.process_time() - began, 1),
        "grew": (after.ru_maxrss - before.ru_maxrss) // 1024,
        "bytes": len(made.pdf),
    }
    print(json.dumps(took))


if __name__ == "__main__":
    main()
