"""A request that a family made themselves, agreed to: the school's educational advice is asked for and half written."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path

from graduated.demo.lived import Life
from graduated.demo.narrative import write_sections
from graduated.demo.stage import Stage
from graduated.request.services import Answered, RequestText, open_request, record_consent, record_step, write_request
from graduated.request.steps import Step
from graduated.rules.vocabulary import BuildKind, ConsentAnswer, ConsentKind, RequestBy, SignedHow

_FILE = Path(__file__).with_name("data") / "advice.toml"
_AGO = 67
"""How many days ago the authority received the request; the decision came on day 40, the letter two days later."""


def tell(stage: Stage, life: Life) -> None:
    """From the family's request to this week's words, each in the hand of who did it."""
    told = tomllib.loads(_FILE.read_text("utf-8"))
    calendar, received = stage.calendar, stage.today - timedelta(days=_AGO)
    replied, agreed = received + timedelta(days=29), received + timedelta(days=40)
    asked = agreed + timedelta(days=2)
    with stage.act("legg", received + timedelta(days=4), "Request of a family entered", 9, 20):
        request_id = open_request(life.pupil_id, asked_by=RequestBy.PARENT)
        record_step(request_id, Step.RECEIVED, received)
        for adult_id in life.family.asked:
            for kind in (ConsentKind.REQUEST, ConsentKind.SHARING):
                record_consent(request_id, Answered(adult_id, kind, ConsentAnswer.GIVEN, received, SignedHow.EMAIL))
    with stage.act("legg", replied, "The school's information written and sent", 16, 30):
        text = RequestText(
            RequestBy.PARENT, told["reason"], told["more_needed"], told["outcomes_sought"].strip(), told["none_earlier"]
        )
        write_request(request_id, text)
        write_sections(life.pupil_id, request_id, told["narrative"])
        record_step(request_id, Step.REPLIED, replied)
    with stage.act("legg", agreed + timedelta(days=1), "Decision entered", 8, 50):
        record_step(request_id, Step.AGREED, agreed, told["decision"])
    with stage.act("legg", asked + timedelta(days=1), "Letter about advice entered", 8, 40):
        record_step(request_id, Step.ADVICE_ASKED, asked, whom=told["asked_by"])
    with stage.act("legg", calendar.shifted(calendar.on_or_before(stage.today), -3), "Advice begun", 16, 55):
        write_sections(life.pupil_id, request_id, told["advice"], BuildKind.ADVICE, {"advice-views": {"views": 1}})
