"""What two people at one review are told of each other, and what they choose where both wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from graduated.review.forms import SittingForm
from graduated.review.sitting import Table
from graduated.web.filters import long_date, moment

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A field in which both wrote: its name and label, both texts, and whether both can stand one after the other."""

    name: str
    label: str
    mine: str
    theirs: str
    can_join: bool


def saved_by(table: Table) -> str:
    """Who saved last, as the beginning of a sentence: "Laura Fenwick saved on 24 November 2026, 3.30 pm"."""
    record = table.record
    if record.saved_at is None:
        return "somebody else saved"
    return f"{record.saved_by or 'somebody else'} saved on {moment(record.saved_at)}"


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
        about = {str(one.row.outcome_id): one.row.statement for one in form.table.outcomes}
    elif kind in ("verdict", "why"):
        about = {str(one.row.provision_id): one.row.name for one in form.table.provisions}
    label = str(form[name].label.text)
    return f"{label} ({about[key]})" if key in about else label


def quarrel_of(form: SittingForm, name: str, theirs: Mapping[str, Any]) -> Quarrel:
    """Both texts of a field."""
    field, other = form[name], theirs.get(name)
    both = _can_join(field, field.data, other)
    return Quarrel(name, label_of(form, name), _said(field, field.data), _said(field, other), both)


def chosen_words(form: SittingForm, theirs: Mapping[str, Any], sent: MultiDict[str, str]) -> list[Quarrel]:
    """Put into the form what was chosen where both wrote; give what nobody has chosen yet."""
    left = []
    for name in dict.fromkeys(sent.getlist("quarrel")):
        if name not in form or name not in theirs:
            continue
        choice, field = sent.get(f"choose-{name}"), form[name]
        if choice == THEIRS:
            field.data = theirs[name]
        elif choice == BOTH and _can_join(field, field.data, theirs[name]):
            field.data = f"{field.data}\n\n{theirs[name]}"
        elif choice != MINE:
            left.append(quarrel_of(form, name, theirs))
    return left


def _can_join(field: Any, mine: Any, theirs: Any) -> bool:
    return field.type == "TextAreaField" and bool(mine) and bool(theirs)


def _said(field: Any, value: Any) -> str:
    choices = {one.value: one.label for one in getattr(field, "choices", None) or ()}
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return long_date(value) if isinstance(value, date) else str(choices.get(value, value))
