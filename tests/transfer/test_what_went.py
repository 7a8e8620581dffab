"""A copy that parents were given went by law before the pupil left: the next school says so, and verifies."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.audit.models import Tombstone
from graduated.db.clock import today
from graduated.db.session import db
from graduated.erasure.models import ErasureOrder
from graduated.erasure.queries import stones
from graduated.erasure.services import carry_out_paper
from graduated.erasure.services_files import ask_for_paper
from graduated.ops.verify import verify_all
from graduated.people.models import Membership
from graduated.pupils.services import NewPaper, PaperWords, add_document
from graduated.review.models import PaperGiven
from graduated.review.queries_given import adults_to_give, papers_given_of
from graduated.review.services_given import Giving, give
from graduated.rules import vocabulary as v
from graduated.rules.vocabulary import Role
from graduated.transfer import services
from graduated.transfer.bringing import Bringing
from graduated.transfer.making import make
from graduated.transfer.models import TransferIn, TransferOut
from graduated.transfer.reading import read

WHY, ADVICE = "It is about another child.", "The data protection officer, 3 November"
CONTENT = b"%PDF-1.7 a report on another child"
GONE = "The copy that should not be"


def _person(school_id: int, role: Role) -> Actor:
    """The demo school's own holder of a role."""
    with acting(system_actor(school_id, "Tests")):
        user_id = db.session.scalars(select(Membership.user_id).where(Membership.role == role)).first()
    return Actor(user_id, school_id, role.label, frozenset({role}))


def _bundle_without_a_copy(app: Flask, school_id: int, pupil_id: int) -> Path:
    """A paper and the copy of it that parents were given go by law; then the record is made ready to go."""
    store = app.extensions["files"]
    with app.app_context(), acting(system_actor(school_id, "Hannah Legg")):
        kept = store.put([CONTENT])
        words = PaperWords(v.DocumentKind.REPORT, "Report", today(), "", v.Visibility.STAFF)
        document_id = add_document(pupil_id, NewPaper(words, kept.sha256, kept.size, "application/pdf"))
        mother = adults_to_give(pupil_id)[0].adult_id
        give(pupil_id, Giving(v.PaperKind.LETTER, GONE, (mother,), v.GivenHow.HANDED, today()), CONTENT)
        with acting(_person(school_id, Role.SENCO)):
            order_id = ask_for_paper(document_id, WHY, ADVICE)
        with acting(_person(school_id, Role.HEAD)):
            carry_out_paper(order_id)
        out = make(pupil_id, "Harbour Academy", "Hannah Legg")
        sha256 = db.session.scalars(select(TransferOut.sha256).where(TransferOut.id == out)).one()
        path: Path = store.path(sha256)
        return path


def test_the_next_school_says_of_a_copy_that_it_went_by_law_and_verifies(
    former: Flask, former_id: int, zofia: int, next_school: tuple[Flask, int]
) -> None:
    bundle = _bundle_without_a_copy(former, former_id, zofia)
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        looked = services.preview(bundle)
        assert looked.refused == ""
        came = services.bring_in(bundle, looked.bundle.sha256)
        pupil_id = db.session.scalars(select(TransferIn.pupil_id).where(TransferIn.id == came)).one()
        (copy,) = [one for one in papers_given_of(pupil_id) if one.title == GONE]
        assert copy.sha256 == ""
        (stone,) = db.session.scalars(select(Tombstone).where(Tombstone.row_id == copy.given_id)).all()
        assert (stone.table_name, stone.field, stone.reason, stone.advised_by) == ("paper_given", "sha256", WHY, ADVICE)
        assert "headteacher" in stone.authority and stone.authority.endswith(looked.bundle.school_name)
        assert db.session.scalars(select(ErasureOrder.state)).all() == [v.OrderState.DONE]
        (told,) = stones()
        assert told.is_besides and told.label == "the kept copy of a paper that was given"
    with app.app_context():
        answer = verify_all()
        assert answer.whole, answer.as_text()
        assert answer.checked["tombstones"] == 1


def test_a_copy_of_which_nothing_says_where_it_is_does_not_come(
    former: Flask, former_id: int, zofia: int, next_school: tuple[Flask, int]
) -> None:
    bundle = read(_bundle_without_a_copy(former, former_id, zofia))
    bundle.rows["tombstone"] = []
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        Bringing(bundle).run()
        titles = db.session.scalars(select(PaperGiven.title)).all()
        assert titles and GONE not in titles
        db.session.rollback()
