"""A record that is due goes whole, by two people; what is left is a shell that verify accepts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import Actor, acting, system_actor
from graduated.app import create_app
from graduated.assess.models import Observation
from graduated.db.base import Base
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.models import InformationRequest
from graduated.erasure import services as erasure
from graduated.erasure.places import Place
from graduated.ops.verify import verify_all
from graduated.people.models import User
from graduated.pupils.models import Document, Pupil
from graduated.request.models import AssessmentRequest
from graduated.retention import services
from graduated.retention.destroying import STAYS
from graduated.retention.models import LegalHold
from graduated.retention.preview import preview_of
from graduated.retention.queries import falling, log
from graduated.retention.services import RetentionRefused
from graduated.review.models import Review
from graduated.rules.retention import RecordClass
from graduated.rules.vocabulary import ByLaw, RequestStatus, ReviewStatus, Role
from graduated.transfer import services as transfer
from graduated.transfer.making import make
from tests.conftest import settings_in
from tests.support.databases import all_words_in
from tests.support.demo import DemoSchool

PEOPLE = {"senco": ("hannah.legg@", Role.SENCO), "head": ("ruth.ansell@", Role.HEAD)}
WORDS = "reads a Year 4 text aloud"


def _settle(pupil_id: int) -> None:
    """Nobody waits for anything out of the record any more."""
    for request in db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.pupil_id == pupil_id)):
        request.status = RequestStatus.PLAN_ISSUED
    for asked in db.session.scalars(select(InformationRequest).where(InformationRequest.pupil_id == pupil_id)):
        asked.answered_on = asked.answered_on or today()


class School:
    """A copy of the demo school in which Zofia left, and the next school has her record."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.app: Flask = create_app(settings_in(home), testing=True)
        with self.app.app_context():
            self.school_id = entry.school_ids()[0][0]
            with acting(system_actor(self.school_id, "Tests")):
                users = db.session.execute(select(User.id, User.email, User.name)).all()
                self.actors = {
                    who: next(
                        Actor(user_id=one.id, school_id=self.school_id, name=one.name, roles=frozenset({role}))
                        for one in users
                        if one.email.startswith(start)
                    )
                    for who, (start, role) in PEOPLE.items()
                }
                with write("Left"):
                    pupil = db.session.scalars(
                        select(Pupil).where(Pupil.legal_forename == "Zofia", Pupil.legal_surname == "Szymańska")
                    ).one()
                    pupil.left_on = today() - timedelta(days=90)
                    _settle(pupil.id)
                self.pupil_id = pupil.id
                self.out = make(pupil.id, "Harbour Academy", "Hannah Legg")

    @contextmanager
    def as_(self, who: str) -> Iterator[None]:
        """Act as one of its people."""
        actor = self.actors[who] if who in self.actors else system_actor(self.school_id, "Tests")
        with self.app.app_context(), acting(actor):
            yield
            db.session.rollback()

    def received(self) -> None:
        """The next school has it since two months."""
        with self.as_("senco"):
            transfer.record_receipt(
                self.out, transfer.Receipt("Ines Marlow", "Harbour Academy", today() - timedelta(days=60))
            )


@pytest.fixture
def school(demo_school: DemoSchool, tmp_path: Path) -> Iterator[School]:
    """The school of these tests."""
    shutil.copytree(demo_school.home, tmp_path / "school")
    made = School(tmp_path / "school")
    yield made
    with made.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _destroyed(school: School) -> None:
    school.received()
    with school.as_("senco"):
        order = services.ask(school.pupil_id)
    with school.as_("head"):
        services.carry_out(order)


def test_a_destroyed_record_leaves_no_row_but_its_shell_and_verify_accepts_it(school: School) -> None:
    _destroyed(school)
    left = {"pupil", "cycle", "review", "seal", "transfer_out", *STAYS, "change_event"}
    with school.as_("system"):
        for mapper in Base.registry.mappers:
            cls = mapper.class_
            if hasattr(cls, "pupil_id") and cls.__tablename__ not in left:
                found = db.session.scalars(select(cls.id).where(cls.pupil_id == school.pupil_id)).all()
                assert found == [], cls.__tablename__
    with school.app.app_context():
        verified = verify_all()
    assert verified.broken == []
    assert verified.checked["tombstones"] > 300


