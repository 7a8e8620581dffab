"""Educational advice after agreement: what is brought over, what is new, what is lacking; signed, built, sent."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import View
from graduated.db.clock import today
from graduated.db.files import FileStore
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build, draw
from graduated.ehcna.content_advice import advice_of
from graduated.ehcna.queries import build_of, builds_of
from graduated.ehcna.queries_files import files_of_build
from graduated.ehcna.records import records_for
from graduated.ehcna.references import references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.ops.verified import Verified
from graduated.ops.verify_papers import check_pack_files, check_packs
from graduated.ops.worker import work_once
from graduated.request.queries import request_of
from graduated.request.services import record_step
from graduated.request.steps import Step
from graduated.rules.references import mark
from graduated.rules.vocabulary import BuildKind, PackFileKind, ViewMethod, ViewOf
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.ehcna.test_traced import remove
from tests.ehcna.words import TYPED
from tests.pack.accessible import assert_accessible
from tests.pack.reading import strings
from tests.support.client import PageClient

MOMENT = datetime(2026, 11, 21, 15, 42, tzinfo=UTC)
NEW_WORDS = "I want the quiet table to stay"


def agreed(rich: Rich) -> None:
    """The request went fifteen days ago; the authority agreed, and asked for advice ten days ago."""
    day = today()
    record_step(rich.request_id, Step.SENT, day - timedelta(days=15))
    record_step(rich.request_id, Step.RECEIVED, day - timedelta(days=15))
    record_step(rich.request_id, Step.AGREED, day - timedelta(days=12))
    record_step(rich.request_id, Step.ADVICE_ASKED, day - timedelta(days=10), whom="Locality SEND team")


def said_since(rich: Rich) -> int:
    """The pupil said something after the request had gone."""
    with write("View recorded"):
        row = View(
            pupil_id=rich.pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION, text=NEW_WORDS,
            given_on=today() - timedelta(days=3),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return int(row.id)


@pytest.fixture
def asked(app: Flask, rich: Rich) -> Rich:
    """The rich pupil, whose assessment is agreed to and whose school is asked for advice."""
    with app.app_context(), acting(system_actor(1, "Tests")):
        agreed(rich)
    return rich


def place(rich: Rich, section: str) -> str:
    return f"/requests/{rich.request_id}/narrative/{section}"


def page_of(rich: Rich) -> str:
    return f"/requests/{rich.request_id}/advice"


def test_before_the_authority_agrees_there_is_nothing_to_write(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    assert "once the authority has agreed to assess" in client.text(page_of(rich))
    assert client.status(place(rich, "advice-views")) == 404
    assert "Enter first that the authority" not in client.text(f"/requests/{rich.request_id}")


def test_the_letter_says_by_when_and_sending_closes_the_line(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        for step, ago in ((Step.SENT, 90), (Step.RECEIVED, 90), (Step.AGREED, 60)):
            record_step(rich.request_id, step, today() - timedelta(days=ago))
        on, due = today() - timedelta(days=45), today() - timedelta(days=3)
    client.sign_in("senco")
    assert "Not asked for yet" in client.text(page_of(rich))
    client.send(f"{page_of(rich)}/asked", **parts(on), whom="Mrs Parry, locality SEND team")
    words = client.text(page_of(rich))
    assert f"Due by {due.day} {due:%B %Y} limit passed" in words
    assert "Mrs Parry, locality SEND team" in words
    assert "the authority waits for the school’s educational advice" in client.text("/")
    early = client.send(f"{page_of(rich)}/sent", status=422, **parts(on - timedelta(days=1)), whom="Mrs Parry")
    assert "cannot have been sent before that" in early.text
    client.send(f"{page_of(rich)}/sent", **parts(due + timedelta(days=1)), whom="Mrs Parry")
    words = client.text(page_of(rich))
    assert "1 day late." in words
    assert "to Mrs Parry" in words
    assert "waits for the school’s educational advice" not in client.text("/")


def parts(day: date) -> dict[str, str]:
    return {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}


def test_words_about_advice_take_no_place_of_the_reasons_of_the_decision(rich: Rich, as_system: Actor) -> None:
    day = today()
    record_step(rich.request_id, Step.SENT, day - timedelta(days=30))
    record_step(rich.request_id, Step.AGREED, day - timedelta(days=9), "They agree that he may need a plan.")
    record_step(rich.request_id, Step.ADVICE_ASKED, day - timedelta(days=8), "On paper, please.")
    assert request_of(rich.request_id).decision_words == "They agree that he may need a plan.\nOn paper, please."


def test_words_of_the_request_are_brought_over_with_their_references(
    client: PageClient, app: Flask, asked: Rich, tmp_path: Path
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = references_of(records_for(asked.pupil_id, asked.request_id))
        one = next(row for row in found.values() if row.ref.startswith("o"))
        write_narrative(
            asked.request_id, "views", f"He says {mark(one.label, one.ref)} himself.",
            says={ref: row.digest for ref, row in found.items()},
        )  # fmt: skip
    client.sign_in("senco")
    assert "Bring over: Views" in client.text(place(asked, "advice-views"))
    client.send(place(asked, "advice-views"), text="To begin with.", act="bring:views")
    _path, values = client.form(place(asked, "advice-views"))
    assert f"[[{one.label} #{one.ref}]]" in str(values["text"]).replace("&#39;", "'") or one.ref in str(values["text"])
    assert str(values["text"]).startswith("To begin with.")
    assert "Brought over from the request (Views, as saved on" in client.text(place(asked, "advice-views"))
    client.send(place(asked, "advice-views"))
    words = client.text(page_of(asked))
    assert "To begin with." in words
    assert "brought over" in words
    assert one.words[:40] in words
    request_page = client.text(f"/requests/{asked.request_id}")
    assert "To begin with." not in request_page, "the request’s own words stay as they were sent"
    with app.app_context(), acting(system_actor(1, "Tests")):
        content = advice_of(records_for(asked.pupil_id, asked.request_id, BuildKind.ADVICE))
    (part,) = (part for part in content.parts if part.anchor == "advice-views")
    assert part.brought[0].startswith("Brought over from the request (Views, as saved on")


def test_of_the_request_s_own_words_the_version_is_kept_too(client: PageClient, asked: Rich) -> None:
    client.sign_in("senco")
    assert "Bring over: Outcomes sought" in client.text(place(asked, "advice-outcomes"))
    client.send(place(asked, "advice-outcomes"), act="bring:own-sought")
    client.send(place(asked, "advice-outcomes"))
    assert "Brought over from the request (Outcomes sought) on" in client.text(place(asked, "advice-outcomes"))
    client.send(place(asked, "advice-outcomes"), text="")
    assert "Brought over" not in client.text(place(asked, "advice-outcomes")).replace("Bring over", "")


def test_a_source_that_is_not_there_is_said_and_the_words_stay(client: PageClient, asked: Rich) -> None:
    client.sign_in("senco")
    answer = client.send(place(asked, "advice-semh"), text="Mine", act="bring:nothing", status=422)
    assert "not there any more" in answer.text
    assert "\nMine</textarea>" in answer.text


def test_what_came_since_the_request_is_offered_first_and_listed(client: PageClient, app: Flask, asked: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        view_id = said_since(asked)
    client.sign_in("senco")
    words = client.text(place(asked, "advice-semh"))
    assert (
        words.index("New since the request")
        < words.index("What you wrote in the request")
        < words.index("From the records")
    )
    with app.app_context(), acting(system_actor(1, "Tests")):
        content = advice_of(records_for(asked.pupil_id, asked.request_id, BuildKind.ADVICE))
        before = [one for one in content.new if NEW_WORDS in one.words]
        assert len(before) == 1
        assert all(one.on is None or one.on > content.since for one in content.new if content.since)
        assert TYPED[14] not in " ".join(one.words for one in content.new), "what the authority has is not new"
    assert view_id


def test_with_a_kept_pack_new_is_what_its_list_of_records_lacks(app: Flask, rich: Rich, as_system: Actor) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    build(rich.pupil_id, rich.request_id, "Hannah Legg", moment=yesterday)
    record_step(rich.request_id, Step.SENT, today())
    record_step(rich.request_id, Step.AGREED, today())
    with write("View of long ago, entered late"):
        db.session.add(
            View(
                pupil_id=rich.pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.WRITTEN, text=NEW_WORDS,
                given_on=today() - timedelta(days=200),
            )
        )  # fmt: skip
    content = advice_of(records_for(rich.pupil_id, rich.request_id, BuildKind.ADVICE))
    assert [one.words for one in content.new if NEW_WORDS in one.words], "its date is old, but the authority has it not"
    assert len(content.new) == 1


def test_what_is_lacking_is_said_and_stops_nothing(client: PageClient, app: Flask, asked: Rich) -> None:
    client.sign_in("senco")
    words = client.text(page_of(asked))
    assert "No outcome is written." in words
    assert "Nobody has signed it yet" in words
    client.send(f"{page_of(asked)}", index=0, copies=[])
    with app.app_context():
        assert work_once()
    with app.app_context(), acting(system_actor(1, "Tests")):
        (built,) = builds_of(asked.request_id, BuildKind.ADVICE)
        assert builds_of(asked.request_id) == ()
    assert f"/packs/{built.build_id}/pack.pdf" in client.get(page_of(asked)).text
    assert f"/packs/{built.build_id}/pack.pdf" not in client.get(f"/requests/{asked.request_id}").text
    answer = client.get(f"/packs/{built.build_id}/pack.pdf")
    assert "educational-advice-" in answer.headers["Content-Disposition"]


def test_head_or_senco_gives_it_and_a_change_afterwards_is_said(client: PageClient, app: Flask, asked: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        write_narrative(asked.request_id, "advice-outcomes", "He will read a page to a friend.")
    client.sign_in("senco")
    words = client.text(f"{page_of(asked)}/sign")
    assert "on behalf of the headteacher" in words
    assert "He will read a page to a friend." in words
    client.send(f"{page_of(asked)}/sign", sure="y")
    words = client.text(page_of(asked))
    assert "Nobody has signed it yet" not in words
    assert "sign again" not in words
    assert "not signed yet" in client.text(f"/requests/{asked.request_id}"), "the request has its own declarations"
    with app.app_context(), acting(system_actor(1, "Tests")):
        write_narrative(asked.request_id, "advice-outcomes", "Two pages.", 1)
    assert "“Outcomes expected” has changed since you signed." in client.text(page_of(asked))
    client.sign_in("head")
    assert "on behalf of the headteacher" not in client.text(f"{page_of(asked)}/sign")


def test_words_that_the_signer_never_saw_are_shown_and_not_signed(client: PageClient, app: Flask, asked: Rich) -> None:
    client.sign_in("senco")
    where, values = client.form(f"{page_of(asked)}/sign")
    with app.app_context(), acting(system_actor(1, "Tests")):
        write_narrative(asked.request_id, "advice-outcomes", "Words that came meanwhile.")
    answer = client.post(where, data={**values, "sure": "y"})
    assert answer.status_code == 409
    assert "Words that came meanwhile." in answer.text
    assert "Nobody has signed it yet" in client.text(page_of(asked))


def test_the_document_reads_as_it_was_written_and_the_same_twice(
    app: Flask, asked: Rich, as_system: Actor, tmp_path: Path
) -> None:
    said_since(asked)
    found = references_of(records_for(asked.pupil_id, asked.request_id))
    one = next(row for row in found.values() if row.ref.startswith("m") and row.offered)
    write_narrative(
        asked.request_id, "advice-cognition", f"She reads at {mark(one.label, one.ref)}.",
        says={ref: row.digest for ref, row in found.items()},
    )  # fmt: skip
    drawn = [
        draw(asked.pupil_id, asked.request_id, MOMENT, "Hannah Legg", kind=BuildKind.ADVICE) for _twice in range(2)
    ]
    assert drawn[0].pdf == drawn[1].pdf
    told = words_of(drawn[0].pdf, tmp_path)
    for words in (
        "Educational advice", "regulation 6(1)(b)", "Locality SEND team", f"She reads at {one.words}.", NEW_WORDS,
        "New since the request", "Who gives this advice", drawn[0].manifest_sha256[:12], "Page 1 of",
    ):  # fmt: skip
        assert squeezed(words) in told
    assert squeezed("Nothing is written.") in told
    assert squeezed("Nothing is on record in this area.") in told
    assert_accessible(drawn[0].pdf, tmp_path)


def test_the_zip_holds_the_advice_and_its_list_and_no_papers(app: Flask, asked: Rich, as_system: Actor) -> None:
    build_id, pdf, _pages = build(asked.pupil_id, asked.request_id, "Hannah Legg", kind=BuildKind.ADVICE)
    store: FileStore = app.extensions["files"]
    files = {one.kind: one for one in files_of_build(build_id)}
    assert files[PackFileKind.ZIP].file_name.startswith("educational-advice-")
    with zipfile.ZipFile(io.BytesIO(store.read(files[PackFileKind.ZIP].sha256))) as archive:
        assert archive.namelist() == ["README.txt", "advice.pdf", "manifest.json"]
        assert archive.read("advice.pdf") == pdf
        listed = json.loads(archive.read("manifest.json"))
        assert "The educational advice, built on" in archive.read("README.txt").decode().replace("\r\n", "\n")
    assert listed["kind"] == "advice"
    assert {one["table"] for one in listed["records"]}.isdisjoint({"document"})


def test_each_document_lists_its_own_words_and_signatures(client: PageClient, app: Flask, asked: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        write_narrative(asked.request_id, "advice-outcomes", "He will read a page to a friend.")
    client.sign_in("senco").send(f"{page_of(asked)}/sign", sure="y")
    with app.app_context(), acting(system_actor(1, "Tests")):
        listed = {
            kind: draw(asked.pupil_id, asked.request_id, MOMENT, "Hannah Legg", kind=kind).manifest
            for kind in BuildKind
        }
    rows = {
        kind: {(one["table"], one["id"]) for one in manifest["records"] if one["table"] in {"narrative", "declaration"}}
        for kind, manifest in listed.items()
    }
    assert {table for table, _row in rows[BuildKind.ADVICE]} == {"narrative", "declaration"}
    assert {table for table, _row in rows[BuildKind.REQUEST]} == {"narrative"}
    assert rows[BuildKind.ADVICE].isdisjoint(rows[BuildKind.REQUEST])


def test_a_statement_of_the_advice_leads_to_its_record_and_goes_with_it(
    home: Path, asked: Rich, as_system: Actor
) -> None:
    view_id = said_since(asked)
    records = records_for(asked.pupil_id, asked.request_id, BuildKind.ADVICE)
    found = references_of(records)
    ref = f"v{view_id}"
    write_narrative(
        asked.request_id, "advice-views", f"He says {mark(found[ref].label, ref)}",
        says={one.ref: one.digest for one in found.values()},
    )  # fmt: skip
    before = draw(asked.pupil_id, asked.request_id, MOMENT, "Hannah Legg", kind=BuildKind.ADVICE).manifest
    assert ("view", view_id) in {(one["table"], one["id"]) for one in before["records"]}
    now = advice_of(records_for(asked.pupil_id, asked.request_id, BuildKind.ADVICE))
    told = [text for _path, text in strings(now)]
    assert sum(NEW_WORDS in text for text in told) == 3, "in the words, among what is new, and among the views"
    db.session.remove()
    remove(home, "view", [view_id])
    after = advice_of(records_for(asked.pupil_id, asked.request_id, BuildKind.ADVICE))
    assert not [text for _path, text in strings(after) if NEW_WORDS in text]


def test_a_family_copy_has_no_address_and_nothing_that_was_not_shared(
    app: Flask, asked: Rich, as_system: Actor, tmp_path: Path
) -> None:
    adults = [one.adult_id for one in records_for(asked.pupil_id, asked.request_id).adults]
    drawn = draw(asked.pupil_id, asked.request_id, MOMENT, "Hannah Legg", copies=adults, kind=BuildKind.ADVICE)
    assert drawn.copies
    for copy in drawn.copies:
        told = words_of(copy.pdf, tmp_path)
        assert squeezed("Copy for the family") in told


def test_the_day_on_which_a_build_went_ends_the_line(client: PageClient, app: Flask, asked: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        build_id, _pdf, _pages = build(asked.pupil_id, asked.request_id, "Hannah Legg", kind=BuildKind.ADVICE)
    client.sign_in("senco")
    client.send(f"/packs/{build_id}/sent", how="portal", to_whom="Mrs Parry")
    words = client.text(page_of(asked))
    assert "to Mrs Parry" in words
    assert "In time." in words
    with app.app_context(), acting(system_actor(1, "Tests")):
        row = request_of(asked.request_id)
    assert (row.advice_sent_on, row.sent_on) == (today(), today() - timedelta(days=15))


def test_verify_holds_a_built_advice_against_its_hashes(app: Flask, asked: Rich, as_system: Actor) -> None:
    build_id, _pdf, _pages = build(asked.pupil_id, asked.request_id, "Hannah Legg", kind=BuildKind.ADVICE)
    answer = Verified()
    check_packs(answer, "100001", ())
    check_pack_files(answer, "100001", ())
    assert answer.broken == []
    assert answer.checked["packs"] == 1
    path = app.extensions["files"].path(build_of(build_id).sha256)
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 another")
    check_packs(answer, "100001", ())
    assert [one.says for one in answer.broken] == ["its file is not the one that was built"]


def test_a_class_teacher_and_a_parent_do_not_write_it(client: PageClient, asked: Rich) -> None:
    client.sign_in("head")
    assert client.status(page_of(asked)) == 200
    assert client.status(place(asked, "advice-outcomes")) == 403
    assert "Write: Outcomes expected" not in client.text(page_of(asked))
    client.sign_in("parent")
    assert client.status(page_of(asked)) == 404
