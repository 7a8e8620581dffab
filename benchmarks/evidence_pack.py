"""The evidence pack of nine cycles with six charts, beside the same words drawn by hand: time of the processor, and pages.

F draws every line of text of the finished pack onto as many plain pages with ReportLab's bare canvas: no layout, no tables,
no tags. See README.md.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from graduated.pack import fonts
from graduated.pack.evidence_pack import render_pack
from tests.pack.builders import BUILDER, HASH, MOMENT, content
from tests.pack.reading import text_of

CYCLES, TIMES = 9, 5


def least(work: Callable[[], object]) -> float:
    """The least time of the processor in milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return 1000 * min(taken)


def by_hand(pages: list[list[str]]) -> bytes:
    """The words of a pack, line by line, and nothing else."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    for lines in pages:
        canvas.setFont(fonts.REGULAR, 9)
        for number, line in enumerate(lines):
            canvas.drawString(56, 800 - 11 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def main() -> None:
    """Print the figures."""
    fonts.register()
    many = content(cycles=tuple(replace(content().cycles[i % 5], number=i + 1) for i in range(CYCLES)))
    made = render_pack(many, MOMENT, BUILDER, HASH)
    words = [page.splitlines() for page in text_of(made.pdf, Path(tempfile.mkdtemp())).split("\f")[:-1]]
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        nodes = len(pdf.objects)
    pack, floor = least(lambda: render_pack(many, MOMENT, BUILDER, HASH)), least(lambda: by_hand(words))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"| {CYCLES} | {made.pages} | {len(made.pdf) / 1000:,.0f} kB | {nodes:,} | {floor:,.0f} ms | {pack:,.0f} ms |",
        end="",
    )
    print(f" {pack / floor:.1f} | {pack / made.pages:.0f} ms | {most:.0f} MB |")


if __name__ == "__main__":
    main()
