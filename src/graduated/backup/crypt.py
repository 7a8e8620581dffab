"""Enciphering with age (https://age-encryption.org): in pieces, each of them authenticated, for public keys.

The machine holds public keys only, so it cannot read its own backups, nor can who steals it. The format is a published
one: a backup can be opened with the `age` program too, should Graduated ever not be at hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol

import pyrage
from pyrage import x25519

from graduated.backup.errors import BackupError, Damaged
from graduated.db.files import CHUNK


class Identity(Protocol):
    """A private key."""

    def to_public(self) -> Recipient:
        """The public key that belongs to it."""


class Recipient(Protocol):
    """A public key."""


class _Source:
    """What the library reads from: pieces as they come, and a hash over all of them."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest = iter(parts), b""
        self.sha, self.size, self.error = hashlib.sha256(), 0, None

    error: BaseException | None

    def read(self, most: int = -1) -> bytes:
        """The next bytes, at most so many; none at the end."""
        try:
            while not self._rest:
                self._rest = next(self._parts)
        except StopIteration:
            return b""
        except BaseException as error:
            self.error = error
            raise
        taken = self._rest if most < 0 else self._rest[:most]
        self._rest = self._rest[len(taken) :]
        self.sha.update(taken)
        self.size += len(taken)
        return taken


class _Sink:
    """What the library writes to: an open file or nowhere, with a hash over all of it."""

    def __init__(self, out: IO[bytes] | None) -> None:
        self._out = out
        self.sha, self.size, self.error = hashlib.sha256(), 0, None

    error: BaseException | None

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        try:
            if self._out is not None:
                self._out.write(data)
        except BaseException as error:  # the library would make a text of it: "no space left" has to be known as such
            self.error = error
            raise
        self.sha.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back here."""


class Sums:
    """How much went in and came out, each with its SHA-256."""

    def __init__(self, inner: _Source | _Sink, outer: _Source | _Sink) -> None:
        self.plain_size, self.plain_sha256 = inner.size, inner.sha.hexdigest()
        self.size, self.sha256 = outer.size, outer.sha.hexdigest()


def new_identity() -> Identity:
    """A new pair of keys."""
    made: Identity = x25519.Identity.generate()
    return made


def recipient(text: str) -> Recipient:
    """A public key from its text."""
    try:
        read: Recipient = x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError as error:
        raise BackupError(f"“{text.strip()[:20]}…” is no public key for backups; it begins with age1.") from error
    return read


def identity(text: str) -> Identity:
    """A private key from its text, also as somebody typed it from paper: in small letters, with spaces."""
    try:
        read: Identity = x25519.Identity.from_str("".join(text.split()).upper())
    except pyrage.IdentityError as error:
        raise BackupError(
            "The key has a mistake in it: a letter is wrong or missing. Compare it with the printed one; it begins "
            "with AGE-SECRET-KEY-1, and has neither a 1 after that, nor the letters B, I and O."
        ) from error
    return read


def encipher(parts: Iterable[bytes], out: IO[bytes], keys: Sequence[Recipient]) -> Sums:
    """Write what the parts hold into an open file so that only who has one of the private keys can read it."""
    source, sink = _Source(parts), _Sink(out)
    try:
        pyrage.encrypt_io(source, sink, list(keys))
    except pyrage.EncryptError as error:
        raise source.error or sink.error or BackupError(f"It could not be enciphered: {error}") from error
    return Sums(source, sink)


def decipher(parts: Iterable[bytes], out: IO[bytes] | None, key: Identity) -> Sums:
    """Read it back, into a file or only to see that it can be read. Raises Damaged; BackupError for a wrong key."""
    source, sink = _Source(parts), _Sink(out)
    try:
        pyrage.decrypt_io(source, sink, [key])
    except (pyrage.DecryptError, OSError) as error:  # the library says OSError of a piece in the middle that is damaged
        if source.error or sink.error:
            raise source.error or sink.error from error  # type: ignore[misc]
        if "No matching keys" in str(error):
            raise BackupError(
                "This key does not open this backup. It was made for another key: look for the sheet whose public "
                "key and date fit."
            ) from error
        raise Damaged("It is damaged: what was read is not what was written.") from error
    return Sums(sink, source)


def file_parts(stream: IO[bytes]) -> Iterator[bytes]:
    """An open file piece by piece."""
    while piece := stream.read(CHUNK):
        yield piece
