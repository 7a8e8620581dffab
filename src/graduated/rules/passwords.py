"""What a new password must be: long, and not one that a guesser tries first (NCSC's advice, as in Cyber Essentials).

At least 12 characters and at most 256, spaces welcome, no rule of capitals or signs, no forced change. Refused are
common passwords however they are dressed up, words of the product, the school or the person, runs and repeats. The
list of common passwords is an argument, for it is data: `graduated.people.passwords.what_is_wrong` brings it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

LEAST = 12
MOST = 256
LEAST_DIFFERENT = 5
LEAST_OF_YOUR_OWN = 5
"""Characters that must remain once common words, years and signs are taken away."""

LEAST_COMMON = 4
"""Shorter entries of a list of common passwords are too short to say that what is made of them is common."""
_ADVICE = "Three words that do not belong together make a good one."

# The shapes that are tried first; length does the rest.
_WORDS = """
password passwort passw pass letmein welcome admin administrator login secret changeme default master access
iloveyou lovely princess sunshine dragon monkey football baseball superman batman pokemon liverpool arsenal chelsea
everton spurs tottenham manchester united rangers celtic england london dorset summer winter spring autumn january
february march april june july august september october november december monday tuesday wednesday thursday friday
charlie jessica ashley michael thomas daniel george jordan hunter killer shadow freedom whatever trustno computer
internet google qwertyuiop qwerty asdfghjkl asdfgh zxcvbnm zxcvbn azerty abcdef abcabc test testing guest user
hello flower cheese chocolate banana orange purple silver ginger pepper cookie buster tigger snoopy peanut
school primary secondary academy teacher pupil class staff senco send sen ehcp graduated review
"""
# Longest first, so that "password" goes before "pass".
_COMMON = sorted(_WORDS.split(), key=lambda word: (-len(word), word))
_AS_LETTERS = str.maketrans("0134578@$!€", "oleastbasie")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
_RUN_LENGTH = 4


def check(password: str, own_words: Iterable[str] = (), common: Set[str] = frozenset()) -> str | None:
    """None when the password will do; otherwise one sentence that says what is wrong and how to mend it.

    `own_words` are the school's name, the person's name and e-mail address: what a stranger could look up. `common`
    are passwords that guessers have lists of, in small letters.
    """
    return _wrong_in_itself(password) or _wrong_by_its_words(password, own_words, common)


def _wrong_in_itself(password: str) -> str | None:
    """Length, repeats and runs."""
    if len(password) < LEAST:
        return f"A password needs at least {LEAST} characters; this one has {len(password)}. {_ADVICE}"
    if len(password) > MOST:
        return f"A password can have at most {MOST} characters; this one has {len(password)}."
    if len(set(password.casefold())) < LEAST_DIFFERENT:
        return f"The same few characters over and over are guessed quickly. {_ADVICE}"
    if _is_one_part_repeated(password.casefold()):
        return f"One part written again and again counts as that part alone. {_ADVICE}"
    if sum(character.isalpha() for character in password) < LEAST_OF_YOUR_OWN:
        return f"This has too few letters to be hard to guess. {_ADVICE}"
    if len(_without_runs(password.casefold())) < LEAST_OF_YOUR_OWN:
        return f"Runs such as 1234, abcd or qwerty are guessed first. {_ADVICE}"
    return None


def _wrong_by_its_words(password: str, own_words: Iterable[str], common: Set[str]) -> str | None:
    """Words that a stranger could look up, and passwords of the list."""
    if len(_own_part(password, own_words)) < LEAST_OF_YOUR_OWN:
        return (
            "This is made of common words, or of the name of the school, the product or yourself, which are guessed "
            f"first. {_ADVICE}"
        )
    if _is_common(password.casefold(), common):
        return f"This is on the lists of common passwords that guessers try, or is made of two of them. {_ADVICE}"
    return None


def _is_common(password: str, common: Set[str]) -> bool:
    """Whether it is a common password, dressed up with figures and signs or not, or two of them side by side.

    NCSC advises three random words: three words of the list are therefore not refused, one or two are.
    """
    words = re.findall(r"[^\W_]+", re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password))
    whole = "".join(words)
    if {password, whole, whole.translate(_AS_LETTERS)} & common:
        return True
    return len(words) <= 2 and (_is_two(whole, common) or _is_two(whole.translate(_AS_LETTERS), common))


def _is_two(word: str, common: Set[str]) -> bool:
    """Whether it is two entries of the list, each long enough to mean anything."""
    cuts = range(LEAST_COMMON, len(word) - LEAST_COMMON + 1)
    return any(word[:cut] in common and word[cut:] in common for cut in cuts)


def _is_one_part_repeated(text: str) -> bool:
    """Whether the whole is one shorter part repeated, such as "zofiazofiazofia"."""
    return text in (text + text)[1:-1]


def _without_runs(text: str) -> str:
    """The text without stretches of four or more along the alphabet, the digits or the keyboard, either way."""
    kept, place = [], 0
    while place < len(text):
        length = max(_run_from(text, place, run) for run in _RUNS)
        if length >= _RUN_LENGTH:
            place += length
        else:
            kept.append(text[place])
            place += 1
    return "".join(kept)


def _run_from(text: str, place: int, run: str) -> int:
    """How many characters from that place follow the run, forwards or backwards."""
    best = 0
    for line in (run, run[::-1]):
        start = line.find(text[place])
        length = 0
        while start >= 0 and text[place : place + length + 1] == line[start : start + length + 1]:
            length += 1
            if place + length >= len(text) or start + length >= len(line):
                break
        best = max(best, length)
    return best


def _own_part(password: str, own_words: Iterable[str]) -> str:
    """What is left of the letters once common and own words are gone; figures and signs read as the letters they mimic.

    A trailing year or "123!" goes before signs are read as letters, as it is how old passwords are dressed up.
    """
    bare = re.sub(r"[\W\d_]+$", "", password.casefold()).translate(_AS_LETTERS)
    letters = "".join(character for character in bare if character.isalpha())
    own = {part.translate(_AS_LETTERS) for word in own_words for part in re.findall(r"\w{3,}", word.casefold())}
    for word in (*sorted(own, key=len, reverse=True), *_COMMON):
        letters = letters.replace(word, "")
    return letters
