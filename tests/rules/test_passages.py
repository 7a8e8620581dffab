"""Finding words however they are written, and what stands in their place: as tables of cases."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from graduated.rules.passages import (
    AGAIN,
    GONE,
    Sought,
    folded,
    has_words,
    hollow,
    left_at,
    quotes,
    quoting,
    said_beside_marks,
    stands_in,
    taken_from,
    without,
    without_but_links,
)

WORDS = "Barnaby Quillfeather bit her on the arm"
MARK = "[Erased on 22 November 2026 on the authority of Ruth Chaffey, headteacher. What stood here is gone by law.]"


def sought(words: str) -> Sought:
    """What looks for these words, however short."""
    return Sought(folded(words))


@pytest.mark.parametrize(
    ("words", "named", "searched"),
    [
        ("It works.", False, False),  # said of many a thing
        ("Nineteen letters ok", False, False),
        ("Twenty letters, so it", False, True),
        ("Tom Fr", True, True),  # somebody marked just these words: a name, it may be
        ("Tom F", True, False),
        ("  \n ", True, False),
        ("........", True, False),  # no words at all
    ],
)
def test_short_words_are_searched_for_only_when_somebody_marked_them(words: str, named: bool, searched: bool) -> None:
    assert (quoting(words, named=named) is not None) is searched


@pytest.mark.parametrize(
    ("value", "is_quoted"),
    [
        (f"We heard: {WORDS}, twice.", True),
        (WORDS.replace(" bit ", "\r\n bit  "), True),  # lines are broken anew in a form, a letter, a draft
        ({"a": ["x", {"b": WORDS}]}, True),
        ((WORDS,), True),
        (WORDS.lower(), True),
        (f"“{WORDS.upper()}”", True),
        (WORDS.replace("Barnaby", "Barn\u00adaby"), True),  # a soft hyphen, out of a word processor
        (f"{WORDS}s were sore", False),  # another word
        (f"{WORDS}\u0308 — no", False),  # an accent makes another letter
        (7, False),
        (None, False),
    ],
)
def test_a_quotation_is_found_however_it_is_written(value: Any, is_quoted: bool) -> None:
    found = quoting(WORDS)
    assert found is not None
    assert quotes(value, found) is is_quoted
    assert quotes(without(value, found, "[m]"), found) is False


@pytest.mark.parametrize(
    ("text", "passage", "left"),
    [
        ("Not met. Tom bit her. Sad.", "Tom bit her", "Not met. [m]. Sad."),
        ("Tom and Tommy and Tom", "Tom", f"[m] and Tommy and {AGAIN}"),  # one mark in a text
        ("TOM, and tom’s friend", "Tom", f"[m], and {AGAIN}’s friend"),
        ("He met O’Neil.", "O'Neil", "He met [m]."),
        (unicodedata.normalize("NFD", "Then Zoë ran"), "Zoë", "Then [m] ran"),
        ("Then Zoë ran", unicodedata.normalize("NFD", "Zoë"), "Then [m] ran"),
        ("Straße 1 hier", "STRASSE", "[m] 1 hier"),
        ("see tom_plan.docx", "Tom", "see [m]_plan.docx"),
        ("(Tom) – Tom", "(Tom)", "[m] – Tom"),
        ("Zoë and  Tom\nBell", "tom bell", "Zoë and  [m]"),
        ("xTom Tom", "Tom", "xTom [m]"),
        ("All of it", "", "[m]"),
    ],
)
def test_a_passage_goes_out_of_its_text_and_without_one_all_of_it(text: str, passage: str, left: str) -> None:
    assert taken_from(text, passage, "[m]") == left
    assert stands_in(passage, text)


def test_spaces_are_no_passage() -> None:
    assert not stands_in("   ", "Any text   at all") and not has_words(" .\n") and has_words(" 7 ")


def test_a_mark_of_the_law_is_no_place_for_words_to_go_from() -> None:
    text = f"She said it is gone by law. {MARK}"
    assert taken_from(text, "gone by law", "[m]") == f"She said it is [m]. {MARK}"
    assert not stands_in("headteacher", MARK)
    assert said_beside_marks(f"So. {MARK} [Put right]") == "So.  "
    assert quotes([f"So. {MARK}"], sought(MARK))  # the whole of a mark is found, for whoever checks that it stands


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ({"step": "another", "why": "Another try"}, {"step": "another", "why": "[m] try"}),
        (["another", "ANOTHER", "by another"], ["another", "[m]", "by [m]"]),
        ("another", "[m]"),  # a column of its own is no code
        ([3, None], [3, None]),
    ],
)
def test_codes_within_a_value_stay(value: Any, left: Any) -> None:
    assert without(value, sought("Another"), "[m]") == left


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Phonics: https://x.example/phonics/abc", f"{GONE}: https://x.example/phonics/abc"),
        ({"text": ["On phonics. http://x/phonics"], "kind": ["phonics"]},
         {"text": [f"On {GONE}. http://x/phonics"], "kind": ["phonics"]}),
        (None, None),
    ],
)  # fmt: skip
def test_addresses_of_pages_in_messages_and_drafts_stay(value: Any, left: Any) -> None:
    assert without_but_links(value, sought("phonics")) == left


def test_what_the_audit_says_of_a_place_is_hollow_afterwards() -> None:
    assert hollow([None, "words", "", 3, ["a", {"b": "c"}]]) == [None, GONE, "", 3, [GONE, {"b": GONE}]]


SHORT = ("[Erased on 22 November 2026]", "[Erased]")


@pytest.mark.parametrize(
    ("text", "passage", "right", "marks", "room", "left"),
    [
        ("Tom hit. Tom ran.", "Tom", "", ("[m]",), None, ("[m] hit. […] ran.", "[m]")),
        ("Tom hit. Tom ran.", "Tom", "Ann", ("[m]",), None, ("Ann [m] hit. Ann ran.", "[m]")),
        ("Tom", "Tom", "Tom Bell", ("[m]",), None, ("Tom Bell [m]", "[m]")),  # the right words may hold the wrong ones
        ("All of it", "", "", ("[m]",), None, ("[m]", "[m]")),
        ("Tom " * 9, "Tom", "", SHORT, 120, (f"{SHORT[0]} {(AGAIN + ' ') * 8}", SHORT[0])),
        ("Tom Bell, aide", "Tom Bell", "", SHORT, 20, ("[Erased], aide", SHORT[1])),
        ("a Tom bcdef Tom Tom Tom", "Tom", "", SHORT, 22, ("a [Erased] bcdef   ", SHORT[1])),
        ("abcdefgh Tom ijkl", "Tom", "", SHORT, 18, ("abcdefgh [Erased] ", SHORT[1])),
        ("abcdefgh Tom", "Tom", "", SHORT, 10, ("ab[Erased]", SHORT[1])),
        ("abcdefgh Tom", "Tom", "Annabel", SHORT, 20, None),
    ],
)
def test_one_mark_stands_in_a_text_and_it_has_room(
    text: str, passage: str, right: str, marks: tuple[str, ...], room: int | None, left: tuple[str, str] | None
) -> None:
    after = left_at(text, sought(passage) if passage else None, right, marks, room)
    assert after == left
    assert after is None or room is None or len(after[0]) <= room
