"""The pack's copy for one adult of the family: what it leaves out, and who may be given one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import View
from graduated.db.machinery import Job
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build, draw
from graduated.ehcna.content_family import AGREEMENT, content_for
from graduated.ehcna.family_reads import _RULES, BEHIND, OF_THE_REQUEST, left_out_for
from graduated.ehcna.queries import JOB_KIND
from graduated.ehcna.queries_files import files_of_build
from graduated.ehcna.records import Records, records_for
from graduated.ops.worker import work_once
from graduated.pupils.models import Document, FamilyLink, Pupil
from graduated.rules.vocabulary import PackFileKind, Relationship, ViewMethod, ViewOf, Visibility
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.ehcna.words import TYPED
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


def test_of_a_review_a_parent_who_was_not_there_reads_no_words_of_the_other(
    rich: Rich, nan: int, as_system: Actor
) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    held, mother = next(one for one in records.reviews if one.sealed and one.attendees), rich.adult_id
    came = replace(held, attendees=(replace(held.attendees[0], adult_id=mother),))
    said = replace(came, parent_views="Said among the three of us", attempts="Two letters to the old flat")
    told = {
        who: left_out_for(replace(records, reviews=(said,)), who or 0).reviews[0].parent_views for who in (mother, nan)
    }
    assert told == {mother: "Said among the three of us", nan: ""}
    assert left_out_for(replace(records, reviews=(said,)), nan).reviews[0].attempts == ""


def test_a_copy_follows_what_each_table_says_a_family_reads(
    rich: Rich, nan: int, as_system: Actor, tmp_path: Path
) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    left = left_out_for(records, nan)
    assert records.suspensions and records.concerns and records.attendance
    for name, model in BEHIND.items():
        if model.family == "never":
            assert not getattr(left, name), name
        elif model.family in {"mine", "always"}:
            assert getattr(left, name) == getattr(records, name), name
    assert {one.adult_id for one in records.consents} - {nan, None}
    assert not {one.adult_id for one in left.consents} - {nan, None}
    words = copies(rich, tmp_path, rich.adult_id)[rich.adult_id]
    assert squeezed(TYPED[41]) not in words
    assert squeezed(TYPED[41]) in words_of(draw(rich.pupil_id, rich.request_id, MOMENT, "Hannah Legg").pdf, tmp_path)


def test_every_record_of_a_pack_is_held_against_what_its_table_says() -> None:
    of_the_pupil = {
        "head",
        "details",
        "school",
        "profile_of_authority",
        "on",
        "request",
        "year",
        "costed",
        "doses",
        "kind",
    }
    assert {one.name for one in fields(Records)} == BEHIND.keys() | OF_THE_REQUEST | of_the_pupil
    assert {model.family for model in BEHIND.values()} <= {"never", "mine", "always"} | _RULES.keys()


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
        rich.adult_id, "Mrs Anna Szymańska", "evidence-pack-family-copy-for-Anna-2026-11-04.pdf",
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
    assert "Copy for Mrs Anna Szymańska" in client.text(place)
    with app.app_context(), acting(system_actor(1, "Tests")):
        (job_id,) = db.session.scalars(select(Job.id).where(Job.kind == JOB_KIND)).all()
    ready = client.text(f"/packs/jobs/{job_id}")
    assert "Copy for Mrs Anna Szymańska" in ready, "the page on which it is ready says whose it is, too"
    assert "Copy for the family" not in ready


def test_of_two_separated_parents_neither_copy_tells_how_the_other_was_asked_or_answered(
    rich: Rich, nan: int, as_system: Actor, tmp_path: Path
) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    mother = next(one for one in records.adults if one.adult_id == rich.adult_id)
    other = next(one for one in records.adults if one.adult_id == nan)
    plan = next(one for one in records.evidence_plans if one.agreements)
    both = replace(
        plan.agreements[0], agreed=(mother.name,), no_answer=(other.name,), note="Letter home, two messages, no answer"
    )
    theirs = replace(both, agreed=(other.name,), no_answer=(), note="Rang back in the evening")
    plans = tuple(replace(one, agreements=(both, theirs)) if one is plan else one for one in records.plans)
    review = next(one for one in records.reviews if one.addenda)
    told_us = replace(review.addenda[0], text=f"{other.name} telephoned. They agree with the next step.")
    said = replace(review, addenda=(told_us,))
    records = replace(records, plans=plans, reviews=tuple(said if one is review else one for one in records.reviews))
    for who, whose in ((mother, other), (other, mother)):
        left = left_out_for(records, who.adult_id)
        (shown,) = [one for one in left.plans if one.cycle == plan.cycle]
        assert all(whose.name not in (*one.agreed, *one.no_answer) for one in shown.agreements)
        assert not any("messages" in one.note for one in shown.agreements)
        copy = content_for(records, who.adult_id)
        (line,) = [one for one in copy.gaps if one.line == AGREEMENT]
        assert "Your own answers" in line.words
        assert " of 2 " not in line.words
        assert whose.name not in line.words
    assert [one.text for one in left_out_for(records, nan).reviews if one.addenda for one in one.addenda]
    mothers = left_out_for(records, mother.adult_id)
    assert not any("agree with the next step" in one.text for held in mothers.reviews for one in held.addenda)
    (of_plan,) = [one for one in mothers.plans if one.cycle == plan.cycle]
    assert [one.agreed for one in of_plan.agreements] == [(mother.name,)], "an agreement of the other alone is theirs"
