"""Sealing several reviews at once: which are ready, what will follow of each on one page, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Response, request
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.do.forms import chosen
from graduated.request.rights import rights
from graduated.review.deciding import Missing
from graduated.review.queries_batch import Named, decided_reviews, named_reviews
from graduated.review.services_batch import SealedOrNot, seal_each
from graduated.review.sitting import Decided
from graduated.review.telling import what_follows
from graduated.review.views import bp
from graduated.rules.calendar import short_date
from graduated.web.forms import Form, open_form, sent_key
from graduated.web.page import done, page

_MOST_AT_ONCE = 60
_GONE = "It is not there any more, or is not yours to seal."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A review that its lead called ready, or to which nothing is missing. `follows` is filled on the last look."""

    review_id: int
    version: int
    name: str
    about: str
    step: str
    reason: str
    ready_by: str
    ready_at: datetime | None
    missing: tuple[Missing, ...]
    follows: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the form sends: the review as it was read."""
        return f"{self.review_id}:{self.version}"


class SealTogetherForm(Form):
    """Which of the reviews that were looked at are sealed."""

    reviews = SelectMultipleField(
        "Seal these", choices=[], validate_choice=False, validators=[InputRequired("Tick at least one review to seal")]
    )

    def wanted(self) -> list[tuple[int, int]]:
        """(review, version as it was read) of each ticked one; what is no such pair was not on the page."""
        pairs = (one.partition(":") for one in dict.fromkeys(self.reviews.data or ()))
        return [
            (int(key), int(version))
            for key, _, version in pairs
            if key.isdecimal() and version.isdecimal() and len(key) < 19 and len(version) < 10
        ][:_MOST_AT_ONCE]


def _may_seal(pupil_id: int, lead_id: int | None) -> bool:
    return may(actions.REVIEW_SEAL, Subject(pupil_id, lead_id, None, Area.REVIEW_OPEN))


def waiting_for_seal(wanted: frozenset[int] | None = None) -> tuple[list[Waiting], list[Waiting]]:
    """Reviews that can be sealed, and those said to be ready to which something is missing.

    `wanted` are the ones to look at last, with all that follows from each.
    """
    asked_whom = rights().asked_whom if wanted is not None else ""
    found = [
        _waiting(one, what_follows(one, asked_whom) if wanted is not None and not one.missing else [])
        for one in decided_reviews()
        if _may_seal(one.record.pupil_id, one.record.lead_id)
        and (one.record.review_id in wanted if wanted is not None else one.record.ready_at or not one.missing)
    ]
    return [one for one in found if not one.missing], [one for one in found if one.missing]


def _waiting(one: Decided, follows: list[str]) -> Waiting:
    record, step = one.record, one.decision.step
    about = f"{'interim review' if record.interim else 'review'} of cycle {record.cycle_number}"
    return Waiting(
        review_id=record.review_id,
        version=record.version,
        name=one.head.name,
        about=about + (f", held on {short_date(record.held_on)}" if record.held_on else ""),
        step=step.label_for(one.head.status.value) if step else "",
        reason=one.decision.reason,
        ready_by=record.ready_by,
        ready_at=record.ready_at,
        missing=one.missing,
        follows=tuple(follows),
    )


@bp.get("/reviews/to-seal")
@guard(actions.REVIEW_SEAL)
def to_seal() -> Response:
    """The reviews that are ready to be sealed, to tick several."""
    ready, blocked = waiting_for_seal()
    return page("review/to_seal.html", title="Ready to be sealed", ready=ready, blocked=blocked)


@bp.route("/reviews/to-seal/together", methods=["GET", "POST"])
@guard(actions.REVIEW_SEAL)
def seal_together() -> Response:
    """All that follows of each ticked review on one page; and, once sealed, what became of each."""
    wanted = request.args.getlist("review")
    if request.method == "GET" and not wanted:
        return done("review.to_seal", "Tick the reviews that you want to seal.")
    form = open_form(SealTogetherForm)
    if request.method == "POST" and form.validate():
        return _sealed(form.wanted())
    ids = frozenset(int(one) for one in wanted if one.isdecimal() and len(one) < 19)
    ready, blocked = waiting_for_seal(ids)
    form.reviews.choices = chosen((one.key, f"{one.name}, {one.about}") for one in ready)
    if request.method == "GET":
        form.reviews.data = [one.key for one in ready]
    return page(
        "review/seal_together.html",
        status=422 if request.method == "POST" else 200,
        title="Check and seal together",
        ready=ready,
        blocked=blocked,
        form=form,
        signer=require_actor().name,
    )


def _sealed(wanted: list[tuple[int, int]]) -> Response:
    """Seal them, and say of each what became of it."""
    known = named_reviews([review_id for review_id, _version in wanted])
    mine = [pair for pair in wanted if pair[0] in known and _may_seal(known[pair[0]].pupil_id, known[pair[0]].lead_id)]
    told = seal_each(mine, sent_key())
    told += tuple(SealedOrNot(pair[0], _GONE) for pair in wanted if pair not in mine)
    return page(
        "review/sealed_together.html",
        title="What became of the reviews",
        sealed=[known[one.review_id] for one in told if not one.refused],
        refused=[(_named(known, one.review_id), one.refused) for one in told if one.refused],
    )


def _named(known: dict[int, Named], review_id: int) -> Named:
    return known.get(review_id) or Named(review_id, "A review", 0, None)


def ready_words(ready: int, blocked: int) -> str:
    """For the page of reviews: how many wait for the seal; "" when none does."""
    words = []
    if ready:
        words.append("1 review is ready to be sealed" if ready == 1 else f"{ready} reviews are ready to be sealed")
    if blocked:
        words.append(f"{blocked} said to be ready, with something missing")
    return "; ".join(words)
