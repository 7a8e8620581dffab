"""Making a backup: a snapshot, then at each place the archive and the files that are not there yet, all read back.

A backup counts once its sheet lies there, which is written last. Whatever stops it before, a pulled plug or a full
disk, leaves pieces that count for nothing and that the next backup clears away.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from graduated import __version__
from graduated.backup import archive, by_law, crypt, keys, papers, sheets, snapshot, state, sweeping
from graduated.backup import places as where
from graduated.backup.errors import BackupError
from graduated.backup.lock import alone
from graduated.backup.papers import Report, Work
from graduated.config import Settings
from graduated.db.clock import now
from graduated.db.files import FileStore

_WORK = "work-"
log = logging.getLogger("graduated.backup")
_ROOM = 64 * 1024 * 1024
"""What is left free on this machine's disk when the copy of the database is made."""


@dataclass
class Made:
    """What came of it: the backup's name, and of each place how large or what went wrong."""

    name: str = ""
    size: int = 0
    seconds: float = 0.0
    new_files: int = 0
    files: int = 0
    good: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    removed: int = 0


def _silent(_done: int, _total: int, _message: str) -> None:
    pass


def make(settings: Settings, to: Sequence[Path] = (), report: Report = _silent) -> Made:
    """Back up to the places that were named, or to all that are set. Raises BackupError when it worked at none."""
    began, chosen = time.monotonic(), tuple(to) or where.places(settings)
    public = keys.public_keys(settings)
    if not public:
        raise BackupError(keys.NO_KEY)
    if not chosen:
        raise BackupError(
            "Nobody has said where backups go. Name a folder on another disk: graduated backup-place FOLDER"
        )
    with alone(settings):
        made = Made()
        usable = [place for place in chosen if _is_usable(settings, place, made)]
        if usable:
            report(0, len(usable) + 1, "Copying the records")
            try:
                with _scratch(settings) as folder:
                    _make(settings, usable, made, folder, public, report)
            except (BackupError, OSError) as error:
                for place in usable:
                    _note_error(settings, place, _words(error), made)
        made.seconds = time.monotonic() - began
    if not made.good:
        raise BackupError("\n".join(dict.fromkeys(made.errors.values())))
    return made


def _make(
    settings: Settings, usable: list[Path], made: Made, folder: Path, public: Iterable[str], report: Report
) -> None:
    began = time.monotonic()
    found = snapshot.take(settings, folder)
    work = Work(
        settings, found, _free_name(found.moment, usable), _files(settings, found, public),
        tuple(map(crypt.recipient, public)), crypt.new_identity(), report, _turn(settings),
    )  # fmt: skip
    made.name, made.files = work.name, len(work.files)
    for number, place in enumerate(usable):
        report(number + 1, len(usable) + 1, f"Writing to {place}")
        try:
            sheet, new = _to_place(work, place)
            made.removed += sweeping.sweep(place, settings.audit_key)
        except Exception as error:  # what lies at one place must not keep the others from their backup
            _note_error(settings, place, _words(error, place), made)
            continue
        made.size, made.new_files = sheet.archive.size, max(made.new_files, new)
        made.good.append(str(place))
        warnings = [*found.warnings, *filter(None, (work.spoilt.get(place), sheets.ahead_in_words(place)))]
        made.warnings += [f"{place}: {words}" for words in warnings[len(found.warnings) :]]
        if where.is_beside(settings, place) and not settings.demo:
            warnings.append("It is on the same disk as the records, and would be lost with it. Add a place elsewhere.")
        taken = sheet.archive.size + sum(one.size for one in sheet.files)
        kept = sum(1 for one in sheets.in_place(place) if one.sheet and sheets.is_own(one.sheet, settings.audit_key))
        state.note(settings, place=state.PlaceState(
            str(place), found.moment, work.name, taken, round(time.monotonic() - began, 2), kept, now(), "",
            tuple(warnings),
        ))  # fmt: skip
    made.warnings[:0] = found.warnings
    _note_owed(settings, found)


def _turn(settings: Settings) -> int:
    """Whose turn it is to be read again, one further each time."""
    turn = state.turn(settings) + 1
    state.note(settings, turn=turn)
    return turn


