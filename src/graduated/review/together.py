"""What two people at one review are told of each other, and what they choose where both wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graduated.access.identity import current_actor
from graduated.review.forms import SittingForm
from graduated.review.merging import is_plain, mark_of, merge
from graduated.review.sheet import Fielded
from graduated.web.filters import long_date, moment

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A field in which both wrote: its name and label, both texts, and whether both can stand one after the other.

    `saw` marks the text of theirs that is shown, so that a choice counts only against what was read; `chosen` is what
    was chosen already and not yet acted upon.
    """

    name: str
    label: str
    mine: str
    theirs: str
    can_join: bool
    saw: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Together:
    """What two people wrote: the fields of both, which came from the other, what is to be chosen, and its mark."""

    filled: dict[str, Any]
    promises: int
    opened: str
    taken: tuple[str, ...]
    quarrels: tuple[Quarrel, ...]


def saved_by(table: Fielded) -> str:
    """Who saved last, as the beginning of a sentence: "Laura Fenwick saved on 24 November 2026, 3.30 pm"."""
    record = table.record
    if record.saved_at is None:
        return "somebody else saved"
    actor = current_actor()
    who = "you, in another window," if actor and actor.name == record.saved_by else record.saved_by or "somebody else"
    return f"{who} saved on {moment(record.saved_at)}"


def labels_of(form: SittingForm, names: tuple[str, ...]) -> list[str]:
    """The fields as a person knows them."""
    return [label_of(form, name) for name in names if name in form]


def label_of(form: SittingForm, name: str) -> str:
    """A field as a person knows it, with what it is about."""
    kind, _, key = name.partition("-")
    if kind == "what":
        return f"action {int(key) + 1} (“{form[name].data}”)"
    about: dict[str, str] = {}
    if kind in ("judgement", "reason"):
        about = {str(key): statement for key, statement in form.table.judged}
    elif kind in ("verdict", "why"):
        about = {str(key): name for key, name in form.table.supplied}
    label = str(form[name].label.text)
    return f"{label} ({about[key]})" if key in about else label


def bring_together(
    form: SittingForm, theirs: Mapping[str, Any], sent: Mapping[str, str], *, act: bool = True
) -> Together:
    """What stands in the form and what is saved, as one; `sent` holds what was chosen where both wrote.

    A choice made against another text than the one that is saved now is void, and asked for again. Unless `act`, the
    choices are only remembered.
    """
    mine = form.filled
    made = dict(_choices(mine, sent))
    void = {name for name, _choice in made.items() if sent.get(f"saw-{name}") != mark_of(theirs.get(name))}
    settled = {
        name: value
        for name, choice in made.items()
        if act and name not in void
        for value in _stands(form[name], choice, mine[name], theirs.get(name))
    }
    both = merge(form.opened.data, mine | settled, theirs, settled=settled.keys(), ask=void & theirs.keys())
    quarrels = tuple(
        _quarrel(form, name, theirs, "" if name in void else made.get(name, ""))
        for name in both.quarrels
        if not (form[name].errors or form[name].process_errors)
    )
    return Together(both.filled, both.promises, both.opened, both.taken, quarrels)


def _choices(mine: Mapping[str, Any], sent: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What was chosen, field by field."""
    for name in mine:
        choice = sent.get(f"choose-{name}")
        if is_plain(name) and choice in (MINE, THEIRS, BOTH):
            yield name, choice


def _stands(field: Any, choice: str, mine: Any, theirs: Any) -> Iterator[Any]:
    """The value that was chosen, if it can be."""
    if choice == MINE:
        yield mine
    elif choice == THEIRS:
        yield theirs
    elif _can_join(field, mine, theirs):
        yield f"{mine}\n\n{theirs}"


def _quarrel(form: SittingForm, name: str, theirs: Mapping[str, Any], chosen: str) -> Quarrel:
    field, other = form[name], theirs.get(name)
    return Quarrel(
        name=name,
        label=label_of(form, name),
        mine=_said(field, field.data),
        theirs=_said(field, other),
        can_join=_can_join(field, field.data, other),
        saw=mark_of(other),
        chosen=chosen,
    )


def words_of(form: SittingForm, name: str) -> str:
    """What stands in a field, as a person reads it."""
    return _said(form[name], form[name].data)


def _can_join(field: Any, mine: Any, theirs: Any) -> bool:
    return field.type == "TextAreaField" and bool(mine) and bool(theirs)


def _said(field: Any, value: Any) -> str:
    choices = {one.value: one.label for one in getattr(field, "choices", None) or ()}
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return long_date(value) if isinstance(value, date) else str(choices.get(value, value))
