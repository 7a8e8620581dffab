"""Who is acting: a frozen record of the person, the school and the hat, never a database row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from graduated.access.policy import Hat
from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the machine) who acts in one school, wearing one hat.

    `is_parent_here` is whether this member of staff has a child at the school: the staff pages then leave that
    child out altogether. `reads_all_cards` is true only while a class card is read in a school that lets every
    teacher read every card (design §6): the whole school is then in sight, for that page alone. With `needs_factor`
    nothing is open but the page on which the second step of signing in is set up. `is_fresh` is false when it is a
    while since they proved who they are: a record leaves the program only after they have done so again. `on_device` is
    the name of the school device on which they came in with a PIN: then nothing is open but the log of their own groups
    of today (docs/decisions/032).
    """

    user_id: int | None
    school_id: int
    name: str
    roles: frozenset[Role] = frozenset()
    hat: Hat = Hat.STAFF
    school_name: str = ""
    is_parent_here: bool = False
    has_both_hats: bool = False
    session_id: int | None = None
    is_system: bool = False
    reads_all_cards: bool = False
    needs_factor: bool = False
    is_fresh: bool = True
    on_device: str = ""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What Flask-Login keeps; the real token is put there when signing in."""
        return str(self.session_id)

    @property
    def is_family(self) -> bool:
        """Whether the family pages are the ones to show."""
        return self.hat is Hat.FAMILY

    @property
    def role_label(self) -> str:
        """What stands beside the name at the top of a page."""
        if self.is_system:
            return "System"
        return ", ".join(role.label for role in Role if role in self.roles)


def system_actor(school_id: int, name: str) -> Actor:
    """The command line, the worker or the demo, named in the audit, acting for one school."""
    return Actor(user_id=None, school_id=school_id, name=name, is_system=True)


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor | None:
    """Who is acting now, if anybody is."""
    return _current.get()


def require_actor() -> Actor:
    """Who is acting now; an error when nobody is."""
    actor = _current.get()
    if actor is None:
        raise PermissionError("nobody is signed in, so no record may be read or written")
    return actor


@contextmanager
def acting(actor: Actor | None) -> Iterator[None]:
    """Act as somebody for a while."""
    token = _current.set(actor)
    try:
        yield
    finally:
        _current.reset(token)
