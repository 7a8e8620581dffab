"""What was typed into a form that could not be saved now: it stays on the page, to be read, copied or sent once more.

A draft would need the very database that is full or held by somebody else. So the answer itself carries the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

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
    """The form of this request as it was sent; nothing when it was none, or held a secret: such a form is short.

    Sent once more it has the same key, so what was saved after all is not saved twice.
    """
    if request.method != "POST":
        return None
    try:
        sent, files = request.form, request.files
    except (HTTPException, OSError):  # too large to be read, or no room to read it
        return None
    if not sent or SECRETS & sent.keys():
        return None
    fields = tuple((name, text) for name, text in sent.items(multi=True) if name != "csrf_token")
    words = dict.fromkeys(text for name, text in fields if name not in _OURS and _is_prose(text))
    named = tuple(one.filename for one in files.values() if one.filename)
    action = request.full_path.rstrip("?")
    return Unsaved(action, fields, tuple(words), named, again and action.startswith("/") and action[1:2] != "/")


def _is_prose(text: str) -> bool:
    return " " in text.strip() or "\n" in text.strip() or len(text) >= _PROSE
