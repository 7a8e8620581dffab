"""Destroying a record closes sign-ins that led to it and nowhere else; everybody with another door keeps theirs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.erasure.services import carry_out_paper
from graduated.erasure.services_files import ask_for_paper
from graduated.ops.verify import verify_all
from graduated.people.models import (
    Credential,
    Membership,
    Passkey,
    ProviderLink,
    RecoveryCode,
    SecondFactor,
    SignInSession,
    User,
)
from graduated.people.models_devices import DevicePin, SchoolDevice
from graduated.people.sign_in import enter
from graduated.pupils.models import Adult, FamilyLink
from graduated.pupils.services_papers import NewPaper, PaperWords, add_document
from graduated.retention.preview import preview_of
from graduated.rules.vocabulary import DocumentKind, Relationship, Role, Visibility
from tests.retention.conftest import Leaver
from tests.support.databases import all_words_in
from tests.support.world import email_of

YEARS_AGO = date(2019, 9, 1)
DOORS = [
    ("elsewhere", Role.SENCO, None),
    ("elsewhere", Role.PARENT, None),
    ("elsewhere", Role.SUPPORT, today() - timedelta(200)),
    ("here", Role.SUPPORT, None),
    ("here", Role.TEACHER, today() - timedelta(200)),
]


def _account(leaver: Leaver) -> tuple[bool, str, str]:
    found = db.session.execute(
        select(User.active, User.name, User.email).where(User.id == leaver.world.users["parent"])
    ).one()
    return found.active, found.name, found.email


@pytest.mark.parametrize(("where", "role", "ends"), DOORS, ids=str)
def test_whoever_has_or_had_another_door_keeps_the_account(
    leaver: Leaver, where: str, role: Role, ends: date | None
) -> None:
    world = leaver.world
    school_id = world.school_id if where == "here" else world.other_school_id
    with acting(system_actor(school_id, "Tests")), write("Another door"):
        db.session.add(Membership(user_id=world.users["parent"], role=role, starts=YEARS_AGO, ends=ends))
    seen = preview_of(leaver.pupil_id)
    assert (seen.accounts, seen.kept_accounts) == (1, 1), "the father's goes, the mother's stays"
    leaver.destroyed()
    assert _account(leaver) == (True, "Anna Szymańska", email_of("parent"))
    assert entry.account(email_of("parent")) is not None


def test_whoever_is_an_adult_of_another_school_s_child_keeps_the_account(leaver: Leaver) -> None:
    world = leaver.world
    with acting(system_actor(world.other_school_id, "Tests")), write("Known there"):
        db.session.add(Adult(forename="Anna", surname="Szymańska", user_id=world.users["parent"], email=""))
    leaver.destroyed()
    assert _account(leaver)[0]


def test_a_sign_in_that_led_to_this_record_alone_is_closed_and_loses_its_name(leaver: Leaver) -> None:
    leaver.destroyed()
    active, name, email = _account(leaver)
    assert not active and "Anna" not in name and email.endswith("@destroyed.invalid")
    assert entry.account(email_of("parent")) is None


def _with_keys(leaver: Leaver) -> int:
    """The mother has every way in that there is, and is signed in on a telephone."""
    mother, key = leaver.world.users["parent"], "QuillfeatherKey"
    with write("Ways in"):
        device = SchoolDevice(name="Tablet", expires_on=today(), token_hash="x")
        db.session.add(device)
        db.session.flush()
        db.session.add_all([
            SecondFactor(user_id=mother, totp_secret=key), RecoveryCode(user_id=mother, code_hash=key),
            Passkey(user_id=mother, credential_id=key, public_key=key, host="sen.school.example", name=key),
            ProviderLink(user_id=mother, issuer="https://accounts.google.com", sub=key),
            DevicePin(user_id=mother, school_device_id=device.id, initials="AS", pin_hash=key),
        ])  # fmt: skip
    enter(mother, entry.doors(mother)[0], address="203.0.113.9", device="QuillfeatherPhone")
    return mother


def _ways_in(user_id: int) -> list[str]:
    keys = (Credential, SecondFactor, RecoveryCode, Passkey, ProviderLink, DevicePin)
    found = [cls.__name__ for cls in keys if db.session.scalars(select(cls.id).where(cls.user_id == user_id)).first()]
    open_here = select(SignInSession.id).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    return found + ["signed in"] * len(db.session.scalars(open_here).all())


def test_with_a_closed_sign_in_go_all_its_keys_devices_and_codes_and_no_word_of_them_is_left(leaver: Leaver) -> None:
    mother = _with_keys(leaver)
    assert len(_ways_in(mother)) == 7
    leaver.destroyed()
    assert _ways_in(mother) == []
    db.session.remove()
    home = current_app.config["SETTINGS"].home
    content = all_words_in(home)
    assert b"Purbeck Road" in content
    assert b"QuillfeatherKey" not in content and b"QuillfeatherPhone" not in content
    assert verify_all().broken == []


def test_who_keeps_the_account_as_staff_keeps_their_keys_and_is_a_parent_here_no_more(leaver: Leaver) -> None:
    mother = _with_keys(leaver)
    with write("Another door"):
        db.session.add(Membership(user_id=mother, role=Role.SUPPORT, starts=YEARS_AGO))
    leaver.destroyed()
    assert set(_ways_in(mother)) == {
        "Credential",
        "SecondFactor",
        "RecoveryCode",
        "Passkey",
        "ProviderLink",
        "DevicePin",
    }
    assert [door.hat.value for door in entry.doors(mother)] == ["staff"]


def test_who_has_another_child_here_stays_a_parent(leaver: Leaver) -> None:
    mother = leaver.world.users["parent"]
    with write("A sister"):
        db.session.add(FamilyLink(pupil_id=leaver.world.pupils["ivy"], adult_id=leaver.world.adults["parent"],
                                  relationship=Relationship.MOTHER, may_view=True,
                                  parental_responsibility=True, lives_with=True))  # fmt: skip
    leaver.destroyed()
    assert [door.hat.value for door in entry.doors(mother)] == ["family"]


def test_a_paper_that_went_by_law_before_hinders_neither_the_destruction_nor_verify(leaver: Leaver) -> None:
    stored = current_app.extensions["files"].put([b"%PDF-1.4 of another child"])
    words = PaperWords(DocumentKind.REPORT, "A report", None, "", Visibility.STAFF)
    paper = add_document(leaver.pupil_id, NewPaper(words, stored.sha256, stored.size, "application/pdf"))
    with acting(leaver.senco):
        order_id = ask_for_paper(paper, "It is about another child.", "Ola Reyes, 3 November")
    with acting(leaver.head):
        carry_out_paper(order_id)
    leaver.destroyed()
    assert verify_all().broken == []
