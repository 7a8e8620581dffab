"""Attendance as bars: one for each period, what was attended, missed with leave and without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graduated.pack import scene
from graduated.pack.evidence import AttendancePeriod
from graduated.pack.scene import Chart, Label, Mark, Rect
from graduated.pack.wording import span

_HEADINGS = ("Period", "Attended", "Possible sessions", "Authorised absences", "Unauthorised absences")
_KEY = ((scene.GO, "attended"), (scene.AMBER, "authorised absence"), (scene.WARN, "unauthorised absence"))


def attendance_chart(bars: Sequence[AttendancePeriod], width: float, size: float = 13.0) -> Chart:
    """A bar for each period, oldest first; each bar is as long as all its sessions, whatever the period's length."""
    drawn = [bar for bar in bars if bar.possible]
    line = size * 2.1
    narrow = width < 45 * size
    step = line * (1.75 if narrow else 1.0)
    marks = tuple(_marks(drawn, width, size, line, step, narrow))
    rows = tuple(
        (span(bar.start, bar.end), bar.percent, f"{bar.possible:,}", f"{bar.authorised:,}", f"{bar.unauthorised:,}")
        for bar in drawn
    )
    said = " ".join(f"{span(bar.start, bar.end)}: {bar.percent} of the sessions were attended." for bar in drawn)
    return Chart(width, step * len(drawn) + line, "Attendance by period", said, marks, _HEADINGS, rows)


def _marks(
    bars: Sequence[AttendancePeriod], width: float, size: float, line: float, step: float, narrow: bool
) -> Iterator[Mark]:
    """Names left of the bars, or above them where it is narrow; the percentages right; the key at the foot."""
    left = (
        0.0 if narrow else max((scene.text_width(span(bar.start, bar.end), size) for bar in bars), default=0.0) + size
    )
    right = scene.text_width("100.0%", size, bold=True) + size
    room, thick = width - left - right, size * 1.15
    for number, bar in enumerate(bars):
        top = number * step
        yield Label(0, top + size * 1.05, span(bar.start, bar.end), size)
        y = top + (line * 0.72 if narrow else 0.0)
        x = left
        there = bar.possible - bar.authorised - bar.unauthorised
        for (colour, _said), part in zip(_KEY, (there, bar.authorised, bar.unauthorised), strict=True):
            wide = room * part / bar.possible
            if part:
                yield Rect(x, y, wide, thick, fill=colour, stroke=scene.WHITE)
            x += wide
        yield Label(width, y + size * 1.0, bar.percent, size, fill=scene.INK, anchor="end", bold=True)
    x, y = left, step * len(bars) + size * 0.3
    for colour, said in _KEY:
        yield Rect(x, y, size * 0.9, size * 0.9, fill=colour)
        yield Label(x + size * 1.3, y + size * 0.82, said, size * (0.85 if narrow else 0.95))
        x += size * (1.6 if narrow else 2.6) + scene.text_width(said, size * (0.85 if narrow else 0.95))
