"""A court order kept as a paper is no reading for everybody; a child of ten is not asked what counts at sixteen."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.pupils.models import Document, FamilyLink
from graduated.pupils.services_rights import SaidOfAdult, record_agreement
from graduated.rules.vocabulary import AskedHow, DocumentKind, Visibility
from tests.pupils.test_papers import a_pdf
from tests.support.client import PageClient
from tests.support.world import World


@pytest.mark.parametrize("chosen", ["staff", "family"])
def test_an_order_of_a_court_is_kept_as_restricted_whatever_was_chosen(
    app: Flask, client: PageClient, world: World, chosen: str
) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    client.send(
        f"/pupils/{zofia}/papers/add", kind="order", title="Order of the family court", visibility=chosen,
        file=(BytesIO(a_pdf()), "order.pdf"),
    )  # fmt: skip
    assert "The order is kept, and restricted" in client.text(f"/pupils/{zofia}/papers")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        order = db.session.scalars(select(Document).where(Document.kind == DocumentKind.ORDER)).one()
        assert order.visibility is Visibility.RESTRICTED
    client.sign_in("ta")
    assert client.status(f"/pupils/{zofia}/papers/{order.id}/file") == 404


def test_an_answer_years_before_rights_pass_is_not_taken(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        link = db.session.scalars(select(FamilyLink).where(FamilyLink.adult_id == world.adults["parent"])).one()
        with pytest.raises(ValueError, match="too early"):
            record_agreement(link.id, SaidOfAdult(False, link.recorded_at.date(), AskedHow.ALONE))
        assert link.young_person_agrees is None
    client.sign_in("senco")
    assert "It is too early to ask" in client.text(f"/pupils/{zofia}/family/{link.id}/agreement")
