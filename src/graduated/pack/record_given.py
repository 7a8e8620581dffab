"""A pupil's record on paper, for who asked for it: what is kept, kind by kind, each entry with what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from graduated.pack.flow import Flow
from graduated.pack.press import Furniture, Rendered, press

_MOST_COLUMNS, _LONGEST = 6, 40
"""Entries of few and short values stand as the rows of one table; others each as a list of their own."""


@dataclass(frozen=True, slots=True)
class GivenSection:
    """Records of one kind: entries as (label, text) pairs, none of them empty."""

    title: str
    entries: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRecord:
    """The document. `facts` are (label, text) lines at its head, `notes` sentences, `papers` what lies beside it."""

    title: str
    school: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    papers: tuple[str, ...]
    sections: tuple[GivenSection, ...]
    builder: str
    moment: datetime


def render_given(record: GivenRecord) -> Rendered:
    """The record as an accessible PDF; the same record and moment give the same bytes."""
    moment = record.moment if record.moment.tzinfo else record.moment.replace(tzinfo=UTC)
    furniture = Furniture(
        title=record.title,
        author=record.school,
        subject=record.title,
        running=record.title,
        mark="Confidential",
        foot=f"Put together by {record.builder}",
        moment=moment,
    )
    return press(furniture, partial(_written, record))


def _written(record: GivenRecord, flow: Flow) -> None:
    flow.heading(1, record.title)
    flow.facts(record.facts, share=0.25)
    for words in record.notes:
        flow.text(words)
    if record.papers:
        flow.heading(2, "Papers that lie beside this document")
        flow.points(record.papers)
    for section in record.sections:
        flow.heading(2, section.title)
        labels = list(dict.fromkeys(label for entry in section.entries for label, _ in entry))
        if len(section.entries) > 1 and _is_short(section.entries, labels):
            rows = [[dict(entry).get(label, "–") for label in labels] for entry in section.entries]
            flow.table(labels, rows, [1] * len(labels))
            continue
        for entry in section.entries:
            flow.facts(entry, share=0.25)


def _is_short(entries: Sequence[Sequence[tuple[str, str]]], labels: Sequence[str]) -> bool:
    return len(labels) <= _MOST_COLUMNS and all(len(text) <= _LONGEST for entry in entries for _, text in entry)
