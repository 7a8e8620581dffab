"""Restoring a backup into an empty place: all of it and checked, or not at all.

It is put together in a folder beside the place and takes its name only when every hash fits.
"""

from __future__ import annotations

import hmac
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graduated.backup import archive, by_law, crypt, keys, places, sealed, sheets, snapshot
from graduated.backup.errors import BackupError, Damaged
from graduated.db.clock import now
from graduated.db.files import FileStore

_ASIDE = ".restoring-"


@dataclass
class Restored:
    """What was restored. `owed`: what had gone by law since and is back; `notes`: what is to be known besides.

    `sent_to`: where the old machine sent its backups. The restored copy sends its own nowhere until somebody says so:
    it may be there for a look only, and the school goes on elsewhere.
    """

    name: str
    moment: datetime
    place: Path
    schema: str
    program: str
    rows: int = 0
    files: int = 0
    settings: dict[str, str] = field(default_factory=dict)
    settings_with_secrets: list[str] = field(default_factory=list)
    owed: list[by_law.Gone] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sent_to: list[str] = field(default_factory=list)

    @property
    def owed_words(self) -> tuple[str, ...]:
        """What has to be erased again."""
        return by_law.in_words(one._asdict() for one in self.owed)


def restore(chosen: Path, key: keys.PrivateKey, into: Path) -> Restored:
    """Restore a backup: the named one, or of a folder the newest. Raises BackupError, and has then changed nothing."""
    place, name = sheets.chosen(chosen)
    into = into.absolute()
    _must_be_empty(into)
    sheet = _sheet(place, name)
    wrong = sheets.archive_wrong(place, sheet)
    if wrong:
        raise Damaged(f"The backup {name} cannot be used: {wrong}. {_instead(place, name)}")
    if key.installation and key.installation != sheet.installation:
        raise BackupError("This key is for the backups of another installation. Look for the sheet that fits.")
    aside: Path | None = None
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=into.parent))
        done = _assemble(place, sheet, key, aside)
        if into.is_dir():
            into.rmdir()
        os.replace(aside, into)
    except PermissionError as error:
        raise BackupError(
            f"This account may not write in {into.parent}, where the folder is made. Type it as root, with the whole "
            "path of the program, as docs/backup.md says; or name a folder in a place of your own."
        ) from error
    except OSError as error:
        raise BackupError(
            f"It could not be written to {into.parent} ({error.strerror or error}). Is there room, and is it yours?"
        ) from error
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)
    ahead = sheets.ahead_in_words(place) if chosen.is_dir() else ""
    return replace(done, place=into, notes=[*done.notes, *filter(None, (ahead,))])


def look_at(chosen: Path) -> tuple[Path, sheets.Sheet]:
    """(archive, sheet) of what would be restored, as it says of itself; it is not opened."""
    place, name = sheets.chosen(chosen)
    return place / f"{name}{sheets.ARCHIVE}", _sheet(place, name)


def _must_be_empty(into: Path) -> None:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BackupError(
            f"{into} is not empty. A backup goes into a folder of its own, so that it overwrites nothing: name one "
            "that is not there yet."
        )


def _sheet(place: Path, name: str) -> sheets.Sheet:
    path = place / f"{name}{sheets.SHEET}"
    if not path.is_file():
        is_begun = (place / f"{name}{sheets.ARCHIVE}").is_file()
        why = "was never finished: it has no sheet" if is_begun else f"is not in {place}"
        raise BackupError(f"The backup {name} {why}. {_instead(place, name)}")
    try:
        return sheets.read(path)
    except Damaged as error:
        raise Damaged(f"The backup {name} cannot be used: its sheet is damaged. {_instead(place, name)}") from error


def _instead(place: Path, name: str) -> str:
    """Which backup to take instead of one that cannot be used."""
    good, which = None, ""
    for look in (sheets.what_is_wrong, sheets.archive_wrong):  # at the worst one that lacks some kept files
        for before, words in ((name, "the one before it that is good"), ("", "the newest that is good")):
            good, which = (good, which) if good else (sheets.newest_good(place, before, look), words)
    if good is None:
        return "There is no good one in this folder. Try the other places where backups lie."
    return f"Take {which}: {place / (good.name + sheets.ARCHIVE)}"


