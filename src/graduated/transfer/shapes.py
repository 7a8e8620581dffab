"""What a column that holds JSON may hold, column by column: what pages read from it has to be there as they read it.

Each shape gives the value back or raises ValueError, TypeError or KeyError. A test holds the list against the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime, time
from typing import Any

from graduated.review.deciding import Decision
from graduated.rules.vocabulary import Judgement, NeedArea

_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_REF = re.compile(r"[mvojrdcyatw][0-9]{1,9}")
_DAYS = 7


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise TypeError("a list is wanted")
    return value


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise TypeError("an object is wanted")
    return value


def _words(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("words are wanted")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("a number is wanted")
    return value


def _day(value: Any) -> date:
    words = _words(value)
    if len(words) != 10:
        raise ValueError("a date is written as 2026-11-22")
    return date.fromisoformat(words)


def list_of_words(value: Any) -> Any:
    """A list of texts."""
    return [_words(one) for one in _list(value)]


def _days(value: Any) -> Any:
    for one in _list(value):
        _day(one)
    return value


def _areas(value: Any) -> Any:
    return [NeedArea(_words(one)).value for one in _list(value)]


def _weekdays(value: Any) -> Any:
    if any(not 0 <= _number(one) < _DAYS for one in _list(value)) or len(set(value)) != len(value):
        raise ValueError("a weekday is a number from 0 to 6")
    return sorted(value)


def _times(value: Any) -> Any:
    for day, at in _object(value).items():
        if not (len(day) == 1 and "0" <= day < str(_DAYS)):
            raise ValueError("a weekday is a number from 0 to 6")
        time.fromisoformat(_words(at))
    return value


def _guests(value: Any) -> Any:
    for one in _list(value):
        service, _person = list_of_words(one)
        if not service.strip():
            raise ValueError("a service has a name")
    return value


def _decision(value: Any) -> Any:
    """The next step as it is thought over: what an open review reads, each part of its own kind."""
    read = Decision.read(_object(value))
    usual = Decision()
    for one in fields(Decision):
        said, like = getattr(read, one.name), getattr(usual, one.name)
        if one.name == "parents_agree":
            like = False if said is not None else None
        if isinstance(like, bool | str) and type(said) is not type(like):
            raise TypeError("a part of the decision is of another kind")
    return value


def _contribution(value: Any) -> Any:
    """A colleague's form (since when, what they saw) or what the last review said of a provision."""
    found = _object(value)
    for name in ("carried", "name", "why", "words", "judgement", "given"):
        _words(found.get(name, ""))
    if found.get("judgement"):
        Judgement(found["judgement"])
    if found.get("given"):
        datetime.fromisoformat(found["given"])
    if found.get("provision_id") is not None:
        _number(found["provision_id"])
    return value


def _followed(value: Any) -> Any:
    """What was told at sealing, and what followed."""
    found = _object(value)
    list_of_words(found.get("told") or [])
    for name in ("next_cycle_id", "involvement_id", "request_id"):
        if found.get(name) is not None:
            _number(found[name])
    return value


def _salts(value: Any) -> Any:
    for one in _object(value).values():
        _words(one)
    return value


def _sources(value: Any) -> Any:
    for one in map(_object, _list(value)):
        if not _REF.fullmatch(_words(one["ref"])) or not _DIGEST.fullmatch(_words(one["digest"])):
            raise ValueError("a source names a record")
        _day(one["on"])
    return value


def _brought(value: Any) -> Any:
    for one in map(_object, _list(value)):
        _words(one["section"]), _number(one["version"]), _day(one["on"])
    return value


SHAPES: dict[tuple[str, str], Callable[[Any], Any]] = {
    ("attendance", "part_time"): _object,
    ("contribution", "details"): _contribution,
    ("group", "times"): _times,
    ("group", "weekdays"): _weekdays,
    ("intervention", "areas"): _areas,
    ("intervention", "extra"): _object,
    ("narrative", "brought"): _brought,
    ("narrative", "sources"): _sources,
    ("narrative_version", "brought"): _brought,
    ("narrative_version", "sources"): _sources,
    ("next_step", "suggestion_reasons"): list_of_words,
    ("planning_item", "reasons"): list_of_words,
    ("planning_meeting", "guests"): _guests,
    ("review", "decision"): _decision,
    ("seal", "details"): _followed,
    ("seal_parts", "part_salts"): _salts,
    ("term", "inset_days"): _days,
    ("tombstone", "audit"): _object,
}
"""By table and column."""
