"""The file store: each file under the hash of its content, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHUNK = 1024 * 1024


class TooLarge(Exception):
    """The file is over the limit that was set for it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int


class FileStore:
    """Content-addressed files in one folder; the same content is kept once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where a file of that hash lies."""
        if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
            raise ValueError("not a SHA-256")
        return self.folder / sha256[:2] / sha256

    def put(self, chunks: Iterable[bytes], limit: int | None = None) -> Stored:
        """Keep a stream. It is written aside, flushed to the disc and renamed, so no half file is ever seen."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, temporary = tempfile.mkstemp(prefix=".incoming-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in chunks:
                    size += len(chunk)
                    if limit is not None and size > limit:
                        raise TooLarge
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            target = self.path(digest.hexdigest())
            target.parent.mkdir(exist_ok=True)
            os.replace(temporary, target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return Stored(digest.hexdigest(), size)

    def read(self, sha256: str) -> bytes:
        """The file's bytes, or FileNotFoundError; a damaged file is refused."""
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OSError(f"the stored file {sha256[:12]} is damaged")
        return content

    def sweep(self) -> int:
        """Remove what a killed upload left behind; how many files went."""
        left = list(self.folder.glob(".incoming-*")) if self.folder.is_dir() else []
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)
