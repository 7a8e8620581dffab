"""A bundle and a record for another school made before somebody restricted a part of it are handed out no more."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.services_restricted import Entry, mark
from graduated.db.clock import today
from graduated.disclosure.build import build
from graduated.pupils.services_papers import PaperWords, edit_document
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.transfer.making import make
from tests.disclosure.conftest import Asked
from tests.support.client import PageClient
from tests.support.world import World

Act = Callable[[Asked], object]


def _edit(asked: Asked, title: str, visibility: Visibility) -> None:
    edit_document(asked.papers["staff"], PaperWords(DocumentKind.REPORT, title, today(), "", visibility))


def _mark(level: Visibility) -> Act:
    return lambda asked: mark(asked.pupil_id, Entry("observation", asked.observation_id), level)


ACTS: dict[str, tuple[Act, bool]] = {
    "an entry restricted": (_mark(Visibility.RESTRICTED), True),
    "an entry kept": (_mark(Visibility.KEPT), True),
    "a paper restricted": (lambda asked: _edit(asked, "Paper staff", Visibility.RESTRICTED), True),
    "a paper renamed": (lambda asked: _edit(asked, "Another title", Visibility.STAFF), False),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_was_made_of_the_whole_record_is_stale_once_part_of_it_is_restricted(
    app: Flask, client: PageClient, world: World, asked: Asked, name: str
) -> None:
    act, makes_stale = ACTS[name]
    system = system_actor(world.school_id, "Worker")
    with app.app_context(), acting(system):
        build(asked.request_id, "Hannah Legg")
        out = make(asked.pupil_id, "Harbour Academy", "Hannah Legg")
    client.sign_in("senco")
    with client.session_transaction() as kept:
        kept["proved"] = time.time()
    places = (f"/information/{asked.request_id}/bundle.zip", f"/leaving/{out}/record.zip")
    assert [client.status(one) for one in places] == [200, 200]
    with app.app_context(), acting(system):
        act(asked)
    assert [client.status(one) for one in places] == ([404, 404] if makes_stale else [200, 200])
    leaving = client.text(f"/pupils/{asked.pupil_id}/leaving")
    bundle = client.text(f"/information/{asked.request_id}/bundle")
    assert ("does not show the record as it stands now" in leaving) is makes_stale
    assert ("Something was decided otherwise since" in bundle) is makes_stale
    with app.app_context(), acting(system):
        build(asked.request_id, "Hannah Legg")
        out = make(asked.pupil_id, "Harbour Academy", "Hannah Legg")
    assert [client.status(one) for one in (places[0], f"/leaving/{out}/record.zip")] == [200, 200]
