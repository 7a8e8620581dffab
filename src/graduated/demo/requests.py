"""Three requests: one ready to send, one that the authority is deciding, one that a family made and was refused."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from graduated.db.session import db
from graduated.demo.lived import Life
from graduated.demo.narrative import write_sections
from graduated.demo.stage import Stage
from graduated.request.models import AssessmentRequest
from graduated.request.services import (
    Answered,
    Earlier,
    RequestText,
    enter_earlier,
    open_request,
    record_consent,
    record_step,
    write_request,
)
from graduated.request.services_signing import sign
from graduated.request.steps import Step
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, RequestBy, RequestStatus, SignedHow
from graduated.school.authorities import authority

_DAY_OF_DECIDING = 31

_DECLARED = authority("dorset").declaration
_FILE = Path(__file__).with_name("data") / "requests.toml"


def _written(key: str) -> tuple[RequestText, dict[str, str], dict[str, str]]:
    """The words of a request, those of its sections, and how some of them began."""
    told = tomllib.loads(_FILE.read_text("utf-8"))[key]
    text = RequestText(
        RequestBy.SCHOOL,
        reason=told["reason"],
        more_needed=told["more_needed"],
        outcomes_sought=told["outcomes_sought"].strip(),
        none_earlier=told["none_earlier"],
    )
    return text, told.get("narrative", {}), told.get("first_words", {})


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
    text, narrative, first_words = _written("zofia")
    with stage.act("legg", stage.calendar.shifted(today, -11), "Narrative written", 17, 40):
        write_sections(life.pupil_id, _request_of(life), first_words)
    with stage.act("legg", stage.calendar.shifted(today, -9), "Request written", 17, 10):
        request_id = _request_of(life)
        write_request(request_id, text)
        write_sections(life.pupil_id, request_id, narrative)
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
        write_request(request_id, _written("zachary")[0])
        for adult_id in life.family.asked:
            for kind in (ConsentKind.REQUEST, ConsentKind.SHARING):
                record_consent(request_id, Answered(adult_id, kind, ConsentAnswer.GIVEN, written, SignedHow.PAPER))
        sign(request_id, _DECLARED)
    with stage.act("ansell", written, "Request signed", 17, 5):
        sign(request_id, _DECLARED)
    with stage.act("legg", sent, "Request sent", 10, 0):
        record_step(request_id, Step.SENT, sent)
    with stage.act("legg", received + timedelta(days=2), "Receipt recorded", 9, 0):
        record_step(request_id, Step.RECEIVED, received)
