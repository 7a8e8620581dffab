"""The evidence pack of nine cycles beside two floors drawn by hand, and beside WeasyPrint. See README.md.

`python benchmarks/evidence_pack.py [PYTHON]`: PYTHON is the interpreter of an environment that has WeasyPrint.
"""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from math import log
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)]

import pikepdf
from pdf_as_html import as_html
from pdf_marks import Run, read, redraw
from reportlab.pdfgen.canvas import Canvas

from graduated.pack import fonts, typeset
from graduated.pack.content import PackContent
from graduated.pack.evidence_pack import render_pack
from graduated.pack.press import Rendered
from tests.pack.builders import BUILDER, HASH, MOMENT, content
from tests.pack.reading import text_of

CYCLES, LARGER, TIMES = 9, (18, 36, 68), 7
FACES = {Path(file).stem: name for name, file in fonts.FILES.items()}
_RIVAL = """
import sys, time, resource, weasyprint
least = 1e9
for _ in range(3):
    began = time.process_time()
    page = weasyprint.HTML(filename=sys.argv[1]).render()
    page.write_pdf(sys.argv[2], pdf_variant="pdf/ua-1")
    least = min(least, time.process_time() - began)
print(1000 * least, len(page.pages), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def pack_of(cycles: int) -> PackContent:
    """The sample pupil with so many cycles."""
    return content(cycles=tuple(replace(content().cycles[i % 5], number=i + 1) for i in range(cycles)))


def drawn(made: PackContent) -> Rendered:
    """The pack as a build draws it."""
    return render_pack(made, MOMENT, BUILDER, HASH)


def least(*works: Callable[[], object], times: int = TIMES) -> list[float]:
    """The least time of the processor of each in milliseconds; they take turns, so that all meet the same machine."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, into in zip(works, taken, strict=True):
            began = time.process_time()
            work()
            into.append(time.process_time() - began)
    return [1000 * min(one) for one in taken]


def words_only(pages: list[list[str]]) -> bytes:
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


def rival(pdf: bytes, python: str, folder: Path) -> tuple[float, int, float]:
    """Milliseconds, pages and megabytes of WeasyPrint for the same words, tables and pictures."""
    where = fonts.folder()
    regular, bold = ((where / fonts.FILES[name]).as_uri() for name in (fonts.REGULAR, fonts.BOLD))
    (folder / "pack.html").write_text(as_html(pdf, "SEN evidence pack", regular, bold))
    command = [python, "-c", _RIVAL, str(folder / "pack.html"), str(folder / "rival.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    taken, pages, most = done.stdout.split()
    return float(taken), int(pages), float(most)


def main() -> None:
    """Print the figures."""
    fonts.register()
    folder = Path(tempfile.mkdtemp())
    many = pack_of(CYCLES)
    made = drawn(many)
    marks = read(made.pdf)
    words = [page.splitlines() for page in text_of(made.pdf, folder).split("\f")[:-1]]
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        nodes = len(pdf.objects)
    runs = sum(isinstance(mark, Run) for page in marks for mark in page)
    shapes = sum(map(len, marks)) - runs
    print(f"{made.pages} pages, {len(made.pdf) / 1000:,.0f} kB, {nodes:,} objects, {runs:,} runs, {shapes:,} shapes")
    size = typeset.PAGE_WIDTH, typeset.PAGE_HEIGHT
    pack, floor, text = least(lambda: drawn(many), lambda: redraw(marks, FACES, size), lambda: words_only(words))
    print(
        f"pack {pack:,.0f} ms; F {floor:,.0f} ms, {pack / floor:.1f} x; words only {text:,.0f} ms, {pack / text:.1f} x"
    )
    if sys.argv[1:]:
        taken, pages, most = rival(made.pdf, sys.argv[1], folder)
        print(f"WeasyPrint {taken:,.0f} ms, {pages} pages, {most:.0f} MB: {taken / pack:.1f} packs")
    grown(pack, made.pages)


def grown(pack: float, pages: int) -> None:
    """Print how time and memory grow with the pages."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{CYCLES} cycles, {pages} pages: most memory {before:.0f} MB")
    for cycles in LARGER:
        more = pack_of(cycles)
        out: list[Rendered] = []
        (taken,) = least(lambda now=more, into=out: into.append(drawn(now)), times=1)  # type: ignore[misc]
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        steep = log(taken / pack) / log(out[0].pages / pages)
        print(f"{cycles} cycles, {out[0].pages} pages: {taken:,.0f} ms, exponent {steep:.2f}, {most - before:+.0f} MB")


if __name__ == "__main__":
    main()
