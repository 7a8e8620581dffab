"""Who looked says in words what was looked at: no page of a request is called by one bare word of the program."""

from __future__ import annotations

from flask import Flask

from graduated.pupils.tabs import page_words

_OF_NO_PUPIL = {"ehcna.requests", "ehcna.try_profile"}


def test_every_page_of_a_request_has_a_name_that_says_what_was_seen(app: Flask) -> None:
    for endpoint in app.view_functions:
        if endpoint.startswith(("ehcna.", "request.")) and endpoint not in _OF_NO_PUPIL:
            words = page_words(endpoint)
            bare = endpoint.partition(".")[2].replace("_", " ").capitalize()
            assert words != bare, endpoint


def test_a_pack_that_was_taken_as_a_file_is_called_so(app: Flask) -> None:
    assert page_words("ehcna.download") == "The pack, as a file"
    assert page_words("ehcna.give") == "Copy of the pack"
    assert page_words("ehcna.progress") == "Progress of a build"
