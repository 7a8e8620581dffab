"""A school in which somebody kept a paper on the wrong child's record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.erasure.services import carry_out_paper
from graduated.erasure.services_files import ask_for_paper
from graduated.ops.verify import verify_all
from graduated.pupils import services
from graduated.pupils.models import Document
from graduated.rules import vocabulary as v
from graduated.rules.vocabulary import Visibility
from tests.erasure.conftest import ADVICE, person
from tests.review.scene import TODAY
from tests.support.client import PageClient
from tests.support.world import World

WHY = "It is about another child."
TITLE = "Report on the reading of W. Ashcombe"
ON = f"This paper was erased by law on {TODAY.day} {TODAY:%b %Y}"


@dataclass(frozen=True)
class Filed:
    """A school in which somebody kept a paper on the wrong child's record."""

    app: Flask
    world: World
    client: PageClient
    pupil_id: int
    document_id: int

    @contextmanager
    def open(self) -> Iterator[None]:
        """Look and write in the school, as its system."""
        with self.app.app_context(), acting(system_actor(self.world.school_id, "Tests")):
            yield
            db.session.remove()

    @property
    def papers(self) -> str:
        """The page of the pupil's papers."""
        return f"/pupils/{self.pupil_id}/papers"

    @property
    def page(self) -> str:
        """Where the erasure of the paper is asked for."""
        return f"{self.papers}/{self.document_id}/by-law"

    def hashes(self, document_id: int | None = None) -> tuple[str, str]:
        """The codes of a paper's file and preview."""
        with self.open():
            row = db.session.execute(
                select(Document.sha256, Document.preview_sha256).where(Document.id == (document_id or self.document_id))
            ).one()
            return row.sha256, row.preview_sha256

    def is_kept(self, sha256: str) -> bool:
        """Whether a file lies in the store."""
        return bool(self.app.extensions["files"].path(sha256).exists())

    def column(self, column: Any) -> list[Any]:
        """One column of a table, whole."""
        with self.open():
            return list(db.session.scalars(select(column)))

    def asked(self, **typed: Any) -> str:
        """The SENCO asks on the page; gives the address of what was asked for."""
        self.client.sign_in("senco")
        answer = self.client.send(self.page, **{"reason": WHY, "advised_by": ADVICE, **typed})
        return str(answer.headers["Location"])

    def gone(self, **typed: Any) -> str:
        """Asked for by the SENCO, carried out by the head."""
        order = self.asked(**typed)
        self.client.sign_in("head")
        self.client.send(order, sure="y")
        return order

    def taken(self) -> None:
        """The same without the pages."""
        with self.open():
            with acting(person(self.world, "senco", v.Role.SENCO)):
                order_id = ask_for_paper(self.document_id, WHY, ADVICE)
            with acting(person(self.world, "head", v.Role.HEAD)):
                carry_out_paper(order_id)

    def is_whole(self) -> None:
        """`graduated verify` finds nothing wrong."""
        with self.app.app_context():
            answer = verify_all()
            assert answer.whole, answer.as_text()


def a_picture(shade: str = "white") -> bytes:
    """A picture that a phone took of a paper."""
    out = BytesIO()
    Image.new("RGB", (300, 400), shade).save(out, "JPEG")
    return out.getvalue()


def kept(
    app: Flask, world: World, visibility: Visibility, shade: str = "white", title: str = "", author: str = ""
) -> int:
    """A picture of a paper put on the record, with a small one of it."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        store = app.extensions["files"]
        stored, small = store.put([a_picture(shade)]), store.put([f"small, {shade}".encode()])
        words = services.PaperWords(v.DocumentKind.REPORT, title or f"Paper {shade}", TODAY, author, visibility)
        paper = services.NewPaper(words, stored.sha256, stored.size, "image/jpeg", preview_sha256=small.sha256)
        return services.add_document(world.pupils["zofia"], paper)


def filed_in(app: Flask, world: World, client: PageClient) -> Filed:
    """The paper is there, open to the family."""
    document_id = kept(app, world, Visibility.FAMILY, "red", TITLE, "Dr Prýs")
    return Filed(app, world, client, world.pupils["zofia"], document_id)
