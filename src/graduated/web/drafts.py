"""Words typed and not yet saved: kept on the server for the one person who typed them, never in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from werkzeug.datastructures import MultiDict

from graduated.access.identity import Actor, acting, current_actor, require_actor
from graduated.db.clock import now
from graduated.db.keys import Draft
from graduated.db.session import db
from graduated.db.writing import write

_NEVER_KEPT = {"csrf_token", "form_key", "password", "new_password", "again"}
_LIMIT = 400_000
_OF_PLACE = select(Draft).where(Draft.place == bindparam("place"))
_FIELDS = select(Draft.body, Draft.saved_at).where(Draft.place == bindparam("place"))


class TooMuch(Exception):
    """More words than a draft has room for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it was typed."""

    body: dict[str, list[str]]
    saved_at: datetime

    def fields(self) -> Iterator[tuple[str, str]]:
        """(name, text) pairs as a browser would send them."""
        return ((name, text) for name, texts in self.body.items() for text in texts)


def load(place: str) -> Kept | None:
    """This person's draft of a place."""
    if current_actor() is None:
        return None
    row = db.session.execute(_FIELDS, {"place": place}).first()
    return Kept(row.body, row.saved_at) if row else None


def save(place: str, form: MultiDict[str, str]) -> datetime:
    """Keep what stands in a form now; the latest words win."""
    body = {name: form.getlist(name) for name in form if name not in _NEVER_KEPT}
    if sum(len(text) for texts in body.values() for text in texts) > _LIMIT:
        raise TooMuch
    actor = require_actor()
    with write("Draft kept"):
        row = db.session.scalars(_OF_PLACE, {"place": place}).one_or_none()
        if row is None:
            row = Draft(user_id=actor.user_id or 0, place=place[:200], body=body)
            db.session.add(row)
        row.body, row.saved_at = body, now()
    return row.saved_at


def drop(place: str) -> None:
    """The words were saved for good, or thrown away by their owner."""
    if load(place) is None:  # most forms have no draft, and a write is dear
        return
    with write("Draft dropped"):
        row = db.session.scalars(_OF_PLACE, {"place": place}).one_or_none()
        if row is not None:
            db.session.delete(row)


def park(user_id: int, place: str, form: MultiDict[str, str]) -> None:
    """Keep a form that came after its sign-in ended, for its author alone."""
    with acting(Actor(user_id=user_id, school_id=0, name="", is_system=True)):
        save(place, form)
