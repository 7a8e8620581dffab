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


def records_words(added: int, corrected: int) -> str:
    """What came onto the record after a signature, for the middle of a sentence; nothing when nothing did."""
    said = [f"{added} {'record' if added == 1 else 'records'} added"] if added else []
    return ", ".join([*said, f"{corrected} corrected"] if corrected else said)


def printed(words_changed: bool, records: str) -> str:
    """What stands behind a printed signature, for who reads the paper years later; nothing when nothing changed."""
    said = ["signed before the words were changed"] if words_changed else []
    return "".join(f"; {one}" for one in ([*said, f"since then {records}"] if records else said))


def records_remark(who: str, on: str, records: str, *, is_reader: bool = False) -> str:
    """What to say beside a signature of records that came in since; `on` is the day of the signature in words."""
    if not records:
        return ""
    signed = "you" if is_reader else who
    ask = "Look at the gaps and the newest pack, and sign again if you stand by it." if is_reader else "Tell them."
    return f"Since {signed} signed on {on}, these changed: {records}. {ask}"


def remark(who: str, changed: tuple[str, ...], quoting: tuple[str, ...] = (), *, is_reader: bool = False) -> str:
    """What to say of it beside the signature; nothing when nothing changed.

    `quoting` are words that nobody saved anew, but that read otherwise, for a record they quote was corrected or went.
    Who signed is not told to ask themselves.
    """
    said, signer = [], "you" if is_reader else who
    if changed:
        said.append(f"{_listed(changed)} {'has' if len(changed) == 1 else 'have'} changed since {signer} signed.")
    if quoting:
        quote = "quotes" if len(quoting) == 1 else "quote"
        said.append(f"{_listed(quoting)} {quote} what has changed or gone since it was put in: look at it there first.")
    if not said:
        return ""
    if is_reader:
        return f"{' '.join(said)} Look at {'it' if len(changed) + len(quoting) == 1 else 'them'}, and sign again."
    return f"{' '.join(said)} Ask {'them' if changed else who} to look, and to sign again."


def _listed(titles: tuple[str, ...]) -> str:
    last = titles[-1]
    listed = f"{', '.join(titles[:-1])} and {last}" if len(titles) > 1 else last
    return f"{listed[:1].upper()}{listed[1:]}"
