"""The base of every form: a key that makes a second submit harmless, a version, and words that are never lost.

A form is shown and sent at one and the same address; that address is also the place of its draft.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from datetime import datetime
from typing import Any, TypeVar

from flask import current_app, request
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from graduated.access.identity import current_actor
from graduated.access.policy import Hat
from graduated.web import drafts

F = TypeVar("F", bound="Form")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), "form-key")


def new_form_key() -> str:
    """A key for one showing of one form, signed and bound to the person it was shown to, in which school and hat."""
    actor = current_actor()
    where = [actor.school_id, actor.hat.value] if actor else []
    return str(_signer().dumps([actor.user_id if actor else None, secrets.token_hex(12), *where]))


def author_of(text: str | None) -> drafts.Author | None:
    """Whom the form of a key was shown to, where and with which hat; none where nobody was signed in."""
    if not text:
        return None
    try:
        user_id, _key, school_id, hat = _signer().loads(text)
        return drafts.Author(user_id, school_id, Hat(hat)) if user_id is not None else None
    except (BadSignature, ValueError):
        return None


def read_form_key(text: str | None) -> tuple[int | None, str] | None:
    """Whose form a key is of, and its random part; nothing when it is missing or not ours."""
    if not text:
        return None
    try:
        user_id, key, *_where = _signer().loads(text)
    except (BadSignature, ValueError):
        return None
    return user_id, str(key)


def sent_key() -> str | None:
    """By what a second submit of the form just sent is known; nothing unless it was shown to who is acting.

    The words are part of it: the same form sent twice is one act, but a form that was gone back to, mended and sent
    again is another, and must not be answered with what came of the first.
    """
    actor = current_actor()
    if request.method != "POST" or actor is None:
        return None
    key = read_form_key(request.form.get("form_key"))
    if key is None or key[0] != actor.user_id:
        return None
    words = sorted(
        (name, texts) for name, texts in request.form.lists() if name not in {"csrf_token", "form_key", "draft_of"}
    )
    files = sorted((name, one.filename or "") for name, one in request.files.items(multi=True))
    said = json.dumps([request.path, words, files])
    return f"{key[1]}:{hashlib.sha256(said.encode()).hexdigest()[:32]}"


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """A form of this product. `restored_at` says when words now shown were kept as a draft."""

    form_key = HiddenField(default=new_form_key)
    version = HiddenField()
    restored_at: datetime | None = None

    @property
    def sent_version(self) -> int | None:
        """The version of the record that this form was opened with; one that cannot be read is nobody's newest."""
        text = (self.version.data or "").strip()
        if not text:
            return None
        return int(text) if re.fullmatch("[0-9]{1,9}", text) else -1


class OneWindow(Form):
    """A form of long words, which somebody may have open twice: it says from which kept words it was opened."""

    draft_of = HiddenField()


def open_form(form_class: type[F], data: dict[str, Any] | None = None, *, version: int | None = None) -> F:
    """The form as sent; or, when it is only looked at, filled from a draft of this person or from `data`.

    `data` is a plain mapping, never a database row.
    """
    if request.method == "POST":
        return form_class()
    kept = drafts.load(request.path)
    if kept is None:
        form = form_class(formdata=None, data=data or {})
    else:
        form = form_class(formdata=MultiDict(kept.fields()), data=data or {})
        form.restored_at = kept.saved_at
    form.form_key.data = new_form_key()
    if isinstance(form, OneWindow):
        form.draft_of.data = kept.state if kept else ""
    if version is not None and kept is None:
        form.version.data = str(version)
    return form
