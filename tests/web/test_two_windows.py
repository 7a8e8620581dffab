"""One form open in two windows of one person: neither writes over what the other has, and nothing typed is lost."""

from __future__ import annotations

from html import unescape

from tests.ehcna.conftest import rich  # noqa: F401  # the pupil whose request is written for
from tests.ehcna.rich import Rich
from tests.support.client import PageClient


def place_of(rich: Rich) -> str:  # noqa: F811
    return f"/requests/{rich.request_id}/narrative/chronology"


def typed(client: PageClient, path: str) -> str:
    return unescape(str(client.form(path)[1]["text"]))


def test_of_two_windows_the_second_is_told_and_the_words_of_the_first_stay(
    client: PageClient,
    rich: Rich,  # noqa: F811
) -> None:
    path = place_of(rich)
    client.sign_in("senco")
    first, second = client.form(path)[1], client.form(path)[1]
    keep = f"/drafts?place={path}"
    assert client.post(keep, data={**first, "text": "Of the first window"}).status_code == 200
    answer = client.post(keep, data={**second, "text": "Of the second window"})
    assert answer.status_code == 409
    assert "You are writing this in another window too" in answer.get_json()["said"]
    assert client.post(keep, data={**first, "text": "Of the first window, longer"}).status_code == 200
    assert typed(client, path) == "Of the first window, longer"


def test_what_one_window_saves_leaves_the_words_of_the_other_to_come_back_and_shows_both(
    client: PageClient,
    rich: Rich,  # noqa: F811
) -> None:
    path = place_of(rich)
    client.sign_in("senco")
    first, second = client.form(path)[1], client.form(path)[1]
    client.post(f"/drafts?place={path}", data={**first, "text": "Of the first window"})
    assert client.post(path, data={**second, "text": "Of the second window"}).status_code == 303
    again = client.form(path)[1]
    assert unescape(again["text"]) == "Of the first window"
    assert "are not saved yet" in client.text(path)
    answer = client.post(path, data=again)
    assert answer.status_code == 409
    assert "Of the second window" in answer.text
    assert "Of the first window" in answer.text
    version = client.form(path)[1]
    assert version["text"]


def test_a_window_that_was_opened_from_the_kept_words_goes_on_with_them(client: PageClient, rich: Rich) -> None:  # noqa: F811
    path = place_of(rich)
    client.sign_in("senco")
    first = client.form(path)[1]
    keep = f"/drafts?place={path}"
    client.post(keep, data={**first, "text": "Begun"})
    after_reload = client.form(path)[1]
    assert client.post(keep, data={**after_reload, "text": "Begun, and gone on with"}).status_code == 200
    assert client.post(keep, data={**first, "text": "Typed in the old window"}).status_code == 409
    assert client.post(path, data={**after_reload, "text": "Done"}).status_code == 303
    assert typed(client, path) == "Done"
    assert "are not saved yet" not in client.text(path)
