"""One school of a data set: the same rows for the same seed and day, whatever else is in the database.

For each pupil on SEN support 3 plans, 12 outcomes, 9 sealed reviews, 36 judgements and 117 sessions of a group of six
(the shape of the study), and beside them what every such pupil has in the product: the spell, the need, a parent, the
place in the group, the provision, six figures of a test, the next steps and the seals.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from book import Book
from stdnum.gb.upn import calc_check_digit

from graduated.assess.models import Measurement
from graduated.demo.calendar import SchoolCalendar, moment
from graduated.do.models import DeliveredSession, Presence
from graduated.plan.models import Cycle, Group, Outcome, Place, Provision, ProvisionOutcome
from graduated.pupils.models import Adult, Assignment, FamilyLink, Need, Pupil, SenStatusSpell
from graduated.review.models import ActionItem, NextStepTaken, OutcomeJudgement, Review
from graduated.rules import vocabulary as v
from graduated.rules.calendar import TermDates, end_of_compulsory_school_age
from graduated.school.models import Term


def _split(names: str) -> tuple[str, ...]:
    return tuple(names.split())


PLANS, OUTCOMES, REVIEWS, SESSIONS, GROUP = 3, 4, 3, 39, 6
"""Plans of a pupil; of each plan its outcomes, reviews and sessions; pupils of a group."""
FORENAMES = _split("Ada Ben Cara Dev Ewa Finn Gita Hal Isla Jay Kit Lea Max Nia Omar Pia Quin Rosa Sam Una Vik Wyn Zoe")
ENDINGS = _split("ford ham ley ton wick by worth combe den hurst")
STARTS = _split("Ash Birch Corn Dun Elm Fern Glen Hazel Ive Kings Lang Mar Nor Oak Pen Rook Stan Thorn Up Whit")
STATEMENTS = (
    "Reads a page of a new book aloud with fewer than five mistakes",
    "Asks for help in words when a task is too hard",
    "Writes three sentences with full stops without being told",
    "Joins a game at playtime and stays until the bell on four days of five",
)
PRIMARY = (
    v.YearGroup.R,
    v.YearGroup.Y1,
    v.YearGroup.Y2,
    v.YearGroup.Y3,
    v.YearGroup.Y4,
    v.YearGroup.Y5,
    v.YearGroup.Y6,
)
SECONDARY = (v.YearGroup.Y7, v.YearGroup.Y8, v.YearGroup.Y9, v.YearGroup.Y10, v.YearGroup.Y11)


@dataclass(frozen=True, slots=True)
class Size:
    """How many pupils a school has, and how many of them are on SEN support."""

    pupils: int
    support: int
    phase: v.Phase = v.Phase.PRIMARY


@dataclass(slots=True)
class School:
    """What is needed to write one school: its number, its staff by role, its size, and the day that it is."""

    place: int
    school_id: int
    users: dict[str, int]
    measure_id: int
    intervention_id: int
    size: Size
    calendar: SchoolCalendar
    pupils: list[int] = field(default_factory=list)
    outcomes: dict[int, list[int]] = field(default_factory=dict)
    cycles: dict[int, int] = field(default_factory=dict)
    reviews: list[tuple[int, int]] = field(default_factory=list)

    @property
    def assistants(self) -> list[int]:
        """Those who run the groups, in turn."""
        return [number for who, number in self.users.items() if who.startswith("ta")]


def upn_of(place: int, number: int) -> str:
    """A UPN that no two pupils of a data set share."""
    digits = f"838{place:04d}{number:05d}"
    return f"{calc_check_digit(digits)}{digits}"


def write_school(book: Book, school: School, seed: int) -> None:
    """All rows of one school, in four acts and one for each plan that was lived."""
    chance = random.Random(f"{seed}:{school.place}")  # noqa: S311 (names and figures, no secrets)
    days = _session_days(school.calendar)
    book.school_id = school.school_id
    _terms(book, school.calendar)
    _pupils(book, school, chance, days[0])
    book.keep("Pupils taken in", moment(days[0], 8))
    groups = _groups(book, school, days[0])
    for number in range(1, PLANS + 1):
        lived = days[(number - 1) * SESSIONS : number * SESSIONS]
        _sessions(book, school, chance, groups, lived)
        _plans(book, school, chance, groups, number, lived)
        book.keep(f"Plan {number} lived", moment(lived[-1], 16))
    book.seal(Review, school.reviews, moment(school.calendar.today, 6))


def _session_days(calendar: SchoolCalendar) -> list[date]:
    """The last school days before today on which the groups met: three days a week."""
    met = [day for day in calendar.days if day < calendar.today and day.weekday() in (0, 2, 4)]
    return met[-PLANS * SESSIONS :]


def _terms(book: Book, calendar: SchoolCalendar) -> None:
    for one in calendar.terms:
        book.add(Term, **_term(one))


def _term(one: TermDates) -> dict[str, object]:
    return {
        "academic_year": one.academic_year,
        "name": one.name,
        "starts": one.starts,
        "ends": one.ends,
        "half_term_starts": one.half_term_starts,
        "half_term_ends": one.half_term_ends,
        "inset_days": [day.isoformat() for day in sorted(one.inset)],
    }


def _pupils(book: Book, school: School, chance: random.Random, since: date) -> None:
    years, ages = (PRIMARY, 4) if school.size.phase is v.Phase.PRIMARY else (SECONDARY, 11)
    first = school.calendar.terms[-4].starts.year
    for number in range(school.size.pupils):
        at = number % len(years)
        born = date(first - ages - at - 1, 9, 1) + timedelta(days=chance.randrange(364))
        surname = chance.choice(STARTS) + chance.choice(ENDINGS)
        support = number < school.size.support
        pupil_id = book.add(
            Pupil, upn=upn_of(school.place, number), legal_surname=surname, legal_forename=chance.choice(FORENAMES),
            sex=chance.choice(list(v.Sex)), born_on=born, year_group=years[at], pupil_premium=chance.random() < 0.3,
            registration_group=f"{years[at].value}{'ABCDEF'[number // len(years) % 6]}",
            attendance_percent=Decimal(chance.randrange(8500, 10000)) / 100, admitted_on=since,
            rights_pass_on=end_of_compulsory_school_age(born),
        )  # fmt: skip
        status = v.SenStatus.SUPPORT if support else v.SenStatus.NONE
        book.add(SenStatusSpell, pupil_id=pupil_id, status=status, starts=since, source=v.StatusSource.MIS)
        if support:
            school.pupils.append(pupil_id)
            kind = chance.choice((v.NeedType.SLCN, v.NeedType.SEMH, v.NeedType.SPLD, v.NeedType.MLD, v.NeedType.ASD))
            book.add(Need, pupil_id=pupil_id, type=kind, rank=1, starts=since)
            _family(book, school, pupil_id, surname, first=number == 0)


def _family(book: Book, school: School, pupil_id: int, surname: str, *, first: bool) -> None:
    """One parent each; the first pupil's has an account. A teacher, too, whose own the first sixth of the pupils are."""
    user = school.users["parent"] if first else None
    adult = book.add(Adult, forename="Alex", surname=surname, user_id=user)
    book.add(
        FamilyLink, pupil_id=pupil_id, adult_id=adult, relationship=v.Relationship.MOTHER, parental_responsibility=True,
        lives_with=True, may_view=first,
    )  # fmt: skip
    if len(school.pupils) * GROUP <= school.size.support:
        book.add(
            Assignment, user_id=school.users["teacher"], pupil_id=pupil_id, source=v.AssignmentSource.HAND,
            starts=school.calendar.terms[0].starts,
        )  # fmt: skip


