"""How hard English words are to read: the Flesch-Kincaid grade, a school year of the United States."""

from __future__ import annotations

import re

_GROUPS = re.compile(r"[aeiouy]+")


def syllables(word: str) -> int:
    """About how many syllables a word has: groups of vowels, without a silent e."""
    small = word.lower()
    count = len(_GROUPS.findall(small))
    if small.endswith("e") and not small.endswith(("le", "ee")) and count > 1:
        count -= 1
    if small.endswith("ed") and not small.endswith(("ted", "ded", "eed")) and count > 1:
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """0.39 x words a sentence + 11.8 x syllables a word - 15.59. Six is what children of eleven read."""
    sentences = [one for one in re.split(r"[.!?]+(?:\s|$)", text) if re.search(r"[A-Za-z]", one)]
    words = re.findall(r"[A-Za-z]+(?:[’'][a-z]+)?", text)
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
