"""What parents of the demo school were given: the last plans and records of some families, by hand and by post."""

from __future__ import annotations

from graduated.access.identity import acting
from graduated.demo.lived import Life
from graduated.demo.stage import Stage, chance
from graduated.plan.queries import cycle_of, cycles_of
from graduated.pupils.queries import pupil_head
from graduated.review.given import drawn_copy
from graduated.review.letters import after_review, letter_bytes
from graduated.review.queries import review_of, reviews_of
from graduated.review.queries_given import adults_to_give
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import GivenHow, LetterKind, PaperKind

FAMILIES = 9
"""How many families; drawing a paper takes a twentieth of a second."""


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """The plan that runs and the last sealed record of the first families in the alphabet, and of Zofia's."""
    names = [*sorted(lives)[:FAMILIES], "Zofia Szymańska"]
    for name in dict.fromkeys(one for one in names if one in lives):
        _give(stage, name, lives[name].pupil_id)
    for name in sorted(lives):
        if _write(stage, lives[name].pupil_id):
            return


def _write(stage: Stage, pupil_id: int) -> bool:
    """The letter to the first family in the alphabet whose child came off SEN support, on the day after the review."""
    with stage.system():
        adults = tuple(one.adult_id for one in adults_to_give(pupil_id) if one.parental_responsibility)
        off = [one for one in reviews_of(pupil_id) if one.sealed and not one.from_paper and one.check_back_on]
    if not adults or not off or off[-1].held_on is None:
        return False
    review, kind = off[-1], LetterKind.COMING_OFF
    on = min(stage.calendar.shifted(off[-1].held_on, 1), stage.today)
    with stage.on(on, 9, 5), acting(stage.cast.actor("legg")):
        lead = cycle_of(review.cycle_id).lead_name
        text = after_review(kind, pupil_head(pupil_id), review_of(review.review_id), lead)
        copy = letter_bytes(kind, text)
    how = GivenHow.HANDED
    giving = Giving(PaperKind.LETTER, kind.label, adults, how, on, review.cycle_id, review.review_id)
    with stage.act("legg", on, "Letter to the parents", 9, 5):
        give(pupil_id, giving, copy)
    return True


def _give(stage: Stage, name: str, pupil_id: int) -> None:
    with stage.system():
        adults = [one for one in adults_to_give(pupil_id) if one.parental_responsibility]
        running = [one for one in cycles_of(pupil_id) if one.is_agreed and one.agreed_on]
        sealed = [one for one in reviews_of(pupil_id) if one.sealed and not one.from_paper and one.held_on]
    by_hand = any(one.contact_withheld for one in adults) or chance(name, "given").random() < 0.7
    how = GivenHow.HANDED if by_hand else GivenHow.POSTED
    whom = tuple(one.adult_id for one in adults)
    if not whom:
        return
    for cycle in running[-1:]:
        on = stage.calendar.shifted(cycle.agreed_on or stage.today, 1)
        with stage.on(on, 15, 40), stage.system():
            copy = drawn_copy(PaperKind.PLAN, cycle.cycle_id, whom)
        title = f"Support plan {cycle.number}"
        with stage.act("legg", on, "Given to the parents", 15, 40):
            give(pupil_id, Giving(PaperKind.PLAN, title, whom, how, min(on, stage.today), cycle.cycle_id), copy)
    for review in sealed[-1:]:
        on = review.held_on or stage.today
        with stage.on(on, 16, 20), stage.system():
            copy = drawn_copy(PaperKind.REVIEW, review.review_id, whom)
        title = f"Review of support plan {review.cycle_number}"
        giving = Giving(PaperKind.REVIEW, title, whom, GivenHow.HANDED, on, review.cycle_id, review.review_id)
        with stage.act("legg", on, "Given to the parents", 16, 20):
            give(pupil_id, giving, copy)
