"""Words that a class teacher was asked for, for a request: one section handed in and to be read, one that is late."""

from __future__ import annotations

from sqlalchemy import select

from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.ehcna.models import NarrativeAsked
from graduated.ehcna.queries_asked import colleagues_of
from graduated.ehcna.services_asked import ask_for_words, hand_in
from graduated.request.queries import running_request_of
from graduated.rules.vocabulary import YearGroup

_ASKED = (
    ("needs", "What do you see in class when a task is given by word of mouth, and what has helped?"),
    ("provision", "What of the support do you carry on in your lessons, and on which days?"),
)
_SEEN = (
    "When I give a task by word of mouth, Zofia watches her neighbours and begins when they do. With three pictures on "
    "her desk she begins by herself, in most lessons of this half term.\n"
    "She asked me for help in words on four days of the last ten; in September it was none. She is proud of it. In the "
    "afternoon, after swimming, she nods instead."
)


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """Zofia's class teacher is asked for two sections and has written one of them."""
    pupil_id = lives["Zofia Szymańska"].pupil_id
    today = stage.calendar.on_or_before(stage.today)
    with stage.act("legg", stage.calendar.shifted(today, -8), "Words asked for", 16, 20):
        request = running_request_of(pupil_id)
        if request is None:
            raise LookupError("the demo has no request to ask a teacher for")
        vine = [one for one in colleagues_of(pupil_id, YearGroup.Y5) if one.name == "Miriam Vine"]
        for section, question in _ASKED:
            by = stage.calendar.shifted(today, -2 if section == "provision" else 2)
            ask_for_words(request.request_id, section, vine, question, by)
    with stage.act("vine", stage.calendar.shifted(today, -1), "Words handed in", 16, 5):
        asked = db.session.scalars(select(NarrativeAsked.id).where(NarrativeAsked.section == "needs")).one()
        hand_in(asked, _SEEN)
