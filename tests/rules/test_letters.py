"""Letters: a closed list of placeholders, and which letter follows which step."""

from __future__ import annotations

import pytest

from graduated.review.queries_wording import shipped
from graduated.rules.letters import fill, kind_after, unknown
from graduated.rules.vocabulary import LetterKind, NextStep, SenStatus


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Dear {adult}, {first_name}", ()),
        ("{surname} and {surname}", ("{surname}",)),
        ("{{ first_name }}", ("{ first_name }", "{", "}")),
        ("{adult.name}", ("{adult.name}",)),
        ("a { alone", ("{",)),
    ],
)
def test_what_is_no_placeholder_is_named(text: str, wrong: tuple[str, ...]) -> None:
    assert unknown(text) == wrong


def test_a_placeholder_without_a_value_stays_and_a_value_is_not_filled_again() -> None:
    assert fill("{first_name} on {date}", {"first_name": "{school}", "date": ""}) == "{school} on {date}"


@pytest.mark.parametrize(
    ("step", "status", "kind"),
    [
        (NextStep.COME_OFF, SenStatus.SUPPORT, LetterKind.COMING_OFF),
        (NextStep.COME_OFF, SenStatus.NONE, LetterKind.COMING_OFF),
        (NextStep.COME_OFF, SenStatus.PLAN, LetterKind.OUTCOME),
        (NextStep.ANOTHER_CYCLE, SenStatus.SUPPORT, LetterKind.OUTCOME),
        (NextStep.SPECIALIST, SenStatus.SUPPORT, LetterKind.OUTCOME),
        (NextStep.CONSIDER_EHCNA, SenStatus.SUPPORT, LetterKind.OUTCOME),
        (None, SenStatus.SUPPORT, LetterKind.OUTCOME),
    ],
)
def test_the_next_step_picks_the_letter(step: NextStep | None, status: SenStatus, kind: LetterKind) -> None:
    assert kind_after(step, status) is kind


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_that_is_shipped_uses_known_placeholders_only(kind: LetterKind) -> None:
    assert unknown(shipped(kind)) == ()
