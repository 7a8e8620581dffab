"""The next step: the published table, what each step needs, and all that follows from it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.next_step import (
    FAMILIES_CAN_ASK,
    PUBLISHED_TABLE,
    Consequences,
    CycleFacts,
    Paths,
    Referral,
    ReviewFacts,
    allowed,
    consequences,
    suggest,
)
from graduated.rules.vocabulary import Judgement, NextStep, RequestPath, SenStatus, SpecialistPath

N, K, E = SenStatus.NONE, SenStatus.SUPPORT, SenStatus.PLAN
OFF, AGAIN, ADVICE, REQUEST = NextStep
LESS, MUCH_LESS, AS, MORE = Judgement.LESS, Judgement.MUCH_LESS, Judgement.EXPECTED, Judgement.MORE

GOOD = CycleFacts((AS, MORE), 600, 500)
POOR = CycleFacts((LESS, MUCH_LESS, AS), 600, 500)


@pytest.mark.parametrize(
    ("facts", "row", "step"),
    [
        (ReviewFacts(K, GOOD, urgent=True, need_remains=False), "urgent", REQUEST),
        (ReviewFacts(K, GOOD, need_remains=False), "met-no-need", OFF),
        (ReviewFacts(K, GOOD), "met-need-remains", AGAIN),
        (ReviewFacts(K, replace(GOOD, delivered_minutes=10)), "met-need-remains", AGAIN),
        (ReviewFacts(K, GOOD, carried_twice=True, need_remains=False), "otherwise", AGAIN),
        (ReviewFacts(K, replace(POOR, delivered_minutes=299), POOR), "not-tried-fairly", AGAIN),
        (ReviewFacts(K, replace(POOR, delivered_minutes=300), POOR), "stuck", ADVICE),
        (ReviewFacts(K, POOR, POOR), "stuck", ADVICE),
        (ReviewFacts(K, POOR, POOR, advice_acted_on=True), "stuck-after-advice", REQUEST),
        (ReviewFacts(K, POOR, GOOD, advice_acted_on=True), "otherwise", AGAIN),
        (ReviewFacts(K, POOR), "otherwise", AGAIN),
        (ReviewFacts(K, POOR, replace(POOR, delivered_minutes=100)), "otherwise", AGAIN),
        (ReviewFacts(K, CycleFacts((LESS, AS), 600, 500), POOR), "otherwise", AGAIN),  # half is not most
        (ReviewFacts(K, CycleFacts((LESS, LESS)), POOR), "otherwise", AGAIN),  # dose not on record
        (ReviewFacts(K, CycleFacts()), "otherwise", AGAIN),  # no judgement is not "all as expected"
        (ReviewFacts(K, CycleFacts(), need_remains=False), "otherwise", AGAIN),
    ],
)
def test_the_first_row_that_holds_gives_the_step(facts: ReviewFacts, row: str, step: NextStep) -> None:
    answer = suggest(facts)
    assert (answer.row, answer.step) == (row, step)
    assert answer.untried is (row == "not-tried-fairly")
    assert answer.reasons


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (ReviewFacts(K, GOOD, urgent=True), "A safety or urgent flag is set."),
        (ReviewFacts(K, GOOD, need_remains=False), "No need for additional support remains."),
        (ReviewFacts(K, GOOD), "Need for additional support remains."),
        (ReviewFacts(K, replace(POOR, delivered_minutes=10)), "10 of 600 planned minutes were delivered."),
        (ReviewFacts(K, POOR, POOR), "2 of 3 outcomes were less than expected in the cycle before."),
        (ReviewFacts(K, POOR, POOR), "Specialist advice has not been acted on yet."),
        (ReviewFacts(K, POOR, POOR, advice_acted_on=True), "Specialist advice has been acted on."),
        (ReviewFacts(K, GOOD, carried_twice=True), "An outcome has been carried over twice."),
        (ReviewFacts(K, CycleFacts((LESS,))), "The one outcome was less than expected in this cycle."),
        (
            ReviewFacts(K, CycleFacts((AS,)), carried_twice=True),
            "The one outcome was not less than expected in this cycle.",
        ),
        (ReviewFacts(K, CycleFacts((LESS, AS))), "1 of 2 outcomes were less than expected in this cycle."),
        (ReviewFacts(K, CycleFacts((LESS, AS))), "How much of the planned provision was delivered is not on record."),
        (ReviewFacts(K, CycleFacts()), "No outcome has a judgement yet."),
    ],
)
def test_reasons_say_the_figures(facts: ReviewFacts, reason: str) -> None:
    assert reason in suggest(facts).reasons


def test_of_a_cycle_of_which_nothing_is_said_nothing_is_known() -> None:
    assert CycleFacts() == CycleFacts((), planned_minutes=0, delivered_minutes=0)
    assert ReviewFacts(K, GOOD) == ReviewFacts(K, GOOD, None, False, False, True, False)
    assert [CycleFacts(planned_minutes=number).dose_known for number in (0, 1)] == [False, True]


def test_the_table_is_published_in_order_with_words() -> None:
    ids = [row.id for row in PUBLISHED_TABLE]
    assert ids == [
        "urgent",
        "met-no-need",
        "met-need-remains",
        "not-tried-fairly",
        "stuck-after-advice",
        "stuck",
        "otherwise",
    ]
    assert all(row.condition.endswith(".") for row in PUBLISHED_TABLE)


cycles = st.builds(
    CycleFacts,
    judgements=st.lists(st.sampled_from(Judgement), max_size=5).map(tuple),
    planned_minutes=st.integers(0, 1000),
    delivered_minutes=st.integers(0, 1000),
)
all_facts = st.builds(
    ReviewFacts,
    status=st.sampled_from(SenStatus),
    this=cycles,
    previous=st.none() | cycles,
    urgent=st.booleans(),
    carried_twice=st.booleans(),
    need_remains=st.booleans(),
    advice_acted_on=st.booleans(),
)


@given(all_facts)
def test_there_is_always_a_suggestion_with_reasons_and_urgent_always_wins(facts: ReviewFacts) -> None:
    answer = suggest(facts)
    assert answer.reasons and all(reason.endswith(".") for reason in answer.reasons)
    if facts.urgent:
        assert answer.step is REQUEST
    if answer.step is OFF:
        assert not facts.need_remains and facts.this.less_than_expected == 0


WHOLE = Referral("Educational psychology", "How best to teach reading", "Hannah Legg", date(2026, 12, 4), True)
REFER = SpecialistPath.REFER


@pytest.mark.parametrize(
    ("step", "status", "reason", "paths", "says"),
    [
        (OFF, K, "Secure now.", Paths(), []),
        (OFF, E, "Outcomes met.", Paths(), []),
        (AGAIN, K, "  ", Paths(), ["Say why"]),
        (ADVICE, K, "Stuck.", Paths(), ["Choose: refer"]),
        (ADVICE, K, "", Paths(), ["Say why", "Choose: refer"]),
        (ADVICE, K, "Stuck.", Paths(REFER, WHOLE), []),
        (ADVICE, E, "Stuck.", Paths(REFER, WHOLE), []),
        (
            ADVICE,
            K,
            "Stuck.",
            Paths(REFER),
            ["which service", "question", "who makes", "date by which", "whether the parents agree"],
        ),
        (ADVICE, K, "Stuck.", Paths(REFER, replace(WHOLE, parents_agree=False)), ["Declined by the family"]),
        (ADVICE, K, "Stuck.", Paths(SpecialistPath.ALREADY), ["already involved"]),
        (ADVICE, K, "Stuck.", Paths(SpecialistPath.ALREADY, specialist_words="Speech therapy, weekly."), []),
        (ADVICE, K, "Stuck.", Paths(SpecialistPath.DECLINED), ["declined"]),
        (ADVICE, K, "Stuck.", Paths(SpecialistPath.DECLINED, specialist_words="Mum wishes to wait."), []),
        (REQUEST, K, "Not working.", Paths(), ["Choose whether"]),
        (REQUEST, K, "Not working.", Paths(request=RequestPath.OPEN), []),
        (REQUEST, K, "Not working.", Paths(request=RequestPath.NOT_NOW), ["not made now"]),
        (REQUEST, K, "Not working.", Paths(request=RequestPath.NOT_NOW, request_words="Waiting for advice."), []),
        (REQUEST, E, "Not working.", Paths(), []),
    ],
)
def test_each_step_asks_for_what_it_needs(
    step: NextStep, status: SenStatus, reason: str, paths: Paths, says: list[str]
) -> None:
    errors = allowed(step, status, reason, paths)
    assert len(errors) == len(says)
    assert all(part in error for part, error in zip(says, errors, strict=True))


@pytest.mark.parametrize(
    ("step", "status", "paths", "register", "opens", "referral", "request_opens"),
    [
        (OFF, K, Paths(), N, False, False, False),
        (OFF, E, Paths(), None, False, False, False),
        (OFF, N, Paths(), None, False, False, False),
        (AGAIN, K, Paths(), None, True, False, False),
        (AGAIN, E, Paths(), None, True, False, False),
        (ADVICE, K, Paths(REFER, WHOLE), None, True, True, False),
        (ADVICE, K, Paths(SpecialistPath.ALREADY), None, True, False, False),
        (ADVICE, K, Paths(SpecialistPath.DECLINED), None, True, False, False),
        (REQUEST, K, Paths(request=RequestPath.OPEN), None, True, False, True),
        (REQUEST, K, Paths(request=RequestPath.NOT_NOW), None, True, False, False),
        (REQUEST, E, Paths(request=RequestPath.OPEN), None, True, False, False),
        (AGAIN, K, Paths(REFER, WHOLE, request=RequestPath.OPEN), None, True, False, False),  # left from another choice
    ],
)
def test_consequences_follow_the_table(
    step: NextStep,
    status: SenStatus,
    paths: Paths,
    register: SenStatus | None,
    opens: bool,
    referral: bool,
    request_opens: bool,
) -> None:
    answer = consequences(step, status, paths)
    assert (answer.register_change, answer.opens_cycle) == (register, opens)
    assert (answer.referral, answer.opens_request, answer.closes_cycle) == (referral, request_opens, True)
    assert answer.told


@given(st.sampled_from(NextStep), st.sampled_from(SpecialistPath), st.sampled_from(RequestPath))
def test_a_review_never_changes_the_register_of_a_pupil_with_a_plan(
    step: NextStep, specialist: SpecialistPath, request: RequestPath
) -> None:
    answer = consequences(step, E, Paths(specialist, request=request))
    assert isinstance(answer, Consequences)
    assert answer.register_change is None
    assert answer.opens_request is False


def test_whatever_touches_the_request_says_that_families_can_ask() -> None:
    for path in RequestPath:
        assert FAMILIES_CAN_ASK in consequences(REQUEST, K, Paths(request=path)).told
    assert "early annual review" in consequences(REQUEST, E).told[1]


def test_coming_off_lists_the_change_for_the_mis() -> None:
    assert "Change the SEN status to N in your school information system." in consequences(OFF, K).told
    assert consequences(OFF, N).told == ("Parents are told in writing.",)
