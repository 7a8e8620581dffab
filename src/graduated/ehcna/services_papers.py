"""Deciding which papers go with a request, releasing a restricted one by name, and recording what was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.ehcna.models import PackBuild, PackFile
from graduated.ehcna.models_papers import PackSent, PaperChosen
from graduated.ehcna.queries_chosen import chosen_of, may_take_back, version_of
from graduated.ehcna.standing import standing_of
from graduated.pupils.models import Document
from graduated.request.models import AssessmentRequest
from graduated.request.queries import RUNNING, UNSENT
from graduated.request.services import record_step
from graduated.request.steps import Step, StepRefused
from graduated.review.errors import ReviewRefused
from graduated.review.services_given import Giving, give
from graduated.rules.paper_choice import OPEN
from graduated.rules.vocabulary import BuildKind, GivenHow, PackFileKind, PaperChoice, PaperKind, SentHow
from graduated.web.filters import long_date


class PaperRefused(ValueError):
    """What cannot be decided or recorded; the sentence says why and what to do."""


_REQUEST = select(AssessmentRequest).where(AssessmentRequest.id == bindparam("request_id"))
_OPEN_PAPERS = select(Document).where(
    Document.pupil_id == bindparam("pupil_id"), Document.visibility.in_(sorted(OPEN)), Document.sha256 != ""
)
_PAPER = select(Document).where(Document.id == bindparam("document_id"))
_BUILD = select(PackBuild).where(PackBuild.id == bindparam("build_id"))
_FILE = select(PackFile).where(PackFile.id == bindparam("pack_file_id"))
_ENDED = "This request is at an end, so its papers are no longer chosen."


@writes("Papers of a request chosen")
def choose_papers(request_id: int, left_out: Mapping[int, str], version: int | None) -> int | None:
    """Decide of every open paper whether it goes; `left_out` names those that stay, each with its reason.

    Only what changed becomes a record. Raises Clash when somebody else decided since, PaperRefused at the end of a
    request and without a reason.
    """
    request = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    standing = chosen_of(request_id)
    if request.status not in RUNNING:
        raise PaperRefused(_ENDED)
    if version is not None and version != version_of(standing):
        raise Clash({})
    rows = []
    for paper in db.session.scalars(_OPEN_PAPERS, {"pupil_id": request.pupil_id}):
        before, why = standing.get(paper.id), left_out.get(paper.id)
        was_out = before is not None and before.choice is PaperChoice.LEFT_OUT
        if why is None and not was_out:
            continue
        if why is not None and not why.strip():
            raise PaperRefused(f"Say why “{paper.title}” stays out.")
        if why is not None and was_out and before is not None and before.reason == why.strip():
            continue
        choice = PaperChoice.GOES if why is None else PaperChoice.LEFT_OUT
        rows.append(_decided(request, paper, choice, why or ""))
    db.session.add_all(rows)
    db.session.flush()
    return rows[-1].id if rows else None


def _decided(request: AssessmentRequest, paper: Document, choice: PaperChoice, why: str) -> PaperChosen:
    return PaperChosen(
        pupil_id=request.pupil_id,
        assessment_request_id=request.id,
        document_id=paper.id,
        choice=choice,
        level=paper.visibility,
        reason=why.strip(),
    )


@writes("Restricted paper released for a request")
def release_paper(request_id: int, document_id: int, why: str) -> int:
    """Let one restricted paper go with one request, by name and with a reason. For who keeps restricted papers."""
    request, paper = _both(request_id, document_id)
    if request.status not in RUNNING:
        raise PaperRefused(_ENDED)
    return _one_more(_decided(request, paper, PaperChoice.RELEASED, why))


@writes("Release of a restricted paper taken back")
def take_back_release(request_id: int, document_id: int, why: str) -> int:
    """Keep a released paper in again. Raises PaperRefused once the papers have left the school."""
    request, paper = _both(request_id, document_id)
    if not may_take_back(request_id):
        raise PaperRefused("The papers have left the school. What was given cannot be called back from here.")
    return _one_more(_decided(request, paper, PaperChoice.TAKEN_BACK, why))


def _both(request_id: int, document_id: int) -> tuple[AssessmentRequest, Document]:
    request = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    paper = db.session.scalars(_PAPER, {"document_id": document_id}).one()
    if paper.pupil_id != request.pupil_id or paper.visibility in OPEN:
        raise PaperRefused("This paper is not restricted, so there is nothing to release.")
    return request, paper


def _one_more(row: PaperChosen) -> int:
    db.session.add(row)
    db.session.flush()
    return row.id


@dataclass(frozen=True, slots=True)
class Sending:
    """How a built pack was given to the authority, on which day, and to whom by name (or "")."""

    on: date
    how: SentHow
    to_whom: str = ""


@writes("Pack given to the authority")
def record_sent(build_id: int, sending: Sending) -> int:
    """Record that a built pack, or advice, was given to the authority. Raises PaperRefused for a day before it was
    built, or for a build that was not to be given on that day. The request, or its advice, is sent with it: giving the
    authority what was built and telling the clock of it is one act.
    """
    build = db.session.scalars(_BUILD, {"build_id": build_id}).one()
    if sending.on < local(build.built_at).date():
        raise PaperRefused("This pack was built after that day. Look which pack was given, or mend the date.")
    if sending.on > today():
        raise PaperRefused("The day lies in the future. Record it once it was given.")
    if not build.sha256:
        raise PaperRefused("This pack went by law, so there is nothing that could have been given.")
    closed = standing_of(build_id).why_not_sent(sending.on)
    if closed:
        raise PaperRefused(closed)
    row = PackSent(
        pupil_id=build.pupil_id,
        pack_build_id=build.id,
        sent_on=sending.on,
        how=sending.how,
        to_whom=sending.to_whom.strip(),
    )
    db.session.add(row)
    db.session.flush()
    if build.assessment_request_id is not None:
        _has_gone(build.assessment_request_id, build.kind, sending)
    return row.id


def _has_gone(request_id: int, kind: BuildKind, sending: Sending) -> None:
    """The clock learns that what was built has left the school; of a pack, unless it knows of the sending already."""
    request = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    if kind is not BuildKind.ADVICE and request.status not in UNSENT:
        return
    step = Step.ADVICE_SENT if kind is BuildKind.ADVICE else Step.SENT
    try:
        record_step(request_id, step, sending.on, whom=sending.to_whom.strip())
    except StepRefused as refused:
        raise PaperRefused(str(refused)) from refused


@writes("Copy of the pack given to the family")
def give_copy(pack_file_id: int, how: GivenHow, on: date, content: bytes) -> int:
    """Record that the adult of a copy was given it; `content` is the copy itself. Raises PaperRefused."""
    file = db.session.scalars(_FILE, {"pack_file_id": pack_file_id}).one()
    built = db.session.scalars(_BUILD, {"build_id": file.pack_build_id}).one()
    if file.kind is not PackFileKind.FAMILY or file.adult_id is None:
        raise PaperRefused("This file is not a copy for the family.")
    title = f"{built.kind.label} of {long_date(local(built.built_at).date())}"
    try:
        return give(file.pupil_id, Giving(PaperKind.PACK, title, (file.adult_id,), how, on), content)
    except ReviewRefused as refused:
        raise PaperRefused(str(refused)) from refused
