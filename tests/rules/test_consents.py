"""Agreements: the latest answer stands, a change of mind is said, and at 16 rights pass on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from graduated.rules.consents import AgreementState, Answered, Said, Stands, of_each, stands
from graduated.rules.vocabulary import ConsentAnswer, GapState

GIVEN, REFUSED, ASKED = ConsentAnswer.GIVEN, ConsentAnswer.REFUSED, ConsentAnswer.ASKED
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
RIGHTS = date(2026, 6, 26)  # a last Friday in June
State = AgreementState


@pytest.mark.parametrize(
    ("said", "comes_to"),
    [
        ([], Stands(State.NOT_ASKED)),
        ([(ASKED, MARCH)], Stands(State.ASKED, MARCH)),
        ([(ASKED, MARCH), (ASKED, APRIL)], Stands(State.ASKED, APRIL)),
        ([(ASKED, MARCH), (GIVEN, APRIL)], Stands(State.GIVEN, APRIL)),
        ([(REFUSED, MARCH)], Stands(State.REFUSED, MARCH)),
        ([(REFUSED, MARCH), (GIVEN, APRIL)], Stands(State.GIVEN, APRIL)),
        (
            [(GIVEN, MARCH), (REFUSED, APRIL)],
            Stands(State.WITHDRAWN, APRIL, "Agreed on 1 March 2026, and took it back."),
        ),
        ([(GIVEN, MARCH), (ASKED, APRIL)], Stands(State.GIVEN, MARCH, "Asked again on 1 April 2026.")),
        (
            [(GIVEN, MARCH), (REFUSED, APRIL), (REFUSED, MAY)],
            Stands(State.WITHDRAWN, MAY, "Agreed on 1 March 2026, and took it back."),
        ),
    ],
)
def test_what_the_answers_of_one_person_come_to(said: list[tuple[ConsentAnswer, date]], comes_to: Stands) -> None:
    found = stands([Said(*one) for one in said], by_pupil=False, pupil_name="Idris", rights_pass_on=RIGHTS, today=MAY)
    assert found == comes_to


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (RIGHTS - timedelta(days=1), State.GIVEN),
        (RIGHTS, State.PASSED_ON),
        (RIGHTS + timedelta(days=9), State.PASSED_ON),
    ],
)
def test_a_parents_answer_counts_no_more_once_rights_have_passed(today: date, state: State) -> None:
    found = stands([Said(GIVEN, MARCH)], by_pupil=False, pupil_name="Idris", rights_pass_on=RIGHTS, today=today)
    assert found.state is state
    if state is State.PASSED_ON:
        assert found == Stands(State.PASSED_ON, MARCH, "Since 26 June 2026 Idris answers for themselves.")


def test_a_parent_who_was_only_asked_has_no_answer_that_could_count() -> None:
    found = stands([Said(ASKED, MARCH)], by_pupil=False, pupil_name="Idris", rights_pass_on=RIGHTS, today=RIGHTS)
    assert (found.state, found.on) == (State.PASSED_ON, None)


def test_the_young_persons_own_answer_stands() -> None:
    found = stands([Said(REFUSED, MAY)], by_pupil=True, pupil_name="Idris", rights_pass_on=RIGHTS, today=RIGHTS)
    assert found == Stands(State.REFUSED, MAY)


@pytest.mark.parametrize(
    ("answers", "comes_to"),
    [
        ((), None),
        ((None, None), None),
        ((GIVEN,), (GapState.PRESENT, "1 of 1 parent has agreed.")),
        ((GIVEN, GIVEN), (GapState.PRESENT, "2 of 2 parents have agreed.")),
        ((GIVEN, ASKED), (GapState.PARTIAL, "1 of 2 parents have agreed; Mr Smith has not answered.")),
        ((None, GIVEN), (GapState.PARTIAL, "1 of 2 parents have agreed; Mrs Khan has not been asked.")),
        ((REFUSED, GIVEN), (GapState.PARTIAL, "1 of 2 parents have agreed; Mrs Khan did not agree.")),
        (
            (ASKED, None),
            (GapState.PARTIAL, "0 of 2 parents have agreed; Mrs Khan has not answered; Mr Smith has not been asked."),
        ),
    ],
)
def test_one_parents_yes_stands_for_nobody_else(
    answers: tuple[ConsentAnswer | None, ...], comes_to: tuple[GapState, str] | None
) -> None:
    assert of_each([Answered(*one) for one in zip(("Mrs Khan", "Mr Smith"), answers, strict=False)]) == comes_to
