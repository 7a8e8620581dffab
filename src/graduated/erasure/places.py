"""Places in records where words stand: a table, a row and a column, with the words by which people know them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, String, inspect, select

from graduated.db.base import Base
from graduated.db.session import db


class Place(NamedTuple):
    """One column of one row."""

    table: str
    row_id: int
    field: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand at a place: by what people know it, and what it says."""

    place: Place
    label: str
    words: str

    @property
    def key(self) -> str:
        """The piece in a form."""
        return "-".join((self.place.table, str(self.place.row_id), self.place.field))


_LABELS = {
    "review.attempts": "what was tried to reach the parents",
    "review.others_present": "who else came",
    "review.pupil_views": "the pupil’s views at the review",
    "review.parent_views": "the parents’ views at the review",
    "review.summary": "what was also said at the review",
    "attendee.name": "the name of somebody who came",
    "attendee.role": "as what somebody came",
    "judgement.reason": "the reason for a judgement",
    "provision_judgement.why": "the reason for a word on provision",
    "next_step.reason": "the reason for the next step",
    "next_step.specialist_words": "the words on specialist advice",
    "next_step.request_words": "the words on a request",
    "action_item.what": "something promised",
    "action_item.who": "who promised something",
    "addendum.text": "an addendum",
    "addendum.why": "why an addendum was made",
    "seal.details": "what was told at sealing",
    "judgement.stood_as": "an outcome as it was worded",
    "provision_judgement.stood_as": "a provision as it was named",
    "delivered_session.note": "a note on a session of a group",
    "presence.note": "a note on a session",
    "review.decision": "the next step as it was thought over",
    "erasure_order.passage": "what was asked for by law",
    "erasure_order.replacement": "what was asked for by law",
    "erasure_order.reason": "what was asked for by law",
    "erasure_order.declined_why": "what was asked for by law",
    "view.text": "a recorded view",
    "observation.text": "a strength or difficulty",
    "clarification.question": "a question about a request for information",
    "concern.text": "a concern",
    "concern_note.text": "a note on a concern",
    "contribution.text": "a contribution to a plan",
    "narrative.text": "the narrative of a request or of its advice",
    "narrative_version.text": "the narrative of a request or of its advice, as it was saved before",
    "narrative_asked.question": "what a colleague was asked for a request",
    "narrative_given.text": "what a colleague handed in for a request",
    "paper_chosen.reason": "why a paper stays out of a pack, or was released for it",
    "paper_given.sha256": "the kept copy of a paper that was given",
    "pack_build.manifest": "a built evidence pack",
    "pack_file.sha256": "a file of a built evidence pack",
    "disclosure_decision.reason": "why something stays out of a bundle",
    "document.sha256": "an uploaded paper",
    "transfer_out.sha256": "the record as it was made ready for another school",
    "restricted_note.text": "a restricted note",
}
PAPER = ("document", "sha256")
"""The file of an uploaded paper, which goes when somebody asks for just that."""
FILES = frozenset({("paper_given", "sha256"), ("pack_build", "manifest"), ("pack_file", "sha256"),
                   ("transfer_out", "sha256"), PAPER})  # fmt: skip
"""Tables and columns that stand for a kept file, which goes whole and leaves no mark."""

