"""Seals: one canonical form of a record, and a salted digest chained to the seal before (design §4, Seal).

The chain holds digests only. With its salt a digest proves that a record is unchanged; once salt and record are erased,
as the law may require, the digest tells nothing and the chain still holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

FIRST = ""
"""What stands for the previous digest at the start of a chain."""

LEAST_SALT = 16


def canonical(record: Mapping[str, object]) -> bytes:
    """The same bytes for the same record, on every machine and after every journey through a database.

    JSON with sorted keys and no spaces, UTF-8, all text in Unicode NFC; dates in ISO form, moments in UTC, Decimals as
    strings without needless noughts (so 1.50 is 1.5). Lists keep their order; a set, a float, a moment without a time
    zone or any other type raises TypeError, as its form could differ from one day to the next.
    """
    return json.dumps(_plain(record), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(canonical_record: bytes, salt: bytes, previous: str = FIRST) -> str:
    """HMAC-SHA-256, in hex, with the salt as key over the previous seal's digest, a line feed and the record.

    The previous digest is part of the message, so no seal can be left out, put in or moved without breaking the next.
    The salt is at least 16 random bytes, kept beside the record and erased with it.
    """
    if len(salt) < LEAST_SALT:
        raise ValueError("A salt has at least 16 bytes.")
    return hmac.new(salt, previous.encode("ascii") + b"\n" + canonical_record, hashlib.sha256).hexdigest()


def part_digest(part: str, value: object, salt: str) -> str:
    """The salted digest of one part of a record, known by its name: the seal covers it in place of the words.

    So the words of one part can go by law, and its salt with them, while the seal over the rest still holds; without
    the salt nobody can try whether the digest is that of a guess.
    """
    return digest(canonical({"part": part, "value": value}), bytes.fromhex(salt))


def matches(expected: str, canonical_record: bytes, salt: bytes, previous: str = FIRST) -> bool:
    """Whether a record still has the digest it was sealed with, compared in constant time."""
    return hmac.compare_digest(expected, digest(canonical_record, salt, previous))


def _plain(value: object) -> object:
    """The value as JSON can hold it without loss or choice."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError("A seal cannot hold a number that is not finite.")
        return f"{value.normalize() if value else Decimal(0):f}"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("A moment in a seal needs its time zone.")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A seal cannot hold a {type(value).__name__}.")


def _mapping(value: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("The keys of a sealed record are text.")
        name = unicodedata.normalize("NFC", str(key))
        if name in plain:
            raise TypeError(f"Two keys of a sealed record read the same: {name}.")
        plain[name] = _plain(item)
    return plain