def _groups(book: Book, school: School, since: date) -> list[tuple[int, int, list[tuple[int, int]]]]:
    """Each group with its assistant, and its pupils with their places. Who runs it counts them as theirs."""
    groups = []
    for at in range(0, len(school.pupils), GROUP):
        number, members = at // GROUP, school.pupils[at : at + GROUP]
        staff = school.assistants[number % len(school.assistants)]
        group = book.add(
            Group, intervention_id=school.intervention_id, name=f"Reading group {number + 1}", staff_id=staff,
            starts=since, weekdays=[0, 2, 4], minutes=30, times_a_week=3,
        )  # fmt: skip
        places = [(one, book.add(Place, pupil_id=one, group_id=group, starts=since)) for one in members]
        for one in members:
            book.add(
                Assignment,
                user_id=staff,
                pupil_id=one,
                source=v.AssignmentSource.GROUP,
                reason=str(group),
                starts=since,
            )
        groups.append((group, staff, places))
    return groups


def _sessions(
    book: Book,
    school: School,
    chance: random.Random,
    groups: list[tuple[int, int, list[tuple[int, int]]]],
    lived: list[date],
) -> None:
    reasons = (v.AbsenceReason.ILL, v.AbsenceReason.DECLINED)
    for group, staff, places in groups:
        for day in lived:
            at = moment(day)
            session = book.add(
                DeliveredSession, group_id=group, held_on=day, minutes=30, state=v.SessionState.DELIVERED,
                led_by_id=staff, recorded_at=at, recorded_by_id=staff,
            )  # fmt: skip
            for pupil, _place in places:
                there = chance.random() < 0.93
                book.add(
                    Presence, pupil_id=pupil, delivered_session_id=session, present=there, minutes=30 if there else 0,
                    reason=None if there else chance.choice(reasons), recorded_at=at, recorded_by_id=staff,
                )  # fmt: skip