PROSE: dict[str, tuple[str, ...]] = {
    "action_item": ("what",),
    "addendum": ("text", "why"),
    "advice": ("recommendation",),
    "advice_action": ("text", "effect"),
    "agreement": ("note",),
    "amendment": ("what", "before", "after", "why"),
    "assessment_request": ("reason", "more_needed", "outcomes_sought", "decision_words"),
    "attendance": ("part_time", "why_replaced"),
    "clock_note": ("text",),
    "clarification": ("question",),
    "concern": ("text", "evidence", "tried", "agreed", "ended_why"),
    "concern_action": ("what",),
    "concern_note": ("text",),
    "consent": ("capacity",),
    "contribution": ("works", "does_not_work", "text", "details"),
    "cycle": ("assess_summary",),
    "delivered_session": ("note",),
    "disclosure_decision": ("reason",),
    "destruction_order": ("declined_why",),
    "document": ("title",),
    "erasure_order": ("passage", "replacement", "reason", "declined_why"),
    "health": ("detail",),
    "health_struck": ("why",),
    "information_request": ("wish", "identity", "extension_reason", "answer"),
    "involvement": ("question", "outcome_words"),
    "judgement": ("reason", "stood_as"),
    "legal_hold": ("reason", "ended_why"),
    "measurement": ("note", "why_replaced"),
    "narrative": ("text",),
    "narrative_asked": ("question",),
    "narrative_given": ("text",),
    "narrative_version": ("text",),
    "next_step": ("reason", "suggestion_reasons", "specialist_words", "request_words"),
    "observation": ("text",),
    "outcome": ("statement", "in_plain_words", "success"),
    "paper_chosen": ("reason",),
    "part_time": ("reason", "way_back", "why_replaced"),
    "planning_decision": ("note", "why_replaced"),
    "planning_done": ("text",),
    "plan_translation": ("why",),
    "planning_item": ("reasons", "question"),
    "presence": ("note",),
    "profile": ("good_at", "important_to_me", "hard_for_me", "helps_me", "my_words", "hopes"),
    "provision": ("expected_impact",),
    "provision_judgement": ("why",),
    "rate_change": ("why",),
    "responsibility": ("text",),
    "restricted_note": ("text",),
    "restricted_release": ("reason",),
    "review": ("attempts", "others_present", "pupil_views", "parent_views", "summary", "decision"),
    "seal": ("details",),
    "sen_status": ("reason", "parents_told"),
    "strategy": ("text",),
    "suspension": ("reason",),
    "suspension_struck": ("why",),
    "view": ("text",),
}
"""By table: the columns in which people write in sentences, of the pupil alone (of sessions: those of the pupil's own
groups). These, and no others, are looked through for words that go. A new column is put here or below by hand."""

NAMED: dict[str, tuple[str, ...]] = {
    "action_item": ("who",),
    "advice_action": ("who",),
    "amendment": ("who",),
    "attendee": ("name", "role"),
    "bar": ("reason",),
    "bar_change": ("why",),
    "concern": ("raised_by",),
    "concern_action": ("who",),
    "concern_note": ("who",),
    "consent": ("not_shared_with",),
    "document": ("author",),
    "information_request": ("from_name",),
    "involvement": ("service", "person", "who_refers"),
    "look_agreement": ("words",),
    "observation": ("source",),
    "planning_decision": ("service", "who"),
    "provision": ("name", "who"),
    "provision_judgement": ("stood_as",),
    "rights_notice": ("told",),
    "strategy": ("who",),
    "view": ("gathered_by",),
}
"""Names of people and of things in a pupil's record, and why somebody is barred: never changed because the words stand
in something else; they are counted for a look, and go only when somebody names just that place."""

