"""Three requests: one ready to send, one that the authority is deciding, one that a family made and was refused."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.stage import Stage
from graduated.ehcna.services import write_narrative
from graduated.request.models import AssessmentRequest
from graduated.request.services import (
    Answered,
    Earlier,
    RequestText,
    enter_earlier,
    open_request,
    record_consent,
    record_step,
    sign,
    write_request,
)
from graduated.request.steps import Step
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, RequestBy, RequestStatus, SignedHow

_DAY_OF_DECIDING = 31

_ZOFIA = RequestText(
    RequestBy.SCHOOL,
    reason="Zofia has a language disorder in both of her languages and a specific difficulty with reading. In five "
    "reviewed cycles she was taught daily, by the same trained adult, and the advice of a psychologist and a therapist was "
    "sought. Her scores have begun to rise, slowly and with great effort; in language she is as far behind as she was. We "
    "believe that she has special educational needs and that it may be necessary for provision to be made under a plan.",
    more_needed="Language teaching by somebody trained for it several times a week, in lessons and not only beside them; "
    "advice of a therapist at least each half-term; an interpreter for planning with home. The school cannot reasonably "
    "provide the first two from what it has.",
    outcomes_sought="By the end of Year 6 Zofia reads and understands a text for her year with tools that she chooses.\n"
    "By the end of Year 6 Zofia asks for what she needs in every lesson, of any adult.\n"
    "In three years Zofia follows lessons at secondary school with friends of her own.",
    none_earlier=True,
)
_ZOFIA_NARRATIVE = {
    "needs": "Zofia understands far less of what is said than her quiet manner lets people think. In a class discussion "
    "she follows faces. With a picture and time she shows ideas that are right for her age.",
    "cycles": "Six plans have followed one thread: first sounds, then words at sight, then text; first pictures, then a "
    "set phrase, then asking in class. What worked was kept, and what did not was changed at each review.",
    "views": "Zofia asked that nobody finish her sentences. Her mother asked that teachers be told, so that she need not "
    "explain. Both are kept by all who teach her.",
}
_ZACHARY = RequestText(
    RequestBy.SCHOOL,
    reason="Zachary is autistic and has a language disorder. Six reviewed cycles, three services and advice that was acted "
    "on have taught him to ask and to comment. He does so with an adult at his side for most of the day. The distance to "
    "his class grows as lessons become talk.",
    more_needed="Teaching by adults trained in autism through the whole day, lunchtime included, and a place to learn "
    "that is quieter than a class of thirty.",
    outcomes_sought="By the end of Year 4 Zachary plays and works with two children he knows.\n"
    "By the end of Year 4 Zachary manages a change within ten minutes with his card.\n"
    "In three years Zachary tells others what he feels and what hurts.",
    none_earlier=True,
)


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """All three, in the hand of those who wrote, signed and sent them."""
    _refused(stage, lives["Maisie Fry"])
    _draft(stage, lives["Zofia Szymańska"])
    _with_authority(stage, lives["Zachary Foot"])


def _request_of(life: Life) -> int:
    found = db.session.scalar(
        select(AssessmentRequest.id).where(AssessmentRequest.pupil_id == life.pupil_id).order_by(AssessmentRequest.id)
    )
    return found if found is not None else open_request(life.pupil_id)


def _refused(stage: Stage, life: Life) -> None:
    who, number, words = life.course.story.earlier_request
    cycle = next((one for one in life.course.cycles if one.told == number), life.course.cycles[0])
    made = stage.calendar.shifted(cycle.starts, 25)
    earlier = Earlier(RequestBy(who), RequestStatus.REFUSED, made, made + timedelta(days=41), words)
    with stage.act("rowsell", stage.calendar.shifted(stage.begun, 16), "Earlier request entered from paper", 11, 50):
        enter_earlier(life.pupil_id, earlier)


def _draft(stage: Stage, life: Life) -> None:
    """Written, agreed to by her mother, her father asked; the head has not signed yet."""
    today = stage.calendar.on_or_before(stage.today)
    with stage.act("legg", stage.calendar.shifted(today, -9), "Request written", 17, 10):
        request_id = _request_of(life)
        write_request(request_id, _ZOFIA)
        for section, text in _ZOFIA_NARRATIVE.items():
            write_narrative(request_id, section, text)
        on = stage.calendar.shifted(today, -10)
        mother = life.family.asked[0]
        for kind in (ConsentKind.REQUEST, ConsentKind.SHARING):
            record_consent(request_id, Answered(mother, kind, ConsentAnswer.GIVEN, on, SignedHow.PAPER))
        for father in life.family.silent:
            record_consent(request_id, Answered(father, ConsentKind.REQUEST, ConsentAnswer.ASKED, on))


def _with_authority(stage: Stage, life: Life) -> None:
    received = stage.today - timedelta(days=_DAY_OF_DECIDING)
    sent = received - timedelta(days=2)
    written = stage.calendar.on_or_before(sent - timedelta(days=3))
    with stage.act("legg", written, "Request written", 16, 45):
        request_id = _request_of(life)
        write_request(request_id, _ZACHARY)
        for adult_id in life.family.asked:
            for kind in (ConsentKind.REQUEST, ConsentKind.SHARING):
                record_consent(request_id, Answered(adult_id, kind, ConsentAnswer.GIVEN, written, SignedHow.PAPER))
        sign(request_id)
    with stage.act("ansell", written, "Request signed", 17, 5):
        sign(request_id)
    with stage.act("legg", sent, "Request sent", 10, 0):
        record_step(request_id, Step.SENT, sent)
    with stage.act("legg", stage.calendar.on_or_before(received + timedelta(days=2)), "Receipt recorded", 9, 0):
        record_step(request_id, Step.RECEIVED, received)
