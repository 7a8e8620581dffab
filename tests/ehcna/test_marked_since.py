"""A pack and a family's copy that hold an entry which was marked since are handed out no more, and do not say why."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Concern, Observation
from graduated.assess.services_restricted import Entry, mark
from graduated.db.session import db
from graduated.ehcna.standing import standing_of
from graduated.rules.vocabulary import GivenHow, PackFileKind, SentHow, Visibility
from tests.ehcna.rich import Rich
from tests.ehcna.test_copies_given import Copies, copies
from tests.ehcna.test_standing import Pack, pack
from tests.support.client import PageClient
from tests.support.world import World

__all__ = ["copies", "pack"]
SAID = "It does not show the record as it stands now. It is not to be given any more: build it again."


def entry_of(pupil_id: int, table: str) -> Entry:
    """A strength, a difficulty or a concern that is in the pack."""
    cls = Observation if table == "observation" else Concern
    row_id = db.session.scalars(select(cls.id).where(cls.pupil_id == pupil_id).order_by(cls.id)).first()
    assert row_id is not None
    return Entry(table, row_id)


def marked(app: Flask, rich: Rich, world: World, level: Visibility, table: str = "observation") -> None:
    """One entry of the pack, marked or opened again by the service that pages use."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        mark(rich.pupil_id, entry_of(rich.pupil_id, table), level)


@pytest.mark.parametrize("level", [Visibility.RESTRICTED, Visibility.KEPT])
@pytest.mark.parametrize("table", ["observation", "concern"])
def test_with_an_entry_marked_since_nothing_of_a_pack_is_handed_out(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack, table: str, level: Visibility
) -> None:
    closed = [pack.url, *(one for kind, one in pack.urls.items() if kind is not PackFileKind.MANIFEST)]
    client.sign_in("senco")
    assert {client.status(one) for one in closed} == {200}
    marked(app, rich, world, level, table)
    assert {client.status(one) for one in closed} == {410}
    told = client.text(pack.url, status=410)
    assert SAID in told
    for word in ("restricted", "safeguarding", "strength", "concern"):
        assert word not in told.split("<main")[-1].lower()
    assert SAID in client.text(f"/requests/{rich.request_id}")
    marked(app, rich, world, Visibility.STAFF, table)
    assert {client.status(one) for one in closed} == {200}


def test_a_parent_reads_a_copy_with_a_marked_entry_no_more(
    client: PageClient, app: Flask, rich: Rich, world: World, copies: Copies
) -> None:
    client.sign_in("senco")
    client.send(f"/packs/files/{copies.of[rich.adult_id].pack_file_id}/given", how=GivenHow.HANDED.value)
    client.sign_in("parent")
    assert client.status("/family/given/1") == 200
    marked(app, rich, world, Visibility.KEPT)
    assert client.status("/family/given/1") == 404
    assert "ask the school for a new copy" in client.text(f"/family/children/{rich.pupil_id}")


def test_what_the_authority_was_given_is_kept_for_who_may_read_the_marked_entry(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack
) -> None:
    client.sign_in("senco")
    client.send(f"/packs/{pack.build_id}/sent", how=SentHow.PORTAL.value, to_whom="SEN team")
    marked(app, rich, world, Visibility.RESTRICTED)
    assert client.status(pack.url) == 200
    marked(app, rich, world, Visibility.KEPT)
    assert client.status(pack.url) == 410


def test_a_pack_built_without_the_marked_entry_may_be_given(
    app: Flask, rich: Rich, world: World, request: pytest.FixtureRequest
) -> None:
    marked(app, rich, world, Visibility.KEPT)
    made: Pack = request.getfixturevalue("pack")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert standing_of(made.build_id).why == ""
