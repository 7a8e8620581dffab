"""A pack that was built stays true: with a paper restricted, closed or corrected since, it is not to be given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import held, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build
from graduated.ehcna.queries_files import files_of_build
from graduated.ehcna.services_papers import (
    PaperRefused,
    Sending,
    choose_papers,
    record_sent,
    release_paper,
    take_back_release,
)
from graduated.ehcna.standing import standing_of
from graduated.pupils.models import Document
from graduated.pupils.services_papers import PaperWords, edit_document
from graduated.rules.vocabulary import PackFileKind, SentHow, Visibility
from graduated.web.filters import long_date
from tests.ehcna.rich import Rich
from tests.ehcna.test_papers_chosen import SECRET, WORDS, kept
from tests.support.client import PageClient
from tests.support.world import World

SHARED = replace(WORDS, title="Letter of the sleep clinic", visibility=Visibility.FAMILY)


class Pack:
    """A build with two papers and a copy for the mother."""

    def __init__(self, app: Flask, rich: Rich) -> None:
        self.paper, self.shared = kept(app, rich, WORDS), kept(app, rich, SHARED)
        self.build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg", copies=(rich.adult_id,))
        self.files = {one.kind: one.pack_file_id for one in files_of_build(self.build_id)}
        self.urls = {kind: f"/packs/files/{one}" for kind, one in self.files.items()}
        self.url = f"/packs/{self.build_id}/pack.pdf"


@pytest.fixture
def pack(app: Flask, rich: Rich, world: World) -> Pack:
    """It, as it was built today."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return Pack(app, rich)