UNTOUCHED: dict[str, str] = {
    "assessment_request.advice_asked_by": "who asked",
    "assessment_request.advice_sent_to": "to whom it went",
    "assessment_request.authority": "a code",
    "assessment_request.authority_version": "a code",
    "assessment_request.head_signed_by": "who signed",
    "assessment_request.senco_signed_by": "who signed",
    "assignment.reason": "the program's own words",
    "consent.copies_to": "who gets copies",
    "cycle.meeting_place": "a place",
    "declaration.signer_name": "who signed",
    "declaration.statement": "the authority’s own words",
    "declaration.words_digest": "a code",
    "disclosure_build": "a kept file, which the bundle itself looks after",
    "disclosure_decision.key": "a code",
    "document.active": "the program's own words",
    "document.media_type": "a code",
    "document.preview_sha256": "a code",
    "document.sha256": "a code",
    "erasure_order.advised_by": "who advised",
    "erasure_order.asked_by": "who asked",
    "erasure_order.decided_by": "who decided",
    "erasure_order.field": "a code",
    "erasure_order.table_name": "a code",
    "health.kind": "a kind",
    "measurement.administered_by": "who tested",
    "measurement.form": "a form of a test",
    "narrative.brought": "from which words, as codes",
    "narrative.section": "a code",
    "narrative.sources": "from which records, as codes",
    "narrative_asked.role": "as what somebody was asked",
    "narrative_asked.section": "a code",
    "narrative_given.role": "as what somebody wrote",
    "narrative_given.section": "a code",
    "narrative_given.writer_name": "who wrote",
    "narrative_version.brought": "from which words, as codes",
    "narrative_version.section": "a code",
    "narrative_version.sources": "from which records, as codes",
    "pack_build": "a kept file, which goes whole",
    "pack_file": "a kept file, which goes whole",
    "pack_sent.to_whom": "the name of an authority",
    "paper_given": "a kept file, which goes whole",
    "plan_translation.approved_by": "who approved",
    "plan_translation.language": "a language",
    "review.ready_by": "who is ready",
    "review.saved_by": "who saved",
    "seal.digest": "a code",
    "seal.previous_digest": "a code",
    "seal.salt": "a code",
    "seal.signer_name": "who sealed",
    "seal_parts": "codes",
    "teaching_group": "a name of a class",
    "destruction_order.asked_by": "who asked",
    "destruction_order.decided_by": "who decided",
    "legal_hold.ended_by": "who ended it",
    "legal_hold.placed_by": "who placed it",
    "tombstone": "never changed",
    "transfer_in": "names of schools and people, and codes",
    "transfer_out": "a kept file, which goes whole; names of schools and people",
    "transfer_receipt": "names of schools and people",
    "weekly_tick.reason": "a code",
}
"""Not looked through, because: whole tables of a pupil, or single columns. Nor is anything that is no table of a pupil:
names, addresses and codes of pupils and adults, what belongs to the whole school, other pupils' records."""


def label_of(place: Place) -> str:
    """What people call a place, as it stands within a sentence."""
    plain = f"{place.table.replace('_', ' ')}: {place.field.replace('_', ' ')}"
    return _LABELS.get(f"{place.table}.{place.field}", plain)


def place_of(key: str) -> Place | None:
    """The place that a form names, or None when it names none in which words may be named."""
    table, _, rest = key.partition("-")
    row_id, _, field = rest.partition("-")
    if field not in nameable(table) or not (row_id.isdecimal() and len(row_id) < 19):
        return None
    return Place(table, int(row_id), field)


def nameable(table: str) -> tuple[str, ...]:
    """The columns of a pupil's table in which words may be named that have to go; none of an order."""
    if table == "erasure_order" or not hasattr(classes().get(table), "pupil_id"):
        return ()
    return (*PROSE.get(table, ()), *NAMED.get(table, ()))


@cache
def classes() -> dict[str, Any]:
    """Every audited class of a school by its table's name."""
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return {cls.__tablename__: cls for cls in found if cls.audited and hasattr(cls, "school_id")}


@cache
def words_of(cls: Any) -> tuple[str, ...]:
    """The columns of a class that hold words: text and lists of text, no codes, no dates."""
    return tuple(one.key for one in inspect(cls).column_attrs if isinstance(one.columns[0].type, String | JSON))


def is_paper(place: Place) -> bool:
    """Whether a place is the file of an uploaded paper, and no words."""
    return (place.table, place.field) == PAPER


def room_in(place: Place) -> int | None:
    """How many letters a column holds; None where there is no limit worth speaking of."""
    kind = inspect(classes()[place.table]).columns[place.field].type
    length = getattr(kind, "length", None)
    return length if length is not None and length < 1000 else None


def row_at(place: Place) -> Any:
    """The row of a place, in scope; None when it is not there."""
    cls = classes()[place.table]
    return db.session.scalars(select(cls).where(cls.id == place.row_id)).one_or_none()
