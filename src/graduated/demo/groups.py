"""The groups that several pupils share, with the adult who runs them, their days and how reliably they happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """A group of the school. `happens` is how many in a hundred planned sessions took place; `neglected` says that this
    week's sessions have not been logged."""

    key: str
    name: str
    intervention: str
    who: str
    minutes: int
    weekdays: tuple[int, ...]
    at: time
    happens: int = 93
    neglected: bool = False


GROUPS: tuple[SharedGroup, ...] = (
    SharedGroup("talk34", "Talk group, Years 3 and 4", "Talk group", "tuck", 30, (1, 3), time(13, 30)),
    SharedGroup("talk56", "Talk group, Years 5 and 6", "Talk group", "bell", 30, (0, 3), time(14, 0), 62, True),
    SharedGroup(
        "lang-r", "Early language group, Reception", "Early language group", "hiscock", 20, (0, 2, 4), time(9, 30)
    ),
    SharedGroup("lang1", "Early language group, Year 1", "Early language group", "hiscock", 20, (0, 2, 4), time(10, 0)),
    SharedGroup(
        "phonics2", "Phonics catch-up, Year 2", "Phonics catch-up group", "hiscock", 20, (1, 3), time(11, 0), 90
    ),
    SharedGroup(
        "number", "Number foundations, Years 4 to 6", "Number foundations", "bell", 25, (0, 2), time(10, 0), 84
    ),
    SharedGroup(
        "circuits", "Sensory circuits", "Movement and balance programme", "hiscock", 15, (0, 2, 4), time(8, 50), 92
    ),
    SharedGroup("lego6", "Building together, Year 6", "Building together", "bell", 40, (2,), time(13, 15)),
    SharedGroup(
        "comp6",
        "Reading comprehension group, Year 6",
        "Reading comprehension group",
        "whitcombe",
        30,
        (1,),
        time(9, 10),
    ),
    SharedGroup("nurture", "Nurture group", "Nurture group", "hiscock", 60, (1, 4), time(13, 0), 90, True),
)
BY_KEY = {group.key: group for group in GROUPS}

_KINDS: tuple[tuple[str, str], ...] = (
    ("Precision reading", "Precision reading"),
    ("Large-print reading", "Precision reading"),
    ("Paired reading", "Paired reading"),
    ("Phonics", "Phonics catch-up group"),
    ("Sound basket", "Phonics catch-up group"),
    ("Spelling", "Spelling programme"),
    ("Touch-typing", "Fine motor programme"),
    ("Hand programme", "Fine motor programme"),
    ("Number", "Number foundations"),
    ("Counting", "Number foundations"),
    ("Snack shop", "Number foundations"),
    ("Pre-teaching", "Pre-teaching of vocabulary"),
    ("Word bag", "Pre-teaching of vocabulary"),
    ("Speech sounds", "Speech sound practice"),
    ("Emotional literacy", "Emotional literacy sessions"),
    ("Building", "Building together"),
    ("Bucket time", "Early language group"),
    ("Early language", "Early language group"),
    ("Drawing and talking", "Emotional literacy sessions"),
    ("Worry book", "Emotional literacy sessions"),
    ("Comic-strip", "Emotional literacy sessions"),
)


def kind_of(name: str) -> str:
    """The kind of the library that a provision of one pupil is nearest to; a talk group of one where nothing is."""
    return next((kind for start, kind in _KINDS if name.startswith(start)), "Talk group")
