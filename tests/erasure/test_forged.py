"""Whoever takes words out without the program, or says that the law did, is named by `graduated verify`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask

from graduated.db.session import db
from graduated.rules.vocabulary import ByLaw
from tests.erasure.conftest import Told, done
from tests.ops.test_verify import check, meddle
from tests.ops.test_verify_reviews import says
from tests.support.databases import REFUSED, by_hand, in_json

RIGHT = "Another pupil bumped into her in assembly"
COPIED = (
    "INSERT INTO tombstone (school_id, pupil_id, erasure_order_id, kind, table_name, row_id, field, review_id, part,"
    " digest, mark, reason, authority, advised_by, carried_out_by, at, permit, audit)"
    " SELECT school_id, pupil_id, {order}, 'erase', 'review', {review}, 'pupil_views', {review}, 'pupil_views',"
    " '{digest}', 'gone', 'why', 'head', 'dpo', 'head', '2026-11-21', 'x', '{{}}' FROM review WHERE id = {review}"
)


def parted(home: Path) -> None:
    """Let go of the session, so that somebody else may write in the file."""
    db.session.remove()


def test_a_tombstone_put_in_by_hand_is_named(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason)
    parted(home)
    meddle(
        home,
        COPIED.format(order=1, review=told.review_id, digest="0" * 64),
        f"UPDATE review SET pupil_views = 'gone' WHERE id = {told.review_id}",
    )
    broken = says(check(app))
    assert "nothing in the audit says that it was written" in broken
    assert f"review {told.review_id}: pupil_views changed without an entry in the audit" in broken


def test_a_field_blanked_without_a_tombstone_is_named(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason)
    parted(home)
    meddle(home, f"UPDATE review SET pupil_views = '' WHERE id = {told.review_id}")
    broken = says(check(app))
    assert f"review {told.review_id}: pupil_views changed without an entry in the audit" in broken
    assert "the review was changed after it was sealed" in broken


def test_a_salt_taken_without_a_tombstone_is_named(app: Flask, home: Path, told: Told) -> None:
    parted(home)
    meddle(home, "UPDATE seal_parts SET part_salts = '{}'")
    assert "a part has lost its salt without a tombstone" in says(check(app))


def test_a_salt_put_back_is_named(app: Flask, home: Path, told: Told) -> None:
    """With its salt the digest could be tried against guesses again."""
    done(told, told.reason)
    parted(home)
    part = f"judgement/{told.scene.reads}/reason"
    with by_hand(home) as file:
        file.disarm()
        for row_id, salts in file.execute("SELECT id, part_salts FROM seal_parts").fetchall():
            forged = json.dumps({**json.loads(salts), part: "00112233445566778899aabbccddeeff"})
            file.execute("UPDATE seal_parts SET part_salts = ? WHERE id = ?", (forged, row_id))
    assert "the salt that they could be guessed with is still there" in says(check(app))


def test_rectified_words_changed_once_more_by_hand_are_named(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason, ByLaw.RECTIFY, RIGHT)
    assert check(app).whole
    parted(home)
    meddle(home, f"UPDATE judgement SET reason = replace(reason, 'bumped', 'ran') WHERE id = {told.reason.row_id}")
    assert f"judgement {told.reason.row_id}: reason changed without an entry in the audit" in says(check(app))


def test_a_mark_taken_away_is_named(app: Flask, home: Path, told: Told) -> None:
    done(told, told.reason)
    parted(home)
    meddle(home, f"UPDATE judgement SET reason = 'All went well.' WHERE id = {told.reason.row_id}")
    broken = says(check(app))
    assert "its mark does not stand at judgement" in broken
    assert "reason changed without an entry" in broken


@pytest.mark.parametrize(
    ("statement", "says_so"),
    [
        ("UPDATE tombstone SET reason = 'Another' WHERE id = 1", "tombstone 1: reason changed without an entry"),
        ("UPDATE tombstone SET authority = 'Nobody' WHERE id = 1", "tombstone 1: authority changed without an entry"),
        ("UPDATE tombstone SET digest = '00' WHERE id = 1", "the review was changed after it was sealed"),
        ("DELETE FROM tombstone WHERE id = 1", "tombstone 1: it is gone, and nothing in the audit says that it went"),
        ("DELETE FROM tombstone WHERE table_name = 'paper_given'", "no tombstone says that it went by law"),
        ("UPDATE seal_parts SET digest = 'ab'", "digest changed without an entry in the audit"),
        (
            f"UPDATE change_detail SET {in_json('payload', 'gone by law', 'no')} WHERE erased_at IS NOT NULL",
            "what an erasure left of its contents was changed",
        ),
        (
            "UPDATE change_detail SET erased_at = '2026-01-01', erased_why = 'x', erased_authority = 'y' WHERE id = 2",
            "it is marked as erased, but its contents are still there",
        ),
        (
            "UPDATE change_detail SET erased_authority = 'Nobody' WHERE erased_at IS NOT NULL",
            "not with the reason and the authority of its tombstone",
        ),
        (
            "INSERT INTO destruction_permit (why, authority, token, opened_at) VALUES ('x', 'y', 'z', '2026-11-21')",
            "a permit to change evidence was left standing",
        ),
    ],
)
def test_what_was_forged_about_an_erasure_is_named(
    app: Flask, home: Path, told: Told, statement: str, says_so: str
) -> None:
    done(told, told.reason)
    assert check(app).whole
    parted(home)
    meddle(home, statement)
    assert says_so in says(check(app))


def test_one_who_edits_by_hand_finds_every_door_shut(app: Flask, home: Path, told: Told) -> None:
    """Also for the very rows that a tombstone names: the permit of its act is gone."""
    done(told, told.reason)
    parted(home)
    sealed = "a (sealed review|record of evidence) is never changed"  # the databases name it by different triggers
    changes = {
        f"UPDATE judgement SET reason = 'x' WHERE id = {told.reason.row_id}": sealed,
        "UPDATE seal SET salt = ''": "a record of evidence is never changed",
        "UPDATE seal_parts SET part_salts = '{}'": sealed,
        "UPDATE review SET decision = '{}'": sealed,
        "UPDATE paper_given SET sha256 = ''": "a record of evidence is never changed",
        "DELETE FROM tombstone": "a tombstone is never changed",
    }
    permit = "INSERT INTO destruction_permit (why, authority, token, opened_at) VALUES ('x', 'y', 'z', '2026-11-21')"
    with by_hand(home) as file:
        for change, words in changes.items():
            with pytest.raises(REFUSED, match=words):
                file.execute(change)
        file.execute(permit)
        for change in changes:
            with pytest.raises(REFUSED, match="only what a tombstone names may go|never changed"):
                file.execute(change)
        file.rollback()
