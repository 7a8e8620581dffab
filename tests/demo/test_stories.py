"""The words of the stories: told of one pupil each, with dates that hold on any day of the year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from graduated.demo.calendar import SchoolCalendar, terms_of_year
from graduated.demo.groups import BY_KEY
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.plan import began_here, course_of
from graduated.demo.roll import roll_for
from graduated.demo.stories import Story, all_stories
from graduated.rules.calendar import academic_year_starts
from graduated.rules.plan_checks import check_plan
from graduated.rules.plan_facts import OutcomeFacts, PlanFacts
from graduated.school.measure_library import START_MEASURES

STORIES = all_stories()
FEW_WORDS = 5


def _texts(value: Any) -> Iterator[str]:
    if type(value) is str:
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _texts(one)
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in {"success", "name"}:  # criteria and programmes go by the same words for all
                yield from _texts(getattr(value, one.name))


def test_there_is_a_story_for_each_pupil_with_support_or_a_plan_and_two_who_came_off() -> None:
    assert len(STORIES) == 49
    assert len({story.name for story in STORIES}) == 49
    assert sum(story.came_off for story in STORIES) == 2
    assert sum(len(story.turns) >= 3 for story in STORIES) >= 25


def test_no_sentence_is_told_of_two_pupils() -> None:
    told: dict[str, set[str]] = defaultdict(set)
    for story in STORIES:
        for text in _texts(story):
            for sentence in re.split(r"(?<=[.!?”])\s+", text):
                if len(sentence.split()) > FEW_WORDS:
                    told[sentence.strip().lower()].add(story.name)
    shared = {sentence: names for sentence, names in told.items() if len(names) > 1}
    assert not shared


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_pronouns_of_the_plan_agree_with_the_roll(story: Story) -> None:
    sexes = {line.split(",")[1] + " " + line.split(",")[2]: line for line in roll_for(date(2026, 11, 21)).splitlines()}
    is_girl = ",Female," in sexes[story.name]
    wrong = re.compile(r"\b(he|his|him|himself)\b" if is_girl else r"\b(she|her|herself)\b", re.IGNORECASE)
    for turn in story.turns:
        for aim in turn.aims:
            for text in (aim.statement, aim.plain):
                assert not wrong.search(re.sub("“.*?”", "", text)), f"{story.name}: {text}"


def test_no_filler_and_no_word_that_the_field_has_left_behind() -> None:
    text = "\n".join(_texts(STORIES)).lower()
    for word in ("lorem", "ipsum", "todo", "xxx", "school action", "statemented", "fixed-term exclusion", "tbc"):
        assert word not in text


def test_every_measure_group_and_adult_of_the_stories_is_known() -> None:
    codes = {measure.code for measure in START_MEASURES}
    for story in STORIES:
        assert {thread.measure for thread in story.threads.values()} - {""} <= codes
        assert set(story.series) <= codes
        for turn in story.turns:
            for one in turn.help:
                assert (one.group in BY_KEY) if one.group else (one.who in PEOPLE)


def test_no_outcome_reads_as_provision() -> None:
    for story in STORIES:
        for turn in story.turns:
            outcomes = tuple(OutcomeFacts(id=aim.thread, statement=aim.statement) for aim in turn.aims)
            found = check_plan(PlanFacts(plan_from=date(2026, 9, 14), outcomes=outcomes))
            assert not [one for one in found if one.check == "outcome-not-provision"], story.name


def test_terms_of_2026_are_as_dorset_has_them() -> None:
    autumn, spring, summer = terms_of_year(2026)
    assert (autumn.starts, autumn.half_term_starts, autumn.ends) == (
        date(2026, 9, 2),
        date(2026, 10, 26),
        date(2026, 12, 18),
    )
    assert (spring.starts, spring.ends) == (date(2027, 1, 4), date(2027, 3, 25))
    assert (summer.starts, summer.half_term_starts, summer.ends) == (
        date(2027, 4, 12),
        date(2027, 5, 31),
        date(2027, 7, 21),
    )


@pytest.mark.parametrize("year", range(2023, 2040))
def test_each_year_has_about_190_school_days_in_order(year: int) -> None:
    calendar = SchoolCalendar(date(year, 11, 21))
    days = calendar.between(date(year, 9, 1), date(year + 1, 8, 31))
    assert 181 <= len(days) <= 197
    assert all(one.ends < two.starts for one, two in zip(calendar.terms, calendar.terms[1:], strict=False))


@pytest.mark.parametrize("weeks", range(0, 53, 2))
def test_dates_hold_on_any_day_of_the_year(weeks: int) -> None:
    today = date(2026, 9, 1) + timedelta(days=7 * weeks)
    calendar = SchoolCalendar(today)
    begun = began_here(calendar)
    late = soon = 0
    for story in STORIES:
        since = date(academic_year_starts(today).year - 2, 9, 14)
        course = course_of(story, since, calendar, begun)
        for cycle in course.cycles:
            assert cycle.starts < cycle.due
            assert cycle.agreed is None or cycle.starts <= cycle.agreed <= today
            if cycle.ends is not None:
                assert cycle.ends <= today
                assert cycle.agreed is not None and cycle.agreed < cycle.ends
        last = course.cycles[-1]
        late += last.ends is None and last.due < today
        soon += last.ends is None and today <= last.due <= today + timedelta(days=45)
    assert late >= 1
    assert soon + late >= 4
