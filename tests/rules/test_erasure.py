"""What is left where words went by law, what quotes them, and who may: as tables of cases."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.erasure import marks, may_carry_out, repeats
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
            (
                "[Erased on 22 November 2026 on the authority of Ruth Chaffey, headteacher. "
                "What stood here is gone by law.]",
            ),
        ),
        (
            ByLaw.RECTIFY,
            None,
            (
                "[Put right on 22 November 2026 by Hannah Legg, on the authority of Ruth Chaffey, headteacher: "
                "A (bad) slip.]",
            ),
        ),
        (ByLaw.ERASE, 120, ("[Erased on 22 November 2026]", "[Erased]")),
        (ByLaw.RECTIFY, 120, ("[Put right on 22 November 2026]", "[Put right]")),
    ],
)
def test_the_mark_says_when_on_whose_authority_and_of_what_was_put_right_by_whom_and_why(
    kind: ByLaw, room: int | None, said: tuple[str, ...]
) -> None:
    assert marks(kind, ON, "Ruth Chaffey, headteacher", "Hannah Legg", " A [bad] slip. ", room) == said


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
        ("Łukasz is another child", "He was hit by Łukasz at lunch", "", "Łukasz"),
        ("Barnaby is another child", "Barnaby bit her on the arm", "", "Barnaby"),  # at the start of a sentence
        ("Barnaby is another child", "She cried. Barnaby bit her", "", "Barnaby"),
        ("barnaby’s parents asked", "“Barnaby bit her,” she said", "", "barnaby"),
        ("about Jo here", "and (Jo bit", "", "Jo"),
        ("about O’Neil here", "then O'Neil bit her", "", "Neil"),
        ("McDonald complained", "then McDonald bit her", "", "McDonald"),
        ("Smith is another family", "then Anna Smith-Jones bit her", "", "Smith"),
        ("An arm was named", "barnaby arm", "", "arm"),  # of one or two words each
        ("She was not meant", "She fell. Not today.", "", ""),  # words that begin many a sentence
        ("The reading was of another child", "Report on the Reading of W. Ashcombe", "", ""),  # words of titles
        ("A Speech report that is not hers", "Speech and Language Report, Ashcombe", "", ""),
        ("A report on Ashcombe", "Speech and Language Report, Ashcombe", "", "Ashcombe"),
        ("The Language Report, Ashcombe", "Speech and Language Report, Ashcombe", "", "language report ashcombe"),
        ("Ms Reading asked", "Report by Mrs Reading on her", "", "Reading"),  # somebody's name after all
        ("She asked: Reading", "Mrs. Reading said so, and left", "", "Reading"),
        ("It was the reading", "Reading", "", "reading"),  # the very word that goes
        ("Dyslexia was another’s", "She has Dyslexia, it says", "", "Dyslexia"),  # no word of titles
        ("Zoe\u0308 is another child", "Later Zo\u00eb fell down", "", "Zo\u00eb"),
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
