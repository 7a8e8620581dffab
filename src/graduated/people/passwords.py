"""Argon2id hashes. They are made before any transaction opens, for one takes a tenth of a second."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
