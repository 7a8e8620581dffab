"""Everything on record about one pupil, read once, in a constant number of queries: for the gaps and for the pack.

Restricted papers are left out here, whoever asks, unless one was released by name for the request: the worker that
builds a pack could otherwise read them. So are papers that were left out of it, and entries marked as restricted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from graduated.assess.queries import (
    InvolvementRow,
    ObservationRow,
    Series,
    ViewRow,
    involvements_of,
    observations_of,
    series_of,
    views_of,
)
from graduated.assess.queries_restricted import closed_entries
from graduated.db.clock import today
from graduated.do.costs import YearCost
from graduated.do.queries import doses_of_pupils
from graduated.do.queries_costs import costs_of_provisions, year_of
from graduated.ehcna import queries
from graduated.ehcna.queries import ConcernRow
from graduated.ehcna.queries_chosen import chosen_of, going_papers, releases_among
from graduated.ehcna.queries_narrative import NarrativeRow, narratives_of
from graduated.ehcna.references import read_today
from graduated.plan.queries import Plan, plans_of
from graduated.pupils.queries import (
    NeedRow,
    ProfileVersion,
    PupilDetails,
    PupilHead,
    StatusSpell,
    details_of,
    needs_of,
    profile_of,
    pupil_head,
    status_history,
)
from graduated.pupils.queries_background import (
    AttendanceRow,
    HealthRow,
    PartTimeRow,
    SuspensionRow,
    attendance_of,
    health_of,
    part_times_of,
    suspensions_of,
)
from graduated.pupils.queries_family import FamilyAdult, adults_of
from graduated.pupils.queries_papers import Paper, papers_kept
from graduated.request.queries import ConsentRow, RequestRow, consents_of, request_of, requests_of
from graduated.review.queries import ReviewRecord, records_of
from graduated.rules.dosage import Dose
from graduated.rules.vocabulary import BuildKind, CycleStatus
from graduated.school.authorities import AuthorityProfile
from graduated.school.queries import SchoolDetails, school_details
from graduated.school.queries_authority import profile_for

_PROMISED = frozenset({CycleStatus.AGREED, CycleStatus.REVIEWED, CycleStatus.LEFT, CycleStatus.PLAN_ISSUED})


@dataclass(frozen=True, slots=True)
class Records:
    """One pupil's records on one day. `costed` are the ids of all provision that a cost could be worked out for.

    `papers` are those that go with the request, `released` the decisions by which restricted ones are among them.
    `kind` says which document they are read for: its narrative is here, and no other. With advice no papers go.
    """

    on: date
    school: SchoolDetails
    profile_of_authority: AuthorityProfile
    head: PupilHead
    details: PupilDetails
    spells: tuple[StatusSpell, ...]
    needs: tuple[NeedRow, ...]
    profile: ProfileVersion | None
    adults: tuple[FamilyAdult, ...]
    papers: tuple[Paper, ...]
    series: tuple[Series, ...]
    views_ever: tuple[ViewRow, ...]
    observations: tuple[ObservationRow, ...]
    involvements: tuple[InvolvementRow, ...]
    concerns: tuple[ConcernRow, ...]
    plans: tuple[Plan, ...]
    reviews: tuple[ReviewRecord, ...]
    doses: Mapping[int, Dose]
    requests: tuple[RequestRow, ...]
    request: RequestRow | None
    consents: tuple[ConsentRow, ...]
    narratives: tuple[NarrativeRow, ...]
    attendance: tuple[AttendanceRow, ...]
    part_times: tuple[PartTimeRow, ...]
    suspensions: tuple[SuspensionRow, ...]
    health: tuple[HealthRow, ...]
    year: YearCost
    costed: frozenset[int]
    released: tuple[int, ...] = ()
    kind: BuildKind = BuildKind.REQUEST

    @property
    def views(self) -> tuple[ViewRow, ...]:
        """The views that count: without those that were corrected, which `views_ever` has too."""
        return tuple(one for one in self.views_ever if not one.is_replaced)

    @property
    def evidence_plans(self) -> tuple[Plan, ...]:
        """Cycles that were agreed or lived through: a draft is no evidence yet."""
        return tuple(plan for plan in self.plans if plan.cycle.status in _PROMISED)

    @property
    def has_rights(self) -> bool:
        """Whether the young person answers for themselves."""
        return self.head.rights_pass_on <= self.on

    @property
    def adult_names(self) -> dict[int, str]:
        """Names of the family's adults by their ids."""
        return {one.adult_id: one.name for one in self.adults}


def records_for(pupil_id: int, request_id: int | None = None, kind: BuildKind = BuildKind.REQUEST) -> Records:
    """Read everything about a pupil; for a request, or for the one that is not at an end, if there is one.

    The narrative reads as it does today: each reference with the figure or the words of its record.
    """
    return read_today(_records(pupil_id, request_id, kind))


def _records(pupil_id: int, request_id: int | None, kind: BuildKind) -> Records:
    school, day = school_details(), today()
    requests = requests_of(pupil_id)
    request = request_of(request_id) if request_id else next((one for one in requests if one.is_running), None)
    costs = costs_of_provisions([pupil_id], day)
    chosen = chosen_of(request.request_id) if request else {}
    closed = closed_entries(pupil_id)
    papers = going_papers(papers_kept(pupil_id), chosen) if kind is BuildKind.REQUEST else ()
    return Records(
        on=day,
        school=school,
        profile_of_authority=profile_for(*_followed(request, school)),
        head=pupil_head(pupil_id),
        details=details_of(pupil_id),
        spells=tuple(reversed(status_history(pupil_id))),
        needs=tuple(needs_of(pupil_id)),
        profile=profile_of(pupil_id),
        adults=tuple(adults_of(pupil_id)),
        papers=papers,
        series=tuple(series_of(pupil_id)),
        views_ever=tuple(views_of(pupil_id, with_replaced=True)),
        observations=tuple(
            one for one in observations_of(pupil_id) if ("observation", one.observation_id) not in closed
        ),
        involvements=tuple(involvements_of(pupil_id)),
        concerns=queries.concerns_of(pupil_id, closed),
        plans=tuple(plans_of(pupil_id)),
        # A review is evidence once it is sealed; those from paper come in whole.
        reviews=tuple(one for one in records_of(pupil_id) if one.sealed or one.from_paper),
        doses=doses_of_pupils([pupil_id], day)[pupil_id],
        requests=requests,
        request=request,
        consents=consents_of(pupil_id, request.request_id) if request else (),
        narratives=narratives_of(request.request_id, kind) if request else (),
        attendance=attendance_of(pupil_id),
        part_times=part_times_of(pupil_id),
        suspensions=suspensions_of(pupil_id),
        health=health_of(pupil_id),
        year=year_of(pupil_id, day, costs),
        costed=frozenset(one.provision_id for one in costs if one.is_costed),
        released=releases_among(papers, chosen),
        kind=kind,
    )


def _followed(request: RequestRow | None, school: SchoolDetails) -> tuple[str, str]:
    """The profile's code and version: a request keeps those that it was opened with."""
    if request is not None:
        return request.authority, request.authority_version
    return school.authority, school.authority_version
