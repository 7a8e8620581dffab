"""What one adult of the family may read of the records behind a pack: as the `family` of each table says, no list here.

Where a table says that a family reads rows under a condition, the same condition is applied to what was read for the
pack: an adult's copy holds nothing that their own sign-in would not show. What is in the request itself (its words,
the narrative, the declaration, the costs: docs/decisions/009) is the copy that they are promised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graduated.assess.models import Concern, Involvement, Measurement, Observation, View
from graduated.assess.queries import ViewRow
from graduated.ehcna.records import Records
from graduated.plan.models import Cycle
from graduated.plan.queries import Plan
from graduated.plan.rows import AgreementRow
from graduated.pupils.models import Attendance, Document, Health, Need, PartTime, Profile, SenStatusSpell, Suspension
from graduated.pupils.queries_papers import Paper
from graduated.request.models import AssessmentRequest
from graduated.request.queries import ConsentRow
from graduated.review.models import Review
from graduated.review.rows import ReviewRecord
from graduated.rules.vocabulary import CycleStatus, Visibility

BEHIND: Mapping[str, Any] = {
    "attendance": Attendance,
    "concerns": Concern,
    "health": Health,
    "involvements": Involvement,
    "needs": Need,
    "observations": Observation,
    "papers": Document,
    "part_times": PartTime,
    "plans": Cycle,
    "profile": Profile,
    "requests": AssessmentRequest,
    "reviews": Review,
    "series": Measurement,
    "spells": SenStatusSpell,
    "suspensions": Suspension,
    "views_ever": View,
}
"""By field of `Records`: the table that it is read from, whose `family` decides."""
OF_THE_REQUEST = frozenset({"adults", "consents", "narratives", "released"})
"""Fields that belong to the request itself: of agreements one's own and the pupil's; the rest is printed for everybody.

Contacts and addresses of adults are left out by `content_family`."""
_READ = frozenset({CycleStatus.AGREED, CycleStatus.REVIEWED})


def left_out_for(records: Records, adult_id: int) -> Records:
    """The records without what this adult is not to read, whichever document is made of them."""
    kept: dict[str, Any] = {}
    for name, model in BEHIND.items():
        found = getattr(records, name)
        if model.family == "never":
            kept[name] = None if name == "profile" else ()
        elif model.family in _RULES:
            kept[name] = tuple(one for one in found if _RULES[model.family](one, adult_id))
    reviews, plans = kept.get("reviews", records.reviews), kept.get("plans", records.plans)
    own = {one.name for one in records.adults if one.adult_id == adult_id}
    others = [one.name for one in records.adults if one.adult_id != adult_id]
    own_words = {
        "reviews": tuple(_without_talk_of(_as_there(one, adult_id), others) for one in reviews),
        "plans": tuple(replace(one, agreements=_of_own(one.agreements, own)) for one in plans),
    }
    return replace(
        records,
        **{**kept, **own_words},
        consents=tuple(one for one in records.consents if _is_theirs(one, adult_id)),
    )


def _as_there(review: ReviewRecord, adult_id: int) -> ReviewRecord:
    """Without what parents said there, and how they were tried to be reached, for an adult who was not there.

    One parent's words are not the other's to read, as on the family's page and in the record that is given.
    """
    if any(one.adult_id == adult_id for one in review.attendees):
        return review
    return replace(review, parent_views="", attempts="")


def _without_talk_of(review: ReviewRecord, others: list[str]) -> ReviewRecord:
    """Without what was added on another adult, by name: what they said afterwards is theirs."""
    return replace(review, addenda=tuple(one for one in review.addenda if not _tells_of(one.text, others)))


def _tells_of(text: str, names: list[str]) -> bool:
    """Whether an adult is named in a text, as people write it: whole, with a title, or by the first name."""
    for name in names:
        title, *rest = name.split()
        ways = {name, f"{title} {rest[-1]}" if rest else title, *rest[:-1]}
        if any(re.search(rf"\b{re.escape(way)}\b", text) for way in ways):
            return True
    return False


def _of_own(agreements: tuple[AgreementRow, ...], own: set[str]) -> tuple[AgreementRow, ...]:
    """How a plan was agreed with this adult; how another was asked, and what came of it, is theirs."""
    found = []
    for one in agreements:
        named = {*one.agreed, *one.no_answer}
        if named and not named & own:
            continue
        agreed = tuple(name for name in one.agreed if name in own)
        silent = tuple(name for name in one.no_answer if name in own)
        found.append(replace(one, agreed=agreed, no_answer=silent, note="" if named - own else one.note))
    return tuple(found)


def _is_theirs(consent: ConsentRow, adult_id: int) -> bool:
    return consent.by_pupil or consent.adult_id == adult_id


def _may_read_view(view: ViewRow, adult_id: int) -> bool:
    """The pupil's views, their own, and what others shared."""
    return view.adult_id is None or view.adult_id == adult_id or view.shared_with_family


def _is_visible(paper: Paper, _adult_id: int) -> bool:
    return paper.visibility is Visibility.FAMILY


def _was_sent(plan: Plan, _adult_id: int) -> bool:
    return plan.cycle.sent_on is not None or plan.cycle.status in _READ


def _is_sealed(review: ReviewRecord, _adult_id: int) -> bool:
    return review.sealed


_RULES: Mapping[str, Any] = {
    "own-or-shared-view": _may_read_view,
    "visible": _is_visible,
    "sent": _was_sent,
    "sealed": _is_sealed,
}
"""By the name of a rule of `access.criteria`: the same on a row that was read. "mine" and "always" take nothing."""
