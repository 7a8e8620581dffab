"""Reading which papers go with a request: what was decided of each, by whom and why; an open one goes by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.ehcna.models import PackBuild
from graduated.ehcna.models_papers import PackSent, PaperChosen
from graduated.people.models import User
from graduated.pupils.queries_papers import Paper, gone_among, latest_first, papers_kept
from graduated.request.queries import RequestRow, request_of
from graduated.rules.paper_choice import OPEN, age_of, can_take_back, goes
from graduated.rules.vocabulary import PaperChoice, SentHow, Visibility
from graduated.school.queries_authority import profile_for


@dataclass(frozen=True, slots=True)
class Chosen:
    """The decision that stands on one paper: what, at which level, why, by whom and on which day."""

    chosen_id: int
    document_id: int
    choice: PaperChoice
    level: Visibility
    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One paper on the list of a request: its age held against the profile's months, and whether it goes."""

    paper: Paper
    age: str
    is_old: bool
    goes: bool
    chosen: Chosen | None

    @property
    def why(self) -> str:
        """The reason of the decision that stands, where it has one."""
        return self.chosen.reason if self.chosen else ""


@dataclass(frozen=True, slots=True)
class PapersOfRequest:
    """The papers of a request as the person acting may read them; `version` counts the decisions.

    `unseen` are releases of papers that this person may not read by themselves: they read them in the pack.
    """

    open: tuple[PaperLine, ...]
    restricted: tuple[PaperLine, ...]
    unseen: tuple[Chosen, ...]
    version: int

    @property
    def left_out(self) -> tuple[PaperLine, ...]:
        """Open papers that stay out."""
        return tuple(one for one in self.open if not one.goes)

    @property
    def going(self) -> tuple[PaperLine, ...]:
        """Every paper in sight that goes, restricted ones that were released last."""
        return tuple(one for one in (*self.open, *self.restricted) if one.goes)

    @property
    def old(self) -> tuple[PaperLine, ...]:
        """Those that go and are older than is asked for."""
        return tuple(one for one in self.going if one.is_old)


@dataclass(frozen=True, slots=True)
class SentRow:
    """A built pack was given to the authority."""

    build_id: int
    sent_on: date
    how: SentHow
    to_whom: str


_CHOSEN = (
    select(
        PaperChosen.id,
        PaperChosen.document_id,
        PaperChosen.choice,
        PaperChosen.level,
        PaperChosen.reason,
        func.coalesce(User.name, "the system"),
        PaperChosen.recorded_at,
    )
    .outerjoin(User, User.id == PaperChosen.recorded_by_id)
    .where(PaperChosen.assessment_request_id == bindparam("request_id"))
    .order_by(PaperChosen.id)
)
_SENT: Any = (
    select(PackSent.pack_build_id, PackSent.sent_on, PackSent.how, PackSent.to_whom)
    .join(PackBuild, PackBuild.id == PackSent.pack_build_id)
    .where(PackBuild.assessment_request_id == bindparam("request_id"))
    .order_by(PackSent.sent_on, PackSent.id)
)


def chosen_of(request_id: int) -> Mapping[int, Chosen]:
    """By paper: the decision that stands."""
    rows = db.session.execute(_CHOSEN, {"request_id": request_id})
    return {row[1]: Chosen(*row[:6], local(row[6]).date()) for row in rows}


def going_papers(papers: Iterable[Paper], chosen: Mapping[int, Chosen]) -> tuple[Paper, ...]:
    """Those of these papers that go with a request."""
    return tuple(one for one in papers if _goes(one, chosen.get(one.document_id)))


def releases_among(papers: Iterable[Paper], chosen: Mapping[int, Chosen]) -> tuple[int, ...]:
    """The ids of the decisions by which restricted papers among these go."""
    return tuple(chosen[one.document_id].chosen_id for one in papers if one.visibility not in OPEN)


def _goes(paper: Paper, chosen: Chosen | None) -> bool:
    return goes(paper.visibility, chosen.choice if chosen else None, chosen.level if chosen else None)


def version_of(chosen: Mapping[int, Chosen]) -> int:
    """What tells a list of decisions from an earlier one."""
    return max((one.chosen_id for one in chosen.values()), default=0)


def papers_of_request(row: RequestRow) -> PapersOfRequest:
    """The list of a request, the latest paper first."""
    chosen, on = chosen_of(row.request_id), today()
    limits = profile_for(row.authority, row.authority_version).thresholds
    found, lines = latest_first(papers_kept(row.pupil_id)), []
    for one in found:
        decided = chosen.get(one.document_id)
        lines.append(PaperLine(one, *age_of(one.kind, one.dated, on, limits), _goes(one, decided), decided))
    hidden = chosen.keys() - {one.document_id for one in found}
    hidden -= gone_among(hidden)  # a release of what was erased by law releases nothing
    return PapersOfRequest(
        open=tuple(one for one in lines if one.paper.visibility in OPEN),
        restricted=tuple(one for one in lines if one.paper.visibility not in OPEN),
        unseen=tuple(
            one for one in chosen.values() if one.choice is PaperChoice.RELEASED and one.document_id in hidden
        ),
        version=version_of(chosen),
    )


def sent_of(request_id: int) -> tuple[SentRow, ...]:
    """Which packs of a request the authority was given, the earliest first."""
    return tuple(SentRow(*row) for row in db.session.execute(_SENT, {"request_id": request_id}))


def may_take_back(request_id: int) -> bool:
    """Whether a release for a request can still be taken back."""
    row = request_of(request_id)
    return can_take_back(row.sent_on, row.replied_on, [one.sent_on for one in sent_of(request_id)])
