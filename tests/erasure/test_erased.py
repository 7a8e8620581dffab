"""Words that go by law go from everywhere, and `graduated verify` holds all the rest against what was recorded."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import View
from graduated.audit.models import Tombstone
from graduated.db.clock import held
from graduated.db.machinery import DestructionPermit, Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.erasure.places import Place
from graduated.ops.verify import verify_all
from graduated.plan.models import Contribution
from graduated.pupils.models import Document
from graduated.review.models import Addendum, Attendee, PaperGiven, ProvisionJudgement, Review
from graduated.review.queries import review_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services import add_addendum, save_review, start_review
from graduated.rules.vocabulary import ByLaw, DocumentKind, NextStep, Role
from tests.erasure.conftest import Told, done, person, sitting, step_id
from tests.ops.test_verify import meddle
from tests.review.scene import NOW, TODAY, said, set_scene
from tests.support.databases import ON_POSTGRESQL, all_words_in
from tests.support.world import World

ON = f"{TODAY.day} {TODAY:%B %Y}"
MARK = f"[Erased on {ON} on the authority of Ruth Chaffey, headteacher. What stood here is gone by law.]"


def everything_in(home: Path) -> dict[str, bytes]:
    """Every file of the installation: the database with its log, the file store, the anchor."""
    found = {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    if ON_POSTGRESQL:  # its files are the server's; every row of every table is looked at instead
        found["graduated.db"] = all_words_in(home)
    return found


def traces(home: Path) -> list[str]:
    """The files in which a telling piece of the sentence still stands."""
    pieces = (b"Quillfeather", b"on the arm in assembly")
    return [name for name, content in everything_in(home).items() if any(piece in content for piece in pieces)]


def test_what_is_erased_is_gone_from_every_record_and_verify_counts_its_tombstones(
    app: Flask, home: Path, told: Told
) -> None:
    assert "graduated.db" in " ".join(traces(home))
    done(told, told.reason)
    record = review_of(told.review_id)
    assert record.judgements[0].reason == f"Not met. {MARK}."
    assert record.summary == MARK
    assert db.session.scalars(select(View.text)).all()[-1] == MARK
    assert "Quillfeather" not in db.session.scalars(select(Post.body)).one()
    assert db.session.scalars(select(PaperGiven.sha256)).all() == [""]
    assert db.session.scalars(select(DestructionPermit.id)).all() == []
    answer = verify_all()
    assert answer.whole, answer.as_text()
    stones = db.session.execute(select(Tombstone.table_name, Tombstone.field).order_by(Tombstone.id)).all()
    assert tuple(stones[0]) == ("judgement", "reason")
    assert answer.checked["tombstones"] == len(stones)
    assert f"{len(stones)} tombstones" in answer.as_text()
    assert traces(home) == []


def test_words_are_put_right_in_the_record_and_wherever_they_are_quoted(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason, ByLaw.RECTIFY, "Another pupil bumped into her")
    record = review_of(told.review_id)
    right = (
        f"Another pupil bumped into her [Put right on {ON} by Ruth Chaffey, on the authority of Ruth Chaffey, "
        "headteacher: A different child was written of.]"
    )
    assert record.judgements[0].reason == f"Not met. {right}."
    assert record.summary == right
    answer = verify_all()
    assert answer.whole, answer.as_text()
    assert answer.checked["tombstones"] == 4
    assert traces(home) == []


def test_what_was_put_right_can_be_erased_later(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason, ByLaw.RECTIFY, "Barnaby Q bumped into her")
    done(told, told.reason, ByLaw.ERASE, passage="Barnaby Q")
    assert "Barnaby" not in review_of(told.review_id).judgements[0].reason
    answer = verify_all()
    assert answer.whole, answer.as_text()
    assert all(b"Barnaby" not in content for content in everything_in(home).values())


def test_a_whole_piece_goes_when_no_words_of_it_are_marked(app: Flask, told: Told) -> None:
    done(told, told.summary, passage="")
    record = review_of(told.review_id)
    assert record.summary == MARK
    assert record.judgements[0].reason == f"Not met. {MARK}."
    assert verify_all().whole


def test_short_words_are_left_alone_elsewhere(app: Flask, told: Told) -> None:
    """Only the piece itself goes: "It works." is said of many a thing."""
    verdict = db.session.scalars(select(ProvisionJudgement.id).where(ProvisionJudgement.why == "It works.")).one()
    with_it = db.session.scalars(select(func.count()).select_from(Contribution).where(Contribution.text != "")).one()
    done(told, Place("provision_judgement", verdict, "why"), passage="")
    assert review_of(told.review_id).verdicts[0].why == MARK
    left = db.session.scalars(select(func.count()).select_from(Contribution).where(Contribution.text != "")).one()
    assert left == with_it
    assert verify_all().whole


def test_the_decision_as_it_was_thought_over_goes_with_its_reason(app: Flask, home: Path, told: Told) -> None:
    done(told, Place("next_step", step_id(told.review_id), "reason"), passage="")
    left = db.session.scalars(select(Review.decision).where(Review.id == told.review_id)).one()
    assert "talked through" not in str(left)
    assert b"talked through with the family" not in b"".join(everything_in(home).values())
    assert verify_all().whole


def test_an_addendum_and_a_name_are_erased_in_the_same_way(app: Flask, told: Told) -> None:
    added = db.session.scalars(select(Addendum.id)).one()
    came = db.session.scalars(select(Attendee.id).where(Attendee.name == "Mrs Kowalska")).one()
    done(told, Place("addendum", added, "text"), passage="")
    done(told, Place("attendee", came, "name"), passage="")
    record = review_of(told.review_id)
    assert record.addenda[0].text == MARK
    assert [one.name for one in record.attendees][-1] == f"[Erased on {ON}]"
    assert verify_all().whole


def test_the_kept_copy_goes_and_a_new_one_holds_no_trace(app: Flask, home: Path, told: Told, tmp_path: Path) -> None:
    kept = db.session.scalars(select(PaperGiven.sha256)).one()
    before = read_back(app.extensions["files"].read(kept), tmp_path)
    assert "Quillfeather" in before
    done(told, told.reason)
    assert not app.extensions["files"].path(kept).exists()
    after = read_back(record_bytes(review_of(told.review_id), "Hannah Legg"), tmp_path)
    assert "Quillfeather" not in after and f"Erased on {ON}" in after


def test_a_copy_that_is_older_than_the_words_is_left_alone(app: Flask, told: Told) -> None:
    """The record was given before the addendum was written: the words cannot stand on it."""
    with held(NOW + timedelta(days=1)), acting(told.senco):
        added = add_addendum(told.review_id, "Wilfred Oakes of Year 2 was meant by this.", "It was late.")
    kept = db.session.scalars(select(PaperGiven.sha256)).one()
    done(told, Place("addendum", added, "text"), passage="")
    assert db.session.scalars(select(PaperGiven.sha256)).all() == [kept]
    assert app.extensions["files"].path(kept).exists()
    assert verify_all().whole


def read_back(pdf: bytes, folder: Path) -> str:
    """The text of a PDF as a reader gets it."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return " ".join(text.split())


