"""References in a narrative: short marks among a person's own words, each of which leads to one record.

A mark is written `[[YARC, 12 March 2026: 84 #m123]]`. What stands before the # is for the eye and may be shortened or
changed by hand; the letter and the number after it name the record. Marks may be moved, copied and broken over lines.
On a page and in the pack the record's figure or words of that day stand in their place, so that no figure is typed
twice and every one can be traced (design §4, ehcna, and §8: no sentence is invented). Whether a record may be read is
for whoever looks it up: a mark that leads to none is said to lead nowhere.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import Word

GONE = "[a record that is not there any more]"
"""What is read in place of a mark whose record was withdrawn, erased, or never was this pupil's."""

_INSIDE = r"(?:[^\[\]]|\[[^\[\]]*\])*?"  # what the law left in a label stands in single brackets
_LONGEST_LABEL = 160


class RefKind(Word):
    """What a reference can lead to; the value is the letter in its mark."""

    MEASUREMENT = "m", "Figures"
    VIEW = "v", "In their own words"
    OBSERVATION = "o", "Strengths and difficulties"
    JUDGEMENT = "j", "What reviews said of outcomes"
    SUMMARY = "r", "What reviews said in sum"
    DOSE = "d", "Delivered against planned"
    COST = "c", "Cost of a provision"
    YEAR_COST = "y", "Cost of twelve months"
    ADVICE = "a", "Advice, and what was done"
    ATTENDANCE = "t", "Attendance"
    GIVEN = "w", "Words that colleagues handed in"


_LETTERS = "".join(kind.value for kind in RefKind)
_MARK = re.compile(rf"\[\[(?P<label>{_INSIDE})#\s*(?P<kind>[{_LETTERS}])\s*(?P<id>[0-9]{{1,9}})\s*\]\]", re.IGNORECASE)
_PERCENT = re.compile(r"(?<=\d)%")
_MARK_AND_SPACE = re.compile(rf" ?{_MARK.pattern}", re.IGNORECASE)
_BROKEN = re.compile(
    rf"(?P<nameless>\[\[{_INSIDE}\]\])|(?P<endless>\[\[[^\n\[]*)|(?P<headless>\[?[^\n\[]{{0,99}}\]\])"
    rf"|(?P<bare>\[?[^\n\[\]]{{0,99}}#\s*[{_LETTERS}]\s*[0-9]{{1,9}}\s*\])",
    re.IGNORECASE,
)
_BROKEN_HOW = {
    "nameless": "does not say which record it stands for",
    "endless": "has lost its end",
    "headless": "has lost its beginning",
    "bare": "has lost a bracket on either side",
}
_MEND = {
    "nameless": "What follows the # is gone or was changed: take it out, or insert it again from the list.",
    "endless": "It ends with the record’s number and two brackets, as in #m12]].",
    "headless": "It begins with two brackets, [[.",
    "bare": "It stands between [[ and ]].",
}


class Standing(Word):
    """How a reference stands to its record since it was put in."""

    SAME = "same", "As when you wrote"
    CHANGED = "changed", "Changed since you wrote"
    GONE = "gone", "Not there any more"


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark in a text: what it shows to the eye, the record that it names (`m123`), and where it stands."""

    label: str
    ref: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """What a reference said when it was put in: a digest and the day; never words, which may go by law (design §4)."""

    ref: str
    digest: str
    on: date


def mark(label: str, ref: str) -> str:
    """A mark as it is put in; signs that would break it are left out of its label."""
    plain = " ".join(re.sub(r"[\[\]#]", " ", label).split())
    if len(plain) > _LONGEST_LABEL:
        plain = plain[: _LONGEST_LABEL - 1].rstrip() + "…"
    return f"[[{plain} #{ref}]]" if plain else f"[[#{ref}]]"


def marks(text: str) -> tuple[Mark, ...]:
    """Every whole mark of a text, in order."""
    return tuple(_mark(found) for found in _MARK.finditer(text))


def _mark(found: re.Match[str]) -> Mark:
    ref = f"{found['kind'].lower()}{int(found['id'])}"
    return Mark(" ".join(found["label"].split()), ref, found.start(), found.end())


def refs(text: str) -> tuple[str, ...]:
    """The records that a text names, each once, in the order in which it comes to them."""
    return tuple(dict.fromkeys(one.ref for one in marks(text)))


def ids_of(text: str, kind: RefKind) -> tuple[int, ...]:
    """The ids of the records of one kind that a text names."""
    return tuple(int(ref[1:]) for ref in refs(text) if ref[:1] == kind.value)


def faults(text: str) -> tuple[str, ...]:
    """Why marks of a text cannot be read, a sentence each, with how to mend it."""
    said = []
    for found in _BROKEN.finditer(_MARK.sub("\n", text)):
        kind = str(found.lastgroup)
        said.append(f"A reference {_BROKEN_HOW[kind]}: “{_shown(found[0])}”. {_MEND[kind]}")
    return tuple(dict.fromkeys(said))


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:59].rstrip() + "…"


def filled(text: str, words: Mapping[str, str], gone: str = GONE) -> str:
    """The text as it is read: each mark replaced by the words of its record, or by `gone`. Words are not read again."""
    return _MARK.sub(lambda found: words.get(_mark(found).ref, gone), text)


def relabelled(text: str, labels: Mapping[str, str]) -> str:
    """The text with today's label in the marks of these records; the others as they are."""

    def changed(found: re.Match[str]) -> str:
        ref = _mark(found).ref
        return mark(labels[ref], ref) if ref in labels else found[0]

    return _MARK.sub(changed, text)


def as_words(text: str, ref: str, words: str) -> str:
    """The text with plain words for every mark of one record; with "" the marks go, and no double space stays."""

    def plain(found: re.Match[str]) -> str:
        return words if _mark(found).ref == ref else found[0]

    return (_MARK if words else _MARK_AND_SPACE).sub(plain, text)


def at_the_end(text: str, added: str) -> str:
    """The text with a mark put in at its end, in a line with the last words."""
    stem = text.rstrip()
    return f"{stem} {added}" if stem else added


def digest(value: str) -> str:
    """What is kept of a figure or of words, so that a later change can be seen; "81%" was once written "81 %"."""
    told = _PERCENT.sub(" %", " ".join(value.split()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def standing(source: Source, today: str | None) -> Standing:
    """How a reference stands: `today` is the digest of what its record says now, None when there is none."""
    if today is None:
        return Standing.GONE
    return Standing.SAME if today == source.digest else Standing.CHANGED


def sources_after(
    text: str, before: Iterable[Source], today: Mapping[str, str], taken: Iterable[str], on: date
) -> tuple[Source, ...]:
    """What is kept of the references of a saved text.

    A record named before keeps what it said then, until the writer takes the new; a new one is kept as it is today.
    One that leads nowhere is kept only when it was known before, so that the writer still learns of it.
    """
    known, new = {one.ref: one for one in before}, frozenset(taken)
    found = []
    for ref in refs(text):
        if ref in today and (ref not in known or ref in new):
            found.append(Source(ref, today[ref], on))
        elif ref in known:
            found.append(known[ref])
    return tuple(found)


def changed_words(changed: int, gone: int) -> str:
    """How many references need a look, in a sentence; nothing when none does."""
    parts = []
    if changed:
        parts.append(f"{changed} {'thing' if changed == 1 else 'things'} that you quoted {_has(changed)} changed")
    if gone:
        parts.append(f"{gone} {'is' if gone == 1 else 'are'} not there any more")
    return f"Since you wrote, {' and '.join(parts)}." if parts else ""


def _has(number: int) -> str:
    return "has" if number == 1 else "have"
