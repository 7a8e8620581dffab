"""Letters to parents: words with a closed list of gaps that are filled in, and nothing that runs.

What a letter should not leave out: parents have clear information on what was decided and are given it in writing
(Code 6.53–6.56, 6.64–6.71; domain §1.2), and every area has a service that advises them impartially. That families can
ask the authority for an assessment themselves (design §5) is printed at the foot of each letter, whatever its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from graduated.rules.vocabulary import LetterKind, NextStep, SenStatus

LONGEST = 6_000
"""Characters of a letter: three pages in the size in which letters are printed."""

PLACEHOLDERS = (
    "adult", "first_name", "date", "time", "place", "school", "lead_teacher", "decision", "authority", "sendiass",
    "sender",
)  # fmt: skip
"""What a letter may leave to be filled in, each written in curly brackets."""
AGREEMENTS = frozenset({LetterKind.AGREEMENT, LetterKind.OWN_AGREEMENT})
"""Papers to be signed, about a request and not about a review."""
_ONLY_IN = {
    "time": frozenset({LetterKind.INVITATION}),
    "place": frozenset({LetterKind.INVITATION}),
    "decision": frozenset({LetterKind.OUTCOME}),
    "authority": AGREEMENTS,
}
_NOT_IN = {"lead_teacher": AGREEMENTS | {LetterKind.SUPPORT_BEGINS}, "date": AGREEMENTS}
"""There is no lead teacher before the first plan, and a request is not about one review."""
_MEANS = {
    "adult": "“parent or carer”; a name can be written over it in each letter",
    "first_name": "the pupil’s first name",
    "date": "the date of the review",
    "time": "the time of the meeting",
    "place": "where the meeting is",
    "school": "the name of the school",
    "lead_teacher": "the lead teacher of the plan",
    "decision": "what the review decided, in a sentence or two",
    "authority": "the local authority by name",
    "sendiass": "the area’s impartial advice service, and how to reach it",
    "sender": "who writes the letter",
}
_LEFT_OUT = {
    "first_name": "It does not name the pupil.",
    "date": "It does not say when the review was.",
    "time": "It does not say at what time the meeting is.",
    "place": "It does not say where the meeting is.",
    "decision": "It does not say what was decided. Parents are owed clear information on that.",
    "authority": "It does not say who is asked for the assessment.",
    "sendiass": "It does not say where parents get free and impartial advice.",
}
_OF_DATE = {
    LetterKind.INVITATION: ("the date of the meeting", "It does not say on which day the meeting is."),
    LetterKind.SUPPORT_BEGINS: (
        "the day on which SEN support begins",
        "It does not say from when.",
    ),
}
_SAID_BY_HAND = {"sendiass": re.compile("SENDIAS", re.IGNORECASE)}
_MARK = re.compile(r"\{([^{}\n]*)\}")
_ALIKE = 0.55  # "pupil name" is nearer than that to "the pupil's first name"; "fax" is near to nothing
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that a kind of letter can have filled in: how it is written, what it is, whether it is looked for."""

    mark: str
    means: str
    is_needed: bool


def gaps(kind: LetterKind) -> tuple[Gap, ...]:
    """What can be filled in in a kind of letter, in the order of the list."""
    return tuple(Gap(f"{{{name}}}", _means(name, kind)[0], name in _LEFT_OUT) for name in _known(kind))


def tidy(text: str) -> str:
    """A letter as it is kept: line breaks of one kind, no signs that nobody sees, no more than one empty line."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub("\n{3,}", "\n\n", lines).strip()


def faults(kind: LetterKind, text: str) -> tuple[str, ...]:
    """Why words cannot be kept for a kind of letter: a gap that nothing fills, with what was perhaps meant."""
    said = [_fault(name, kind) for name in _MARK.findall(text) if name not in _known(kind)]
    if any(mark in _MARK.sub("", text) for mark in "{}"):
        said.append("A curly bracket stands alone. Write one before and one after the name of what is filled in.")
    return tuple(dict.fromkeys(said))


def left_out(kind: LetterKind, text: str) -> tuple[str, ...]:
    """What parents would not learn from such a letter, a sentence each; it can be kept all the same.

    The advice service may be written out by hand.
    """
    return tuple(
        _means(name, kind)[1]
        for name in _LEFT_OUT
        if name in _known(kind)
        and f"{{{name}}}" not in text
        and not (name in _SAID_BY_HAND and _SAID_BY_HAND[name].search(text))
    )


def unknown(text: str) -> tuple[str, ...]:
    """What stands in curly brackets and is no placeholder, each once; also a bracket that stands alone."""
    wrong = [f"{{{name}}}" for name in _MARK.findall(text) if name not in PLACEHOLDERS]
    alone = [mark for mark in "{}" if mark in _MARK.sub("", text)]
    return tuple(dict.fromkeys([*wrong, *alone]))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The letter with its placeholders filled; one without a value stays, so that whoever sends it sees the gap.

    A value is never looked through again: a name in curly brackets stays a name.
    """
    return _MARK.sub(lambda found: values.get(found[1], "") or found[0], text)


def kind_after(step: NextStep | None, status: SenStatus) -> LetterKind:
    """Which letter follows a review: parents are told in writing when a pupil comes off SEN support (design §5).

    A review changes nothing in the register for a pupil with an EHC plan, so there it is the outcome that is told.
    """
    if step is NextStep.COME_OFF and status is not SenStatus.PLAN:
        return LetterKind.COMING_OFF
    return LetterKind.OUTCOME


def _known(kind: LetterKind) -> tuple[str, ...]:
    return tuple(
        name for name in PLACEHOLDERS if kind in _ONLY_IN.get(name, {kind}) and kind not in _NOT_IN.get(name, ())
    )


def _means(name: str, kind: LetterKind) -> tuple[str, str]:
    """What a gap is filled with, and the sentence for a letter that leaves it out."""
    if name == "date" and kind in _OF_DATE:
        return _OF_DATE[kind]
    return _MEANS[name], _LEFT_OUT.get(name, "")


def _plainly(name: str, kind: LetterKind) -> str:
    return _means(name, kind)[0].split(";")[0]


def _fault(name: str, kind: LetterKind) -> str:
    mark = f"{{{name}}}"
    if name in _NOT_IN:
        return f"{mark} is not filled in in this letter. Take it out, or write the words."
    if name in _ONLY_IN:
        where = " and ".join(f"“{one.label}”" for one in LetterKind if one in _ONLY_IN[name])
        return f"{mark} is filled in only in the letter {where}. Take it out, or write the words."
    near = _nearest(name, kind)
    if near is None:
        return f"Nothing fills in {mark}. Write the words themselves, or choose from the list."
    return f"Nothing fills in {mark}. Did you mean {{{near}}}, {_plainly(near, kind)}?"


def _nearest(name: str, kind: LetterKind) -> str | None:
    """The known gap whose name or meaning is most like what was written."""
    wanted = " ".join(re.findall(r"\w+", name.casefold().replace("_", " ")))

    def alike(known: str) -> float:
        meaning = _plainly(known, kind).removeprefix("the ").replace("’", "")
        return max(SequenceMatcher(None, wanted, one).ratio() for one in (known.replace("_", " "), meaning))

    best = max(_known(kind), key=alike)
    return best if wanted and alike(best) >= _ALIKE else None
