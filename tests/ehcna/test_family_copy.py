"""The pack's copy for one adult of the family: what it leaves out, and who may be given one."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.assess.models import View
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build, draw
from graduated.ehcna.queries_files import files_of_build
from graduated.ops.worker import work_once
from graduated.pupils.models import Document, FamilyLink, Pupil
from graduated.rules.vocabulary import PackFileKind, Relationship, ViewMethod, ViewOf, Visibility
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.support.client import PageClient
from tests.support.world import World

MOMENT = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)
UNSHARED = "He shouts when the homework comes out"
SHARED = "The tablet helps him at weekends"


@pytest.fixture
def nan(rich: Rich, as_system: Actor) -> int:
    """The grandmother, who now has parental responsibility, with words that she shared and words that she did not."""
    link = db.session.scalars(
        select(FamilyLink).where(
            FamilyLink.pupil_id == rich.pupil_id, FamilyLink.relationship == Relationship.GRANDPARENT
        )
    ).one()
    with write("Views of two adults"):
        link.parental_responsibility, link.may_view, link.contact_withheld = True, True, False
        for words, shared in ((UNSHARED, False), (SHARED, True)):
            db.session.add(
                View(
                    pupil_id=rich.pupil_id, whose=ViewOf.PARENT, adult_id=link.adult_id, method=ViewMethod.PHONE,
                    text=words, given_on=MOMENT.date(), gathered_by="Hannah Legg", shared_with_family=shared,
                )
            )  # fmt: skip
        db.session.add(
            Document(
                pupil_id=rich.pupil_id, kind=db.session.scalars(select(Document.kind)).first(), title="Shared letter",
                dated=MOMENT.date(), author="Dr Ŵyn Prýs", sha256="cd" * 32, size=9, media_type="application/pdf",
                visibility=Visibility.FAMILY,
            )
        )  # fmt: skip
    return int(link.adult_id)


def copies(rich: Rich, folder: Path, *adults: int) -> dict[int, str]:
    """The words of the copies, by adult."""
    drawn = draw(rich.pupil_id, rich.request_id, MOMENT, "Hannah Legg", copies=adults)
    return {one.adult_id: words_of(one.pdf, folder) for one in drawn.copies}


def test_a_copy_says_nobodys_address_and_no_words_that_another_adult_did_not_share(
    rich: Rich, nan: int, as_system: Actor, tmp_path: Path
) -> None:
    told = copies(rich, tmp_path, rich.adult_id, nan)
    assert set(told) == {rich.adult_id, nan}
    for words in told.values():
        assert "SeñoraClose" not in words
        assert "01305550" not in words
        assert "parent@" not in words
        assert squeezed("Copy for the family") in words
    assert squeezed(UNSHARED) in told[nan]
    assert squeezed(UNSHARED) not in told[rich.adult_id]
    assert squeezed(SHARED) in told[rich.adult_id]


def test_papers_for_staff_are_left_out_of_a_copy(rich: Rich, nan: int, as_system: Actor, tmp_path: Path) -> None:
    words = copies(rich, tmp_path, rich.adult_id)[rich.adult_id]
    assert squeezed("Shared letter") in words
    assert squeezed("Report of Dr Ŵyn Prýs") not in words


def test_the_authoritys_copy_has_it_all(rich: Rich, nan: int, as_system: Actor, tmp_path: Path) -> None:
    words = words_of(draw(rich.pupil_id, rich.request_id, MOMENT, "Hannah Legg", copies=(nan,)).pdf, tmp_path)
    for said in (UNSHARED, SHARED, "7 Señora Close", "Report of Dr Ŵyn Prýs"):
        assert squeezed(said) in words


def test_nobody_gets_a_copy_who_may_not_be_given_papers(
    rich: Rich, world: World, as_system: Actor, tmp_path: Path
) -> None:
    barred = world.adults["barred_parent"]
    assert copies(rich, tmp_path, barred, world.adults["other_parent"]) == {}
    with write("Came of age"):
        pupil = db.session.scalars(select(Pupil).where(Pupil.id == rich.pupil_id)).one()
        pupil.rights_pass_on = MOMENT.date()
    assert copies(rich, tmp_path, rich.adult_id) == {}


def test_the_same_moment_gives_the_same_copy_and_it_is_kept_for_its_adult(
    app: Flask, rich: Rich, as_system: Actor
) -> None:
    found = []
    for _ in range(2):
        build_id, _pdf, _pages = build(
            rich.pupil_id, rich.request_id, "Hannah Legg", moment=MOMENT, copies=(rich.adult_id,)
        )
        (row,) = [one for one in files_of_build(build_id) if one.kind is PackFileKind.FAMILY]
        found.append(row.sha256)
    assert (row.adult_id, row.for_whom, row.file_name) == (
        rich.adult_id, "Mrs Anna Szymańska", "evidence-pack-family-copy-2026-11-04.pdf",
    )  # fmt: skip
    assert found[0] == found[1]


def test_a_copy_is_asked_for_with_the_build(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    place = f"/requests/{rich.request_id}"
    page = client.text(place)
    assert "With a copy for the family" in page
    assert "Marek" not in page.split("With a copy for the family")[1].split("Build the pack")[0]
    client.send(place, copies=str(rich.adult_id))
    with app.app_context():
        assert work_once()
    assert "Copy for the family: Mrs Anna Szymańska" in client.text(place)
