"""Tokens of links: chance behind the school's number, so that each is looked up as that school and nowhere else."""

from __future__ import annotations

import secrets


def new_token(school_id: int) -> str:
    """A token for a link: 256 bits of chance behind the school's number."""
    return f"{school_id}.{secrets.token_urlsafe(32)}"


def school_of(token: str) -> int | None:
    """The school that a token says it is of; none where it is not of that shape."""
    number, point, rest = token.partition(".")
    return int(number) if point and rest and number.isascii() and number.isdecimal() and len(number) < 10 else None
