"""Sending post: by SMTP when it is configured, else each letter becomes a file in the outbox folder.

A server that refuses or says nothing loses no letter: it stays and is tried again, later each time. What a server
refuses for good (an address that it does not know) is not tried again by itself, and is kept too.
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
from graduated.db.machinery import PostState
from graduated.db.session import changing, looking
from graduated.db.wall import WORKER

log = logging.getLogger("graduated.post")
PATIENCE = 10.0
MOST_TRIES = 8
IN_HAND = timedelta(minutes=3)
"""For how long a letter is left to the worker that took it; one that died meanwhile leaves it to the next."""
_FOR_GOOD = 500


def _post() -> Table:
    return Base.metadata.tables["post"]


def send_next(settings: Settings, patience: float = PATIENCE) -> bool:
    """Send one waiting letter; whether there was one. `patience` is how many seconds a server may say nothing."""
    post = _post()
    waiting = (
        select(
            post.c.id,
            post.c.recipient,
            post.c.subject,
            post.c.body,
            post.c.tries,
            post.c.forget_when_sent,
            post.c.written_at,
        )
        .where(post.c.state == PostState.WAITING, post.c.next_try <= now())
        .order_by(post.c.id)
        .limit(1)
    )
    with looking(WORKER) as connection:
        row = connection.execute(waiting).first()
    if row is None:
        return False
    if not _taken(row.id):
        return True
    try:
        _deliver(settings, _message(settings, row), row.id, patience)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _not_sent(row, error)
        return True
    kept = "(the link in this letter is not kept)" if row.forget_when_sent else row.body
    _note(row.id, state=PostState.SENT, sent_at=now(), tries=row.tries + 1, body=kept)
    return True


def _taken(post_id: int) -> bool:
    """Whether this worker has the letter now; another of several that saw it waiting leaves it for a while."""
    post, moment = _post(), now()
    waits = (post.c.id == post_id, post.c.state == PostState.WAITING, post.c.next_try <= moment)
    with changing(WORKER) as connection, connection.begin():
        found = connection.execute(update(post).where(*waits).values(next_try=moment + IN_HAND))
        return bool(found.rowcount)


def _not_sent(row: Any, error: Exception) -> None:
    tries, for_good = row.tries + 1, _is_for_good(error)
    state = PostState.FAILED if for_good or tries >= MOST_TRIES else PostState.WAITING
    again = now() + timedelta(minutes=2**tries)
    _note(row.id, state=state, tries=tries, next_try=again, error=_words(error, for_good))
    log.warning("letter %s was not taken (%s), try %s", row.id, type(error).__name__, tries)


def _is_for_good(error: Exception) -> bool:
    """Whether to try again is of no use: every address is refused with a code from 500, or the letter itself is."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= _FOR_GOOD for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= _FOR_GOOD
    return isinstance(error, ValueError)


def _words(error: Exception, for_good: bool) -> str:
    """What went wrong, without what the server wrote: that may repeat an address."""
    if for_good:
        return "The address or the letter is refused for good. Check the address."
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server does not accept the sign-in that is set for it."
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "The mail server did not answer in time."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "The mail server ended the connection before it took the letter."
    if isinstance(error, smtplib.SMTPException):
        return "The mail server did not take the letter now."
    return "The mail server could not be reached."


def _note(post_id: int, **values: object) -> None:
    post = _post()
    with changing(WORKER) as connection, connection.begin():
        connection.execute(update(post).where(post.c.id == post_id).values(**values))


def _message(settings: Settings, row: Any) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = settings.mail_from, row.recipient, row.subject
    message["Date"] = now()
    message["Message-ID"] = f"<{row.id}.{row.written_at:%Y%m%d%H%M%S}@{_domain(settings)}>"  # the same at each try
    message.set_content(row.body)
    return message


def _domain(settings: Settings) -> str:
    return settings.mail_from.rpartition("@")[2].strip("> ") or "localhost"


def _deliver(settings: Settings, message: EmailMessage, post_id: int, patience: float) -> None:
    if settings.smtp_url is None:
        _to_folder(settings.home / "outbox", message, post_id)
        return
    where = urlsplit(settings.smtp_url)
    host, port = where.hostname or "localhost", where.port or (465 if where.scheme == "smtps" else 25)
    context = ssl.create_default_context()
    server: smtplib.SMTP = (
        smtplib.SMTP_SSL(host, port, timeout=patience, context=context)
        if where.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=patience)
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
