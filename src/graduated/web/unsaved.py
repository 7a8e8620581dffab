"""What was typed into a form that could not be saved now: it stays on the page, to be read, copied or sent once more.

A draft would need the very database that is full or held by somebody else. So the answer itself carries the words.

Where the database fails before it is known who asks, the form has been checked by nobody: one that another site made up
would come back as ours, with our token in it. So only a form with the token of this browser is given back.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, request
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import HTTPException
from wtforms import ValidationError

from graduated.web.drafts import NEVER_KEPT, SECRETS

_OURS = NEVER_KEPT | {"version"}
_PROSE = 40
"""A value of so many letters, or with a space in it, is words of a person; a shorter one is a choice or a number."""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A form as it was sent.

    `fields` are its names and values but for the token, `words` what a person wrote in it, `files` the names of files
    that came with it and have to be chosen again; `again` says whether sending it once more can save it.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    files: tuple[str, ...]
    again: bool


def unsaved(*, again: bool) -> Unsaved | None:
    """The form of this request as it was sent; nothing when it was none, was not made by us for this browser, or held a
    secret: such a form is short.

    Sent once more it has the same key, so what was saved after all is not saved twice.
    """
    if request.method != "POST":
        return None
    try:
        sent, files = request.form, request.files
    except (HTTPException, OSError):  # too large to be read, or no room to read it
        return None
    if not sent or SECRETS & sent.keys() or not _is_ours(sent.get("csrf_token")):
        return None
    fields = tuple((name, text) for name, text in sent.items(multi=True) if name != "csrf_token")
    words = dict.fromkeys(text for name, text in fields if name not in _OURS and _is_prose(text))
    named = tuple(one.filename for one in files.values() if one.filename)
    action = request.full_path.rstrip("?")
    return Unsaved(action, fields, tuple(words), named, again and _is_here(action))


def _is_ours(token: str | None) -> bool:
    """Whether the form has the token of this browser's session, which needs no database."""
    if g.get("csrf_valid", False) or not current_app.config.get("WTF_CSRF_ENABLED", True):
        return True
    try:
        validate_csrf(token or request.headers.get("X-CSRFToken"))
    except ValidationError:
        return False
    return True


def _is_here(action: str) -> bool:
    """Whether an address is one of this site to a browser, which reads "\\" as "/"."""
    return action.startswith("/") and action[1:2] not in {"/", "\\"}


def _is_prose(text: str) -> bool:
    return " " in text.strip() or "\n" in text.strip() or len(text) >= _PROSE
