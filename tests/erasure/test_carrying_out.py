"""Two people, one transaction: who may, what is refused, and that a fault anywhere leaves everything as it was."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting
from graduated.audit.models import Tombstone
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.ehcna.build import build
from graduated.ehcna.models import PackBuild, PackFile
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.places import Place
from graduated.erasure.queries import foreseen, order_of, stones
from graduated.erasure.services import Wish, ask, carry_out, decline
from graduated.ops.verify import verify_all
from graduated.review.models import NextStepTaken, PaperGiven, Review, Seal, SealParts
from graduated.review.queries import review_of
from graduated.review.queries_seals import broken_seals, sealed_record
from graduated.review.services import save_review, start_review
from graduated.rules.seals import canonical, digest
from graduated.rules.vocabulary import ByLaw, NextStep, OrderState, ReviewStatus
from tests.erasure.conftest import ADVICE, SECRET, Told, done, sitting
from tests.ops.test_verify import check, meddle
from tests.review.scene import TODAY, set_scene
from tests.review.test_sealing import everything, failing_at
from tests.support.world import World

WISH = Wish(ByLaw.ERASE, "A different child was written of.", ADVICE, passage=SECRET)


def test_whoever_asked_cannot_carry_it_out(told: Told) -> None:
    with acting(told.head):
        order_id = ask(told.reason, WISH)
        with pytest.raises(ErasureRefused, match="takes a second person"):
            carry_out(order_id)
    assert order_of(order_id).state is OrderState.ASKED
    with acting(told.senco):
        carry_out(order_id)
    stone = stones()[-1]
    assert (stone.authority, stone.carried_out_by) == ("Ruth Chaffey, headteacher", "Hannah Legg")
    assert (stone.reason, stone.advised_by) == (WISH.reason, ADVICE)


def test_it_is_done_once_and_not_after_it_was_declined(told: Told) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
        with pytest.raises(ErasureRefused, match="asked for already"):
            ask(told.reason, WISH)
    with acting(told.head):
        with pytest.raises(Clash):
            carry_out(order_id, version=7)
        decline(order_id, "It is her own account.")
        for service in (carry_out, lambda one: decline(one, "Again")):
            with pytest.raises(ErasureRefused, match="declined already"):
                service(order_id)
    assert SECRET in review_of(told.review_id).summary
    assert verify_all().whole


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(ByLaw.ERASE, "Barnaby Quillfeather is no pupil of ours.", ADVICE), "stands in the words that go"),
        (Wish(ByLaw.ERASE, "A slip.", ADVICE, passage="Nobody said this"), "do not stand there like that"),
        (Wish(ByLaw.RECTIFY, "A slip.", ADVICE), "Write the words as they should have been"),
        (Wish(ByLaw.RECTIFY, "A slip.", ADVICE, SECRET.replace(" ", "  "), SECRET), "are the words that stand there"),
    ],
)
def test_what_cannot_be_asked_for_is_said(told: Told, wish: Wish, says: str) -> None:
    with acting(told.senco), pytest.raises(ErasureRefused, match=says):
        ask(told.reason, wish)
    with acting(told.senco), pytest.raises(ErasureRefused, match="No words stand there"):
        ask(Place("review", told.review_id, "attempts"), WISH)


def test_words_that_went_meanwhile_are_not_taken_twice(told: Told) -> None:
    with acting(told.senco):
        first, second = ask(told.reason, WISH), ask(told.summary, WISH)
    with acting(told.head):
        carry_out(first)
        with pytest.raises(ErasureRefused, match="do not stand there any more"):
            carry_out(second)
    assert foreseen(order_of(first)) is not None  # the text around them is still there
    assert order_of(first).passage == ""


def test_nothing_goes_from_under_a_seal_that_does_not_hold(app: Flask, home: Path, told: Told) -> None:
    """What was changed by hand must not vanish behind a tombstone."""
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
    db.session.remove()
    meddle(home, f"UPDATE review SET pupil_views = 'Other' WHERE id = {told.review_id}")
    with acting(told.head), pytest.raises(ErasureRefused, match="does not hold"):
        carry_out(order_id)
    assert SECRET in review_of(told.review_id).judgements[0].reason
    assert not check(app).whole


# Faults -----------------------------------------------------------------------------------------------------------


def test_a_fault_at_any_write_leaves_everything_as_it_was(app: Flask, told: Told) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
    kept = app.extensions["files"].path(db.session.scalars(select(PaperGiven.sha256)).one())
    db.session.remove()
    before, number = everything(), 0
    while True:
        number += 1
        with acting(told.head), failing_at(number) as writes:
            try:
                carry_out(order_id)
                break
            except RuntimeError:
                db.session.rollback()
                db.session.remove()
        assert everything() == before, f"not rolled back after {writes[-1]}"
        assert kept.exists()
    assert number > 15
    assert not kept.exists()
    assert verify_all().whole


# Older seals, packs -----------------------------------------------------------------------------------------------


def sealed_as_one_whole(world: World, review_id: int) -> None:
    """Seal a review as the first versions did: one digest over all of its words."""
    with write("Review sealed"):
        review = db.session.scalars(select(Review).where(Review.id == review_id)).one()
        db.session.add(
            NextStepTaken(pupil_id=review.pupil_id, review_id=review_id, step=NextStep.ANOTHER_CYCLE, reason="Go on")
        )
        review.status = ReviewStatus.SEALED
        db.session.flush()
        last = db.session.execute(select(Seal.sequence, Seal.digest).order_by(Seal.sequence.desc())).first()
        sequence, previous = (last.sequence + 1, last.digest) if last else (1, "")
        salt, at = secrets.token_bytes(32), now()
        record = canonical(sealed_record(review_of(review_id), sequence, "Hannah Legg", at))
        db.session.add(
            Seal(pupil_id=review.pupil_id, review_id=review_id, sequence=sequence, salt=salt.hex(), sealed_at=at,
                 digest=digest(record, salt, previous), previous_digest=previous, signer_name="Hannah Legg")
        )  # fmt: skip


def test_words_go_from_a_review_that_was_sealed_as_one_whole(app: Flask, home: Path, told: Told, world: World) -> None:
    scene = set_scene(world, "reuben", "other_parent")
    old = start_review(scene.cycle_id)
    save_review(old, sitting(scene))
    sealed_as_one_whole(world, old)
    assert broken_seals() == (2, ())
    done(told, Place("review", old, "summary"))
    assert broken_seals() == (2, ())
    answer = verify_all()
    assert answer.whole, answer.as_text()
    seal = db.session.execute(select(Seal.salt, Seal.digest).where(Seal.review_id == old)).one()
    parts = db.session.execute(select(SealParts.digest, SealParts.part_salts).where(SealParts.review_id == old)).one()
    assert (
        seal.salt == "" and seal.digest and parts.digest
    )  # the chain goes on over its digest, the parts hold the rest
    assert "summary" not in parts.part_salts and "pupil_views" in parts.part_salts
    done(told, Place("review", old, "pupil_views"), passage="")
    assert verify_all().whole
    db.session.remove()
    meddle(home, f"UPDATE review SET parent_views = 'Other' WHERE id = {old}")
    assert [one.row for one in check(app).broken if one.kind == "seal"] == [f"review {old}"]


def test_a_pack_that_was_built_from_the_words_goes_and_is_built_again_without_them(app: Flask, told: Told) -> None:
    build(told.scene.pupil_id, None, "Hannah Legg")
    kept = app.extensions["files"].path(db.session.scalars(select(PackBuild.sha256)).one())
    assert kept.exists()
    beside = set(db.session.scalars(select(PackFile.sha256)))
    assert len(beside) >= 2
    done(told, told.reason)
    assert set(db.session.scalars(select(PackFile.sha256))) == {""}
    assert not [one for one in app.extensions["files"].folder.rglob("*") if one.is_file() and one.name in beside]
    gone = db.session.execute(select(PackBuild.sha256, PackBuild.manifest_sha256, PackBuild.manifest)).one()
    assert tuple(gone) == ("", "", {})
    assert not kept.exists()
    build(told.scene.pupil_id, None, "Hannah Legg")
    answer = verify_all()
    assert answer.whole, answer.as_text()
    assert db.session.scalars(select(Tombstone.id).where(Tombstone.table_name == "pack_build")).all()


def test_what_would_go_is_told_by_kind_and_never_in_words(told: Told) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
        goes = foreseen(order_of(order_id))
    assert goes is not None and goes.is_searched
    assert dict(goes.elsewhere) == {
        "a recorded view": 1,
        "what was also said at the review": 1,
        "the kept copy of a paper that was given": 1,
        "words typed and never saved": 1,
        "a message in the outgoing post": 1,
        "the next step as it was thought over": 1,
    }
    assert now().date() == TODAY
