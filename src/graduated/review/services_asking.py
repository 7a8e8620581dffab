"""Asking before a review, reminding, and what the person who was asked writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import now, today
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people.models import User
from graduated.plan.models import Asked, Contribution, Cycle
from graduated.plan.rows import GIVEN
from graduated.review.asked_anew import for_the_next
from graduated.review.errors import ReviewRefused
from graduated.review.queries_asking import adults_to_ask, asked_of
from graduated.rules.vocabulary import CycleStatus, Judgement, ViewOf

_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_THESE = Cycle.id.in_(bindparam("cycle_ids", expanding=True))
_CYCLES = select(Cycle).where(_THESE)
_STAFF_ASKED = (
    select(Asked.cycle_id, Asked.user_id)
    .join(Cycle, Cycle.id == Asked.cycle_id)
    .where(_THESE, Asked.user_id.is_not(None), for_the_next(Asked.cycle_id, Asked.recorded_at))
)
_FAMILY_ASKED = select(Asked.id).where(
    Asked.cycle_id == bindparam("cycle_id"),
    Asked.whose == bindparam("whose"),
    Asked.adult_id.is_not_distinct_from(bindparam("adult_id")),
    Asked.asked_on == bindparam("day"),
    for_the_next(Asked.cycle_id, Asked.recorded_at),
)
_ASKED = select(Asked).where(Asked.id == bindparam("asked_id"))
_REMINDED = select(Asked.id).where(
    Asked.cycle_id == bindparam("cycle_id"),
    Asked.user_id == bindparam("user_id"),
    Asked.reminder.is_(True),
    Asked.asked_on == bindparam("day"),
    for_the_next(Asked.cycle_id, Asked.recorded_at),
)
_EMAIL = select(User.email).where(User.id == bindparam("user_id"))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person saw of one outcome; without a judgement it was not seen."""

    judgement: Judgement | None = None
    words: str = ""

    @property
    def text(self) -> str:
        """As it is read at the sitting: "Less than expected: still guesses at long words"."""
        label = self.judgement.label if self.judgement else ""
        return ": ".join(part for part in (label, self.words) if part)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person contributes to one review."""

    outcomes: Mapping[int, Seen]
    works: str = ""
    does_not_work: str = ""
    text: str = ""


def _running(cycle_id: int) -> Cycle:
    return _is_running(db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one())


def _is_running(cycle: Cycle) -> Cycle:
    if cycle.status is not CycleStatus.AGREED:
        raise ReviewRefused(f"Cycle {cycle.number} is not running, so nothing is asked for its review.")
    return cycle


@writes("Contributions asked for")
def ask_staff(pairs: Collection[tuple[int, int]], answer_by: date | None) -> int:
    """Ask people for contributions, each a cycle and a member of staff; the number newly asked.

    Who was asked before for the same review is passed over: asking twice is harmless.
    """
    cycle_ids = {"cycle_ids": sorted({cycle_id for cycle_id, _user_id in pairs})}
    known = {(row.cycle_id, row.user_id) for row in db.session.execute(_STAFF_ASKED, cycle_ids)}
    cycles = {one.id: one for one in db.session.scalars(_CYCLES, cycle_ids)}
    fresh = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    db.session.add_all(
        Asked(
            pupil_id=_is_running(cycles[cycle_id]).pupil_id,
            cycle_id=cycle_id,
            user_id=user_id,
            asked_on=today(),
            answer_by=answer_by,
        )
        for cycle_id, user_id in fresh
    )
    db.session.flush()
    return len(fresh)


@writes("Views asked for")
def ask_family(cycle_id: int, whose: ViewOf, adult_id: int | None, answer_by: date | None) -> int:
    """Note that the pupil or one parent was asked for their views today; twice on one day is once.

    Raises ReviewRefused for an adult who may not be given the pupil's papers.
    """
    cycle = _running(cycle_id)
    if adult_id is not None and adult_id not in {one.adult_id for one in adults_to_ask(cycle.pupil_id)}:
        raise ReviewRefused("This adult is not asked for views: choose somebody on the page before the review.")
    found = db.session.scalar(
        _FAMILY_ASKED, {"cycle_id": cycle_id, "whose": whose, "adult_id": adult_id, "day": today()}
    )
    if found is not None:
        return found
    row = Asked(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        whose=whose,
        adult_id=adult_id,
        asked_on=today(),
        answer_by=answer_by,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Reminder of a contribution")
def remind(asked_id: int) -> int:
    """Write to somebody of the staff who was asked; nothing about the child stands in the letter.

    Twice on one day is once. Raises ReviewRefused when nothing is waited for from them any more.
    """
    asked = db.session.scalars(_ASKED, {"asked_id": asked_id}).one()
    of_today = {"cycle_id": asked.cycle_id, "user_id": asked.user_id, "day": today()}
    known = db.session.scalars(_REMINDED, of_today).first()
    if known is not None:
        return known
    _running(asked.cycle_id)
    address = _address(asked)
    row = Asked(
        pupil_id=asked.pupil_id,
        cycle_id=asked.cycle_id,
        user_id=asked.user_id,
        asked_on=today(),
        answer_by=asked.answer_by,
        reminder=True,
    )
    db.session.add(row)
    db.session.add(
        Post(
            recipient=address,
            subject="A contribution to a review is still wanted",
            body="You were asked to contribute to a review. It is still wanted.\n\n"
            "Sign in to Graduated: your page Today has the form, one click away. It takes a few minutes.\n",
        )
    )
    db.session.flush()
    return row.id


def _address(asked: Asked) -> str:
    """Where a reminder to somebody of the staff goes."""
    if asked.user_id is None:
        raise ReviewRefused("There is no e-mail address to write to.")
    person = next((one for one in asked_of(asked.cycle_id) if one.user_id == asked.user_id), None)
    if person is None:
        raise ReviewRefused("The review that this was asked for is sealed. Ask anew for the next one.")
    if person.came_on is not None:
        raise ReviewRefused(f"{person.name} has contributed already, so no reminder is written.")
    if not person.can_answer:
        raise ReviewRefused(f"{person.name} does not work with {person.pupil_name} now, so no reminder is written.")
    address = db.session.scalar(_EMAIL, {"user_id": asked.user_id})
    if not address:
        raise ReviewRefused("There is no e-mail address to write to.")
    return address


@writes("Contribution to a review")
def contribute(cycle_id: int, said: Said) -> int:
    """What somebody who teaches the pupil saw, outcome by outcome; a later one is a newer set, the older is kept."""
    cycle = _running(cycle_id)
    mark = {GIVEN: now().isoformat()}
    whole = Contribution(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        for_review=True,
        works=said.works.strip(),
        does_not_work=said.does_not_work.strip(),
        text=said.text.strip(),
        details=mark,
    )
    db.session.add(whole)
    for outcome_id, seen in said.outcomes.items():
        if seen.text:
            db.session.add(
                Contribution(
                    pupil_id=cycle.pupil_id,
                    cycle_id=cycle_id,
                    outcome_id=outcome_id,
                    for_review=True,
                    text=seen.text,
                    details={
                        **mark,
                        "judgement": seen.judgement.value if seen.judgement else "",
                        "words": seen.words,
                    },
                )
            )
    db.session.flush()
    return whole.id
