"""The sheet beside each archive: what belongs to the backup, and by its being there, that the backup is whole."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from graduated.backup import sealed
from graduated.backup.errors import BackupError, Damaged
from graduated.db.clock import now

ARCHIVE, SHEET, FILES = ".age", ".sheet", "files"
_NAME = re.compile(r"graduated-(\d{8}T\d{6}Z)")
_FILE = re.compile(r"[0-9a-f]{64}")
_CLOCKS_DIFFER = timedelta(minutes=10)
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Part:
    """An enciphered file at a place: its name there, its size and its hash as it lies there."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What belongs to a backup. `heads` anchors the end of each school's audit outside the machine."""

    name: str
    moment: datetime
    installation: str
    program: str
    schema: str
    dialect: str
    archive: Part
    files: tuple[Part, ...]
    heads: dict[str, tuple[int, str]]
    warnings: tuple[str, ...]
    seal: str = ""

    def body(self) -> dict[str, Any]:
        """All of it but the seal, as it is sealed and written."""
        said = asdict(self)
        said.pop("seal")
        said["moment"] = self.moment.isoformat()
        said["files"] = [[one.name, one.size, one.sha256] for one in self.files]
        said["heads"] = {school: list(head) for school, head in self.heads.items()}
        said["warnings"] = list(self.warnings)
        return said


@dataclass(frozen=True, slots=True)
class Found:
    """A backup at a place: its sheet, or what is wrong with that."""

    name: str
    moment: datetime
    sheet: Sheet | None
    wrong: str = ""


def name_for(moment: datetime) -> str:
    """The name of a backup made at a moment."""
    return f"graduated-{moment.astimezone(UTC).strftime(_STAMP)}"