def test_no_word_of_a_destroyed_record_is_left_in_the_database_or_its_audit(school: School) -> None:
    with school.as_("senco"):
        seen = db.session.scalars(select(Observation.id).where(Observation.pupil_id == school.pupil_id)).first() or 0
        text = db.session.scalars(select(Observation.text).where(Observation.id == seen)).one()
        wish = erasure.Wish(ByLaw.RECTIFY, "It was not so", "Ola Reyes", "Canaryright stood there", text)
        order = erasure.ask(Place("observation", seen, "text"), wish)
        erasure.decline(order, "Canarydeclined it")
        services.end_hold(services.hold(school.pupil_id, "Canaryhold of a tribunal", None), "Canaryend of it")
    _destroyed(school)
    with school.app.app_context():
        db.session.remove()
        db.engine.dispose()
    bytes_left = all_words_in(school.home)
    assert b"Purbeck Road" in bytes_left
    for words in ("Szymańska", WORDS, "Canary", text):
        assert words.encode() not in bytes_left


def test_the_uploaded_papers_of_a_destroyed_record_are_gone_from_the_store(school: School) -> None:
    with school.as_("system"):
        mine = set(db.session.scalars(select(Document.sha256).where(Document.pupil_id == school.pupil_id)))
        others = set(db.session.scalars(select(Document.sha256).where(Document.pupil_id != school.pupil_id)))
    store = school.app.extensions["files"]
    assert mine and all(store.path(one).exists() for one in mine)
    _destroyed(school)
    assert [one for one in mine - others if store.path(one).exists()] == []
    assert all(store.path(one).exists() for one in others if one)


def test_the_log_says_enough_to_answer_and_names_no_child(school: School) -> None:
    _destroyed(school)
    with school.as_("head"):
        line, *earlier = log()
        assert falling() == ()
    assert [one.initials for one in earlier] == ["TM"], "the demo school had destroyed one record before"
    assert (line.initials, line.record_class, line.files > 0) == ("ZS", RecordClass.TRANSFERRED, True)
    assert (line.asked_by, line.carried_out_by) == (school.actors["senco"].name, school.actors["head"].name)


def test_the_preview_counts_the_cycles_and_sealed_reviews_that_are_emptied(school: School) -> None:
    with school.as_("system"):
        sealed = select(Review.cycle_id).where(Review.pupil_id == school.pupil_id, Review.status == ReviewStatus.SEALED)
        of_cycles = db.session.scalars(sealed).all()
    with school.as_("senco"):
        seen = preview_of(school.pupil_id)
    assert len(of_cycles) > 1
    assert seen.empties[:2] == (f"{len(set(of_cycles))} cycles", f"{len(of_cycles)} sealed reviews")


def test_other_pupils_keep_every_row(school: School) -> None:
    def rows() -> dict[str, set[int]]:
        with school.as_("system"):
            return {
                mapper.class_.__tablename__: set(
                    db.session.scalars(select(mapper.class_.id).where(mapper.class_.pupil_id != school.pupil_id))
                )
                for mapper in Base.registry.mappers
                if hasattr(mapper.class_, "pupil_id") and mapper.class_.__tablename__ != "change_event"
            }

    before = rows()
    _destroyed(school)
    assert rows() == before


def test_nobody_destroys_a_record_alone(school: School) -> None:
    school.received()
    with school.as_("head"):
        order = services.ask(school.pupil_id)
        with pytest.raises(RetentionRefused):
            services.carry_out(order)


def test_a_record_that_is_held_is_not_destroyed(school: School) -> None:
    school.received()
    with school.as_("senco"):
        order = services.ask(school.pupil_id)
        hold_id = services.hold(school.pupil_id, "A tribunal", None)
    with school.as_("head"):
        with pytest.raises(RetentionRefused, match="held"):
            services.carry_out(order)
        with pytest.raises(RetentionRefused, match="held"):
            services.ask(school.pupil_id)
        services.end_hold(hold_id, "The tribunal has decided")
        services.carry_out(order)
    with school.as_("system"):
        mine = select(LegalHold.reason).where(LegalHold.pupil_id == school.pupil_id)
        assert db.session.scalars(mine).all() == [""]


def test_a_record_without_a_receipt_is_kept_for_31_years(school: School) -> None:
    with school.as_("senco"), pytest.raises(RetentionRefused, match="not due"):
        services.ask(school.pupil_id)


def test_a_receipt_for_another_bundle_is_refused(school: School) -> None:
    with school.as_("senco"), pytest.raises(transfer.ReceiptRefused):
        transfer.record_receipt(school.out, transfer.Receipt("A", "Harbour Academy", today(), "0" * 64))


def test_a_school_keeps_records_longer_and_never_shorter(school: School) -> None:
    with school.as_("senco"):
        with pytest.raises(RetentionRefused, match="at least"):
            services.keep_for(RecordClass.TRANSFERRED, 29)
        services.keep_for(RecordClass.TRANSFERRED, 90)
    school.received()
    with school.as_("senco"), pytest.raises(RetentionRefused, match="not due"):
        services.ask(school.pupil_id)
