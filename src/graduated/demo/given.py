"""What parents of the demo school were given: the last plans and records of some families, by hand and by post."""

from __future__ import annotations

from graduated.demo.lived import Life
from graduated.demo.stage import Stage, chance
from graduated.plan.queries import cycles_of
from graduated.review.given import kept_copy
from graduated.review.queries import reviews_of
from graduated.review.queries_given import adults_to_give
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import GivenHow, PaperKind

FAMILIES = 9
"""How many families; drawing a paper takes a twentieth of a second."""


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """The plan that runs and the last sealed record of the first families in the alphabet, and of Zofia's."""
    names = [*sorted(lives)[:FAMILIES], "Zofia Szymańska"]
    for name in dict.fromkeys(one for one in names if one in lives):
        _give(stage, name, lives[name].pupil_id)


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
            copy = kept_copy(PaperKind.PLAN, cycle.cycle_id)
        title = f"Support plan {cycle.number}"
        with stage.act("legg", on, "Given to the parents", 15, 40):
            give(pupil_id, Giving(PaperKind.PLAN, title, whom, how, min(on, stage.today), cycle.cycle_id), copy)
    for review in sealed[-1:]:
        on = review.held_on or stage.today
        with stage.on(on, 16, 20), stage.system():
            copy = kept_copy(PaperKind.REVIEW, review.review_id)
        title = f"Review of support plan {review.cycle_number}"
        giving = Giving(PaperKind.REVIEW, title, whom, GivenHow.HANDED, on, review.cycle_id, review.review_id)
        with stage.act("legg", on, "Given to the parents", 16, 20):
            give(pupil_id, giving, copy)
