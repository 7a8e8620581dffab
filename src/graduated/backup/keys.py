"""The keys of the backups: the public ones stay here, the private one is printed and goes into a safe."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from graduated.backup import crypt, sealed
from graduated.backup.errors import BackupError
from graduated.config import Settings
from graduated.db.clock import today

NO_KEY = "There is no key for backups yet. Make one, once, with: graduated backup-keys"
_SECRET = re.compile(r"AGE-SECRET-KEY-1\S*", re.IGNORECASE)
_OF = re.compile(r"Installation: ([0-9a-f]{16})\b")


def folder(settings: Settings) -> Path:
    """Where an installation keeps what it must know of its backups."""
    place = settings.home / "backup"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def installation(audit_key: bytes) -> str:
    """What tells one installation from another, and nothing of its secrets."""
    return hashlib.sha256(b"graduated installation\n" + audit_key).hexdigest()[:16]


def this_copy(settings: Settings) -> str:
    """What tells this copy of an installation from one that was restored or copied from it, and goes into no backup.

    Without it a copy made for a look would back up into the living school's place, and clear away its backups. A home
    whose folder was copied with all that is in it is known by where it stands, and gets a number of its own.
    """
    path, stands = folder(settings) / "copy", folder(settings) / "copy-stands"
    here = _stands(settings)
    was = stands.read_text("utf-8").splitlines() if stands.is_file() else here  # an older program wrote none
    if not path.is_file() or sum(one == other for one, other in zip(was, here, strict=False)) < _ENOUGH:
        sealed.replace(path, f"{secrets.token_hex(8)}\n".encode())
        was = []
    if was != here or not stands.is_file():
        sealed.replace(stands, "\n".join([*here, ""]).encode())
    return path.read_text("ascii").strip()


_ENOUGH = 2
_MACHINE = Path("/etc/machine-id")


def _stands(settings: Settings) -> list[str]:
    """Where a home stands: path, number of its folder, machine. One of the three changes when it is moved, when a disk
    is put back, or where a machine has another number at each start; of a copy two are others."""
    home = settings.home.resolve()
    machine = _MACHINE.read_text("ascii").strip() if _MACHINE.is_file() else ""
    return [str(home), str(home.stat().st_ino), machine]


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key, and the installation for which it was made (or "" when its sheet does not say)."""

    identity: crypt.Identity
    installation: str


def public_keys(settings: Settings) -> tuple[str, ...]:
    """The public keys for which backups are made."""
    path = settings.home / "backup" / "public-keys"
    if not path.is_file():
        return ()
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line)


def make(settings: Settings, *, another: bool = False, replace: bool = False) -> str:
    """Make a pair of keys; gives the sheet with the private one, which is kept nowhere.

    With `another` backups can be opened with this key as well as with those before, with `replace` with this alone.
    """
    known = public_keys(settings)
    if known and not (another or replace):
        raise BackupError(
            "There is a key already, made earlier. Lost it? Then run: graduated backup-keys --replace (older backups "
            "still need the older key). To have a second key beside it: graduated backup-keys --another"
        )
    pair, on = crypt.new_identity(), f"{today():%d %B %Y}".lstrip("0")
    public = str(pair.to_public())
    kept = [public] if replace else [*known, public]
    sealed.replace(folder(settings) / "public-keys", "".join(f"{one}\n" for one in kept).encode())
    return (
        f"# The key to the backups of Graduated, made on {on}.\n"
        f"# Installation: {installation(settings.audit_key)}\n"
        f"# Public key: {public}\n"
        "# Whoever has this key and a backup can read every record; without it no backup can be read by anybody.\n"
        "# Print this sheet twice. Put one into the school's safe and one into another building. Keep no copy here.\n"
        f"{pair}\n"
    )


def private_key(text: str) -> PrivateKey:
    """The private key of a sheet, or of its one line typed from paper."""
    of = _OF.search(text)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found = _SECRET.search("".join("".join(lines).split()))
    if found is None:
        raise BackupError("There is no key in this file. The line that matters begins with AGE-SECRET-KEY-1.")
    return PrivateKey(crypt.identity(found.group()), of.group(1) if of else "")


def read_private_key(path: Path) -> PrivateKey:
    """The private key of a file."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"The key file {path} cannot be read.") from error
    return private_key(text)
