"""Views in a review: of the day on which they were recorded while untouched, of the meeting once changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graduated.rules.gathered import Gathered, stands_as
from graduated.rules.vocabulary import ViewMethod

CHAT = Gathered("", "I like the graph.\nI want a friend.", ViewMethod.CONVERSATION, date(2026, 11, 16), "Carys Pugh")
DREW = Gathered("", "I like the graph.", ViewMethod.DRAWING, date(2026, 11, 2))
MUM = Gathered("Anna Szymańska", "She reads at home.", ViewMethod.PHONE, date(2026, 11, 12))
DAD = Gathered("Jan Szymański", "He is proud.", ViewMethod.WRITTEN, date(2026, 11, 13))
NOTHING = Gathered("", " ", ViewMethod.WRITTEN, date(2026, 11, 13))

CASES = [
    ("untouched", CHAT.text, (CHAT,), (CHAT,)),
    ("other breaks and blanks", " I like  the graph. \r\n\r\nI want a friend.\n", (CHAT,), (CHAT,)),
    ("changed", "I like the graph. I want two friends.", (CHAT,), ()),
    ("something added", f"{CHAT.text} And a dog.", (CHAT,), ()),
    ("something taken away", "I want a friend.", (CHAT,), ()),
    ("none recorded", "I like it.", (), ()),
    ("nothing written", "", (CHAT, NOTHING), ()),
    ("two recorded", f"{MUM.as_filled_in}\n\n{DAD.as_filled_in}", (DAD, MUM), (MUM, DAD)),
    ("two recorded, a name left out", f"{MUM.text}\n\n{DAD.as_filled_in}", (DAD, MUM), (MUM, DAD)),
    ("two recorded, one kept", DAD.as_filled_in, (DAD, MUM), (DAD,)),
    ("two recorded, one changed", f"{MUM.as_filled_in}\n\nJan Szymański: He is glad.", (DAD, MUM), ()),
    ("one begins as the other", CHAT.text, (DREW, CHAT), (CHAT,)),
    ("under a name of before a marriage", "Anna Nowak: She reads at home.", (MUM,), (MUM,)),
    ("a name that this reader may not see", MUM.as_filled_in, (replace(MUM, person=""),), (replace(MUM, person=""),)),
    ("words before a colon that are no name", "At home she says: She reads at home.", (MUM,), ()),
    ("the same twice, recorded twice", f"{DREW.text} {DREW.text}", (DREW, DREW), (DREW, DREW)),
    ("many alike, and a word more", " ".join([DREW.text] * 12) + " More.", (DREW,) * 12, ()),
    ("the same twice", f"{DREW.text}\n\n{DREW.text}", (DREW,), ()),
]


@pytest.mark.parametrize(("why", "text", "recorded", "found"), CASES, ids=[case[0] for case in CASES])
def test_views_are_told_by_their_words(
    why: str, text: str, recorded: tuple[Gathered, ...], found: tuple[Gathered, ...]
) -> None:
    assert stands_as(text, recorded) == found, why


def test_how_they_were_gathered_names_who_asked_where_that_is_known() -> None:
    assert CHAT.how == "Conversation, asked by Carys Pugh"
    assert DREW.how == "Drawing, cards or pictures"
