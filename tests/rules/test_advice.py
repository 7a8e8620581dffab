"""The educational advice by its rules: what it covers, when it is due and kept, what is new, what is lacking."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.advice import (
    AdviceSection,
    Brought,
    Own,
    brought_after,
    brought_words,
    is_new,
    kind_of,
    lacking,
    sections_for,
    statement,
)
from graduated.rules.calendar import TermDates
from graduated.rules.clock import (
    ClockLine,
    LimitException,
    LimitNote,
    LineId,
    Milestones,
    advice_due,
    clock,
    closure_around,
    kept_words,
)
from graduated.rules.vocabulary import BuildKind, NeedArea, RequestBy, Role, YearGroup


def day(text: str) -> date:
    """2026-09-01."""
    return date.fromisoformat(text)


TERMS = (
    TermDates("Autumn", "2026/27", day("2026-09-02"), day("2026-12-18")),
    TermDates("Summer", "2026/27", day("2027-04-12"), day("2027-07-21")),
    TermDates("Spring", "2026/27", day("2027-01-04"), day("2027-03-25")),
    TermDates("Autumn", "2027/28", day("2027-09-02"), day("2027-12-17")),
)


@pytest.mark.parametrize(
    ("asked", "due", "why"),
    [
        ("2026-11-04", "2026-12-16", "within a term"),
        ("2026-11-20", "2027-01-01", "New Year’s Day is not moved"),
        ("2026-12-18", "2027-01-29", "Christmas counts"),
        ("2027-02-12", "2027-03-26", "Good Friday is not moved"),
        ("2027-07-15", "2027-08-26", "in the summer holiday the day does not move"),
        ("2028-01-18", "2028-02-29", "a leap day"),
    ],
)
def test_advice_is_due_six_weeks_after_the_letter(asked: str, due: str, why: str) -> None:
    assert advice_due(day(asked)) == day(due), why


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (None, ""),
        ("2026-12-01", "In time."),
        ("2026-12-16", "In time."),
        ("2026-12-17", "1 day late."),
        ("2027-01-06", "21 days late."),
    ],
)
def test_the_line_says_whether_it_was_kept(sent: str | None, words: str) -> None:
    assert kept_words(day("2026-12-16"), day(sent) if sent else None) == words


def line_of(sent: str | None = None, *notes: LimitNote) -> ClockLine:
    so_far = Milestones(
        decided=day("2026-11-02"), advice_asked=day("2026-11-04"), advice_sent=day(sent) if sent else None
    )
    lines = clock(day("2026-09-28"), RequestBy.SCHOOL, day("2026-12-20"), so_far, notes)
    return next(line for line in lines if line.id is LineId.ADVICE)


def test_sending_ends_the_line_and_says_how_late() -> None:
    waiting, sent = line_of(), line_of("2026-12-18")
    assert (waiting.on, waiting.passed, waiting.is_done, waiting.note) == (day("2026-12-16"), True, False, "")
    assert (sent.on, sent.passed, sent.is_done) == (day("2026-12-16"), False, True)
    assert sent.note == "Done on 18 Dec 2026. 2 days late."


def test_a_missed_appointment_stands_beside_the_day_and_does_not_move_it() -> None:
    missed = LimitNote(LineId.ADVICE, LimitException.MISSED, "He was in hospital on 20 November")
    line = line_of("2026-12-18", missed)
    assert line.on == day("2026-12-16")
    assert line.note.endswith(
        "The limit may lawfully not apply: an appointment for the advice was missed within the six weeks "
        "(He was in hospital on 20 November)."
    )


@pytest.mark.parametrize("line", list(LineId))
def test_a_missed_appointment_excuses_the_advice_only(line: LineId) -> None:
    assert LimitException.MISSED.fits(line) is (line is LineId.ADVICE)
    assert LimitException.ABSENT.fits(line)


@pytest.mark.parametrize(
    ("asked", "closure"),
    [
        ("2026-12-15", None),
        ("2027-03-20", None),
        ("2027-07-14", None),
        ("2027-07-15", ("2027-07-22", "2027-09-02")),
        ("2027-08-10", ("2027-07-22", "2027-09-02")),
        ("2027-08-26", ("2027-07-22", "2027-09-02")),
        ("2027-08-27", None),
        ("2028-08-10", None),
    ],
)
def test_advice_asked_around_the_summer_closure_is_seen(asked: str, closure: tuple[str, str] | None) -> None:
    expected = (day(closure[0]), day(closure[1])) if closure else None
    assert closure_around(day(asked), TERMS) == expected


def test_without_two_terms_no_closure_is_known() -> None:
    assert closure_around(day("2027-08-10"), TERMS[:1]) is None


@pytest.mark.parametrize(
    ("year", "young", "asks"),
    [
        (YearGroup.R, False, False),
        (YearGroup.Y8, False, False),
        (YearGroup.Y9, False, True),
        (YearGroup.Y11, False, True),
        (YearGroup.Y8, True, True),
    ],
)
def test_preparation_for_adulthood_is_covered_from_year_nine(year: YearGroup, young: bool, asks: bool) -> None:
    covered = sections_for(year, young)
    assert (AdviceSection.ADULTHOOD in covered) is asks
    order = [AdviceSection.SENSORY, AdviceSection.PROVISION, AdviceSection.OUTCOMES, AdviceSection.VIEWS]
    assert [one for one in covered if one in order] == order, "needs, provision, outcomes, views"


def test_each_area_of_need_has_its_section_and_each_section_a_source() -> None:
    assert {one.area for one in AdviceSection if one.area} == set(NeedArea)
    assert AdviceSection.OUTCOMES.area is None
    assert all(one.brought_from for one in AdviceSection)
    assert AdviceSection.BEYOND.brought_from == (Own.MORE.value,)


@pytest.mark.parametrize(
    ("section", "kind"),
    [("needs", BuildKind.REQUEST), ("adulthood", BuildKind.REQUEST), ("advice-needs", BuildKind.ADVICE)]
    + [(one.value, BuildKind.ADVICE) for one in AdviceSection],
)
def test_words_belong_to_one_document(section: str, kind: BuildKind) -> None:
    assert kind_of(section) is kind


def test_who_gives_it_for_the_head_says_so() -> None:
    assert "on behalf of" not in statement(Role.HEAD)
    assert statement(Role.SENCO) == f"{statement(Role.HEAD)} I give it on behalf of the headteacher."


OLD, TODAY = day("2026-11-10"), day("2026-11-22")
VIEWS = Brought("views", 2, OLD)


@pytest.mark.parametrize(
    ("text", "before", "now", "after"),
    [
        ("Words", (), {}, ()),
        ("Words", (), {"views": 3}, (Brought("views", 3, TODAY),)),
        ("Words", (VIEWS,), {}, (VIEWS,)),
        ("Words", (VIEWS,), {"views": 2}, (VIEWS,)),
        ("Words", (VIEWS,), {"views": 3}, (Brought("views", 3, TODAY), VIEWS)),
        ("  ", (VIEWS,), {"views": 3}, ()),
    ],
)
def test_what_was_brought_over_keeps_its_day(
    text: str, before: tuple[Brought, ...], now: dict[str, int], after: tuple[Brought, ...]
) -> None:
    assert brought_after(text, before, now, TODAY) == after


def test_where_words_came_from_is_said() -> None:
    assert brought_words("Views", TODAY, None) == "Brought over from the request (Views) on 22 Nov 2026"
    saved = "Brought over from the request (Views, as saved on 10 Nov 2026) on 22 Nov 2026"
    assert brought_words("Views", TODAY, OLD) == saved


KEY = ("view", 7)


@pytest.mark.parametrize(
    ("on", "sent", "since", "new"),
    [
        (OLD, frozenset(), None, True),
        (OLD, frozenset({KEY}), None, False),
        (TODAY, frozenset({KEY}), OLD, False),
        (TODAY, None, OLD, True),
        (OLD, None, OLD, False),
        (None, None, OLD, False),
        (TODAY, None, None, False),
    ],
)
def test_new_is_what_the_authority_has_not(
    on: date | None, sent: frozenset[tuple[str, int]] | None, since: date | None, new: bool
) -> None:
    assert is_new(KEY, on, sent, since) is new


def test_what_is_lacking_is_told_in_the_order_of_the_advice() -> None:
    covered = sections_for(YearGroup.Y4, young_person=False)
    written = {AdviceSection.NOW.value: "Daily reading.", AdviceSection.VIEWS.value: "He likes it."}
    found = lacking(
        covered, written, frozenset({NeedArea.COGNITION}), frozenset({AdviceSection.NOW.value}), signed=False
    )
    assert [one.section for one in found] == [
        AdviceSection.COGNITION,
        AdviceSection.NOW,
        AdviceSection.PROVISION,
        AdviceSection.BEYOND,
        AdviceSection.OUTCOMES,
        None,
    ]
    assert "something is on record" in found[0].words
    assert "changed or gone" in found[1].words
    assert "No outcome is written" in found[4].words


def test_nothing_is_lacking_when_all_is_written_and_signed() -> None:
    covered = sections_for(YearGroup.Y4, young_person=False)
    assert lacking(covered, dict.fromkeys(covered, "Words"), frozenset(NeedArea), frozenset(), signed=True) == ()
