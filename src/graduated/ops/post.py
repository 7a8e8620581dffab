"""Sending post: by SMTP when it is configured, else each letter becomes a file in the outbox folder.

A server that refuses or says nothing loses no letter: it stays and is tried again, later each time.
"""

from __future__ import annotations

import logging
import os
import smtplib
import ssl
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Table, select, update

from graduated.config import Settings
from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.engine import IMMEDIATE
from graduated.db.machinery import PostState
from graduated.db.session import db

log = logging.getLogger("graduated.post")
PATIENCE = 10.0
MOST_TRIES = 8


def _post() -> Table:
    return Base.metadata.tables["post"]


def send_next(settings: Settings) -> bool:
    """Send one waiting letter; whether there was one."""
    post = _post()
    waiting = (
        select(post.c.id, post.c.recipient, post.c.subject, post.c.body, post.c.tries, post.c.forget_when_sent)
        .where(post.c.state == PostState.WAITING, post.c.next_try <= now())
        .order_by(post.c.id)
        .limit(1)
    )
    with db.engine.connect() as connection:
        row = connection.execute(waiting).first()
    if row is None:
        return False
    try:
        _deliver(settings, _message(settings, row), row.id)
    except (OSError, smtplib.SMTPException) as error:
        tries = row.tries + 1
        state = PostState.FAILED if tries >= MOST_TRIES else PostState.WAITING
        again = now() + timedelta(minutes=2**tries)
        _note(row.id, state=state, tries=tries, next_try=again, error=type(error).__name__)
        log.warning("letter %s was not taken (%s), try %s", row.id, type(error).__name__, tries)
        return True
    kept = "(the link in this letter is not kept)" if row.forget_when_sent else row.body
    _note(row.id, state=PostState.SENT, sent_at=now(), tries=row.tries + 1, body=kept)
    return True


def _note(post_id: int, **values: object) -> None:
    post = _post()
    with db.engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(update(post).where(post.c.id == post_id).values(**values))


def _message(settings: Settings, row: Any) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, row.recipient, row.subject
    message["Date"] = now()
    message.set_content(row.body)
    return message


def _deliver(settings: Settings, message: EmailMessage, post_id: int) -> None:
    if settings.smtp_url is None:
        _to_folder(settings.home / "outbox", message, post_id)
        return
    where = urlsplit(settings.smtp_url)
    host, port = where.hostname or "localhost", where.port or (465 if where.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context)
        if where.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=PATIENCE)
    )
    with server:
        if where.scheme == "smtp+starttls":
            server.starttls(context=context)
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        server.send_message(message)


def _to_folder(folder: Path, message: EmailMessage, post_id: int) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary, target = folder / f".{post_id}", folder / f"{post_id:08d}.eml"
    temporary.write_bytes(bytes(message))
    os.replace(temporary, target)
