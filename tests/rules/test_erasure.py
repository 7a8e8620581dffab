"""What is left where words went by law, what quotes them, and who may: as tables of cases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from graduated.rules.erasure import (
    GONE,
    hollow,
    mark,
    may_carry_out,
    quotes,
    quoting,
    repeats,
    replaced_by,
    stands_in,
    taken_from,
    without,
)
from graduated.rules.seals import digest, part_digest
from graduated.rules.vocabulary import ByLaw

ON = date(2026, 11, 22)
WORDS = "Barnaby Quillfeather bit her on the arm"


@pytest.mark.parametrize(
    ("kind", "room", "said"),
    [
        (
            ByLaw.ERASE,
            None,
            "[Erased on 22 November 2026 on the authority of Ruth Chaffey, headteacher. "
            "What stood here is gone by law.]",
        ),
        (
            ByLaw.RECTIFY,
            None,
            "[Put right on 22 November 2026 by Hannah Legg, on the authority of Ruth Chaffey, headteacher: A slip.]",
        ),
        (ByLaw.ERASE, 120, "[Erased on 22 November 2026]"),
        (ByLaw.RECTIFY, 120, "[Put right on 22 November 2026]"),
    ],
)
def test_the_mark_says_when_on_whose_authority_and_of_what_was_put_right_by_whom_and_why(
    kind: ByLaw, room: int | None, said: str
) -> None:
    assert mark(kind, ON, "Ruth Chaffey, headteacher", "Hannah Legg", " A slip. ", room) == said


def test_what_was_put_right_stands_before_its_mark_and_what_was_erased_is_the_mark_alone() -> None:
    assert replaced_by(ByLaw.RECTIFY, " She fell. ", "[m]") == "She fell. [m]"
    assert replaced_by(ByLaw.ERASE, "", "[m]") == "[m]"


@pytest.mark.parametrize(
    ("words", "named", "searched"),
    [
        ("It works.", False, False),  # said of many a thing
        ("Nineteen letters ok", False, False),
        ("Twenty letters, so it", False, True),
        ("Tom Fr", True, True),  # somebody marked just these words: a name, it may be
        ("Tom F", True, False),
        ("  \n ", True, False),
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
        (f"{WORDS}s were sore", False),  # another word
        (WORDS.lower(), False),
        (7, False),
        (None, False),
    ],
)
def test_a_quotation_is_found_wherever_it_stands(value: Any, is_quoted: bool) -> None:
    pattern = quoting(WORDS)
    assert pattern is not None
    assert quotes(value, pattern) is is_quoted
    assert quotes(without(value, pattern, "[m]"), pattern) is False


def test_what_is_put_in_its_place_is_taken_word_for_word() -> None:
    pattern = quoting(WORDS)
    assert pattern is not None
    assert without([f"A. {WORDS}.", 3], pattern, r"\1 [m]") == [r"A. \1 [m].", 3]


@pytest.mark.parametrize(
    ("text", "passage", "left"),
    [
        ("Not met. Tom bit her. Sad.", "Tom bit her", "Not met. [m]. Sad."),
        ("Tom and Tommy and Tom", "Tom", "[m] and Tommy and [m]"),
        ("All of it", "", "[m]"),
    ],
)
def test_a_passage_goes_out_of_its_text_and_without_one_all_of_it(text: str, passage: str, left: str) -> None:
    assert taken_from(text, passage, "[m]") == left
    assert stands_in(passage, text)
    assert passage == "" or not stands_in(passage, left)


def test_what_the_audit_says_of_a_place_is_hollow_afterwards() -> None:
    assert hollow([None, "words", "", 3, ["a", {"b": "c"}]]) == [None, GONE, "", 3, [GONE, {"b": GONE}]]


@pytest.mark.parametrize(
    ("reason", "words", "replacement", "said"),
    [
        ("Another child was written of.", WORDS, "", ""),
        ("It said that somebody bit her on the way.", WORDS, "", "bit her on"),
        ("BIT HER, ON purpose", WORDS, "", "bit her on"),
        ("Quillfeather is another child.", WORDS, "", "Quillfeather"),  # a name within the words
        ("It works well", "It works", "", "it works"),  # short words: all of them
        ("It is not so", "It works", "", ""),
        ("She fell on the stairs, not so", "She fell on the arm", "She fell on the stairs", ""),
        ("It was Anna, not Zofia", "We saw Zofia fall", "We saw Anna fall", "Zofia"),
        ("", WORDS, "", ""),
        ("Any reason", "...", "", ""),
    ],
)
def test_a_reason_may_not_repeat_what_goes(reason: str, words: str, replacement: str, said: str) -> None:
    assert repeats(reason, words, replacement) == said


@pytest.mark.parametrize(
    ("same", "asker", "decider", "may"),
    [
        (False, False, True, True),
        (False, True, False, True),
        (False, True, True, True),
        (False, False, False, False),
        (True, True, True, False),
        (True, False, False, False),
    ],
)
def test_it_takes_two_people_of_whom_one_has_the_authority(same: bool, asker: bool, decider: bool, may: bool) -> None:
    refused = may_carry_out(same_person=same, asker_has_authority=asker, decider_has_authority=decider)
    assert (refused == "") is may


def test_a_part_is_known_by_its_name_its_words_and_its_salt() -> None:
    salt = "00112233445566778899aabbccddeeff"
    known = part_digest("summary", "She fell.", salt)
    assert known == digest(b'{"part":"summary","value":"She fell."}', bytes.fromhex(salt))
    assert known == part_digest("summary", "She fell.", salt)
    others = [("attempts", "She fell.", salt), ("summary", "She fell", salt), ("summary", "She fell.", salt[::-1])]
    assert known not in [part_digest(*one) for one in others]
