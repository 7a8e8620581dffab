"""The school's outgoing e-mail: to whom, with which subject and how it stands. What a message says is not shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.machinery import Post, PostState
from graduated.db.session import db

MOST = 200


@dataclass(frozen=True, slots=True)
class PostRow:
    """One message without its words."""

    post_id: int
    recipient: str
    subject: str
    state: PostState
    tries: int
    error: str
    written_at: datetime
    next_try: datetime
    sent_at: datetime | None

    @property
    def failed(self) -> bool:
        """Whether nobody tries it again by itself."""
        return self.state is PostState.FAILED


_COLUMNS = (
    Post.id, Post.recipient, Post.subject, Post.state, Post.tries, Post.error, Post.written_at, Post.next_try,
    Post.sent_at,
)  # fmt: skip
_POST = select(*_COLUMNS).where(Post.state == bindparam("state")).order_by(Post.id.desc()).limit(MOST)
_THERE = select(Post.id).where(Post.id == bindparam("post_id"))


@finder("post")
def find_post(post_id: int) -> Subject | None:
    """Whether a message of the school is there."""
    return Subject() if db.session.scalar(_THERE, {"post_id": post_id}) else None


def post_in(state: PostState) -> tuple[PostRow, ...]:
    """The newest messages in a state, at most MOST of them."""
    return tuple(PostRow(*row) for row in db.session.execute(_POST, {"state": state}))
