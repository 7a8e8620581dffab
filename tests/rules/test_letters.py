"""Letters: a closed list of gaps, what a wording may not leave out, and which letter follows which step."""

from __future__ import annotations

import pytest

from graduated.review.queries_wording import shipped
from graduated.rules.letters import AGREEMENTS, PLACEHOLDERS, faults, fill, gaps, kind_after, left_out, tidy, unknown
from graduated.rules.vocabulary import LetterKind, NextStep, SenStatus

INVITATION, OUTCOME, COMING_OFF = LetterKind.INVITATION, LetterKind.OUTCOME, LetterKind.COMING_OFF
BEGINS = LetterKind.SUPPORT_BEGINS
ALONE = "A curly bracket stands alone. Write one before and one after the name of what is filled in."


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
def test_every_letter_that_is_shipped_leaves_nothing_out_and_could_be_kept_as_it_stands(kind: LetterKind) -> None:
    text = shipped(kind)
    assert faults(kind, text) == left_out(kind, text) == unknown(text) == ()
    assert tidy(text) == text


@pytest.mark.parametrize(
    ("kind", "only_here"),
    [(INVITATION, {"{time}", "{place}"}), (OUTCOME, {"{decision}"}), (COMING_OFF, set()), (BEGINS, set())],
)
def test_each_kind_knows_its_own_gaps(kind: LetterKind, only_here: set[str]) -> None:
    marks = {gap.mark for gap in gaps(kind)}
    special = {"{time}", "{place}", "{decision}", "{authority}"}
    nobody_yet = {"{lead_teacher}"} if kind is BEGINS else set()
    assert marks == {f"{{{name}}}" for name in PLACEHOLDERS} - special - nobody_yet | only_here
    assert all(gap.means for gap in gaps(kind))
    assert {gap.mark for gap in gaps(kind) if gap.is_needed} == {"{first_name}", "{date}", "{sendiass}"} | only_here


@pytest.mark.parametrize("kind", sorted(AGREEMENTS))
def test_a_paper_that_asks_for_agreement_is_about_a_request_and_no_review(kind: LetterKind) -> None:
    marks = {gap.mark for gap in gaps(kind)}
    assert marks == {"{adult}", "{first_name}", "{school}", "{authority}", "{sendiass}", "{sender}"}
    assert {gap.mark for gap in gaps(kind) if gap.is_needed} == {"{first_name}", "{authority}", "{sendiass}"}
    assert faults(kind, "{date}") == ("{date} is not filled in in this letter. Take it out, or write the words.",)


def test_the_date_is_of_the_meeting_before_and_of_the_review_after() -> None:
    means = {
        kind: next(gap.means for gap in gaps(kind) if gap.mark == "{date}")
        for kind in LetterKind
        if kind not in AGREEMENTS
    }
    assert means == {
        INVITATION: "the date of the meeting",
        OUTCOME: "the date of the review",
        COMING_OFF: "the date of the review",
        BEGINS: "the day on which SEN support begins",
    }


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (INVITATION, "Dear {adult}", ()),
        (INVITATION, "{frist_name}",
         ("Nothing fills in {frist_name}. Did you mean {first_name}, the pupil’s first name?",)),
        (INVITATION, "{pupil's first name}",
         ("Nothing fills in {pupil's first name}. Did you mean {first_name}, the pupil’s first name?",)),
        (INVITATION, "{Date of meeting}",
         ("Nothing fills in {Date of meeting}. Did you mean {date}, the date of the meeting?",)),
        (OUTCOME, "{teacher}",
         ("Nothing fills in {teacher}. Did you mean {lead_teacher}, the lead teacher of the plan?",)),
        (OUTCOME, "{parent or carers}",
         ("Nothing fills in {parent or carers}. Did you mean {adult}, “parent or carer”?",)),
        (OUTCOME, "{fax} {fax}", ("Nothing fills in {fax}. Write the words themselves, or choose from the list.",)),
        (OUTCOME, "{}", ("Nothing fills in {}. Write the words themselves, or choose from the list.",)),
        (OUTCOME, "{سلام}", ("Nothing fills in {سلام}. Write the words themselves, or choose from the list.",)),
        (COMING_OFF, "{time}",
         ("{time} is filled in only in the letter “Invitation to a review”. Take it out, or write the words.",)),
        (INVITATION, "{decision}",
         ("{decision} is filled in only in the letter “Outcome of a review”. Take it out, or write the words.",)),
        (BEGINS, "{lead_teacher}",
         ("{lead_teacher} is not filled in in this letter. Take it out, or write the words.",)),
        (OUTCOME, "{authority}",
         ("{authority} is filled in only in the letter “Agreement to a request” and “Your own agreement to a request”. "
          "Take it out, or write the words.",)),
        (OUTCOME, "{date", (ALONE,)),
        (OUTCOME, "{da\nte}", (ALONE,)),
    ],
)  # fmt: skip
def test_a_gap_that_nothing_fills_is_named_with_the_nearest_that_is(
    kind: LetterKind, text: str, said: tuple[str, ...]
) -> None:
    assert faults(kind, text) == said


ALL = "{first_name} {date} {time} {place} {decision} {sendiass}"


@pytest.mark.parametrize(
    ("kind", "without", "said"),
    [
        (INVITATION, "{first_name}", ("It does not name the pupil.",)),
        (INVITATION, "{date}", ("It does not say on which day the meeting is.",)),
        (INVITATION, "{time}", ("It does not say at what time the meeting is.",)),
        (INVITATION, "{place}", ("It does not say where the meeting is.",)),
        (INVITATION, "{decision}", ()),
        (INVITATION, "{sendiass}", ("It does not say where parents get free and impartial advice.",)),
        (OUTCOME, "{date}", ("It does not say when the review was.",)),
        (OUTCOME, "{decision}", ("It does not say what was decided. Parents are owed clear information on that.",)),
        (OUTCOME, "{time}", ()),
        (COMING_OFF, "{decision}", ()),
        (BEGINS, "{date}", ("It does not say from when.",)),
        (COMING_OFF, "{sendiass}", ("It does not say where parents get free and impartial advice.",)),
    ],
)
def test_what_parents_would_not_learn_is_said(kind: LetterKind, without: str, said: tuple[str, ...]) -> None:
    assert left_out(kind, ALL.replace(without, "")) == said


def test_an_advice_service_that_is_written_out_is_not_left_out() -> None:
    text = ALL.replace("{sendiass}", "Dorset Sendiass, 01632 960555")
    assert left_out(COMING_OFF, text) == ()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Dear {adult}\r\n\r\nWe\tmeet \r\n", "Dear {adult}\n\nWe meet"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\u2028b\x0bc", "a\nb\nc"),
        ("ring\x07 \x1b[31mred\u202e\u200b\u00ad", "ring [31mred"),
        ("e\u0301 ł “x” <b>&amp;</b>", "é ł “x” <b>&amp;</b>"),
        (" \x00 \n ", ""),
    ],
)
def test_what_nobody_sees_is_not_kept_and_what_looks_like_markup_is(typed: str, kept: str) -> None:
    assert tidy(typed) == kept
