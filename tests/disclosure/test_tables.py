"""A bundle is made of every table with a way to the pupil, or the table says why not."""

from __future__ import annotations

from graduated.app import load_models
from graduated.disclosure.labels import FIELDS, TABLES
from graduated.disclosure.readable import LIST_ONLY, SILENT
from graduated.disclosure.tables import (
    EXEMPT,
    LIBRARY,
    OF_RECORD,
    REACHED,
    columns_of,
    links_of,
    models,
    taken,
    with_a_way,
)


def test_every_table_with_a_way_to_the_pupil_is_in_a_bundle_or_exempt_with_a_reason() -> None:
    load_models()
    missing = with_a_way() - set(taken()) - set(EXEMPT)
    assert missing == set(), "say in disclosure/tables.py how these are reached, or why no bundle holds them"
    assert all(len(reason) > 10 for reason in EXEMPT.values())


def test_what_is_reached_is_there_and_is_not_exempt() -> None:
    load_models()
    assert set(REACHED) <= set(taken())
    assert set(taken()) >= OF_RECORD
    assert "legal_hold" in EXEMPT or "legal_hold" not in models() or "legal_hold" in taken()


def test_no_code_of_the_program_is_in_a_bundle() -> None:
    load_models()
    codes = {"sha256", "preview_sha256", "salt", "digest", "mac", "previous_mac", "school_id", "part_salts"}
    assert {f"{table}.{name}" for table in taken() for name in columns_of(table) if name in codes} == set()
    assert "text" in columns_of("observation")


def test_an_educational_record_holds_nothing_of_the_family_or_of_safeguarding() -> None:
    assert OF_RECORD.isdisjoint(
        {"adult", "family_link", "bar", "bar_change", "restricted_note", "change_event", "health"}
    )


def test_every_kind_and_every_field_that_people_read_has_words_of_its_own() -> None:
    load_models()
    assert set(taken()) - set(TABLES) - set(LIST_ONLY) == set(), "say in disclosure/labels.py what people call these"
    read = {
        name
        for table in taken()
        for name in columns_of(table)
        if name not in SILENT and name != "pupil_id" and links_of(table).get(name, "user") in LIBRARY
    }
    assert read - set(FIELDS) == set(), "say in disclosure/labels.py what people call these fields"
    assert not [words for words in (*TABLES.values(), *FIELDS.values()) if "_" in words or words != words.strip()]
