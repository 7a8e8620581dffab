"""`graduated transfer-out` and `graduated transfer-in`: the same as the pages, for who works at the command line."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.pupils.models import Pupil
from graduated.school.queries import school_details
from graduated.transfer import services
from graduated.transfer.bundle import ReceiptWords, receipt_bytes
from graduated.transfer.making import CannotMake, make
from graduated.transfer.queries import came_one, sent
from graduated.transfer.reading import NotABundle
from graduated.transfer.words import lines_of

__all__ = ["CannotMake", "NotABundle", "bring", "write_out"]


def write_out(upn: str, to_school: str, out: Path) -> str:
    """Make a bundle and copy it to a path; what to say of it. Raises CannotMake."""
    pupil_id = db.session.scalars(select(Pupil.id).where(Pupil.upn == upn)).first()
    if pupil_id is None:
        raise CannotMake(f"No pupil of this school has the UPN {upn}.")
    one = sent(make(pupil_id, to_school, require_actor().name))
    try:
        out.write_bytes(current_app.extensions["files"].read(one.sha256))
    except OSError as error:
        raise CannotMake(f"{out} cannot be written: {error.strerror}.") from error
    stays = f" {one.restricted} restricted papers or notes stay here." if one.restricted else ""
    return f"{out}: {', '.join(one.lines)}.{stays} SHA-256 {one.sha256}."


def bring(file: Path, receipt: Path | None, *, dry_run: bool) -> str:
    """Bring a bundle in, or say what it would do. Raises NotABundle."""
    if not file.is_file():
        raise NotABundle(f"There is no file {file}. Check the name and the folder.")
    looked = services.preview(file)
    about = f"{looked.bundle.pupil_name}, from {looked.bundle.school_name}"
    if looked.refused:
        raise NotABundle(looked.refused)
    if dry_run:
        return f"{about}: a dry run, nothing was changed. {', '.join(lines_of(looked.counts))}."
    one = came_one(services.bring_in(file, looked.bundle.sha256))
    if receipt is not None:
        school = school_details()
        words = ReceiptWords(one.sha256, one.brought_by, school.name, school.urn, one.brought_on.isoformat(), one.seals)
        receipt.write_bytes(receipt_bytes(words))
    return f"{about}: {', '.join(one.lines)}. {one.seals} seals were checked, and hold."
