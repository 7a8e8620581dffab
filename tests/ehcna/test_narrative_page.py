"""Writing a section: references put in and looked at again, versions, two writers, an ended sign-in."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now
from graduated.ehcna.build import draw
from graduated.ehcna.queries_narrative import versions_of
from graduated.rules.references import RefKind, mark
from tests.ehcna.quoting import correct, found_for, of_kind, written
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.ehcna.words import TYPED
from tests.register.counting import counted
from tests.support.client import PageClient


def place(rich: Rich, section: str = "needs") -> str:
    return f"/requests/{rich.request_id}/narrative/{section}"


def typed(client: PageClient, path: str) -> str:
    return unescape(str(client.form(path)[1]["text"])).replace("\r\n", "\n")


def test_a_record_is_put_in_at_the_end_and_what_was_typed_is_kept(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = of_kind(rich, RefKind.OBSERVATION)
    client.sign_in("senco")
    assert f"Insert: {one.label}" in client.text(place(rich))
    client.send(place(rich), text="My words so far", act=f"insert:{one.ref}")
    assert typed(client, place(rich)) == f"My words so far {mark(one.label, one.ref)}"
    words = client.text(place(rich))
    assert "are not saved yet" in words
    assert f"My words so far {one.words}" in words
    client.send(place(rich))
    assert f"My words so far {one.words}"[:100] in client.text(f"/requests/{rich.request_id}")


def test_a_broken_reference_is_said_beside_the_field_and_nothing_is_saved(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    answer = client.send(place(rich), text="At [[YARC, 12 March 2026: 84 #m123", status=422)
    assert "A reference has lost its end" in unescape(answer.text)
    assert "At [[YARC" in answer.text
    assert TYPED[38] in client.text(f"/requests/{rich.request_id}")


def test_a_record_that_cannot_be_put_in_is_said_and_the_words_stay(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    answer = client.send(place(rich), text="My words", act="insert:m999999", status=422)
    assert "not there any more" in answer.text
    assert "My words" in answer.text


def test_a_changed_figure_is_taken_kept_or_taken_out(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
        written(rich, ref)
        correct(rich, ref, 9)
    client.sign_in("senco")
    page = client.text(f"/requests/{rich.request_id}")
    assert "1 thing that you quoted has changed" in page
    assert "Look before you build" in page
    saved = typed(client, place(rich))
    for act, left in (
        ("take", f": 9 #{ref}]]"),
        ("keep", "8 (Errors in 100 words read aloud"),
        ("drop", "She is at."),
    ):
        client.send(place(rich), text=saved, act=f"{act}:{ref}")
        assert left in typed(client, place(rich)), act
    client.send(place(rich), text=saved, taken="", act=f"take:{ref}")
    assert "Look at these again" not in client.text(place(rich))
    client.send(place(rich))
    assert "quoted has changed" not in client.text(f"/requests/{rich.request_id}")


def test_a_label_changed_by_hand_is_the_records_own_again_when_it_is_saved(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = next(one for one in found_for(rich).values() if one.note == "latest")
    client.sign_in("senco")
    assert "is put right by itself when you save" in client.text(place(rich))
    for said in ("a wonderful 99", "an even better 100"):
        client.send(place(rich), text=f"At [[{said} #{one.ref}]].")
        assert typed(client, place(rich)) == f"At {mark(one.label, one.ref)}."
    with app.app_context(), acting(system_actor(1, "Tests")):
        correct(rich, one.ref, 9)
    client.send(place(rich), text=f"At [[no figure at all #{one.ref}]].")
    assert typed(client, place(rich)) == f"At {mark(one.label, one.ref)}."  # what it was is still told
    assert one.label in client.text(place(rich))


def test_a_balanced_picture_is_a_reminder_beside_the_words(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    words = client.text(place(rich))
    assert "A balanced picture" in words
    assert "1 strength is on record and not mentioned in your words." in words  # the other stands in the reason
    assert "It stops nothing" in words
    assert "A balanced picture" not in client.text(place(rich, "attendance"))


def test_the_reason_is_borne_out_below_it_by_what_is_on_record(
    client: PageClient, app: Flask, rich: Rich, tmp_path: Any
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = of_kind(rich, RefKind.SUMMARY)
    client.sign_in("senco")
    words = client.text(place(rich, "reason"))
    assert "The reason itself stands in the request in words" in words
    assert TYPED[35] in words
    client.send(place(rich, "reason"), text=f"As the last review said: {mark(one.label, one.ref)}")
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert squeezed(f"As the last review said: {one.words}") in found
    assert found.index(squeezed(TYPED[35])) < found.index(squeezed("As the last review said"))


def test_each_saved_version_is_kept_and_can_be_brought_back(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    for words in ("First words", "Second words", "Second words", "Third words"):
        client.send(place(rich, "provision"), text=words)
    with app.app_context(), acting(system_actor(1, "Tests")):
        rows = versions_of(rich.request_id, "provision")
    assert [(one.number, one.text, one.by) for one in rows] == [
        (3, "Third words", "Hannah Legg"),
        (2, "Second words", "Hannah Legg"),
        (1, "First words", "Hannah Legg"),
    ]
    past = f"{place(rich, 'provision')}/versions"
    assert "not saved yet" not in client.text(past)
    client.send(past, index=1)
    assert "words in the form that are not saved yet" in client.text(past)
    assert typed(client, place(rich, "provision")) == "First words"
    assert "Third words" in client.text(f"/requests/{rich.request_id}")
    client.send(place(rich, "provision"))
    assert "First words" in client.text(f"/requests/{rich.request_id}")


def test_a_version_that_is_not_there_cannot_be_brought_back(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    client.send(place(rich), text="One")
    client.send(place(rich), text="Two")
    client.send(f"{place(rich)}/versions", number="77", status=422)


@pytest.mark.parametrize(("first", "second"), [("senco", "assistant"), ("assistant", "senco")])
def test_of_two_editors_the_later_sees_both_texts(
    client: PageClient, app: Flask, rich: Rich, first: str, second: str
) -> None:
    client.sign_in(first)
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in(second)
    mine, theirs = client.form(place(rich)), other.form(place(rich))
    assert client.post(mine[0], data={**mine[1], "text": "Words of the first"}).status_code == 303
    answer = other.post(theirs[0], data={**theirs[1], "text": "Words of the second"})
    assert answer.status_code == 409
    assert "Words of the first" in answer.text
    assert "Words of the second" in answer.text
    assert "Somebody else saved this first" in answer.text


def test_two_who_begin_a_section_at_once_do_not_write_over_each_other(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    client.sign_in("senco")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("assistant")
    path = place(rich, "chronology")
    mine, theirs = client.form(path), other.form(path)
    assert client.post(mine[0], data={**mine[1], "text": "Begun by the first"}).status_code == 303
    answer = other.post(theirs[0], data={**theirs[1], "text": "Begun by the second"})
    assert answer.status_code == 409
    assert "Begun by the first" in answer.text
    assert "Begun by the second" in answer.text


def test_words_typed_while_the_sign_in_ended_are_there_after_signing_in(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    action, values = client.form(place(rich))
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.post(action, data={**values, "text": "Typed for half an hour"})
    client.sign_in("senco")
    assert typed(client, place(rich)) == "Typed for half an hour"


def test_many_references_ask_no_more_of_the_database_than_one(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        every = list(found_for(rich))
        written(rich, every[0])
    client.sign_in("senco")
    client.text(f"/requests/{rich.request_id}")
    asked = []
    for many in ([every[0]], every * 3):
        with app.app_context(), acting(system_actor(1, "Tests")):
            written(rich, *many)
        with counted(app) as sent:
            client.text(f"/requests/{rich.request_id}")
        asked.append(len(sent))
    assert asked[0] == asked[1]


def two_windows(client: PageClient, path: str) -> tuple[dict[str, str], dict[str, str]]:
    """Two windows of one form; what was typed in the first is kept."""
    client.sign_in("senco")
    first, second = client.form(path)[1], client.form(path)[1]
    assert client.post(f"/drafts?place={path}", data={**first, "text": "Long words of the first"}).status_code == 200
    return first, second


def test_a_second_window_whose_sign_in_ended_takes_nothing_from_the_first(client: PageClient, rich: Rich) -> None:
    path = place(rich)
    _first, second = two_windows(client, path)
    client.post("/sign-out", data={"csrf_token": client.token()})
    late = client.post(f"/drafts?place={path}", data={**second, "text": "of B"}, headers={"HX-Request": "true"})
    assert late.status_code == 401
    client.sign_in("senco")
    assert typed(client, path) == "Long words of the first"
    client.send(path)
    assert typed(client, path) == "of B", "they come back when the first are saved"


def test_putting_a_record_in_in_one_window_takes_nothing_from_another(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = of_kind(rich, RefKind.OBSERVATION)
    path = place(rich)
    first, second = two_windows(client, path)
    client.post(path, data={**second, "text": "Of the second", "act": f"insert:{one.ref}"})
    assert typed(client, path) == f"Of the second {mark(one.label, one.ref)}"
    more = client.post(f"/drafts?place={path}", data={**first, "text": "Long words of the first, and more"})
    assert more.status_code == 200, "each window goes on with its own"
    client.send(path)
    assert typed(client, path) == "Long words of the first, and more"


def test_bringing_a_version_back_takes_nothing_that_was_typed(client: PageClient, rich: Rich) -> None:
    path = place(rich)
    client.sign_in("senco")
    client.send(path, text="Saved once")
    two_windows(client, path)
    client.post(f"{path}/versions", data={"csrf_token": client.token(), "number": "1"})
    brought = typed(client, path)
    assert brought != "Long words of the first"
    client.send(path)
    assert typed(client, path) == "Long words of the first"
