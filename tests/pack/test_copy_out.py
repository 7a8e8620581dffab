"""The copy-out sheet: the pack's own words, question by question, and nothing besides."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date

import pytest

from graduated.pack.content import (
    Adult,
    AreaOfNeed,
    Event,
    Fact,
    GapLine,
    Observation,
    PackContent,
    PreviousRequest,
    Profile,
    Pupil,
    Request,
    School,
    Section,
    View,
)
from graduated.pack.copy_out import SOURCES, Question, answers
from graduated.pack.flow import Flow
from graduated.pack.plain import PlainFlow
from graduated.rules.vocabulary import GapState, Limb

CONTENT = PackContent(
    school=School(name="Purbeck Road Primary", establishment="838/2001"),
    pupil=Pupil(legal_name="Zofia Szymańska", upn="Q838123424001", address="7 Señora Close\nDorchester", eal=True),
    request=Request(asked_by="The school", authority="Wessex Council", reason="The gap has grown.\n<b>5 & 6</b>"),
    previous_requests=(PreviousRequest(asked_by="The parents", made_on=date(2025, 3, 3), outcome="Refused"),),
    adults=(Adult(name="Anna Szymańska", relationship="Mother", parental_responsibility=True),),
    profile=Profile(parts=(Fact("What I am good at", "Drawing birds"),)),
    views=(
        View(whose="Pupil", person="Zofia", how="Drawing", on=date(2026, 9, 1), text="I like it when Siân reads"),
        View(whose="Parent or carer", person="Anna", how="Meeting", on=date(2026, 9, 2), text="She hides her book"),
    ),
    areas=(
        AreaOfNeed(
            area="Cognition and learning",
            strengths=(Observation(text="Draws from memory", source="Siân Vine", on=date(2026, 9, 3)),),
            difficulties=(Observation(text="Loses the thread"),),
        ),
    ),
    events=(Event(on=date(2026, 1, 5), kind="Cycle", text="Cycle 1 began"),),
    gaps=(
        GapLine(
            limb=Limb.ACTION.label,
            line="Complete cycles",
            state=GapState.PARTIAL,
            words="1 complete.",
            anchors=("cycles", "nowhere"),
        ),
    ),
)


def words(*sources: str, content: PackContent = CONTENT) -> str:
    return answers(content, [Question("Asked", sources)])[0].words


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("upn", "Q838123424001"),
        ("address", "7 Señora Close\nDorchester"),
        ("reason", "The gap has grown.\n<b>5 & 6</b>"),
        ("pupil-views", "I like it when Siân reads"),
        ("parent-views", "She hides her book"),
        ("profile", "What I am good at: Drawing birds"),
        ("strengths", "Draws from memory\n(Siân Vine · 3 September 2026)"),
        ("difficulties", "Loses the thread"),
        ("criterion-action", "Complete cycles: partial. 1 complete. In the pack under: Assess, plan, do, review"),
        ("chronology", "- 5 January 2026; What: Cycle; Record: Cycle 1 began"),
        ("family", "Parental responsibility: Yes"),
        ("earlier-requests", "Asked by The parents: "),
        ("index", "1 complete. In the pack under: Assess, plan, do, review: every cycle."),
    ],
)
def test_a_source_says_what_the_pack_says(source: str, said: str) -> None:
    assert said in words(source)


def test_views_of_one_are_not_views_of_the_other() -> None:
    assert "hides her book" not in words("pupil-views")
    assert "Siân reads" not in words("parent-views")
    assert "Draws from memory" not in words("difficulties")


def test_every_source_can_be_asked_for_and_none_speaks_in_markup() -> None:
    for source in SOURCES:
        assert "&amp;" not in words(source), source
        assert "<br" not in words(source), source


def test_several_details_are_named_and_an_address_that_is_withheld_stays_so() -> None:
    assert words("upn", "school-number") == "UPN: Q838123424001\n\nSchool number: 838/2001"
    hidden = replace(CONTENT, pupil=replace(CONTENT.pupil, address_withheld=True))
    assert words("address", content=hidden) == "Kept confidential by the school"
    assert "Señora" not in words("pupil", content=hidden)


def test_without_a_form_the_sections_of_the_pack_are_asked_in_the_profiles_order() -> None:
    order = tuple(reversed(CONTENT.sections))
    found = answers(replace(CONTENT, sections=order), ())
    assert [one.question for one in found] == [entry.title for entry in order]
    assert len(found) == len(Section) - 1


def test_details_are_named_as_forms_name_them() -> None:
    known = replace(CONTENT, school=replace(CONTENT.school, urn="100001"))
    said = words("nhs-number", "urn", "senco", "first-language", content=known)
    assert [line.partition(":")[0] for line in said.split("\n\n")] == ["NHS number", "URN", "SENCO", "First language"]


def test_a_question_that_no_record_answers_has_no_words() -> None:
    assert answers(CONTENT, [Question("Your reference")])[0].words == ""


def test_plain_text_takes_everything_that_a_section_can_write() -> None:
    drawn = {"paragraphs", "title", "section", "bar", "links", "page", "headings", "finished"}
    written = {name for name, _one in inspect.getmembers(Flow, inspect.isfunction) if not name.startswith("_")}
    assert written - drawn <= set(vars(PlainFlow))


@pytest.mark.parametrize("source", ["nhs-number", "cycles", "documents", "consents", "reason", "measures"])
def test_words_that_only_say_that_nothing_is_recorded_answer_no_question(source: str) -> None:
    bare = replace(CONTENT, request=None)
    assert words(source, content=bare) == ""
    assert words(source, "upn", content=bare)  # beside words of another source they stand


def test_that_there_was_no_earlier_request_is_an_answer() -> None:
    assert "was made" in words("earlier-requests", content=replace(CONTENT, previous_requests=(), none_earlier=True))
