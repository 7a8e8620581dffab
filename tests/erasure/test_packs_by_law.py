"""What was built or sent out with words that go by law goes with them, also where no row of today has them."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from graduated.audit.models import ChangeDetail
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build
from graduated.ehcna.models import NarrativeVersion, PackBuild
from graduated.ehcna.services_narrative import write_narrative
from graduated.erasure.places import Place
from graduated.pupils.models import Document
from graduated.request.services import open_request
from graduated.review.letters import letter_bytes
from graduated.review.models import PaperGiven
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import DocumentKind, GivenHow, LetterKind, PaperKind, Visibility
from tests.erasure.conftest import SECRET, Told, done
from tests.review.scene import NOW, TODAY

OTHER = "Wilfred Ashcombe set fire to the bin behind the hall in June"


def test_a_pack_built_from_an_earlier_narrative_goes_with_the_words_of_that_version(told: Told) -> None:
    pupil_id = told.scene.pupil_id
    request_id = open_request(pupil_id)
    write_narrative(request_id, "needs", f"Typed: {OTHER}.")
    build(pupil_id, request_id, "Hannah Legg")
    write_narrative(request_id, "needs", "Quite other words now, nothing of the kind.", 1)
    version = db.session.scalars(select(NarrativeVersion.id).order_by(NarrativeVersion.number)).first()
    db.session.rollback()
    done(told, Place("narrative_version", version or 0, "text"), passage=OTHER)
    assert [one.sha256 for one in db.session.scalars(select(PackBuild))] == [""]


def test_the_warnings_of_a_pack_that_goes_go_with_it(told: Told) -> None:
    pupil_id = told.scene.pupil_id
    request_id = open_request(pupil_id)
    with write("Paper added"):
        paper = Document(
            pupil_id=pupil_id, kind=DocumentKind.REPORT, title=OTHER, author="", sha256="ab" * 32, size=5,
            media_type="application/pdf", visibility=Visibility.STAFF, dated=None,
        )  # fmt: skip
        db.session.add(paper)
        db.session.flush()
        document_id = paper.id
    build(pupil_id, request_id, "Hannah Legg")
    assert OTHER in str(db.session.scalars(select(PackBuild.warnings)).one())
    done(told, Place("document", document_id, "title"), passage=OTHER)
    assert db.session.scalars(select(PackBuild.warnings)).one() == []
    entries = db.session.scalars(select(ChangeDetail.payload)).all()
    assert OTHER not in str(entries)


def test_a_letter_about_no_plan_goes_with_words_that_are_not_younger_than_it(told: Told) -> None:
    def send(words: str, on: date) -> int:
        content = letter_bytes(LetterKind.SUPPORT_BEGINS, f"Dear parents, {words}.")
        paper = Giving(PaperKind.LETTER, "Letter", (told.scene.adult_id or 0,), GivenHow.HANDED, on, None, None)
        give(told.scene.pupil_id, paper, content)
        return db.session.scalars(select(PaperGiven.id).order_by(PaperGiven.id.desc())).first() or 0

    long_ago = NOW - timedelta(days=400)
    with held(long_ago):
        older = send("she begins to have support", long_ago.date())
    younger = send(SECRET, TODAY)
    db.session.rollback()
    done(told, told.summary)
    kept = {one.id: bool(one.sha256) for one in db.session.scalars(select(PaperGiven))}
    assert (kept[older], kept[younger]) == (True, False)
