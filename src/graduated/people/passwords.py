"""Argon2id hashes, and what is wrong with a new password.

Hashes are made before any transaction opens, for one takes a tenth of a second.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from graduated.rules.passwords import check
from graduated.web.languages import N_, in_language

_cost = ["normal"]


def set_cost(cost: str) -> None:
    """ "normal", or "low" for tests, where hundreds of accounts are made."""
    _cost[0] = cost
    _hasher.cache_clear()
    _nobody.cache_clear()


@functools.cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=64, parallelism=1) if _cost[0] == "low" else PasswordHasher()


@functools.cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """The hash to keep."""
    return _hasher().hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right; an unknown account takes as long as a known one."""
    try:
        return _hasher().verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def _common() -> frozenset[str]:
    # Some hundred thousand words that only a new password needs, so they are read when the first one comes.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"])


def what_is_wrong(password: str, own_words: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password, in a sentence; none when it will do (`graduated.rules.passwords.check`).

    Held against the 30,000 passwords that people were found to use most (the list of zxcvbn), on this machine alone:
    no password, and no part of its hash, is asked about anywhere else.
    """
    return _in_their_language(check(password, own_words, _common()))


_ADVICE = N_("Three words that do not belong together make a good one.")
_NUMBER = re.compile(r"(?<=this one has )\d+")
SAID = (
    N_("A password needs at least 12 characters; this one has %(number)s."),
    N_("A password can have at most 256 characters; this one has %(number)s."),
    N_("The same few characters over and over are guessed quickly."),
    N_("One part written again and again counts as that part alone."),
    N_("This has too few letters to be hard to guess."),
    N_("Runs such as 1234, abcd or qwerty are guessed first."),
    N_("This is made of common words, or of the name of the school, the product or yourself, which are guessed first."),
    N_("This is on the lists of common passwords that guessers try, or is made of two of them."),
)
"""What `graduated.rules.passwords.check` says, before its advice."""


def _in_their_language(said: str | None) -> str | None:
    """The sentence in the language of the page."""
    if said is None:
        return None
    head = said.removesuffix(_ADVICE).strip()
    number = _NUMBER.search(head)
    plain = in_language(_NUMBER.sub("%(number)s", head)) if number else in_language(head)
    words = plain % {"number": number[0]} if number else plain
    return f"{words} {in_language(_ADVICE)}" if said.endswith(_ADVICE) else words
