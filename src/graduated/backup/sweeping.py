"""Clearing a place up after a good backup: what the rule no longer keeps, and pieces of unfinished backups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from graduated.backup import sealed, sheets
from graduated.db.clock import now
from graduated.rules.backups import to_keep

_OURS = re.compile(r"[0-9a-f]{64}\.age((\.\w+)?\.part)?")
DAMAGED_FOR = timedelta(days=14)
"""For so long a backup whose sheet cannot be read stays, for who wants to look; it is of no other use."""


def sweep(place: Path, key: bytes) -> int:
    """Remove what is no longer kept; how many backups went. Call it only after a backup there that is good.

    Nothing but Graduated's own files is touched, and no sheet counts that this installation did not write.
    The sheet goes first: half a removal leaves nothing that looks good.
    """
    found = sheets.in_place(place)
    found = [one for one in found if not sheets.is_ahead(one.moment)]  # nobody knows of which day those are
    good = {one.moment: one for one in found if one.sheet is not None and sheets.is_own(one.sheet, key)}
    kept = to_keep(good)
    going = [one.name for moment, one in good.items() if moment not in kept]
    going += [one.name for one in found if one.moment not in good and now() - one.moment > DAMAGED_FOR]
    for name in going:
        (place / f"{name}{sheets.SHEET}").unlink(missing_ok=True)
        (place / f"{name}{sheets.ARCHIVE}").unlink(missing_ok=True)
    _strays(place)
    return len(going)


def _strays(place: Path) -> None:
    """Pieces that no sheet speaks of. While a sheet cannot be read nobody knows what it needs, so files stay."""
    left = sheets.in_place(place)
    names = {one.name for one in left}
    for path in place.glob(f"graduated-*{sheets.ARCHIVE}*"):
        name = path.name.partition(".")[0]
        if sheets.moment_in(path.name) is not None and (name not in names or path.suffix == ".part"):
            path.unlink(missing_ok=True)
    for path in place.glob(f"{sealed.ASIDE}*.part"):
        path.unlink(missing_ok=True)
    is_certain = all(one.sheet is not None for one in left)
    needed = {part.name for one in left if one.sheet is not None for part in one.sheet.files}
    for path in _kept_files(place):
        name = path.name.partition(".")[0]
        if path.suffix == ".part" or (is_certain and name not in needed):
            path.unlink(missing_ok=True)


def _kept_files(place: Path) -> Iterator[Path]:
    """What lies in Graduated's own folders under names that Graduated gives: through no link, and no stranger's."""
    folder = place / sheets.FILES
    if folder.is_symlink():
        return
    for part in folder.glob("??"):
        if part.is_dir() and not part.is_symlink():
            yield from (path for path in part.iterdir() if _OURS.fullmatch(path.name))
