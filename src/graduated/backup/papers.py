"""The kept files at a place: each there once, enciphered, and looked at again in its turn, for a disk may spoil them.

A file that went bad since it was written is written anew from the store: nobody else would notice before the day on
which it is needed, and every backup at the place would be spoilt by it.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from graduated.backup import crypt, sheets, snapshot
from graduated.backup.errors import BackupError, Damaged
from graduated.config import Settings
from graduated.db.files import FileStore, settle

Report = Callable[[int, int, str], None]
PART = ".part"
TURNS = 24
"""Where there is much, a backup reads one of so many shares again: all of it within a day of hourly backups."""
ALL_AT_ONCE = 32 * 1024 * 1024
"""Up to so many bytes all of it is read again each time."""


@dataclass(frozen=True)
class Work:
    """What all places of one backup share. `probe` is a key of this one run with which all is read back at once.

    `spoilt`: by place what had gone bad there, in words.
    """

    settings: Settings
    found: snapshot.Snapshot
    name: str
    files: dict[str, tuple[str, int]]
    recipients: tuple[crypt.Recipient, ...]
    probe: crypt.Identity
    report: Report
    turn: int = 0
    spoilt: dict[Path, str] = field(default_factory=dict)


def at_place(work: Work, place: Path) -> tuple[tuple[sheets.Part, ...], int]:
    """Have every kept file at a place, whole; gives the parts for the sheet, and how many were written."""
    there = _known(place, work.settings.audit_key)
    store, parts, new, bad = FileStore(work.settings.home / "files"), list[sheets.Part](), 0, 0
    for number, (sha256, (name, _size)) in enumerate(work.files.items()):
        target, part = sheets.file_path(place, name), there.get(name)
        is_there = part is not None and target.exists()
        if part is None or not _is_whole(work, target, part):
            if number % 20 == 0:
                work.report(0, 0, f"Writing files to {place}: {number} of {len(work.files)}")
            part = _file(work, store.path(sha256), sha256, target, name)
            new += part is not None
            bad += is_there and part is not None
        if part is not None:
            parts.append(part)
    if bad:
        work.spoilt[place] = (
            f"{bad} kept file{' that lies' if bad == 1 else 's that lie'} there had gone bad and "
            f"{'was' if bad == 1 else 'were'} written anew. The disk may be failing: get another one."
        )
    return tuple(parts), new


def _known(place: Path, key: bytes) -> dict[str, sheets.Part]:
    """The files at a place by name, as the newest sheet that this installation wrote of them describes them."""
    known: dict[str, sheets.Part] = {}
    for one in sheets.in_place(place):
        for part in one.sheet.files if one.sheet is not None and sheets.is_own(one.sheet, key) else ():
            known.setdefault(part.name, part)
    return known


def _is_whole(work: Work, target: Path, part: sheets.Part) -> bool:
    """Whether a file lies there as it was written: its size, and where it is its turn every byte."""
    if target.is_symlink() or not target.is_file() or target.stat().st_size != part.size:
        return False
    is_its_turn = int(part.name[:8], 16) % TURNS == work.turn % TURNS
    if not is_its_turn and sum(size for _name, size in work.files.values()) > ALL_AT_ONCE:
        return True
    return not sheets.part_wrong(target, part)


def _file(work: Work, origin: Path, sha256: str, target: Path, name: str) -> sheets.Part | None:
    """Encipher one file of the store. One that is not what its name says is not taken: what lies there may be good."""
    for folder in (target.parent.parent, target.parent):
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise BackupError(f"{folder} is a link to somewhere else, and should be a folder. Take it away.")
    try:
        with origin.open("rb") as stream:
            sums = enciphered(work, crypt.file_parts(stream), target, sha256)
    except FileNotFoundError:  # erased by law since the copy was made
        return None
    except Damaged:
        work.found.warnings.append(f"The kept file {sha256[:12]}… is damaged and was left out. Run: graduated verify")
        return None
    return sheets.Part(name, sums.size, sums.sha256)


def enciphered(work: Work, parts: Iterable[bytes], target: Path, sha256: str = "") -> crypt.Sums:
    """Encipher into a file beside its place, have it on the disc, read it back and decipher it; only then it counts."""
    handle, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=PART, dir=target.parent)  # follows no link
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            sums = crypt.encipher(parts, out, (*work.recipients, work.probe.to_public()))
            out.flush()
            os.fsync(out.fileno())
            sheets.forget(out)
        if sha256 and sums.plain_sha256 != sha256:
            raise Damaged(f"{target.name} is not what it was.")
        with aside.open("rb") as stream:
            back = crypt.decipher(crypt.file_parts(stream), None, work.probe)
        if (back.sha256, back.plain_sha256) != (sums.sha256, sums.plain_sha256):
            raise BackupError(f"What was written to {target.parent} cannot be read back. The disk may be failing.")
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    settle(target.parent)
    return sums
