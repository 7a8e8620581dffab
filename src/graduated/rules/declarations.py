"""What was declared, and what has changed since: head and SENCO sign what they have read (domain §2.5, line 26).

A change after a signature is said, so that they can look and sign again. It blocks nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """Words that are part of the request: what they are called, and when they were last saved."""

    title: str
    saved_at: datetime


def words_digest(*texts: str) -> str:
    """What is kept of the request's own words at a signature: enough to see a change, not the words themselves."""
    return hashlib.sha256("\x00".join(text.strip().replace("\r\n", "\n") for text in texts).encode()).hexdigest()


def changed_since(
    signed_at: datetime, digest_then: str, digest_now: str, narratives: Iterable[Saved]
) -> tuple[str, ...]:
    """Which words were saved anew after a signature, by what they are called."""
    own = () if digest_then == digest_now else ("the request in words",)
    return (*own, *(f"“{one.title}”" for one in narratives if one.saved_at > signed_at))


def remark(who: str, changed: tuple[str, ...]) -> str:
    """What to say of it beside the signature; nothing when nothing changed."""
    if not changed:
        return ""
    last = changed[-1]
    listed = f"{', '.join(changed[:-1])} and {last}" if len(changed) > 1 else last
    verb = "has" if len(changed) == 1 else "have"
    return f"{listed[:1].upper()}{listed[1:]} {verb} changed since {who} signed. Ask them to look, and to sign again."
