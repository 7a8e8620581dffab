"""Pieces that several sections share."""

from __future__ import annotations

from datetime import date

from graduated.pack import typeset
from graduated.pack.content import PackContent, View
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


def views(flow: Flow, entries: tuple[View, ...]) -> None:
    """What people said, each with whose, how and when; or the attempts made."""
    for view in entries:
        flow.text(f"{view.whose}: {view.person}", flow.styles.strong)
        if view.attempts.strip():
            flow.labelled("Attempts made", view.attempts)
        if not view.text.strip():
            flow.text("No views were given.")
        recorded = f"recorded by {view.recorded_by}" if view.recorded_by else ""
        flow.quote(view.text, " · ".join(part for part in (view.how, day(view.on), recorded) if part), typeset.ASSESS)


def dated(label: str, on: date | None) -> str:
    """A label with its date, or nothing."""
    return f"{label} {day(on)}" if on else ""
