"""The file store: each file under the hash of its content, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import IO

try:  # on Windows an open file cannot be removed, which says as much as a lock
    import fcntl
except ImportError:  # pragma: no cover
    fcntl = None  # type: ignore[assignment]

CHUNK = 1024 * 1024
ASIDE = ".incoming-"
"""How the name of a file begins that has not taken its place yet."""


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """What is left of an open file, piece by piece: no file is held whole in memory."""
    while piece := stream.read(CHUNK):
        yield piece


def settle(folder: Path) -> None:
    """Have the names in a folder on the disc as well. Not every share can; it is then its own affair."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # pragma: no cover - Windows opens no folders
        return
    try:
        os.fsync(handle)
    except OSError:  # pragma: no cover - some network shares
        pass
    finally:
        os.close(handle)


class TooLarge(Exception):
    """The file is over the limit that was set for it."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file: its SHA-256 in hexadecimal and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Staged:
    """A file written aside, whole and on the disc, whose hash is known before it takes its place in the store.

    Until `keep` or `drop` it is held open: a sweep leaves it alone, and takes it when its process has died.
    """

    sha256: str
    size: int
    aside: Path
    target: Path
    held: BufferedRandom

    def keep(self) -> Stored:
        """Put it in its place."""
        if not self.target.parent.exists():
            self.target.parent.mkdir(exist_ok=True)
            settle(self.target.parent.parent)
        if fcntl is None:  # pragma: no cover - an open file cannot be renamed there
            self.held.close()
        os.replace(self.aside, self.target)
        settle(self.target.parent)  # else a power cut could keep the row that names the file, and not the file's name
        self.held.close()
        return Stored(self.sha256, self.size)

    def drop(self) -> None:
        """Let it go; harmless once it was kept."""
        self.held.close()
        self.aside.unlink(missing_ok=True)


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
        return self.stage_chunks(chunks, limit).keep()

    def stage_chunks(self, chunks: Iterable[bytes], limit: int | None = None) -> Staged:
        """Write a stream aside; raises TooLarge, and leaves nothing, once it is over the limit."""

        def write(out: BufferedRandom) -> None:
            size = 0
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLarge
                out.write(chunk)

        return self.stage(write)

    def stage(self, write: Callable[[BufferedRandom], None]) -> Staged:
        """Write a file aside and learn its hash: for who has to note down what comes before it lies in the store."""
        self.folder.mkdir(parents=True, exist_ok=True)
        out, aside = self._aside()
        try:
            write(out)
            size = out.seek(0, os.SEEK_END)
            out.flush()
            os.fsync(out.fileno())
            out.seek(0)
            sha256 = hashlib.file_digest(out, "sha256").hexdigest()
        except BaseException:
            out.close()
            aside.unlink(missing_ok=True)
            raise
        return Staged(sha256, size, aside, self.path(sha256), out)

    def _aside(self) -> tuple[BufferedRandom, Path]:
        """A new file that a sweep knows to be in use."""
        while True:
            handle, name = tempfile.mkstemp(prefix=ASIDE, dir=self.folder)
            out, aside = os.fdopen(handle, "w+b"), Path(name)
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
            if aside.exists():  # else a sweep came between making and holding it
                return out, aside
            out.close()  # pragma: no cover

    def read(self, sha256: str) -> bytes:
        """The file's bytes, or FileNotFoundError; a damaged file is refused."""
        return self.whole(sha256).read_bytes()

    def whole(self, sha256: str) -> Path:
        """Where the file lies, once all of it was looked at, piece by piece; raises as `read` does."""
        path = self.path(sha256)
        with path.open("rb") as kept:
            if hashlib.file_digest(kept, "sha256").hexdigest() != sha256:
                raise OSError(f"the stored file {sha256[:12]} is damaged")
        return path

    def sweep(self) -> int:
        """Remove what a killed upload or build left behind, and nothing that somebody still writes; how many went."""
        left = list(self.folder.glob(f"{ASIDE}*")) if self.folder.is_dir() else []
        return sum(_was_left(path) for path in left)


def _was_left(path: Path) -> bool:
    """Remove a file that nobody holds; whether it went."""
    try:
        if fcntl is None:  # pragma: no cover
            path.unlink()
            return True
        with path.open("rb") as found:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except OSError:  # held by who writes it, or gone meanwhile
        return False
    return True
