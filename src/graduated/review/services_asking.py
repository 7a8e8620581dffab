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
from graduated.people.queries import staff
from graduated.plan.models import Asked, Contribution, Cycle
from graduated.plan.rows import GIVEN
from graduated.review.errors import ReviewRefused
from graduated.rules.vocabulary import CycleStatus, Judgement, ViewOf

_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_STAFF_ASKED = select(Asked.cycle_id, Asked.user_id).where(Asked.user_id.is_not(None))
_FAMILY_ASKED = select(Asked.id).where(
    Asked.cycle_id == bindparam("cycle_id"),
    Asked.whose == bindparam("whose"),
    Asked.adult_id.is_not_distinct_from(bindparam("adult_id")),
    Asked.asked_on == bindparam("day"),
)
_ASKED = select(Asked).where(Asked.id == bindparam("asked_id"))
_REMINDED = select(Asked.id).where(
    Asked.cycle_id == bindparam("cycle_id"),
    Asked.user_id == bindparam("user_id"),
    Asked.reminder.is_(True),
    Asked.asked_on == bindparam("day"),
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
    cycle = db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one()
    if cycle.status is not CycleStatus.AGREED:
        raise ReviewRefused(f"Cycle {cycle.number} is not running, so nothing is asked for its review.")
    return cycle


@writes("Contributions asked for")
def ask_staff(pairs: Collection[tuple[int, int]], answer_by: date | None) -> int:
    """Ask people for contributions, each a cycle and a member of staff; the number newly asked.

    Who was asked before for the same review is passed over: asking twice is harmless.
    """
    known = {(row.cycle_id, row.user_id) for row in db.session.execute(_STAFF_ASKED)}
    fresh = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    for cycle_id, user_id in fresh:
        cycle = _running(cycle_id)
        db.session.add(
            Asked(pupil_id=cycle.pupil_id, cycle_id=cycle_id, user_id=user_id, asked_on=today(), answer_by=answer_by)
        )
    db.session.flush()
    return len(fresh)


@writes("Views asked for")
def ask_family(cycle_id: int, whose: ViewOf, adult_id: int | None, answer_by: date | None) -> int:
    """Note that the pupil or one parent was asked for their views today; twice on one day is once."""
    cycle = _running(cycle_id)
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

    Twice on one day is once.
    """
    asked = db.session.scalars(_ASKED, {"asked_id": asked_id}).one()
    of_today = {"cycle_id": asked.cycle_id, "user_id": asked.user_id, "day": today()}
    known = db.session.scalars(_REMINDED, of_today).first()
    if known is not None:
        return known
    _running(asked.cycle_id)
    works_here = any(one.user_id == asked.user_id for one in staff())
    address = db.session.scalar(_EMAIL, {"user_id": asked.user_id}) if asked.user_id and works_here else None
    if not address:
        raise ReviewRefused("There is no e-mail address to write to.")
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
