"""Every chart of the product, each defined once for page and PDF.

A `Chart` gives `.svg()` (and prints itself in a template), `pack.paint.paint` draws it into a PDF, and its figures
stand as a table in `.headings` and `.rows`, with `.notes` for what the table has no column for.
"""

from __future__ import annotations

from collections.abc import Iterator

from graduated.pack import scene, wording
from graduated.pack.line_chart import measure_chart
from graduated.pack.measured import Dose
from graduated.pack.ribbon import Dot, RibbonCycle, ribbon
from graduated.pack.scene import Chart, Mark, Rect

__all__ = ["Chart", "Dot", "RibbonCycle", "dose_bar", "measure_chart", "ribbon"]


def dose_bar(dose: Dose, width: float, height: float = 10.0) -> Chart:
    """Delivered solid, missed hatched, not recorded with a broken edge, to come empty; in proportion to minutes."""
    words = dose.sentence or wording.dose_words(dose)
    minutes = (dose.planned, dose.delivered, dose.missed_minutes, dose.not_recorded, dose.to_come)
    if not dose.logged:
        rows: tuple[tuple[str, ...], ...] = ((f"{dose.planned:,}", *("not logged",) * 3, f"{dose.to_come:,}"),)
    else:
        rows = (tuple(f"{number:,}" for number in minutes),)
    headings = ("Planned to date", "Delivered", "Missed", "Not recorded", "To come")
    return Chart(
        width, height, "Minutes planned and delivered", words, tuple(_dose(dose, width, height)), headings, rows
    )


def _dose(dose: Dose, width: float, height: float) -> Iterator[Mark]:
    whole = max(dose.planned, dose.delivered + dose.missed_minutes + dose.not_recorded) + dose.to_come
    yield Rect(0, 0, width, height, scene.QUIET, css="dose-to-come")
    if not dose.logged or whole <= 0:
        yield Rect(0.5, 0.5, width - 1, height - 1, None, scene.LINE, css="dose-edge")
        return
    unit = width / whole
    done, missed, unknown = dose.delivered * unit, dose.missed_minutes * unit, dose.not_recorded * unit
    if done:
        yield Rect(0, 0, done, height, scene.GO, css="dose-delivered")
    if missed:
        yield from scene.hatched(done, 0, missed, height, fill=scene.AMBER_SOFT, line=scene.AMBER)
    if unknown:
        x = done + missed + 0.75
        wide = max(0.5, unknown - 1.5)
        yield Rect(x, 0.75, wide, height - 1.5, scene.WHITE, scene.SOFT, 1, 0, (2, 2), css="dose-unknown")
    yield Rect(0.25, 0.25, width - 0.5, height - 0.5, None, scene.LINE, 0.5, css="dose-edge")
