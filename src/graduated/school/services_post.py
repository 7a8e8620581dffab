"""Sending a message again that could not be sent."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.db.clock import now
from graduated.db.machinery import Post, PostState
from graduated.db.session import db
from graduated.db.writing import writes

_ONE = select(Post).where(Post.id == bindparam("post_id"))


@writes("Message tried again")
def try_again(post_id: int) -> int:
    """Let a message that was not sent be tried at once, with all its tries before it; a sent one is left alone."""
    row = db.session.scalars(_ONE, {"post_id": post_id}).one()
    if row.state is not PostState.SENT:
        row.state, row.tries, row.next_try = PostState.WAITING, 0, now()
        db.session.flush()
    return post_id