def test_a_copy_that_another_record_names_too_stays_in_the_store(app: Flask, told: Told) -> None:
    kept = db.session.scalars(select(PaperGiven.sha256)).one()
    with write("Paper added"):
        db.session.add(
            Document(pupil_id=told.scene.pupil_id, kind=DocumentKind.OTHER, title="Scan", sha256=kept, size=1,
                     media_type="application/pdf")
        )  # fmt: skip
    done(told, told.reason)
    assert app.extensions["files"].path(kept).exists()


def test_a_mark_is_asked_for_until_somebody_writes_the_words_anew(app: Flask, home: Path, world: World) -> None:
    """The review is still open: the SENCO may write what she likes where the words went. A hand in the file may not."""
    senco, head = person(world, "senco", Role.SENCO), person(world, "head", Role.HEAD)
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        review_id = start_review(scene.cycle_id)
        save_review(review_id, sitting(scene))
        told = Told(scene, review_id, Place("review", 0, ""), Place("review", review_id, "summary"), senco, head)
        done(told, told.summary)
        mark = db.session.scalars(select(Tombstone.mark).where(Tombstone.field == "summary")).one()
        assert mark in review_of(review_id).summary
        db.session.remove()
        by_hand = f"UPDATE review SET summary = '{{}}' WHERE id = {review_id}"
        meddle(home, by_hand.format("All went well."))
        assert "its mark does not stand at review" in verify_all().as_text()
        db.session.remove()
        meddle(home, by_hand.format(mark))
        assert verify_all().whole
        save_review(review_id, said(scene, NextStep.ANOTHER_CYCLE))
        assert mark not in review_of(review_id).summary
        answer = verify_all()
        assert answer.whole, answer.as_text()
