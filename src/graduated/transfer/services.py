"""Sending a record on and taking one in: asking for the bundle, the receipt, bringing it in."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from graduated.access.identity import acting, require_actor, system_actor
from graduated.access.stored import files_still_named
from graduated.db.clock import today
from graduated.db.files import FileStore, Staged
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import write, writes
from graduated.pupils.models import Pupil
from graduated.transfer.bringing import Bringing, Brought, has_records
from graduated.transfer.joining import Joined
from graduated.transfer.making import JOB
from graduated.transfer.models import TransferIn, TransferOut, TransferReceipt, TransferUpload
from graduated.transfer.reading import Bundle, NotABundle, read
from graduated.uploads.kinds import WrongFile
from graduated.uploads.outside import take_in
from graduated.uploads.scratch import scratch

_KNOWN = select(TransferIn).where(TransferIn.bundle_sha256 == bindparam("sha256"))
_SAME_UPN = select(Pupil.id).where(Pupil.upn == bindparam("upn"))
_SAME_NAME = select(Pupil.id, Pupil.legal_surname, Pupil.legal_forename).where(Pupil.born_on == bindparam("born_on"))
_UPLOAD = select(TransferUpload).where(TransferUpload.id == bindparam("upload_id"))


UNFIT = (
    "The records in it do not fit together, so that no page could show them. Nothing was changed. "
    "Ask the school that made the bundle to make it again."
)


class ReceiptRefused(ValueError):
    """The receipt does not fit; the words say why."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bundle would do: whom it is about, who of this school seems to be the same, what would be written.

    `joins` is the pupil into whose record it would go; `refused` says in words why it cannot be brought in; `held` are
    adults here who would be held, because a bar may speak of them.
    """

    bundle: Bundle
    known_on: date | None
    pupil_id: int | None
    joins: int | None
    counts: dict[str, int]
    seals: int
    refused: str = ""
    held: tuple[str, ...] = ()


@writes("Record for another school asked for")
def ask_for_bundle(pupil_id: int, to_school: str) -> int:
    """Put the making of a bundle in the worker's list; gives the job's id."""
    actor = require_actor()
    job = Job(
        kind=JOB,
        payload={"pupil_id": pupil_id, "to_school": to_school.strip(), "made_by": actor.name},
        asked_by_id=actor.user_id,
        message="Waiting for the worker",
    )
    db.session.add(job)
    db.session.flush()
    return job.id


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who has the bundle: a name, the school, since when; `sha256` as a receipt file names it."""

    received_by: str
    school: str
    received_on: date
    sha256: str = ""


