"""Where backups go: folders on other disks or shares, each marked so that an empty mount point is not taken for one."""

from __future__ import annotations

import os
from pathlib import Path

from graduated.backup import sealed
from graduated.backup.errors import BackupError, Damaged
from graduated.backup.keys import folder, installation, this_copy
from graduated.config import Settings

MARK = "graduated-backups"
TO = "GRADUATED_BACKUP_TO"
_ANOTHERS = "{place} holds the backups of another installation. Choose a folder of its own."


def places(settings: Settings) -> tuple[Path, ...]:
    """The places to which a backup goes each hour: those of the settings, then those that were named by command."""
    given = [Path(one) for one in os.environ.get(TO, "").split(os.pathsep) if one.strip()]
    kept = settings.home / "backup" / "places"
    if kept.is_file():
        given += [Path(line) for line in kept.read_text("utf-8").splitlines() if line.strip()]
    return tuple(dict.fromkeys(given))


def add(settings: Settings, place: Path, *, take_over: bool = False) -> None:
    """Have backups go to a place from now on; with `take_over` also one to which the copy before this one sent its."""
    place = place.absolute()
    mark(settings, place, take_over=take_over)
    _keep(settings, [*_named(settings), place])


def remove(settings: Settings, place: Path) -> None:
    """Have no more backups go there; those that lie there stay."""
    named, place = _named(settings), place.absolute()
    if place not in named:
        raise BackupError(f"{place} is not one of the places. They are: {', '.join(map(str, named)) or 'none'}.")
    _keep(settings, [one for one in named if one != place])


def _named(settings: Settings) -> list[Path]:
    kept = settings.home / "backup" / "places"
    return [Path(line) for line in kept.read_text("utf-8").splitlines() if line.strip()] if kept.is_file() else []


def _keep(settings: Settings, chosen: list[Path]) -> None:
    lines = "".join(f"{one}\n" for one in dict.fromkeys(chosen))
    sealed.replace(folder(settings) / "places", lines.encode())


def mark(settings: Settings, place: Path, *, take_over: bool = False) -> None:
    """Take a folder for the backups of this copy of this installation. Refuses another's, or one beside what it saves.

    A place belongs to one copy at a time, so that whatever lies there may be counted, and cleared away by the rule.
    With `take_over` it is this one's from now on, and the copy that had it can write there no more.
    """
    if not place.is_dir():
        raise BackupError(
            f"There is no folder {place}. Is the disk in, and the share connected? Make the folder first."
        )
    if place.resolve().is_relative_to(settings.home):
        raise BackupError(f"{place} lies within {settings.home} and would be lost with it. Choose another disk.")
    _must_be_open(place)
    if (place / MARK).exists():
        if not take_over:
            check(settings, place)
            return
        if _owner(place)[0] != installation(settings.audit_key):
            raise BackupError(_ANOTHERS.format(place=place))
    try:
        sealed.write(place / MARK, {"installation": installation(settings.audit_key), "copy": this_copy(settings)})
    except OSError as error:
        raise BackupError(f"Nothing can be written to {place}: {error.strerror}.") from error


def check(settings: Settings, place: Path) -> None:
    """Say why a backup cannot go to a place, if it cannot: it is not there, not marked, or another installation's."""
    _must_be_open(place)
    if not (place / MARK).is_file():
        raise BackupError(
            f"{place} is not there, or it is not the disk that was chosen. Put the disk in or connect the share. "
            f"If this is a new one, run: graduated backup-place {place}"
        )
    of, copy = _owner(place)
    if of != installation(settings.audit_key):
        raise BackupError(_ANOTHERS.format(place=place))
    if copy != this_copy(settings):
        raise BackupError(
            f"{place} holds the backups of another copy of this installation: one of the two was copied, or restored "
            f"from a backup. If this one is to go on in its stead, run: graduated backup-place {place} --take-over"
        )


def _must_be_open(place: Path) -> None:
    """Say that this account cannot write there, before it is tried: as the disk is, or as the service is set up."""
    if place.is_dir() and not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        raise BackupError(
            f"{place} may not be written by the account that runs Graduated. As root: chown -R graduated: {place}. If "
            "only the service cannot, the disk has not been named to it yet (docs/backup.md, step 2)."
        )


def is_own(settings: Settings, place: Path) -> bool:
    """Whether the backups in a place are this copy's, as far as can be seen."""
    try:
        check(settings, place)
    except BackupError:
        return False
    return True


def _owner(place: Path) -> tuple[str, str]:
    """(installation, copy of it) to which a place belongs."""
    try:
        said = sealed.read(place / MARK)
        return str(said["installation"]), str(said.get("copy", ""))
    except (Damaged, AttributeError, KeyError, TypeError) as error:
        raise BackupError(f"{place} cannot be read as it should: {error} Try another disk.") from error


def is_beside(settings: Settings, place: Path) -> bool:
    """Whether a place is on the same disk as the records, and so lost with it."""
    try:
        return place.stat().st_dev == settings.home.stat().st_dev
    except OSError:
        return False