def _is_usable(settings: Settings, place: Path, made: Made) -> bool:
    try:
        where.check(settings, place)
    except Exception as error:  # as above
        _note_error(settings, place, _words(error, place), made)
        return False
    return True


def _note_error(settings: Settings, place: Path, words: str, made: Made) -> None:
    made.errors[str(place)] = words
    state.note(settings, place=replace(state.of_place(settings, str(place)), tried_at=now(), error=words))


def _note_owed(settings: Settings, found: snapshot.Snapshot) -> None:
    noted = state.owed(settings)
    if noted:
        left = by_law.still_owed(noted, found.gone, state.restored_at(settings))
        state.note(settings, owed=left, owed_words=by_law.in_words(left))


def _words(error: Exception, place: Path | None = None) -> str:
    if isinstance(error, OSError) and not isinstance(error, BackupError):
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            full = place or "This machine's disk"
            return f"{full} is full, so nothing was backed up there. Older backups are as they were. Make room on it."
        return f"It could not be written ({error.strerror or error}). Older backups are as they were."
    if not isinstance(error, BackupError):
        log.error("a backup to %s failed", place, exc_info=error)
        return f"Something there could not be understood ({type(error).__name__}). Older backups are as they were."
    return str(error)


@contextmanager
def _scratch(settings: Settings) -> Iterator[Path]:
    """A folder of this machine for the copy in plain text, gone afterwards; one that a killed backup left goes too."""
    home = keys.folder(settings)
    for left in home.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)
    if settings.is_sqlite:
        file = snapshot.database_file(settings)
        needed = (file.stat().st_size if file.is_file() else 0) + _ROOM
        if shutil.disk_usage(home).free < needed:
            raise BackupError(
                f"This machine's disk has less than {needed // 2**20} MB free, too little for a copy of the records. "
                "Make room on it."
            )
    folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_CLOSE = timedelta(seconds=30)
"""Names run ahead by no more than this when backups follow one another faster than by the second."""


def _free_name(moment: datetime, usable: Iterable[Path]) -> str:
    """The name of a backup of this moment, or of a later second while one of that or the next seconds lies there.

    Of several in one second the last has the latest name: the rule that keeps the newest goes by names.
    """
    lying = {one.moment for place in usable for one in sheets.in_place(place)}
    moment = max([moment, *(one + timedelta(seconds=1) for one in lying if timedelta() <= one - moment < _CLOSE)])
    while any(os.path.lexists(place / f"{sheets.name_for(moment)}{sheets.SHEET}") for place in usable):
        moment += timedelta(seconds=1)
    return sheets.name_for(moment)


def _files(settings: Settings, found: snapshot.Snapshot, public: Iterable[str]) -> dict[str, tuple[str, int]]:
    """By hash the files that records name and that are in the store: the name at a place, and the size.

    The name says nothing of the content, and is another one for other keys: then all are enciphered anew.
    """
    store, known = FileStore(settings.home / "files"), dict[str, tuple[str, int]]()
    for sha256 in sorted(found.named):
        path = store.path(sha256)
        if path.is_file():
            said = "\n".join(["graduated backup file", sha256, *sorted(public)])
            name = hmac.new(settings.audit_key, said.encode(), hashlib.sha256).hexdigest()
            known[sha256] = (name, path.stat().st_size)
    return known


def _to_place(work: Work, place: Path) -> tuple[sheets.Sheet, int]:
    """Write one backup to one place; gives its sheet, and how many files were not there before."""
    where.check(work.settings, place)
    parts, new = papers.at_place(work, place)
    inside = archive.members(work.settings, work.found, work.files)
    target = place / f"{work.name}{sheets.ARCHIVE}"
    sums = papers.enciphered(work, archive.packed(inside, work.found.moment.timestamp()), target)
    by_law.write(place, work.found.gone)
    found = work.found
    sheet = sheets.Sheet(
        work.name, found.moment, keys.installation(work.settings.audit_key), __version__, found.schema, found.dialect,
        sheets.Part(target.name, sums.size, sums.sha256), parts, found.heads, tuple(found.warnings),
    )  # fmt: skip
    sheets.write(place, sheet, work.settings.audit_key)
    sheets.read(place / f"{work.name}{sheets.SHEET}")
    return sheet, new
