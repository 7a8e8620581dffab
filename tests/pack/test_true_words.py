"""What the pack says of minutes, advice, earlier requests and signatures is what is on record, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graduated.pack.content import Advice, Cycle, Declaration, Dose, Professional, Provision
from graduated.pack.copy_out import Question, answers

from .builders import content

PAPER = Provision(name="Precision teaching", minutes=15, planned_minutes=720)


def words(source: str, **changes: object) -> str:
    return answers(replace(content(), **changes), [Question("Asked", (source,))])[0].words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("provision", "said"),
    [
        (PAPER, "Planned: 720; Delivered: not recorded; Missed: –; Not recorded: –"),
        (replace(PAPER, planned_minutes=None), "Planned: not recorded; Delivered: not recorded; Missed: –"),
        (replace(PAPER, dose=Dose(planned=90, logged=False)), "Planned: 90; Delivered: not logged; Missed: –"),
    ],
)
def test_planned_minutes_stand_under_planned_and_a_dash_is_explained(provision: Provision, said: str) -> None:
    found = words("provision", cycles=(Cycle(number=1, start=date(2025, 9, 1), provisions=(provision,)),))
    assert said in found
    assert "– stands where no sessions are logged" in found


def test_no_dash_is_explained_where_none_stands() -> None:
    logged = replace(PAPER, dose=Dose(planned=90, delivered=60, not_recorded=30))
    found = words("provision", cycles=(Cycle(number=1, start=date(2025, 9, 1), provisions=(logged,)),))
    assert "Planned: 90; Delivered: 60; Missed: 0; Not recorded: 30" in found
    assert "stands where" not in found


def test_where_advice_stands_is_told_apart_from_what_was_done_and_its_effect() -> None:
    advice = Advice(text="Word maps", who="Mrs Tuck", status="Acted on", done="Taken into the plan.", effect="More.")
    found = words("professionals", professionals=(Professional(name="Ffion Łuczak", advice=(advice,)),))
    assert "Where it stands: Acted on\n" in found
    assert "What was done: Taken into the plan.\n" in found
    assert "Effect: More." in found


def test_that_there_was_no_earlier_request_is_said_in_words() -> None:
    assert (
        words("earlier-requests", previous_requests=(), none_earlier=True)
        == "No earlier request for an assessment was made."
    )
    assert "There was none" not in words("earlier-requests", none_earlier=True)
    assert words("earlier-requests", previous_requests=()) == ""


def test_whose_signature_is_waited_for_is_said_beside_the_name() -> None:
    half = Declaration(headteacher="Ruth Chaffey", senco="Hannah Legg", signed=("H",), unsigned=("Headteacher",))
    assert "Headteacher: Ruth Chaffey, not signed yet\n" in words("declaration", declaration=half)
    assert words("declaration", declaration=half).count("not signed yet") == 1
