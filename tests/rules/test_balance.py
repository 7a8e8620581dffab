"""A balanced picture: what is on record and stands nowhere in the words is named, and nothing is counted as a score."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.balance import Heard, OnRecord, reminders, unmentioned

KIND = OnRecord("o1", "Kind to younger children; draws birds", date(2026, 3, 3))
NUMBERS = OnRecord("o2", "Quick with numbers in her head", date(2026, 5, 3))
ASK_ME = OnRecord("v1", "Ask me before you help me.", date(2026, 4, 1), "Zofia")
LATER = OnRecord("v2", "I like it when Siân reads with me.", date(2026, 6, 1), "Zofia")
MOTHER, FATHER = Heard("Anna Szymańska", True, True), Heard("Piotr Szymański", False, True)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ([], ["o1", "o2"]),
        (["Nothing of it."], ["o1", "o2"]),
        (["She is [[Strength, 3 March 2026 #o1]]."], ["o2"]),
        (["Her teacher says: kind to younger children; draws birds."], ["o2"]),
        (["[[x #o1]]", "quick with numbers in her head"], []),
    ],
)
def test_a_strength_counts_as_mentioned_by_its_mark_or_its_words(written: list[str], left: list[str]) -> None:
    assert [one.ref for one in unmentioned(written, [KIND, NUMBERS])] == left


def said(
    written: tuple[str, ...] = (),
    strengths: tuple[OnRecord, ...] = (KIND,),
    views: tuple[OnRecord, ...] = (ASK_ME,),
    parents: tuple[Heard, ...] = (MOTHER,),
) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.text, one.refs) for one in reminders(written, strengths, views, parents, "Zofia")]


ALL = ("[[x #o1]] and [[y #v1]]",)


def test_nothing_is_said_of_a_picture_that_has_all() -> None:
    assert said(ALL) == []


@pytest.mark.parametrize(
    ("strengths", "says", "refs"),
    [
        ((), "No strength is on record", ()),
        ((KIND,), "1 strength is on record and not mentioned in your words. None is mentioned yet.", ("o1",)),
        ((KIND, NUMBERS), "2 strengths are on record", ("o2", "o1")),
        ((KIND, NUMBERS, OnRecord("o3", "Draws well", date(2026, 1, 1)), OnRecord("o4", "Sings in tune",
          date(2026, 2, 1))), "4 strengths", ("o2", "o1", "o4")),
    ],
)  # fmt: skip
def test_strengths_left_out_are_named_the_newest_first(
    strengths: tuple[OnRecord, ...], says: str, refs: tuple[str, ...]
) -> None:
    found = said(("[[y #v1]]",), strengths)
    assert len(found) == 1
    assert says in found[0][0]
    assert found[0][1] == refs


def test_that_none_is_mentioned_is_said_only_when_it_is_so() -> None:
    ((text, _refs),) = said(("[[x #o1]] [[y #v1]]",), (KIND, NUMBERS))
    assert "None is mentioned" not in text


@pytest.mark.parametrize(
    ("views", "written", "says"),
    [
        ((), "[[x #o1]]", [("No views of Zofia are on record. Ask, in whichever way suits them.", ())]),
        ((ASK_ME, LATER), "[[x #o1]]", [("Zofia’s own words are on record and not quoted.", ("v2",))]),
        ((ASK_ME, LATER), "[[x #o1]] [[y #v1]]", []),
    ],
)
def test_the_pupils_own_words_are_looked_for(
    views: tuple[OnRecord, ...], written: str, says: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert said((written,), views=views) == says


@pytest.mark.parametrize(
    ("parents", "says"),
    [
        ((), ["Nobody with parental responsibility is recorded."]),
        ((MOTHER, FATHER), ["Piotr Szymański was asked, and no views are on record. The pack says what was tried."]),
        (
            (Heard("Anna", False, False), FATHER),
            [
                "No views of Anna are on record, nor that anybody asked.",
                "Piotr Szymański was asked, and no views are on record. The pack says what was tried.",
            ],
        ),
    ],
)
def test_each_parent_is_heard_or_it_is_said_who_was_not(parents: tuple[Heard, ...], says: list[str]) -> None:
    assert [text for text, _refs in said(ALL, parents=parents)] == says
