"""What is in a backup's archive: databases, secrets and a manifest, as a compressed tar file, enciphered.

`age -d -i key.txt NAME.age | tar xz` opens one without Graduated.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graduated import __version__
from graduated.backup.errors import Damaged
from graduated.backup.keys import installation
from graduated.backup.snapshot import Snapshot
from graduated.config import Settings
from graduated.db.files import CHUNK

FORMAT = 1
MANIFEST = "manifest.json"
_NAMED = (
    "GRADUATED_URL", "GRADUATED_HTTPS", "GRADUATED_PROXIES", "GRADUATED_MAIL_FROM", "GRADUATED_SSO",
    "GRADUATED_BACKUP_TO",
)  # fmt: skip
_SECRET_ONES = ("GRADUATED_SMTP",)
"""Settings of the environment that may hold a password: the manifest says that they were set, not to what."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive: its name there, and where it is or what is in it."""

    name: str
    path: Path | None = None
    content: bytes = b""

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.path.stat().st_size if self.path is not None else len(self.content)

    def parts(self) -> Iterator[bytes]:
        """Its bytes, piece by piece."""
        if self.path is None:
            yield self.content
            return
        with self.path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                yield piece

    def sha256(self) -> str:
        """The hash of its bytes."""
        sha = hashlib.sha256()
        for piece in self.parts():
            sha.update(piece)
        return sha.hexdigest()


def members(settings: Settings, found: Snapshot, files: dict[str, tuple[str, int]]) -> list[Member]:
    """All that goes into the archive, the manifest first. `files`: by hash the name at the place, and the size."""
    inside = [Member(name, path) for name, path in found.members.items()]
    anchors = "".join(f"{school} {sequence} {mac}\n" for school, (sequence, mac) in found.heads.items())
    inside.append(Member("audit-anchor.log", content=anchors.encode("ascii")))
    inside += [Member(f"secrets/{name}", content=content) for name, content in _secrets(settings).items()]
    for name in ("public-keys", "places"):
        path = settings.home / "backup" / name
        if path.is_file():
            inside.append(Member(f"backup/{name}", content=path.read_bytes()))
    manifest = {
        "format": FORMAT,
        "program": __version__,
        "schema": found.schema,
        "moment": found.moment.isoformat(),
        "installation": installation(settings.audit_key),
        "dialect": found.dialect,
        "members": {one.name: {"size": one.size, "sha256": one.sha256()} for one in inside},
        "rows": found.rows,
        "heads": found.heads,
        "files": files,
        "settings": {name: os.environ[name] for name in _NAMED if os.environ.get(name)},
        "settings_with_secrets": [name for name in _SECRET_ONES if os.environ.get(name)],
        "warnings": found.warnings,
    }
    return [Member(MANIFEST, content=json.dumps(manifest, indent=1).encode()), *inside]


def _secrets(settings: Settings) -> dict[str, bytes]:
    """Without these no second step of signing in works any more, and no audit can be verified."""
    folder = settings.home / "secrets"
    kept = {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    return kept | {"secret-key": settings.secret_key.encode(), "audit-key": settings.audit_key}


def packed(inside: Iterable[Member], mtime: float) -> Iterator[bytes]:
    """The archive as it goes into the cipher, piece by piece: nothing is held whole in memory."""
    squeeze = zlib.compressobj(3, wbits=31)
    for piece in _tar(inside, mtime):
        yield squeeze.compress(piece)
    yield squeeze.flush()


def _tar(inside: Iterable[Member], mtime: float) -> Iterator[bytes]:
    for member in inside:
        head = tarfile.TarInfo(member.name)
        head.size, head.mtime, head.mode = member.size, int(mtime), 0o600
        yield head.tobuf(tarfile.PAX_FORMAT)
        written = 0
        for piece in member.parts():
            written += len(piece)
            yield piece
        if written != head.size:
            raise OSError(f"{member.name} changed while it was read")
        yield b"\0" * (-written % tarfile.BLOCKSIZE)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


def unpack(packed_file: Path, target: Path) -> dict[str, Any]:
    """Take an archive apart into a folder, and hold each file against the manifest; gives that."""
    try:
        with tarfile.open(packed_file, "r:gz") as found:
            first = found.next()
            if first is None or first.name != MANIFEST:
                raise Damaged("There is no manifest in it.")
            manifest: dict[str, Any] = json.loads(_bytes(found, first))
            for entry in found:
                if entry.name == MANIFEST:  # iterating begins anew
                    continue
                _one(found, entry, target, manifest["members"])
    except (tarfile.TarError, zlib.error, EOFError, FileExistsError, ValueError, KeyError) as error:
        raise Damaged("It cannot be taken apart.") from error
    lacking = [name for name in manifest["members"] if not (target / name).is_file()]
    if lacking:
        raise Damaged(f"It lacks {', '.join(lacking)}.")
    return manifest


def _one(found: tarfile.TarFile, entry: tarfile.TarInfo, target: Path, known: dict[str, Any]) -> None:
    path = target / entry.name
    if entry.name not in known or not entry.isreg() or ".." in path.parts or not path.is_relative_to(target):
        raise Damaged(f"There is a file in it that does not belong there: {entry.name[:60]!r}.")
    stream = found.extractfile(entry)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sha = hashlib.sha256()
    with path.open("xb") as out:
        while stream is not None and (piece := stream.read(CHUNK)):
            sha.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    path.chmod(0o600)
    if sha.hexdigest() != known[entry.name]["sha256"]:
        raise Damaged(f"{entry.name} in it is not as it was.")


def _bytes(found: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = found.extractfile(entry)
    return b"" if stream is None else stream.read()
