"""Words typed and not yet saved: kept on the server for the one person who typed them, never in the browser.

A form that is open in two windows of one person has one draft. Where the form says which words it was opened from
(`web.forms.OneWindow`), the draft belongs to the window that wrote it last; another may go on with it only when it was
opened from just these words, and is told otherwise, so that neither writes over the other. What cannot wait there waits
beside it, and comes back when the first was saved.

A draft belongs to one school and one hat besides: who changes either reads nothing of what was typed there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from werkzeug.datastructures import MultiDict

from graduated.access.identity import Actor, acting, current_actor, require_actor
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.keys import Draft, placed
from graduated.db.session import db
from graduated.db.writing import write

SECRETS = frozenset({"password", "new_password", "again", "code", "kept", "pin"})
"""Fields whose words are never kept, and never shown again on any page."""
NEVER_KEPT = SECRETS | {"csrf_token", "form_key", "draft_of"}
_WINDOW = "\0window"
"""Under which name a draft keeps the key of the window that wrote it; no field of a form has it."""
_LIMIT = 400_000
_BESIDE = 9
"""So many windows can keep words of their own in one form."""
_PLACES: Any = bindparam("places", expanding=True)
_OF_PLACE = select(Draft).where(Draft.place.in_(_PLACES)).order_by(Draft.place)
_FIELDS = select(Draft.place, Draft.body, Draft.saved_at).where(Draft.place.in_(_PLACES)).order_by(Draft.place)


@dataclass(frozen=True, slots=True)
class Author:
    """Whom a form was shown to: the person, in which school, with which hat."""

    user_id: int
    school_id: int
    hat: Hat


class TooMuch(Exception):
    """More words than a draft has room for."""


class Elsewhere(Exception):
    """Another window of the same person has words of its own in the same form."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft as it was typed."""

    body: dict[str, list[str]]
    saved_at: datetime
    at: str = ""

    def fields(self) -> Iterator[tuple[str, str]]:
        """(name, text) pairs as a browser would send them."""
        return ((name, text) for name, texts in self.body.items() if name != _WINDOW for text in texts)

    @property
    def state(self) -> str:
        """By what a window knows that it was opened from just these words."""
        return self.saved_at.isoformat()

    def is_of(self, form: Mapping[str, str]) -> bool:
        """Whether a window may go on with these words: it wrote them last, or was opened from them."""
        if "draft_of" not in form:
            return True
        (window,) = self.body.get(_WINDOW) or [""]
        return (window != "" and window == form.get("form_key")) or self.state == form.get("draft_of")


def _places(place: str) -> list[str]:
    """Where the words of a form may wait, for who acts in this school and with this hat; the first is shown first."""
    first = placed(require_actor().school_id, require_actor().hat.value, place)
    return [first, *(f"{first}?beside={number}" for number in range(2, _BESIDE + 1))]


def _all_of(place: str) -> list[Kept]:
    rows = db.session.execute(_FIELDS, {"places": _places(place)})
    return [Kept(row.body, row.saved_at, row.place) for row in rows]


def load(place: str) -> Kept | None:
    """This person's draft of a place, here and with the hat that they wear."""
    if current_actor() is None:
        return None
    return next(iter(_all_of(place)), None)


def keep(place: str, form: MultiDict[str, str]) -> datetime:
    """Keep what stands in a window now. Raises Elsewhere when another window of the person has other words there."""
    kept = _all_of(place)
    mine = next((one for one in kept if one.is_of(form)), None)
    if kept and mine is None:
        raise Elsewhere
    return _written(mine.at if mine else _places(place)[0], form)


def save(place: str, form: MultiDict[str, str]) -> datetime:
    """Keep what stands in a form now; the latest words win."""
    return _written(_places(place)[0], form)


def save_first(place: str, form: MultiDict[str, str]) -> datetime:
    """Keep words that are shown next; those of another window make room, and come back when these are saved."""
    try:
        return keep(place, form)
    except Elsewhere:
        first, free = _places(place)[0], _free(place)
        with write("Draft kept"):
            row = db.session.scalars(_OF_PLACE, {"places": [first]}).one_or_none()
            if row is not None:
                row.place = free
        return _written(first, form)


def _free(place: str) -> str:
    """The first place beside that nobody has; the last when all are taken."""
    taken = {one.at for one in _all_of(place)}
    return next((one for one in _places(place) if one not in taken), _places(place)[-1])


def _written(at: str, form: MultiDict[str, str]) -> datetime:
    body = {name: form.getlist(name) for name in form if name not in NEVER_KEPT}
    body[_WINDOW] = [form.get("form_key", "")]
    if sum(len(text) for texts in body.values() for text in texts) > _LIMIT:
        raise TooMuch
    actor = require_actor()
    with write("Draft kept"):
        row = db.session.scalars(_OF_PLACE, {"places": [at]}).one_or_none()
        if row is None:
            row = Draft(user_id=actor.user_id or 0, place=at, body=body)
            db.session.add(row)
        row.body, row.saved_at = body, now()
    return row.saved_at


def drop(place: str, form: Mapping[str, str] | None = None) -> None:
    """The words were saved for good, or thrown away by their owner.

    With the form that was sent, what another window has in the same form stays: it comes back when the form is opened
    again.
    """
    kept = _all_of(place) if current_actor() is not None else []
    mine = next((one for one in kept if form is None or one.is_of(form)), None)
    if mine is None:  # most forms have no draft, and a write is dear
        return
    with write("Draft dropped"):
        row = db.session.scalars(_OF_PLACE, {"places": [mine.at]}).one_or_none()
        if row is not None:
            db.session.delete(row)


def park(author: Author, place: str, form: MultiDict[str, str]) -> datetime:
    """Keep a form that came after its sign-in ended, for its author alone, and beside what another window of theirs has
    there.
    """
    with acting(Actor(author.user_id, author.school_id, "", hat=author.hat, is_system=True)):
        try:
            return keep(place, form)
        except Elsewhere:
            return _written(_free(place), form)
