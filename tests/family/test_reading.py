"""A tired parent reads these pages: the words that are ours are those that a child of eleven reads."""

from __future__ import annotations

import re

import pytest

from tests.support.reading import grade, syllables
from tests.support.words import messages

HARDEST = 6.0
EDUCATED_GUESS = 2.0  # a single sentence may be harder than the page it stands on
TERMS = (
    "EHC needs assessment", "EHC plan", "SENDIASS", "SENCO", "SEN Support", "Communication and interaction",
    "Cognition and learning", "Social, emotional and mental health", "Sensory and/or physical",
    "education, health and care",
)  # fmt: skip
"""Terms of the law, which letters use too: each is explained on the page of help and rights."""


def ours() -> dict[str, str]:
    """Whole sentences of the family's pages, with plain values for what stands in them and without the terms."""
    found = {}
    for message, place in messages().items():
        for words in (message,) if isinstance(message, str) else message:
            if not place.startswith(("family/", "web/help_family")) or not re.search(r"[.?]$", words):
                continue
            plain = re.sub(r"%\(\w+\)[sd]", "Zofia", words)
            for term in TERMS:
                plain = plain.replace(term, "plan")
            found[plain] = place
    return found


@pytest.mark.parametrize(("word", "count"), [("plan", 1), ("made", 1), ("agreed", 2), ("needed", 2), ("little", 2)])
def test_syllables_are_counted_about_right(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_hard_text_is_graded_hard_and_an_easy_one_easy() -> None:
    assert grade("The cat sat on the mat. It was glad.") < 2
    assert grade("Multi-agency professionals facilitate collaborative identification of difficulties.") > 12


def test_the_familys_pages_are_read_by_a_child_of_eleven() -> None:
    words = ours()
    assert len(words) > 60
    assert grade(" ".join(words)) <= HARDEST


def test_no_single_sentence_of_the_familys_pages_is_much_harder() -> None:
    hard = {
        words: round(grade(words), 1)
        for words in ours()
        if len(words.split()) > 7 and grade(words) > HARDEST + EDUCATED_GUESS
    }
    assert hard == {}
