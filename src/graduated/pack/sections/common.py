"""Pieces that several sections share."""

from __future__ import annotations

from datetime import date

from graduated.pack import typeset
from graduated.pack.content import PackContent, View, view_anchor
from graduated.pack.flow import Flow
from graduated.pack.wording import day, joined


def narratives(flow: Flow, content: PackContent, anchor: str) -> None:
    """What staff wrote for a section, with who, when and from what."""
    for entry in content.narratives:
        if entry.anchor != anchor:
            continue
        flow.text(entry.text)
        sources = f"Sources: {joined(entry.sources)}" if entry.sources else ""
        flow.small(" · ".join(part for part in (entry.by, day(entry.on) if entry.on else "", sources) if part))
        for remark in entry.remarks:
            flow.small(remark)


def views(flow: Flow, entries: tuple[View, ...], *, anchored: bool = False) -> None:
    """What people said, each with whose, how and when; or the attempts made. The index leads to those `anchored`."""
    for number, view in enumerate(entries):
        whose = f"{view.whose}: {view.person}"
        if anchored:
            flow.heading(3, whose, view_anchor(number), listed=False)
        else:
            flow.text(whose, flow.styles.strong)
        if view.attempts.strip():
            flow.labelled("Attempts made", view.attempts)
        elif not view.text.strip():
            flow.text("No views were given.")
        recorded = f"recorded by {view.recorded_by}" if view.recorded_by else ""
        flow.quote(view.text, " · ".join(part for part in (view.how, day(view.on), recorded) if part), typeset.ASSESS)


def dated(label: str, on: date | None) -> str:
    """A label with its date, or nothing."""
    return f"{label} {day(on)}" if on else ""