def _assemble(place: Path, sheet: sheets.Sheet, key: keys.PrivateKey, aside: Path) -> Restored:
    packed = aside / "archive.tar.gz"
    with (place / f"{sheet.name}{sheets.ARCHIVE}").open("rb") as stream, packed.open("wb") as out:
        crypt.decipher(crypt.file_parts(stream), out, key.identity)
    manifest = archive.unpack(packed, aside)
    packed.unlink()
    _must_be_theirs(place, sheet, aside)
    if "graduated.db" not in manifest["members"]:
        raise BackupError("This backup is of a PostgreSQL database. See docs/backup.md, “PostgreSQL”.")
    known = snapshot.Snapshot(sheet.moment, sheet.dialect)
    wrong = snapshot.sound(aside / "graduated.db")
    with closing(sqlite3.connect(aside / "graduated.db")) as connection:
        snapshot.look(connection, known)
        owed = by_law.owed(by_law.at_place(place), sheet.moment, connection)
    if wrong or known.rows != manifest["rows"] or _heads(known.heads) != _heads(manifest["heads"]):
        raise Damaged(f"The database of {sheet.name} is not as it was: {wrong or 'its records do not count as noted'}.")
    files, lacking = _files(place, sheet, manifest["files"], key, aside)
    done = Restored(
        sheet.name, sheet.moment, aside, sheet.schema, sheet.program, sum(known.rows.values()), files,
        manifest["settings"], manifest["settings_with_secrets"], owed, [*sheet.warnings, *_lacking(place, lacking)],
    )  # fmt: skip
    done.sent_to = _sent_to(aside, manifest)
    if owed:
        noted = [one._asdict() for one in owed]
        (aside / "backup").mkdir(exist_ok=True, mode=0o700)
        sealed.write(
            aside / "backup" / "state",
            {"owed": noted, "owed_words": done.owed_words, "restored_at": now().astimezone(UTC).isoformat()},
        )
    return done


def _sent_to(aside: Path, manifest: dict[str, Any]) -> list[str]:
    """The places of the old machine, which the restored copy forgets."""
    named = [one for one in manifest["settings"].pop(places.TO, "").split(os.pathsep) if one.strip()]
    kept = aside / "backup" / "places"
    if kept.is_file():
        named += [line for line in kept.read_text("utf-8").splitlines() if line.strip()]
        kept.unlink()
    return list(dict.fromkeys(named))


def _must_be_theirs(place: Path, sheet: sheets.Sheet, aside: Path) -> None:
    """The sheet was written by who has the audit's secret, and that is the one of the sheet's installation."""
    audit_key = (aside / "secrets" / "audit-key").read_bytes().strip()
    theirs = sealed.mac(audit_key, sheet.body())
    if not hmac.compare_digest(theirs, sheet.seal) or keys.installation(audit_key) != sheet.installation:
        raise Damaged(
            f"The backup {sheet.name} was not written by the installation that it names: somebody changed it by hand. "
            f"{_instead(place, sheet.name)}"
        )


def _heads(heads: dict[str, Any]) -> dict[str, list[Any]]:
    return {school: list(head) for school, head in heads.items()}


def _files(
    place: Path, sheet: sheets.Sheet, files: dict[str, list[Any]], key: keys.PrivateKey, aside: Path
) -> tuple[int, list[str]]:
    """Bring the kept files back, each under its own hash; (how many, which cannot be read at this place any more).

    What a file holds is told by its hash in the archive. So one that was written anew since fits older backups as well.
    """
    store, there, lacking = FileStore(aside / "files"), {one.name for one in sheet.files}, list[str]()
    named = {sha256: name for sha256, (name, _size) in files.items() if name in there}  # of the rest the sheet warns
    for sha256, name in named.items():
        target = store.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with target.open("wb") as out:
                sums = crypt.decipher(_read(sheets.file_path(place, name)), out, key.identity)
                out.flush()
                os.fsync(out.fileno())
            is_whole = sums.plain_sha256 == sha256
        except BackupError:
            is_whole = False
        if not is_whole:
            target.unlink()
            lacking.append(sha256)
    return len(named) - len(lacking), lacking


def _read(path: Path) -> Iterator[bytes]:
    """A kept file as it lies at a place; that it cannot be read is about the place, not about where it is to go."""
    try:
        with path.open("rb") as stream:
            yield from crypt.file_parts(stream)
    except OSError as error:
        raise Damaged(f"{path.name} cannot be read ({error.strerror}).") from error


def _lacking(place: Path, lacking: list[str]) -> list[str]:
    """That kept files did not come back, and where they may still be had."""
    if not lacking:
        return []
    which = ", ".join(f"{sha256[:12]}…" for sha256 in lacking[:5])
    return [
        f"{len(lacking)} KEPT FILE{'' if len(lacking) == 1 else 'S'} DID NOT COME BACK: what lies in {place} is "
        f"damaged ({which}). All else did. If there is another place with backups, restore from there instead."
    ]