def change(app: Flask, world: World, document_id: int, words: PaperWords) -> None:
    """Change what is said of a paper, by the service that pages use."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        edit_document(document_id, words)


def test_a_fresh_pack_may_be_given_and_says_nothing(pack: Pack, as_system: Actor) -> None:
    found = standing_of(pack.build_id)
    assert (found.why, found.family_why, found.changed, found.sent, found.is_open) == ("", "", "", (), True)


def test_with_a_paper_restricted_since_nothing_of_a_pack_is_handed_out(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack
) -> None:
    client.sign_in("senco")
    assert {client.status(one) for one in (pack.url, *pack.urls.values())} == {200}
    change(app, world, pack.paper, replace(WORDS, visibility=Visibility.RESTRICTED))
    said = f"A paper in it was restricted on {long_date(today())}. It is not to be given any more: build it again."
    for who in ("senco", "head", "assistant"):
        client.sign_in(who)
        closed = [pack.url, *(one for kind, one in pack.urls.items() if kind is not PackFileKind.MANIFEST)]
        assert {client.status(one) for one in closed} == {410}
        assert client.status(pack.urls[PackFileKind.MANIFEST]) == 200
        assert said in client.text(pack.url, status=410)
        told = client.text(f"/requests/{rich.request_id}")
        assert said in told
        assert "Download" not in told.split("Packs that were built")[-1].split("Your words in the pack")[0]
    client.sign_in("senco")
    assert client.status(f"/packs/files/{pack.files[PackFileKind.FAMILY]}/given", "POST") in {400, 419, 422}
    assert said in client.text(f"/packs/files/{pack.files[PackFileKind.FAMILY]}/given")


def test_what_the_authority_was_given_is_kept_for_those_who_may_read_restricted_papers(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack
) -> None:
    client.sign_in("senco")
    client.send(f"/packs/{pack.build_id}/sent", how=SentHow.PORTAL.value, to_whom="SEN team")
    told = client.text(f"/requests/{rich.request_id}")
    assert "given to the authority" in told
    assert "to SEN team" in told
    change(app, world, pack.paper, replace(WORDS, visibility=Visibility.RESTRICTED))
    assert client.status(pack.url) == 200
    assert "kept as it was given" in client.text(f"/requests/{rich.request_id}")
    client.sign_in("assistant")
    assert client.status(pack.url) == 410


def test_what_is_not_to_be_given_does_not_open_by_being_recorded_as_given(
    client: PageClient, app: Flask, world: World, pack: Pack
) -> None:
    client.sign_in("senco")
    page, values = client.form(f"/packs/{pack.build_id}/sent")
    for level in (Visibility.RESTRICTED, Visibility.KEPT):
        change(app, world, pack.paper, replace(WORDS, visibility=level))
        assert client.post(page, data={**values, "how": "portal"}).status_code == 422
        assert client.status(pack.url) == 410
    assert "recorded by somebody who may read every paper in it" in client.text(page)
    client.sign_in("safeguarding")
    assert client.status(pack.url) in {404, 410}


def test_that_it_was_given_before_is_recorded_only_by_who_may_read_the_paper(
    client: PageClient, app: Flask, world: World, pack: Pack
) -> None:
    tomorrow = datetime.combine(today() + timedelta(days=1), time(10), UTC)
    with held(tomorrow):
        change(app, world, pack.paper, replace(WORDS, visibility=Visibility.RESTRICTED))
        client.sign_in("senco")
        page, values = client.form(f"/packs/{pack.build_id}/sent")
        on = tomorrow.date()
        late = {"sent_on-day": str(on.day), "sent_on-month": str(on.month), "sent_on-year": str(on.year)}
        refused = client.post(page, data={**values, **late, "how": "post"})
        assert refused.status_code == 422
        assert f"Only a day before {long_date(on)} can be recorded." in refused.text
        before = on - timedelta(days=1)
        early = {"sent_on-day": str(before.day), "sent_on-month": str(before.month), "sent_on-year": str(before.year)}
        client.send(page, **early, how="post")
        assert client.status(pack.url) == 200


def test_a_given_pack_with_a_paper_kept_by_the_safeguarding_lead_opens_for_who_may_read_that_paper(
    client: PageClient, app: Flask, world: World, pack: Pack
) -> None:
    client.sign_in("senco")
    client.send(f"/packs/{pack.build_id}/sent", how=SentHow.PORTAL.value)
    change(app, world, pack.paper, replace(WORDS, visibility=Visibility.KEPT))
    for who in ("senco", "head"):
        client.sign_in(who)
        assert client.status(pack.url) == 410


def test_recording_that_the_authority_was_given_the_pack_records_the_request_as_sent(
    client: PageClient, rich: Rich, pack: Pack
) -> None:
    client.sign_in("senco")
    assert "Nothing has left the school" in client.text(f"/requests/{rich.request_id}")
    page = f"/packs/{pack.build_id}/sent"
    assert "Choose how it was given" in client.send(page, status=422).text, "no way of giving is chosen beforehand"
    client.send(page, how=SentHow.PORTAL.value)
    told = client.text(f"/requests/{rich.request_id}")
    assert "Nothing has left the school" not in told
    assert "Sent to the authority" in told


def test_a_request_recorded_as_sent_asks_which_pack_went(client: PageClient, rich: Rich, pack: Pack) -> None:
    client.sign_in("senco")
    place = f"/requests/{rich.request_id}"
    asks = "Which pack was the authority given?"
    assert asks not in client.text(place)
    client.send(f"{place}/steps", step="sent")
    assert asks in client.text(place)
    client.send(f"/packs/{pack.build_id}/sent", how=SentHow.POST.value)
    assert asks not in client.text(place)


def test_a_day_before_the_build_or_to_come_is_no_day_of_giving(pack: Pack, as_system: Actor) -> None:
    for day, why in ((today() - timedelta(days=1), "built after that day"), (today() + timedelta(days=1), "future")):
        with pytest.raises(PaperRefused, match=why):
            record_sent(pack.build_id, Sending(day, SentHow.POST))


def test_a_corrected_paper_is_said_and_stops_nothing(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack
) -> None:
    change(app, world, pack.paper, replace(WORDS, dated=date(2026, 3, 4)))
    client.sign_in("senco")
    assert client.status(pack.url) == 200
    said = f"Details of a paper in it were changed on {long_date(today())}. Build it again before you give it."
    assert said in client.text(f"/requests/{rich.request_id}")


def test_a_paper_closed_to_the_family_since_keeps_their_copy_in_and_not_the_pack(
    client: PageClient, app: Flask, rich: Rich, world: World, pack: Pack
) -> None:
    change(app, world, pack.shared, replace(SHARED, visibility=Visibility.STAFF))
    client.sign_in("senco")
    assert client.status(pack.url) == 200
    assert client.status(pack.urls[PackFileKind.FAMILY]) == 410
    said = f"A paper in it was closed to the family on {long_date(today())}."
    assert said in client.text(f"/requests/{rich.request_id}")
    assert said in client.text(f"/packs/files/{pack.files[PackFileKind.FAMILY]}/given")


def test_a_released_paper_is_read_in_the_pack_by_those_who_read_restricted_papers(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        secret = kept(app, rich, SECRET)
        release_paper(rich.request_id, secret, "The psychologist asks for it")
        build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg")
    for who, status in (("senco", 200), ("head", 200), ("assistant", 410)):
        client.sign_in(who)
        assert client.status(f"/packs/{build_id}/pack.pdf") == status
    assert "not open to you" in client.text(f"/packs/{build_id}/pack.pdf", status=410)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        take_back_release(rich.request_id, secret, "The mother asked us not to")
        assert standing_of(build_id).why.startswith(
            f"The release of a paper in it was taken back on {long_date(today())}"
        )
    client.sign_in("senco")
    assert client.status(f"/packs/{build_id}/pack.pdf") == 410


def test_a_paper_erased_since_keeps_a_pack_in(pack: Pack, as_system: Actor) -> None:
    with write("Erased"):
        db.session.scalars(select(Document).where(Document.id == pack.paper)).one().sha256 = ""
    assert standing_of(pack.build_id).why.startswith("A paper in it was erased by law.")


def test_a_paper_restricted_after_it_was_left_out_spoils_nothing(
    app: Flask, rich: Rich, world: World, as_system: Actor
) -> None:
    paper = kept(app, rich, WORDS)
    choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg")
    edit_document(paper, replace(WORDS, visibility=Visibility.KEPT))
    assert standing_of(build_id).why == ""
