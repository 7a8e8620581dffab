"""Making the demo school: a fictional Dorset primary with three years of records, dated from today.

Everything goes through the services that the pages use, each act in the name of the person whose hand it is and on the
day it happened, so that audit and seals are real. The same day gives the same school: chance falls by name and day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from time import monotonic

from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.demo import (
    advice,
    agencies,
    asking,
    attendance,
    authority,
    background,
    by_law,
    devices,
    documents,
    families,
    given,
    information,
    leaving,
    letters,
    lived,
    moments,
    paper,
    planning,
    provisions,
    rates,
    readings,
    requests,
    restricted,
    roll,
    sign_ins,
    words,
)
from graduated.demo.calendar import SchoolCalendar
from graduated.demo.lived import Life
from graduated.demo.people import PASSPHRASE, SCHOOL_NAME, open_accounts, shown_accounts
from graduated.demo.plan import Course, Dated, began_here, course_of
from graduated.demo.stage import DEMO, Stage
from graduated.demo.stories import Story, all_stories
from graduated.people.passwords import hash_password
from graduated.people.queries import DemoAccount, set_demo_accounts
from graduated.school.models import School
from graduated.school.services import NewSchool, add_terms, make_school

URN = "100001"
Say = Callable[[str], None]


def ensure(say: Say) -> list[DemoAccount]:
    """The demo school's sign-ins; the school is made first when no school is here, left alone when it is.

    Gives nothing when the database holds other schools only: a demo never mixes with real records.
    """
    known = entry.school_by_urn(URN)
    if known is None and entry.school_ids():
        return []
    if known is None:
        _make(say)
    elif not _is_demo(known[0]):
        return []
    accounts = shown_accounts()
    set_demo_accounts(accounts)
    return accounts


def _is_demo(school_id: int) -> bool:
    with acting(system_actor(school_id, DEMO)):
        return bool(db.session.scalar(select(School.is_demo)))


def _make(say: Say) -> None:
    began = monotonic()
    say(f"Making the demo school, {SCHOOL_NAME}. Nobody in it is real. This takes less than half a minute.")
    stage = _school()
    roll.take(stage)
    stage.find_names()
    say("  209 pupils taken from the roll")
    lives = _tell(stage, say)
    requests.tell(stage, lives)
    advice.tell(stage, lives["Albie Fernandes"])
    words.tell(stage, lives)
    readings.tell(stage)
    asking.tell(stage, lives)
    moments.tell(stage, lives)
    documents.tell(stage, lives["Zofia Szymańska"])
    letters.word(stage)
    authority.lie_ready(stage)
    given.tell(stage, lives)
    families.tell(stage, lives)
    by_law.put_right(stage, lives)
    planning.tell(stage, lives)
    devices.lie_ready(stage)
    information.tell(stage, lives)
    restricted.tell(stage, lives)
    leaving.tell(stage, lives)
    sign_ins.tell(stage)
    say(f"  requests, concerns and corrections written; ready after {monotonic() - began:.0f} seconds")


def _school() -> Stage:
    calendar = SchoolCalendar(today())
    begun = began_here(calendar)
    hashed = hash_password(PASSPHRASE)
    school_id = make_school(
        NewSchool(
            URN, SCHOOL_NAME, "dorset", la_code="838", establishment="3401", is_demo=True, staff_need_second_step=False
        )
    )
    with acting(system_actor(school_id, DEMO)):
        with write("School entered"):
            school = db.session.scalars(select(School)).one()
            school.address, school.phone = "Purbeck Road, Wareham (fictional)", "01632 960000"
            add_terms(calendar.terms)
            rates.enter(calendar)
        with write("Accounts opened"):
            cast = open_accounts(school_id, hashed, calendar.terms[0].starts, begun)
    return Stage(calendar, cast, now(), begun, hashed)


def _tell(stage: Stage, say: Say) -> dict[str, Life]:
    """All stories, in the order of the days on which things happened."""
    stories = all_stories()
    known_adults: dict[str, int] = {}
    lives: dict[str, Life] = {}
    previous: dict[str, int | None] = {}
    events: list[tuple[date, int, str, Dated]] = []
    for story in stories:
        course = _course(stage, story)
        child = stage.children[story.name]
        family = background.begin(stage, course, child, known_adults)
        life = lives[story.name] = Life(course, child, family)
        previous[story.name] = paper.enter(stage, course, child, family)
        _carry_on(stage, life)
        for cycle in (one for one in course.cycles if not one.paper):
            events.append((cycle.agreed or cycle.starts, 1, story.name, cycle))
            if cycle.ends is not None:
                events.append((cycle.ends, 0, story.name, cycle))
    background.sign_ins(stage, stage.password_hash, known_adults)
    attendance.attendance(stage, [(life.course.story, life.child) for life in lives.values()])
    say(f"  {len(lives)} pupils’ papers brought forward")
    groups = provisions.Groups(_sizes(stories))
    events.sort(key=lambda event: event[:3])
    for number, (_day, kind, name, cycle) in enumerate(events, 1):
        life = lives[name]
        if kind:
            provisions.plan(stage, groups, life, cycle, previous[name])
        else:
            lived.review(stage, life, cycle)
        if number % 40 == 0:
            say(f"  {number} of {len(events)} plans agreed and reviews held")
    for life in lives.values():
        if not life.course.story.came_off:
            lived.present(stage, life, life.course.cycles[-1])
        lived.afterwards(stage, life)
        agencies.tell(stage, life)
    say(f"  {len(events)} plans and reviews, with sessions, figures and views")
    return lives


def _sizes(stories: list[Story]) -> dict[str, int]:
    """How many pupils have a place in each shared group today."""
    return dict(Counter(one.group for story in stories for one in story.turns[-1].help if one.group))


def _course(stage: Stage, story: Story) -> Course:
    child = stage.children[story.name]
    since = child.since
    if story.came_off:
        length = 60 * len(story.turns)
        since = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), -12 * story.began - length)
        roll.was_supported(stage, story, since)
        stage.children[story.name] = replace(child, since=since)
    return course_of(story, since, stage.calendar, stage.begun)


def _carry_on(stage: Stage, life: Life) -> None:
    """What the last paper cycle measured is where the first lived one begins."""
    for cycle in life.course.cycles:
        if cycle.paper:
            for aim in cycle.turn.aims:
                code = life.course.story.threads[aim.thread].measure
                if code and aim.got is not None:
                    life.seen[code] = aim.got