def _plans(
    book: Book,
    school: School,
    chance: random.Random,
    groups: list[tuple[int, int, list[tuple[int, int]]]],
    number: int,
    lived: list[date],
) -> None:
    running = number == PLANS
    places = [one for _group, _staff, members in groups for one in members]
    for at, (pupil, place) in enumerate(places):
        due = school.calendar.today + timedelta(days=at % 40 - 5) if running else lived[-1]
        cycle = book.add(
            Cycle, pupil_id=pupil, number=number, previous_id=school.cycles.get(pupil), lead_id=school.users["teacher"], starts=lived[0],
            status=v.CycleStatus.AGREED if running else v.CycleStatus.REVIEWED, ends=None if running else lived[-1],
            review_due=due, sent_on=lived[0], agreed_on=lived[0],
            assess_summary="Works best in a small group, with pictures beside the words.",
        )  # fmt: skip
        school.cycles[pupil] = cycle
        outcomes = _outcomes(book, school, chance, pupil, cycle, number, lived)
        provision = book.add(
            Provision, pupil_id=pupil, cycle_id=cycle, place_id=place, intervention_id=school.intervention_id,
            name="Reading group", who="Teaching assistant", staff_role=v.Role.SUPPORT, minutes=30, times_a_week=3,
            weeks=13, group_size=GROUP, starts=lived[0], runs_on=not running,
        )  # fmt: skip
        book.add(ProvisionOutcome, pupil_id=pupil, provision_id=provision, outcome_id=outcomes[0])
        for turn in range(REVIEWS):
            last = turn == REVIEWS - 1
            held_on = lived[-1] if last and not running else lived[(turn + 1) * len(lived) // (REVIEWS + 1)]
            _review(book, school, chance, (pupil, cycle, held_on), outcomes, closes=last and not running)


def _outcomes(
    book: Book, school: School, chance: random.Random, pupil: int, cycle: int, number: int, lived: list[date]
) -> list[int]:
    start = 80 + chance.randrange(15)
    for day, value in ((lived[0], start), (lived[-1], start + chance.randrange(-2, 7))):
        book.add(Measurement, pupil_id=pupil, measure_id=school.measure_id, taken_on=day, value=Decimal(value),
                 respondent=v.Respondent.TEST)  # fmt: skip
    earlier = school.outcomes.get(pupil, [None] * OUTCOMES)
    outcomes = []
    for position, statement in enumerate(STATEMENTS):
        measured = position == 0
        outcomes.append(book.add(
            Outcome, pupil_id=pupil, cycle_id=cycle, position=position, area=list(v.NeedArea)[position],
            statement=statement, in_plain_words=statement.lower(), success="Seen on three days of a week",
            measure_id=school.measure_id if measured else None, baseline=Decimal(start) if measured else None,
            baseline_on=lived[0] if measured else None, target=Decimal(start + 5) if measured else None,
            by_when=lived[-1] + timedelta(days=30), continues_id=earlier[position],
        ))  # fmt: skip
    school.outcomes[pupil] = list(outcomes)
    return outcomes


def _review(
    book: Book,
    school: School,
    chance: random.Random,
    about: tuple[int, int, date],
    outcomes: list[int],
    *,
    closes: bool,
) -> None:
    pupil, cycle, held_on = about
    signer = school.users["senco"]
    written: dict[str, object] = {"recorded_at": moment(held_on), "recorded_by_id": signer}
    review = book.add(
        Review, pupil_id=pupil, cycle_id=cycle, interim=not closes, held_on=held_on,
        with_parent=True, pupil_present=True, pupil_views="I like the group.", parent_views="Reads at home now.",
        summary="Goes well in the small group; in class it still needs a reminder.", **written,
    )  # fmt: skip
    for outcome, statement in zip(outcomes, STATEMENTS, strict=True):
        book.add(
            OutcomeJudgement, pupil_id=pupil, review_id=review, outcome_id=outcome, reason="As the log shows",
            judgement=chance.choice(list(v.Judgement)), stood_as=statement, **written,
        )  # fmt: skip
    school.reviews.append((review, pupil))
    if closes:
        book.add(
            NextStepTaken, pupil_id=pupil, review_id=review, step=v.NextStep.ANOTHER_CYCLE, reason="Some progress",
            **written,
        )  # fmt: skip
        book.add(ActionItem, pupil_id=pupil, review_id=review, what="Send the word list home", who="Class teacher",
                 by_when=held_on + timedelta(days=7), done_on=held_on + timedelta(days=5), **written)  # fmt: skip
