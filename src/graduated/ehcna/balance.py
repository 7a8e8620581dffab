"""The balanced picture of one request: its records and words, held against the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graduated.ehcna.records import Records
from graduated.ehcna.reference_words import Reference
from graduated.rules.advice import AdviceSection
from graduated.rules.balance import Heard, OnRecord, Reminder, reminders
from graduated.rules.references import RefKind
from graduated.rules.vocabulary import BuildKind, ObservationKind, ViewOf

BALANCED = frozenset(
    {"summary", "reason", "views", "needs", AdviceSection.VIEWS.value}
    | {one.value for one in AdviceSection if one.area is not None}
)
"""Sections beside which the reminder stands: the reason, the needs, and the child as a whole."""


@dataclass(frozen=True, slots=True)
class Told:
    """One reminder with the records that it names, ready to be put in."""

    text: str
    rows: tuple[Reference, ...]


def balance_of(records: Records, found: Mapping[str, Reference], also: str = "") -> tuple[Told, ...]:
    """What a reader would miss in everything written for the request; `also` are words that are not saved yet."""
    request = records.request
    written = [also, *(row.typed for row in records.narratives)]
    if request and records.kind is BuildKind.REQUEST:
        written += [request.reason, request.more_needed]
    told = reminders(written, _strengths(records), _pupil_views(records), _parents(records), records.head.name)
    return tuple(_told(one, found) for one in told)


def _told(one: Reminder, found: Mapping[str, Reference]) -> Told:
    return Told(one.text, tuple(found[ref] for ref in one.refs if ref in found))


def _strengths(records: Records) -> list[OnRecord]:
    letter = RefKind.OBSERVATION.value
    return [
        OnRecord(f"{letter}{one.observation_id}", one.text, one.seen_on)
        for one in records.observations
        if one.kind is ObservationKind.STRENGTH
    ]


def _pupil_views(records: Records) -> list[OnRecord]:
    letter = RefKind.VIEW.value
    return [
        OnRecord(f"{letter}{one.view_id}", one.text, one.given_on)
        for one in records.views
        if one.whose is ViewOf.PUPIL and not one.is_attempt
    ]


def _parents(records: Records) -> list[Heard]:
    said = {one.adult_id for one in records.views if one.whose is ViewOf.PARENT and not one.is_attempt}
    asked = {one.adult_id for one in records.views if one.whose is ViewOf.PARENT and one.is_attempt}
    return [
        Heard(one.name, one.adult_id in said, one.adult_id in asked)
        for one in records.adults
        if one.parental_responsibility and not one.barred
    ]
