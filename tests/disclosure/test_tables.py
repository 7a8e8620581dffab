"""A bundle is made of every table with a way to the pupil, or the table says why not."""

from __future__ import annotations

from graduated.app import load_models
from graduated.disclosure.tables import EXEMPT, OF_RECORD, REACHED, columns_of, models, taken, with_a_way


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
