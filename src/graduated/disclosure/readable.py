"""A cleared record in words, for the readable part, and as data, for the part that machines read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from graduated.db.clock import local
from graduated.disclosure.gather import Gathered, Row
from graduated.disclosure.tables import EXEMPT, LIBRARY, REACHED, column_words, columns_of, label_of, links_of
from graduated.pack.record_given import GivenSection
from graduated.rules.vocabulary import Word
from graduated.web.filters import long_date, moment

FORMAT = 1
SILENT = {"id", "recorded_at", "from_paper", "position", "told_mis", "active", "width", "height", "media_type", "size"}
LIST_ONLY = {"change_event"}
"""Tables that are in the data alone: hundreds of short lines."""


def sections(record: Gathered) -> tuple[GivenSection, ...]:
    """The record in words, kind by kind."""
    found = []
    for table, rows in record.rows.items():
        entries = tuple(filter(None, (_entry(table, row, record.names) for row in rows)))
        if entries and table not in LIST_ONLY:
            found.append(GivenSection(label_of(table), entries))
    return tuple(found)


def _entry(table: str, row: Row, names: Mapping[str, Mapping[int, str]]) -> tuple[tuple[str, str], ...]:
    links, pairs = links_of(table), []
    for column in columns_of(table):
        target = links.get(column)
        if column in SILENT or column == "pupil_id" or (target is not None and target not in LIBRARY):
            continue
        value = names[target].get(row[column], "") if target is not None else row[column]
        said = in_words(value)
        if column == "email":
            said = said.replace("@", " @ ")  # an address that looks like one has to be a link for a reader that speaks
        if said:
            pairs.append((column_words(column), said))
    return tuple(pairs)


def in_words(value: Any) -> str:
    """A value as people read it; nothing for nothing, and for a no."""
    if value is None or value is False or value == "":
        return ""
    if value is True:
        return "Yes"
    if isinstance(value, Word):
        return value.label
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, dict):
        return "\n".join(f"{key}: {said}" for key, one in value.items() if (said := in_words(one)))
    if isinstance(value, list | tuple):
        return "\n".join(said for one in value if (said := in_words(one)))
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def as_data(record: Gathered, head: Mapping[str, str]) -> bytes:
    """The record as JSON: each table with its rows, what numbers mean, and which kinds are in no bundle and why."""
    tables = {
        table: {"what": label_of(table), "which": REACHED.get(table, "every entry of the pupil"), "rows": list(rows)}
        for table, rows in record.rows.items()
    }
    whole = {
        "format": FORMAT, **head, "tables": tables, "names": record.names, "in_no_bundle": EXEMPT,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def listed(titles: Iterable[str]) -> tuple[str, ...]:
    """The papers by their numbers in the folder."""
    return tuple(f"{number}. {title}" for number, title in enumerate(titles, 1))
