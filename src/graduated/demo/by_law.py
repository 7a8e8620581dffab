"""Once in the demo school another child was named in a record, and the words were put right by law."""

from __future__ import annotations

from datetime import date

from graduated.access.identity import acting
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.erasure.places import Place
from graduated.erasure.services import Wish, ask, carry_out
from graduated.review.queries import reviews_of
from graduated.review.services import add_addendum
from graduated.rules.vocabulary import ByLaw
from graduated.web.filters import long_date

NAMED = "Callum Reeves of Year 2"
SAID = f"The hearing test of the summer was filed here and belongs to {NAMED}. It has been moved."


def put_right(stage: Stage, lives: dict[str, Life]) -> None:
    """An addendum to the first sealed review, in the alphabet, that was held more than a month ago."""
    for name in sorted(lives):
        with stage.system():
            found = [one for one in reviews_of(lives[name].pupil_id) if one.sealed and not one.from_paper]
        held_on = found[0].held_on if found else None
        if held_on is not None and (stage.today - held_on).days > 30:
            return _put_right(stage, found[0].review_id, [stage.calendar.shifted(held_on, days) for days in (5, 6, 7)])


def _put_right(stage: Stage, review_id: int, days: list[date]) -> None:
    added_on, asked_on, done_on = days
    wish = Wish(
        kind=ByLaw.RECTIFY,
        reason="Another child was named in this record.",
        advised_by=f"Grace Oduya, data protection officer, {long_date(asked_on)}",
        replacement="another pupil",
        passage=NAMED,
    )
    with stage.on(added_on, 15, 40), acting(stage.cast.actor("legg")):
        added = add_addendum(review_id, SAID, "It was noticed when the papers were sorted")
    with stage.on(asked_on, 16, 20), acting(stage.cast.actor("legg")):
        order_id = ask(Place("addendum", added, "text"), wish)
    with stage.on(done_on, 8, 20), acting(stage.cast.actor("ansell")):
        carry_out(order_id)