@writes("Receipt for a record recorded")
def record_receipt(transfer_out_id: int, receipt: Receipt) -> int:
    """Write down that the other school has it. Raises ReceiptRefused."""
    out = db.session.scalars(select(TransferOut).where(TransferOut.id == transfer_out_id)).one()
    if receipt.sha256 and receipt.sha256 != out.sha256:
        raise ReceiptRefused("This receipt is for another bundle. Look for the one that was sent.")
    if db.session.scalars(select(TransferReceipt.id).where(TransferReceipt.transfer_out_id == out.id)).first():
        raise ReceiptRefused("The receipt for this bundle is recorded already.")
    row = TransferReceipt(
        pupil_id=out.pupil_id,
        transfer_out_id=out.id,
        received_by=receipt.received_by.strip(),
        school=receipt.school.strip(),
        received_on=receipt.received_on,
        by_file=bool(receipt.sha256),
        entered_by=require_actor().name,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Record of another school put down to look at")
def keep_upload(sha256: str, size: int, filename: str) -> int:
    """Note a bundle that lies in the store until somebody brings it in or lets it go."""
    row = TransferUpload(sha256=sha256, size=size, filename=filename[:200])
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Record of another school let go")
def let_go(upload_id: int) -> None:
    """Forget a bundle that was looked at; its file goes."""
    _drop_upload(upload_id)


def _drop_upload(upload_id: int) -> None:
    row = db.session.scalars(_UPLOAD, {"upload_id": upload_id}).one()
    row.sha256 = ""
    db.session.flush()


def forget_file(sha256: str) -> None:
    """Remove a file that no record of any school names; in an act, so that nobody keeps the same one meanwhile."""
    if not sha256:
        return
    with write("File let go"):
        if not files_still_named([sha256]):
            current_app.extensions["files"].path(sha256).unlink(missing_ok=True)


class _TriedOut(Exception):
    def __init__(self, brought: Brought) -> None:
        super().__init__()
        self.brought = brought


def preview(path: Path) -> Preview:
    """Look at a bundle and try it out; nothing is changed. Raises NotABundle when it is none."""
    bundle = read(path)
    with as_school():
        known = db.session.scalars(_KNOWN, {"sha256": bundle.sha256}).one_or_none()
        if known is not None:
            return Preview(bundle, known.brought_on, known.pupil_id, None, dict(known.counts), known.seals)
        joins, refused = _whom(bundle)
    if not refused:
        try:
            look_at_files(path, bundle, keep=False)
            _try_out(bundle)
        except _TriedOut as tried:
            came = tried.brought
            return Preview(bundle, None, None, joins, dict(came.counts), came.seals, held=came.held)
        except NotABundle as wrong:
            refused = str(wrong)
    return Preview(bundle, None, None, joins, {}, 0, refused)


@writes("Record of another school tried out")
def _try_out(bundle: Bundle) -> None:
    raise _TriedOut(_write(bundle))


def as_school() -> AbstractContextManager[Any]:
    """Act as the system of the school of who is acting: every pupil is in sight."""
    actor = require_actor()
    return acting(system_actor(actor.school_id, actor.name))


def _whom(bundle: Bundle) -> tuple[int | None, str]:
    """Into whose record the bundle goes (None: a new pupil's), or why it cannot be brought in."""
    pupil = bundle.pupil
    found = db.session.scalars(_SAME_UPN, {"upn": pupil["upn"]}).first() if pupil["upn"] else None
    if found is None:
        name = (pupil["legal_surname"].casefold(), pupil["legal_forename"].casefold())
        rows = db.session.execute(_SAME_NAME, {"born_on": pupil["born_on"]})
        found = next((row.id for row in rows if (row[1].casefold(), row[2].casefold()) == name), None)
    if found is None:
        return None, ""
    if has_records(found):
        return found, (
            f"{bundle.pupil_name} is here already, with records that did not come from the MIS. Two histories cannot "
            "be put into one by themselves: nothing was changed. Read the bundle’s papers, and add what is missing."
        )
    return found, ""


def _write(bundle: Bundle) -> Brought:
    with as_school():
        joins, refused = _whom(bundle)
        if refused:
            raise NotABundle(refused)
        try:
            return Bringing(bundle, Joined(joins) if joins else None).run()
        except OperationalError:  # the database is busy, which is no fault of the bundle
            raise
        except (SQLAlchemyError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
            if isinstance(error, NotABundle):
                raise
            raise NotABundle(UNFIT) from error


def bring_in(path: Path, sha256: str, upload_id: int | None = None) -> int:
    """Bring a bundle in; gives the id of what is noted of it. The same bundle twice changes nothing.

    Raises NotABundle, and then nothing was changed.
    """
    bundle = read(path)
    if bundle.sha256 != sha256:
        raise NotABundle("This is not the bundle that was looked at. Choose it again.")
    staged = look_at_files(path, bundle, keep=True)
    try:
        return _take(bundle, [one.keep for one in staged], upload_id)
    except BaseException:
        for one in staged:
            forget_file(one.sha256)
        raise
    finally:
        for one in staged:
            one.drop()


@writes("Record of another school brought in")
def _take(bundle: Bundle, keep: list[Callable[[], object]], upload_id: int | None) -> int:
    with as_school():
        known = db.session.scalars(_KNOWN, {"sha256": bundle.sha256}).one_or_none()
    if known is None:
        brought = _write(bundle)
        known = TransferIn(
            pupil_id=brought.pupil_id,
            bundle_sha256=bundle.sha256,
            from_school=bundle.school_name,
            from_urn=bundle.urn,
            made_on=bundle.made_at.date(),
            brought_on=today(),
            brought_by=require_actor().name,
            counts={**brought.counts, "files": len(bundle.files)},
            seals=brought.seals,
        )
        db.session.add(known)
        db.session.flush()
        for one in keep:  # also what lay there already: it may have gone by law since the bundle was looked through
            one()
    if upload_id is not None:
        _drop_upload(upload_id)
    return known.id


def look_at_files(path: Path, bundle: Bundle, *, keep: bool) -> list[Staged]:
    """Take the uploaded papers out of the bundle, each looked at as any upload is. Raises NotABundle.

    With `keep` they lie aside, to be kept or dropped; else nothing is left of them.
    """
    store: FileStore = current_app.extensions["files"]
    kinds = {one["sha256"]: one["media_type"] for one in bundle.of("document")}
    kinds |= {one["preview_sha256"]: "image/jpeg" for one in bundle.of("document") if one["preview_sha256"]}
    kinds |= {one["sha256"]: "application/pdf" for one in bundle.of("paper_given")}
    staged: list[Staged] = []
    try:
        with zipfile.ZipFile(path) as file, scratch() as folder:
            for sha256 in sorted(bundle.files):
                aside = folder / "paper"
                aside.write_bytes(file.read(f"files/{sha256}"))
                try:
                    found = take_in(aside, folder / "preview").media_type
                except WrongFile as wrong:
                    raise NotABundle(f"A paper in it cannot be kept. {wrong}") from wrong
                if found != kinds.get(sha256):
                    raise NotABundle("A paper in it is not of the kind that its record says.")
                if keep:
                    staged.append(store.stage_chunks([aside.read_bytes()]))
    except BaseException:
        for one in staged:
            one.drop()
        raise
    return staged
