"""A bar travels with the record: no other spelling of a name at the next school lets a barred adult look."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Adult, Bar, FamilyLink, Pupil, SenStatusSpell
from graduated.rules.vocabulary import BarKind, Relationship, SenStatus, StatusSource
from graduated.transfer.joining import folded
from graduated.transfer.making import make
from graduated.transfer.models import TransferOut
from graduated.transfer.services import bring_in, preview


@pytest.mark.parametrize(
    ("one", "other"),
    [("Paweł Szymański", "Pawel Szymanski"), ("Siân O’Neill", "SIAN O'NEILL"), ("Anne-Marie Groß", "Anne Marie Gross")],
)
def test_two_registers_write_one_name(one: str, other: str) -> None:
    assert folded(*one.split(" ", 1)) == folded(*other.split(" ", 1))
    assert folded("Paweł", "Szymański") != folded("Piotr", "Szymański")


@pytest.fixture
def barred(former: Flask, former_id: int, zofia: int) -> Path:
    """Her record, with an order against her father."""
    with former.app_context(), acting(system_actor(former_id, "Hannah Legg")):
        with write("Barred"):
            link = db.session.scalars(
                select(FamilyLink).where(FamilyLink.pupil_id == zofia, FamilyLink.relationship == Relationship.FATHER)
            ).one()
            father = db.session.scalars(select(Adult).where(Adult.id == link.adult_id)).one()
            father.forename, father.surname, father.email = "Paweł", "Szymański", ""
            order = Bar(pupil_id=zofia, family_link_id=link.id, kind=BarKind.ORDER, starts=today(), reason="Order")
            db.session.add(order)
        out = make(zofia, "Harbour Academy", "Hannah Legg")
        row = db.session.scalars(select(TransferOut).where(TransferOut.id == out)).one()
        path: Path = former.extensions["files"].path(row.sha256)
        return path


def pupil_of_the_mis(bundle: Path, school: tuple[Flask, int], forename: str, surname: str) -> int:
    """What the next school's MIS has brought of her: a status, and a father under this name who may look."""
    app, school_id = school
    with app.app_context(), acting(system_actor(school_id, "MIS")):
        about = preview(bundle).bundle.pupil
        with write("Brought by the MIS"):
            pupil = Pupil(
                upn=about["upn"], legal_surname=about["legal_surname"], legal_forename=about["legal_forename"],
                known_as="", born_on=about["born_on"], year_group=about["year_group"], rights_pass_on=date(2033, 6, 24),
            )  # fmt: skip
            adult = Adult(forename=forename, surname=surname, email="father@home.example")
            db.session.add_all([pupil, adult])
            db.session.flush()
            link = FamilyLink(
                pupil_id=pupil.id, adult_id=adult.id, relationship=Relationship.FATHER, parental_responsibility=True,
                lives_with=False, may_view=True,
            )  # fmt: skip
            spell = SenStatusSpell(
                pupil_id=pupil.id, status=SenStatus.SUPPORT, starts=today() - timedelta(days=3), source=StatusSource.MIS
            )
            db.session.add_all([link, spell])
            db.session.flush()
            return link.id


def bars_of(school: tuple[Flask, int], link_id: int) -> list[tuple[BarKind, date | None]]:
    app, school_id = school
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        rows = db.session.execute(select(Bar.kind, Bar.ends).where(Bar.family_link_id == link_id)).all()
        return [(row.kind, row.ends) for row in rows]


def test_a_father_whom_the_mis_writes_without_accents_is_the_barred_one(
    barred: Path, next_school: tuple[Flask, int]
) -> None:
    link = pupil_of_the_mis(barred, next_school, "Pawel", "SZYMANSKI")
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        assert preview(barred).held == ()
        bring_in(barred, preview(barred).bundle.sha256)
    assert bars_of(next_school, link) == [(BarKind.ORDER, None)]


def test_where_it_is_not_sure_who_is_barred_nobody_unsure_may_look_and_the_page_says_so(
    barred: Path, next_school: tuple[Flask, int]
) -> None:
    link = pupil_of_the_mis(barred, next_school, "P", "Nowak")
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        assert preview(barred).held == ("P Nowak",)
        assert bars_of(next_school, link) == []
        bring_in(barred, preview(barred).bundle.sha256)
    assert bars_of(next_school, link) == [(BarKind.HOLD, today() + timedelta(days=28))]


def test_without_a_bar_in_the_record_nobody_is_held(bundle: Path, next_school: tuple[Flask, int]) -> None:
    link = pupil_of_the_mis(bundle, next_school, "P", "Nowak")
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        assert preview(bundle).held == ()
        bring_in(bundle, preview(bundle).bundle.sha256)
    assert bars_of(next_school, link) == []
