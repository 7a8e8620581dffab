"""Declarations: what changed after a signature is named, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graduated.rules.declarations import (
    Saved,
    changed_since,
    printed,
    records_remark,
    records_words,
    remark,
    words_digest,
)

SIGNED = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)
BEFORE, AFTER = SIGNED - timedelta(minutes=1), SIGNED + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("now", "narratives", "changed"),
    [
        ("same", [], ()),
        ("same", [Saved("Views", BEFORE), Saved("Summary", SIGNED)], ()),
        ("other", [Saved("Views", BEFORE)], ("the request in words",)),
        ("same", [Saved("Views", AFTER)], ("“Views”",)),
        ("other", [Saved("Views", AFTER), Saved("Summary", AFTER)], ("the request in words", "“Views”", "“Summary”")),
    ],
)
def test_what_was_saved_after_a_signature_is_named(now: str, narratives: list[Saved], changed: tuple[str, ...]) -> None:
    assert changed_since(SIGNED, "same", now, narratives) == changed


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ((), ""),
        (("“Views”",), "“Views” has changed since Ruth Chaffey signed. Ask them to look, and to sign again."),
        (
            ("the request in words", "“Views”"),
            "The request in words and “Views” have changed since Ruth Chaffey signed. "
            "Ask them to look, and to sign again.",
        ),
        (
            ("the request in words", "“Views”", "“Summary”"),
            "The request in words, “Views” and “Summary” have changed since Ruth Chaffey signed. "
            "Ask them to look, and to sign again.",
        ),
    ],
)
def test_a_change_is_a_remark(changed: tuple[str, ...], says: str) -> None:
    assert remark("Ruth Chaffey", changed) == says


@pytest.mark.parametrize(
    ("changed", "quoting", "says"),
    [
        (
            (),
            ("“Attendance”",),
            "“Attendance” quotes what has changed or gone since it was put in: look at it there first. "
            "Ask Ruth Chaffey to look, and to sign again.",
        ),
        (
            ("the request in words",),
            ("“Views”", "“Attendance”"),
            "The request in words has changed since Ruth Chaffey signed. “Views” and “Attendance” quote what has "
            "changed or gone since it was put in: look at it there first. Ask them to look, and to sign again.",
        ),
    ],
)
def test_words_that_quote_a_corrected_record_are_a_remark(
    changed: tuple[str, ...], quoting: tuple[str, ...], says: str
) -> None:
    assert remark("Ruth Chaffey", changed, quoting) == says


def test_a_digest_tells_which_text_changed_places() -> None:
    assert words_digest("a", "b") != words_digest("ab", "")
    assert words_digest("a\r\nb ", "") == words_digest("a\nb", "")


def test_who_signed_is_not_told_to_ask_themselves() -> None:
    assert remark("Ruth Chaffey", ("“Views”",), is_reader=True) == (
        "“Views” has changed since you signed. Look at it, and sign again."
    )
    assert remark("Ruth Chaffey", ("“Views”",), ("“Needs”",), is_reader=True).endswith("Look at them, and sign again.")


@pytest.mark.parametrize(
    ("added", "corrected", "words"),
    [(0, 0, ""), (1, 0, "1 record added"), (2, 1, "2 records added, 1 corrected"), (0, 3, "3 corrected")],
)
def test_what_came_onto_the_record_after_a_signature_is_counted(added: int, corrected: int, words: str) -> None:
    assert records_words(added, corrected) == words


def test_records_that_came_after_a_signature_are_said_beside_it_and_on_paper() -> None:
    assert records_remark("Ruth Chaffey", "4 November 2026", "") == ""
    assert records_remark("Ruth Chaffey", "4 November 2026", "1 record added") == (
        "Since Ruth Chaffey signed on 4 November 2026, these changed: 1 record added. Tell them."
    )
    assert records_remark("x", "4 November 2026", "1 corrected", is_reader=True).startswith("Since you signed on")
    assert printed(False, "") == ""
    assert printed(True, "") == "; signed before the words were changed"
    assert printed(True, "2 records added") == "; signed before the words were changed; since then 2 records added"
    assert printed(False, "1 corrected") == "; since then 1 corrected"
