"""Who says in the audit that the law took something switches nothing off: all the rest is held against it as ever."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting
from graduated.audit.models import ChangeDetail
from graduated.db.session import db
from graduated.rules.seals import part_digest
from tests.erasure.conftest import Told, done
from tests.ops.test_verify import check, meddle
from tests.ops.test_verify_reviews import says
from tests.support.databases import by_hand

NO_STONE = "no tombstone that the audit knows says that they went by law"
BY_HAND = "nothing in the audit says that it was written"


def first_of(home: Path, told: Told) -> int:
    """The contents of the first event about the pupil that does not tell of a bar."""
    first = (
        "SELECT change_detail.id FROM change_detail JOIN change_event ON change_event.id = event_id "
        "WHERE pupil_id = ? AND CAST(payload AS text) NOT LIKE '%\"bar\"%' ORDER BY sequence LIMIT 1"
    )
    with by_hand(home) as file:
        return int(file.execute(first, (told.scene.pupil_id,)).fetchone()[0])


def emptied(detail_id: int) -> str:
    """The statement that makes an event's contents look as if the law had taken them."""
    return (
        "UPDATE change_detail SET payload = NULL, erased_at = '2026-01-01 00:00:00', erased_why = 'Article 17', "
        f"erased_authority = 'Head' WHERE id = {detail_id}"
    )


def test_an_entry_emptied_by_hand_hides_no_change_no_deletion_and_no_tombstone(
    app: Flask, home: Path, told: Told
) -> None:
    done(told, told.reason)
    assert check(app).whole
    db.session.remove()
    first = first_of(home, told)
    meddle(
        home,
        emptied(first),
        f"UPDATE view SET text = 'made up' WHERE pupil_id = {told.scene.pupil_id}",
        "DELETE FROM tombstone WHERE table_name <> 'paper_given' AND part = ''",
        "DELETE FROM bar",
        "UPDATE tombstone SET reason = 'other', authority = 'nobody'",
        "UPDATE erasure_order SET reason = 'other'",
    )
    broken = says(check(app))
    assert NO_STONE in broken
    assert "text changed without an entry in the audit" in broken
    assert "bar 1: it is gone, and nothing in the audit says that it went" in broken
    assert "tombstone 1: authority, reason changed without an entry" in broken
    assert "erasure_order 1: reason changed without an entry" in broken


def test_a_tombstone_that_the_audit_does_not_know_excuses_no_piece_of_a_sealed_review(
    app: Flask, home: Path, told: Told
) -> None:
    """A piece blanked with an order, a tombstone, its digest as sealed and without its salt, all made by hand."""
    db.session.remove()
    with by_hand(home) as file:
        about = (told.review_id,)
        salts = json.loads(file.execute("SELECT part_salts FROM seal_parts WHERE review_id = ?", about).fetchone()[0])
        (words,) = file.execute("SELECT summary FROM review WHERE id = ?", about).fetchone()
    sealed_with = part_digest("summary", words, salts.pop("summary"))
    meddle(
        home,
        emptied(first_of(home, told)),
        "INSERT INTO erasure_order (table_name, row_id, field, review_id, kind, passage, replacement, reason,"
        " advised_by, state, asked_by, asked_with_authority, decided_by, declined_why, school_id, pupil_id,"
        " recorded_at, version) SELECT 'review', id, 'summary', id, 'erase', '', '', 'w', 'd', 'done', 'h', true, 'h',"
        f" '', school_id, pupil_id, '2026-11-21 00:00:00', 1 FROM review WHERE id = {told.review_id}",
        "INSERT INTO tombstone (school_id, pupil_id, erasure_order_id, kind, table_name, row_id, field, review_id,"
        " part, digest, mark, reason, authority, advised_by, carried_out_by, at, permit, audit) SELECT school_id,"
        " pupil_id, (SELECT max(id) FROM erasure_order), 'erase', 'review', id, 'summary', id, 'summary',"
        f" '{sealed_with}', 'gone', 'why', 'head', 'dpo', 'head', '2026-11-21 00:00:00', 'x', '{{}}' FROM review"
        f" WHERE id = {told.review_id}",
        f"UPDATE review SET summary = 'gone' WHERE id = {told.review_id}",
        f"UPDATE seal_parts SET part_salts = '{json.dumps(salts)}' WHERE review_id = {told.review_id}",
    )
    broken = says(check(app))
    assert NO_STONE in broken
    assert f"tombstone 1: {BY_HAND}" in broken and f"erasure_order 1: {BY_HAND}" in broken
    assert f"review {told.review_id}: seal 1: the review was changed after it was sealed" in broken
    assert f"review {told.review_id}: summary changed without an entry in the audit" in broken


def test_the_words_put_back_into_the_audit_from_a_copy_are_named(app: Flask, home: Path, told: Told) -> None:
    """They fit the digest of their event, as they stood there once; a later tombstone says that they went."""
    fields = (ChangeDetail.id, ChangeDetail.payload, ChangeDetail.salt)
    with acting(told.senco):
        before = {row.id: row for row in db.session.execute(select(*fields)).all()}
    done(told, told.reason)
    db.session.remove()
    with by_hand(home) as file:
        (touched,) = file.execute("SELECT min(id) FROM change_detail WHERE erased_at IS NOT NULL").fetchone()
        file.execute(
            "UPDATE change_detail SET payload = ?, salt = ?, erased_at = NULL, erased_why = '', erased_authority = ''"
            " WHERE id = ?",
            (json.dumps(before[touched].payload), before[touched].salt, touched),
        )
    assert f"change_detail {touched}: words went from it by law" in says(check(app))
