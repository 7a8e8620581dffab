"""Where a draft is kept: under its form's address, in one school and with one hat."""

from __future__ import annotations

import pytest

from graduated.db import keys


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (keys.placed(3, "staff", "/pupils/7/notes:new"), "/pupils/7/notes:new"),
        (keys.placed(2, "staff", "/pupils/7"), ""),
        (keys.placed(4, "staff", "/pupils/7"), ""),
        ("/pupils/7", "/pupils/7"),
        ("3", ""),
        ("3:staff", ""),
        ("", ""),
    ],
)
def test_a_draft_is_found_in_its_own_school_alone(place: str, path: str) -> None:
    assert keys.path_in(place, 3) == path


def test_words_that_are_not_saved_yet_and_keys_of_forms_stand_in_no_audit() -> None:
    assert (keys.Draft.audited, keys.FormKey.audited) == (False, False)


def test_two_hats_and_two_schools_have_drafts_of_their_own() -> None:
    places = {keys.placed(school, hat, "/x") for school in (3, 4) for hat in ("staff", "family")}
    assert len(places) == 4
    assert keys.placed(3, "staff", "/x") == "3:staff:/x", "as drafts of earlier versions are kept"


def test_a_key_is_of_whoever_was_named_last_and_of_the_system_when_nobody_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "owner_lookup", [])
    assert keys.key_owner() == "system"
    keys.owner_lookup += [lambda: "user:1", lambda: "user:2"]
    assert keys.key_owner() == "user:2"
