"""Words that go by law go from everywhere, and `graduated verify` holds all the rest against what was recorded."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from graduated.assess.models import View
from graduated.audit.models import Tombstone
from graduated.db.machinery import DestructionPermit, Post
from graduated.db.session import db
from graduated.ops.verify import verify_all
from graduated.review.models import PaperGiven
from graduated.review.queries import review_of
from tests.erasure.conftest import Told, done
from tests.review.scene import TODAY

ON = f"{TODAY.day} {TODAY:%B %Y}"
MARK = f"[Erased on {ON} on the authority of Ruth Chaffey, headteacher. What stood here is gone by law.]"


def everything_in(home: Path) -> dict[str, bytes]:
    """Every file of the installation: the database with its log, the file store, the anchor."""
    return {path.name: path.read_bytes() for path in home.rglob("*") if path.is_file()}


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
