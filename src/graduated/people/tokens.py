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


_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters and digits that nobody mistakes for one another on paper."""


def new_code(school_id: int) -> str:
    """A token to be typed from a letter, such as "12.7KQP-…": eighty bits of chance behind the school's number."""
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return f"{school_id}.{drawn}"


def as_printed(code: str) -> str:
    """A code as it stands on paper, in groups of four: "12-7KQP-…"."""
    number, _, rest = code.partition(".")
    return "-".join((number, *(rest[at : at + 4] for at in range(0, len(rest), 4))))


def as_typed(words: str) -> str:
    """The token of a code that somebody typed, with whatever spaces, hyphens and small letters."""
    number, _, rest = words.strip().upper().replace(" ", "-").replace(".", "-").partition("-")
    return f"{number}.{rest.replace('-', '')}"
