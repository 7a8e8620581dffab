"""What is known of a pupil before the first cycle: family, profile, strengths and difficulties, health."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.assess.models import Concern, ConcernNote
from graduated.assess.services import NewObservation, record_observation
from graduated.db.session import db
from graduated.demo.papers import Paper, store
from graduated.demo.people import parent_email
from graduated.demo.plan import Course
from graduated.demo.stage import Child, Stage
from graduated.demo.stories import Kin, Story
from graduated.pupils.models import Adult, Health, Pupil
from graduated.pupils.services import (
    AdultDetails,
    LinkDetails,
    NewBar,
    ProfileWords,
    add_adult,
    add_document,
    assign,
    bar,
    link_adult,
    write_profile,
)
from graduated.rules.calendar import academic_year, academic_year_starts
from graduated.rules.vocabulary import (
    AssignmentSource,
    BarKind,
    ConcernNoteKind,
    ConcernStatus,
    DocumentKind,
    NeedArea,
    ObservationKind,
    Relationship,
    Role,
    Visibility,
)

_STREETS = (
    "Purbeck Road",
    "Corfe Lane",
    "Quarry Close",
    "Station Approach",
    "Kingfisher Way",
    "Tout Hill",
    "Sandy Lane",
)
_ASKED_FOR = {
    "Zofia Szymańska": (
        "9990417008",
        "White Eastern European",
        "Roman Catholic",
        "Szkoła Podstawowa nr 4, Gdynia, until she came here in Year 2",
    ),
    "Zachary Foot": ("9990417016", "White British", "No religion", "Tadpoles Nursery, Wareham, before Reception"),
}
"""NHS number, ethnicity, religion and earlier schools of pupils with a request. The numbers are of no real person."""
SHARED_ADULTS = ("Donna Stickland",)
_PUPIL = select(Pupil).where(Pupil.id == bindparam("pupil_id"))


@dataclass
class Family:
    """The adults of one pupil: who comes to meetings, who was asked in vain."""

    adults: dict[str, int] = field(default_factory=dict)
    coming: tuple[int, str] | None = None
    silent: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()


def begin(stage: Stage, course: Course, child: Child, known_adults: dict[str, int]) -> Family:
    """Everything that stands before the first cycle, in the hand of the SEN assistant."""
    story = course.story
    day = stage.calendar.shifted(max(course.cycles[0].starts, stage.begun), 0)
    order = _order_paper(stage, course) if any("barred" in kin.flags for kin in story.family) else None
    with stage.act("rowsell", min(day, stage.today), "What is known of a pupil entered", 10, 15):
        family = _family(story, child, known_adults)
        _record(story, child)
        write_profile(child.pupil_id, _profile(story, min(day, stage.today)))
        if story.came_off or course.cycles[-1].agreed is None:
            known(stage, course, child, min(max(course.cycles[0].starts, stage.begun), stage.today))
        for kind, detail in story.health:
            since = course.cycles[0].starts
            db.session.add(Health(pupil_id=child.pupil_id, kind=kind, detail=detail, since=since))
        _concern(stage, story, child, course.cycles[0].starts)
        _last_years_teacher(stage, child)
        db.session.flush()
    if order is not None:
        _bar(stage, course, child, family, order)
    return family


def _family(story: Story, child: Child, known_adults: dict[str, int]) -> Family:
    family, asked, silent = Family(), [], []
    for kin in story.family:
        name = f"{kin.forename} {kin.surname}"
        adult_id = known_adults.get(name) if name in SHARED_ADULTS else None
        if adult_id is None:
            adult_id = known_adults[name] = add_adult(_adult(story, kin))
        link = LinkDetails(
            kin.relationship,
            parental_responsibility="pr" in kin.flags,
            lives_with="home" in kin.flags,
            may_view="view" in kin.flags,
            contact_withheld=story.address_withheld and "home" in kin.flags,
        )
        link_id = link_adult(child.pupil_id, adult_id, link)
        family.adults[name] = link_id
        if "barred" in kin.flags or kin.relationship is Relationship.GRANDPARENT:
            continue
        if kin.forename == story.silent:
            silent.append(adult_id)
        elif "home" in kin.flags:
            asked.append(adult_id)
            family.coming = family.coming or (adult_id, name)
    family.asked, family.silent = tuple(asked), tuple(silent)
    return family


def _adult(story: Story, kin: Kin) -> AdultDetails:
    number = sum(map(ord, kin.surname + story.name))
    return AdultDetails(
        surname=kin.surname,
        forename=kin.forename,
        title=kin.title,
        email=parent_email(kin.forename, kin.surname) if "view" in kin.flags or "home" in kin.flags else "",
        phone=f"01632 960{number % 1000:03d}",
        address=_home(story) if "home" in kin.flags else "",
        language=story.language if "home" in kin.flags else "",
        interpreter=story.interpreter if "home" in kin.flags else "",
    )


def _home(story: Story) -> str:
    """Where the child lives, and with them every adult at home, whatever their surname."""
    home = next((kin for kin in story.family if "home" in kin.flags), story.family[0])
    number = sum(map(ord, home.surname + story.name))
    return f"{number % 60 + 1} {_STREETS[number % len(_STREETS)]}, Purbeck"


def _record(story: Story, child: Child) -> None:
    pupil = db.session.scalars(_PUPIL, {"pupil_id": child.pupil_id}).one()
    pupil.first_language = story.language or "English"
    pupil.interpreter = story.interpreter
    pupil.address = "" if story.address_withheld else _home(story)
    if pupil.in_care:
        pupil.care_authority = "Dorset"
    if story.name in _ASKED_FOR:
        pupil.nhs_number, pupil.ethnicity, pupil.religion, pupil.previous_schools = _ASKED_FOR[story.name]
        pupil.service_family = False


def _profile(story: Story, day: date) -> ProfileWords:
    words = story.profile
    return ProfileWords(
        written_on=day,
        my_words=words.get("words", ""),
        good_at=words.get("good_at", ""),
        important_to_me=words.get("important", ""),
        hard_for_me=words.get("hard", ""),
        helps_me=words.get("helps", ""),
        hopes=words.get("hopes", ""),
    )


def known(stage: Stage, course: Course, child: Child, last: date) -> None:
    """Strengths and difficulties, seen by those who teach the pupil in the weeks before they were entered."""
    for number, (is_strength, area, text, source) in enumerate(course.story.known):
        kind = ObservationKind.STRENGTH if is_strength else ObservationKind.DIFFICULTY
        seen = stage.calendar.shifted(stage.calendar.on_or_before(last), -2 * number - 1)
        record_observation(child.pupil_id, NewObservation(kind, area, text, source, seen))


def _concern(stage: Stage, story: Story, child: Child, first: date) -> None:
    if not story.concern:
        return
    who, text, agreed = story.concern
    raised = stage.calendar.shifted(first, -50)
    met, agreed_on = stage.calendar.shifted(raised, 6), "SEN support from the first day of the next term."
    concern = Concern(
        pupil_id=child.pupil_id, raised_by=who, raised_on=raised, area=NeedArea.COMMUNICATION, text=text,
        evidence="Work of four weeks, and what her mother said at the gate.",
        tried="Picture instructions, words of the topic taught first, a partner who waits.",
        met_on=met, agreed=agreed, status=ConcernStatus.SEN_SUPPORT, ended_on=first, ended_why=agreed_on,
    )  # fmt: skip
    db.session.add(concern)
    db.session.flush()
    for kind, on, words in (
        (ConcernNoteKind.MEETING, met, "Her mother: she tells me nothing of the lesson, in no language."),
        (ConcernNoteKind.ENDED, first, f"SEN support. Copied from the paper of that meeting. {agreed_on}"),
    ):
        db.session.add(
            ConcernNote(pupil_id=child.pupil_id, concern_id=concern.id, kind=kind, on=on, who=who, text=words)
        )
        db.session.flush()


def _last_years_teacher(stage: Stage, child: Child) -> None:
    """Who taught the pupil in the year before this one, until its end."""
    this = academic_year_starts(stage.today)
    before = date(this.year - 1, 9, 1)
    lead = stage.lead(child, before)
    if lead is not None:
        assign(
            stage.cast.users[lead], child.pupil_id, AssignmentSource.HAND, f"Class teacher {academic_year(before)}",
            before, this - timedelta(days=1),
        )  # fmt: skip


def _order_paper(stage: Stage, course: Course) -> Paper:
    dated = stage.calendar.shifted(course.cycles[0].starts, 45)
    return Paper(
        DocumentKind.ORDER,
        "Order of the family court (copy)",
        "Family court",
        dated,
        (
            "A fictional order. Until further order Mr Foot must not remove the child from school, attend the school, "
            "or be given information about the child’s education or whereabouts.",
            "The school has seen the sealed original. The safeguarding lead holds the case file.",
        ),
        Visibility.RESTRICTED,
    )


def _bar(stage: Stage, course: Course, child: Child, family: Family, paper: Paper) -> None:
    stored = store(paper)
    day = max(stage.begun, paper.dated)
    with stage.act("hargreave", day, "Order of the court entered", 9, 5):
        document_id = add_document(child.pupil_id, stored)
        for kin in course.story.family:
            if "barred" in kin.flags:
                link_id = family.adults[f"{kin.forename} {kin.surname}"]
                reason = "Order of the family court: no contact, no information about the child."
                bar(link_id, NewBar(BarKind.ORDER, paper.dated, None, reason, document_id, has_no_end=True))


def sign_ins(stage: Stage, password_hash: str, known_adults: dict[str, int]) -> None:
    """Sign-ins for the parents that the sign-in page names, and for the member of staff who is a parent."""
    from graduated.demo.people import PARENTS
    from graduated.people.services import NewAccount, open_account

    with stage.act("legg", stage.begun, "Parents given a sign-in", 16, 0):
        for name, _sees in PARENTS:
            forename, surname = name.split(" ", 1)
            email = parent_email(forename, surname)
            user_id = open_account(NewAccount(email, name, Role.PARENT, password_hash))
            _join_user(known_adults[name], user_id)
        _join_user(known_adults["Daniel Meech"], stage.cast.users["meech"])
        open_account(NewAccount("daniel.meech@purbeckroad.example", "Daniel Meech", Role.PARENT))


def _join_user(adult_id: int, user_id: int) -> None:
    adult = db.session.scalars(select(Adult).where(Adult.id == adult_id)).one()
    adult.user_id = user_id
    db.session.flush()