def moment_in(name: str) -> datetime | None:
    """When a backup was made, by its name; None for what is no name of a backup."""
    found = _NAME.match(name)
    try:
        return datetime.strptime(found.group(1), _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def is_ahead(moment: datetime) -> bool:
    """Whether a backup is dated in the future: a clock was wrong, and it is not the newest for that."""
    return moment - now() > _CLOCKS_DIFFER


def ahead_in_words(place: Path) -> str:
    """That backups at a place are dated in the future, or ""."""
    names = [f"{one.name}{ARCHIVE}" for one in in_place(place) if is_ahead(one.moment)]
    if not names:
        return ""
    which = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
    return f"{which}: dated in the future, as a clock was wrong, and passed over. To have it, name the file."


def write(place: Path, sheet: Sheet, key: bytes) -> None:
    """Write the sheet: from now on the backup counts as made."""
    body = sheet.body()
    sealed.write(place / f"{sheet.name}{SHEET}", {**body, "seal": sealed.mac(key, body)})


def read(path: Path) -> Sheet:
    """A sheet, or Damaged."""
    said = sealed.read(path)
    try:
        said["moment"] = datetime.fromisoformat(said["moment"])
        said["archive"] = Part(**said["archive"])
        said["files"] = tuple(Part(*one) for one in said["files"])
        said["heads"] = {school: (int(head[0]), str(head[1])) for school, head in said["heads"].items()}
        said["warnings"] = tuple(said["warnings"])
        sheet = Sheet(**said)
        if sheet.name == path.name.removesuffix(SHEET) and _is_plausible(sheet):
            return sheet
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{path} is not a sheet of this version of Graduated.") from error
    raise Damaged(f"{path} is not a sheet of this version of Graduated.")


def _is_plausible(sheet: Sheet) -> bool:
    """Whether what a sheet says is of the kinds that it should be, and names nothing outside its place."""
    texts = (sheet.installation, sheet.program, sheet.schema, sheet.dialect, sheet.seal, *sheet.warnings)
    parts = (sheet.archive, *sheet.files)
    return (
        all(isinstance(one, str) for one in (*texts, *(part.sha256 for part in parts)))
        and all(type(part.size) is int for part in parts)
        and sheet.moment.tzinfo is not None
        and sheet.seal.isascii()
        and sheet.archive.name == f"{sheet.name}{ARCHIVE}"
        and all(_FILE.fullmatch(part.name) for part in sheet.files)
    )


def is_own(sheet: Sheet, key: bytes) -> bool:
    """Whether a sheet was written by this installation, and not by a hand that can write to the disk."""
    return hmac.compare_digest(sealed.mac(key, sheet.body()), sheet.seal)


def in_place(place: Path) -> list[Found]:
    """Every backup at a place, the newest first."""
    found = []
    for path in place.glob(f"graduated-*{SHEET}"):
        moment = moment_in(path.name)
        if moment is None:
            continue
        name = path.name.removesuffix(SHEET)
        try:
            found.append(Found(name, moment, read(path)))
        except Damaged as error:
            found.append(Found(name, moment, None, str(error)))
    return sorted(found, key=lambda one: one.name, reverse=True)


def file_path(place: Path, name: str) -> Path:
    """Where an enciphered file of the store lies at a place."""
    return place / FILES / name[:2] / f"{name}{ARCHIVE}"


def what_is_wrong(place: Path, sheet: Sheet) -> str:
    """Read all of a backup and hold it against its sheet; what is wrong, or "" when every byte is as it was written."""
    wrong = archive_wrong(place, sheet)
    if wrong:
        return wrong
    return next((wrong for wrong in _wrong_files(place, sheet.files) if wrong), "")


def archive_wrong(place: Path, sheet: Sheet) -> str:
    """What is wrong with a backup's archive, or "". Without it nothing comes back, without a kept file all else."""
    return part_wrong(place / f"{sheet.name}{ARCHIVE}", sheet.archive)


def _wrong_files(place: Path, files: Iterable[Part]) -> Iterator[str]:
    for one in files:
        wrong = part_wrong(file_path(place, one.name), one)
        yield "" if wrong and _was_renewed(place, one) else wrong


def _was_renewed(place: Path, part: Part) -> bool:
    """Whether a file went bad once and was written anew by a later backup: then it is as that one describes it."""
    described = {one for found in in_place(place) if found.sheet is not None for one in found.sheet.files}
    others = (one for one in described if one.name == part.name and one != part)
    return any(not part_wrong(file_path(place, one.name), one) for one in others)


def part_wrong(path: Path, part: Part) -> str:
    """What is wrong with an enciphered file, read from the disk, or ""."""
    try:
        if path.stat().st_size != part.size:
            return f"{path.name} is {path.stat().st_size} bytes long and should be {part.size}"
        with path.open("rb") as stream:
            forget(stream)
            whole = hashlib.file_digest(stream, "sha256").hexdigest() == part.sha256
    except FileNotFoundError:
        return f"{path.name} is not there"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
    return "" if whole else f"{path.name} is damaged"


def forget(opened: IO[bytes]) -> None:
    """Let the system forget what it has of a file, so that reading it reads the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def newest_good(place: Path, before: str = "", look: Callable[[Path, Sheet], str] = what_is_wrong) -> Sheet | None:
    """The newest backup at a place of which every byte is as it was written, or the newest before one by name."""
    for one in in_place(place):
        if one.sheet is not None and (not before or one.name < before) and not look(place, one.sheet):
            return one.sheet
    return None


def chosen(path: Path) -> tuple[Path, str]:
    """(place, name) of what somebody named: an archive, a sheet, or a place, of which it is then the newest backup."""
    if path.is_dir():
        found = in_place(path)
        if not found:
            raise BackupError(
                f"There are no backups in {path}. Choose the folder in which files named graduated-… lie."
            )
        of_the_past = [one for one in found if not is_ahead(one.moment)]
        if not of_the_past:
            raise BackupError(
                f"The backups in {path} are dated in the future. Set this machine's clock, or name one of the files."
            )
        return path, of_the_past[0].name
    moment = moment_in(path.name)
    if moment is None or path.suffix not in {ARCHIVE, SHEET}:
        raise BackupError(
            f"{path} is no backup of Graduated. Name a file graduated-….age, or the folder in which it lies."
        )
    return path.parent, path.name.removesuffix(path.suffix)
