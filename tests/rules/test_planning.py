"""Who is proposed for a planning meeting and why; who may be named there (seeds 000 and 003, Code 6.58 to 6.62)."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.planning import (
    Facts,
    Known,
    LastReview,
    Owed,
    Stuck,
    agreed_before,
    naming,
    opens_involvement,
    propose,
    same_service,
    stuck_outcomes,
    why_not_decided,
)
from graduated.rules.professionals import ReportAge, Wait, WaitFor
from graduated.rules.vocabulary import AgendaGroup, ConsentAnswer, Decided, Naming, NextStep, SpecialistPath

TODAY = date(2026, 11, 23)
HELD, BEFORE = date(2026, 7, 3), date(2026, 3, 12)
EP, SLT = "Educational psychology", "Speech and language therapy"
ASKED = LastReview(7, HELD, NextStep.SPECIALIST, SpecialistPath.REFER)
OLD = ReportAge(19, 18)

CASES: list[tuple[str, dict[str, object], tuple[tuple[AgendaGroup, str], ...]]] = [
    ("nothing on record", {}, ()),
    ("a review asked for advice, nobody named", {"review": ASKED},
     ((AgendaGroup.STEP, "The review of 3 Jul 2026 decided to ask for specialist advice."),)),
    ("a review decided on another cycle", {"review": LastReview(7, HELD, NextStep.ANOTHER_CYCLE)}, ()),
    ("the family declined advice", {"review": LastReview(7, HELD, NextStep.SPECIALIST, SpecialistPath.DECLINED)}, ()),
    ("the referral went to a service that does not come", {"review": ASKED, "known": (Known(SLT, review_id=7),)}, ()),
    ("the referral went to this service", {"review": ASKED, "known": (Known(EP, review_id=7),)},
     ((AgendaGroup.STEP, "The review of 3 Jul 2026 decided to ask for specialist advice."),)),
    ("the service has seen the pupil since", {"review": ASKED, "known": (Known(EP, heard_on=HELD),)}, ()),
    ("the service saw the pupil before the review", {"review": ASKED, "known": (Known(EP, heard_on=BEFORE),)},
     ((AgendaGroup.STEP, "The review of 3 Jul 2026 decided to ask for specialist advice."),)),
    ("a request is considered", {"considering_since": BEFORE},
     ((AgendaGroup.REQUEST, "A request for an EHC needs assessment is being considered, since 12 Mar 2026."),)),
    ("an outcome does not move", {"stuck": (Stuck("Asks for help", BEFORE, HELD),)},
     ((AgendaGroup.STUCK,
       "Less than expected at two reviews running (12 Mar 2026 and 3 Jul 2026): “Asks for help”"),)),
    ("decided before, no day", {"owed": (Owed(Decided.TRAIN, EP, BEFORE),)},
     ((AgendaGroup.FOLLOW_UP, "Decided on 12 Mar 2026: training for staff. Not recorded as done."),)),
    ("decided before, the day passed", {"owed": (Owed(Decided.OBSERVE, EP, BEFORE, HELD),)},
     ((AgendaGroup.FOLLOW_UP,
       "Decided on 12 Mar 2026: observation in school, by 3 Jul 2026. Not recorded as done. That day has passed."),)),
    ("decided before, the day to come", {"owed": (Owed(Decided.OBSERVE, EP, BEFORE, TODAY),)},
     ((AgendaGroup.FOLLOW_UP,
       "Decided on 12 Mar 2026: observation in school, by 23 Nov 2026. Not recorded as done."),)),
    ("decided before with another service", {"owed": (Owed(Decided.OBSERVE, SLT, BEFORE),)}, ()),
    ("to be referred by a day", {"known": (Known(EP, Wait(WaitFor.REFERRAL, HELD, True)),)},
     ((AgendaGroup.WAITING, "To be referred to educational psychology by 3 Jul 2026; not done yet."),)),
    ("to be referred, no day", {"known": (Known(EP, Wait(WaitFor.REFERRAL)),)},
     ((AgendaGroup.WAITING, "To be referred to educational psychology; not done yet."),)),
    ("referred and not seen", {"known": (Known(EP, Wait(WaitFor.VISIT, HELD)),)},
     ((AgendaGroup.WAITING, "Referred to educational psychology on 3 Jul 2026; not seen yet."),)),
    ("seen and no report", {"known": (Known(EP, Wait(WaitFor.REPORT, HELD)),)},
     ((AgendaGroup.WAITING, "Seen by educational psychology on 3 Jul 2026; no report yet."),)),
    ("waiting for a service that does not come", {"known": (Known(SLT, Wait(WaitFor.VISIT, HELD)),)}, ()),
    ("one recommendation left", {"known": (Known(EP, open_advice=(HELD,)),)},
     ((AgendaGroup.ADVICE, "One recommendation of educational psychology not acted on, since 3 Jul 2026."),)),
    ("two recommendations left", {"known": (Known(EP, open_advice=(HELD, BEFORE)),)},
     ((AgendaGroup.ADVICE, "2 recommendations of educational psychology not acted on, since 12 Mar 2026."),)),
    ("a report grown old", {"known": (Known(EP, reported_on=BEFORE, age=OLD),)},
     ((AgendaGroup.OLD_REPORT, "The report of educational psychology of 12 Mar 2026 is 18 months old or more."),)),
    ("a report recent enough", {"known": (Known(EP, reported_on=BEFORE, age=ReportAge(8, None)),)}, ()),
    ("an older report beside a newer", {"known": (Known(EP, reported_on=BEFORE),)}, ()),
    ("a concern to be looked at again", {"concern": (BEFORE, HELD)},
     ((AgendaGroup.CONCERN,
       "Concern of 12 Mar 2026: what was agreed is due to be looked at again since 3 Jul 2026."),)),
    ("a concern without a day", {"concern": (BEFORE, None)},
     ((AgendaGroup.CONCERN, "Concern of 12 Mar 2026: what was agreed is to be looked at again."),)),
    ("the most pressing reason stands first",
     {"known": (Known(EP, Wait(WaitFor.VISIT, BEFORE)),), "considering_since": HELD},
     ((AgendaGroup.REQUEST, "A request for an EHC needs assessment is being considered, since 3 Jul 2026."),
      (AgendaGroup.WAITING, "Referred to educational psychology on 12 Mar 2026; not seen yet."))),
]  # fmt: skip


@pytest.mark.parametrize(("given", "reasons"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_record_is_a_reason_in_plain_words(given: dict[str, object], reasons: object) -> None:
    facts = Facts(1, "Ben Cox", **given)  # type: ignore[arg-type]
    found = propose([facts], [EP], TODAY)
    assert tuple((one.group, one.words) for proposal in found for one in proposal.reasons) == reasons


def test_the_agenda_is_ranked_by_what_presses_then_by_how_long_then_by_name() -> None:
    everybody = [
        Facts(1, "Una Vine", known=(Known(EP, Wait(WaitFor.VISIT, HELD)),)),
        Facts(2, "Ada Cox", known=(Known(EP, Wait(WaitFor.VISIT, HELD)),)),
        Facts(3, "Zoe Bell", known=(Known(EP, Wait(WaitFor.VISIT, BEFORE)),)),
        Facts(4, "Max Hall", considering_since=TODAY),
        Facts(5, "Nobody Asks"),
    ]
    found = propose(everybody, [EP], TODAY)
    assert [one.pupil_id for one in found] == [4, 3, 2, 1]
    assert [one.is_pressing for one in found] == [True, False, False, False]
    assert found[0].group is AgendaGroup.REQUEST
    assert found[3].words == ("Referred to educational psychology on 3 Jul 2026; not seen yet.",)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Educational psychology", "educational Psychology ", True),
        ("Educational psychologist", "Educational Psychology Service", True),
        ("Specialist teacher (autism)", "Specialist teaching", True),
        ("Speech therapist", "Speech and language therapy", True),
        ("Clinical psychology", "Educational psychology", False),
        ("Occupational therapy", "Speech and language therapy", False),
    ],
)
def test_one_service_is_known_by_its_several_names(first: str, second: str, same: bool) -> None:
    assert same_service(first, second) is same


def test_an_outcome_is_stuck_when_it_or_its_earlier_wording_was_less_than_expected_twice() -> None:
    last = (HELD, {10: "Asks for help", 11: "Reads 90 words", 12: "Joins in"})
    before = (BEFORE, {4: "Asks an adult for help", 11: "Reads 90 words", 5: "Another"})
    continues = {10: 4, 11: None, 12: 9}
    found = stuck_outcomes(before, last, continues)
    assert [one.statement for one in found] == ["Asks for help", "Reads 90 words"]
    assert (found[0].before, found[0].last) == (BEFORE, HELD)
    assert stuck_outcomes(None, last, continues) == () == stuck_outcomes(before, None, continues)


GIVEN, REFUSED, WAITS = ConsentAnswer.GIVEN, ConsentAnswer.REFUSED, ConsentAnswer.ASKED


@pytest.mark.parametrize(
    ("answers", "before", "passed", "named"),
    [
        ([], None, False, Naming.NOT_ASKED),
        ([], True, False, Naming.AGREED),
        ([], False, False, Naming.REFUSED),
        ([(False, GIVEN)], None, False, Naming.AGREED),
        ([(False, GIVEN)], False, False, Naming.AGREED),  # they have thought again
        ([(False, GIVEN), (False, REFUSED)], True, False, Naming.REFUSED),  # one parent each way: no name
        ([(False, WAITS)], True, False, Naming.WAITING),
        ([(False, GIVEN), (False, WAITS)], None, False, Naming.AGREED),
        ([(False, GIVEN)], True, True, Naming.NOT_ASKED),  # a parent's answer, but the rights are the young person's
        ([(True, GIVEN), (False, REFUSED)], None, True, Naming.AGREED),
        ([(True, REFUSED)], True, True, Naming.REFUSED),
    ],
)
def test_a_pupil_is_named_only_with_a_recorded_agreement(
    answers: list[tuple[bool, ConsentAnswer]], before: bool | None, passed: bool, named: Naming
) -> None:
    assert naming(answers, before, rights_passed=passed) is named


@pytest.mark.parametrize(
    ("known", "services", "said"),
    [
        ((), (EP,), None),
        ((Known(EP, parents_agree=True),), (), None),
        ((Known(EP, parents_agree=True),), (EP,), True),
        ((Known(EP, parents_agree=None),), (EP,), None),
        ((Known(EP, parents_agree=True),), (EP, SLT), None),
        ((Known(EP, parents_agree=True), Known(SLT, parents_agree=True)), (EP, SLT), True),
        ((Known(EP, parents_agree=True), Known(SLT, parents_agree=False)), (EP, SLT), False),
        ((Known(EP, parents_agree=True, is_closed=True),), (EP,), None),
    ],
)
def test_agreement_to_a_service_counts_for_that_service_while_it_is_involved(
    known: tuple[Known, ...], services: tuple[str, ...], said: bool | None
) -> None:
    assert agreed_before(known, services) is said


@pytest.mark.parametrize("decided", list(Decided))
def test_what_meets_the_family_is_not_decided_over_their_refusal(decided: Decided) -> None:
    assert bool(why_not_decided(decided, Naming.REFUSED)) is (
        decided in (Decided.OBSERVE, Decided.ASSESS, Decided.PARENTS)
    )
    assert why_not_decided(decided, Naming.NOT_ASKED) == ""


@pytest.mark.parametrize(
    ("decided", "named", "opens"),
    [
        (Decided.CONSULT, Naming.AGREED, True),
        (Decided.CONSULT, Naming.NOT_ASKED, False),
        (Decided.OBSERVE, Naming.NOT_ASKED, True),
        (Decided.ASSESS, Naming.AGREED, True),
        (Decided.TRAIN, Naming.AGREED, False),
        (Decided.WAIT, Naming.AGREED, False),
        (Decided.CLOSE, Naming.AGREED, False),
    ],
)
def test_a_decision_starts_an_involvement_where_the_service_works_for_this_pupil(
    decided: Decided, named: Naming, opens: bool
) -> None:
    assert opens_involvement(decided, named) is opens
