"""A child's name in what people type is found however it is written, and left out of what leaves the school."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from graduated.rules.names import holds_a_name, parts_of, without_names

ZOFIA = ("Zofia", "Szymańska", "", " ")


def nfd(text: str) -> str:
    """Letters and their marks apart, as some keyboards type them."""
    return normalize("NFD", text)


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("Zofia reads to Ben.", ZOFIA, "The pupil reads to Ben."),
        ("How can we help Zofia’s talk?", ZOFIA, "How can we help the pupil’s talk?"),
        ("We help. Zofia Szymańska is shy.", ZOFIA, "We help. The pupil is shy."),
        ("SZYMANSKA and “Zofia” again", ZOFIA, "The pupil and “the pupil” again"),
        ("Zofiana is another", ZOFIA, "Zofiana is another"),
        ("We worry about zofia.", ZOFIA, "We worry about the pupil."),
        ("for Zofias talk", ZOFIA, "for the pupil’s talk"),
        ("in Zofia Szymanskas talk", ZOFIA, "in the pupil’s talk"),
        ("see Zofia_plan.docx and ZofiaPlan or Zofia2", ZOFIA,
         "see the pupil_plan.docx and the pupilPlan or the pupil2"),
        ("zofiaszymanska is her name", ZOFIA, "The pupil is her name"),
        ("Szymańska, Zofia", ZOFIA, "The pupil, the pupil"),
        ("Zo\u00adfia and Zo\u200bfia wait", ZOFIA, "The pupil and the pupil wait"),
        ("and Szy-\nmańska waits", ZOFIA, "and the pupil waits"),
        ("ask Zo fia", ZOFIA, "ask the pupil"),
        ("First line\nZofia", ZOFIA, "First line\nThe pupil"),
        (nfd("Miss Szymańska asks."), ZOFIA, "Miss the pupil asks."),
        ("Ms Szymańska asks.", (nfd("Szymańska"),), "Ms the pupil asks."),
        ("Why does Z. Szymanska hide? Zofia S does.", ZOFIA, "Why does the pupil hide? The pupil does."),
        ("ZOFIA'S coat", ZOFIA, "The pupil'S coat"),
        ("Zofia X and S waits", ZOFIA, "The pupil X and S waits"),
        ("Anna cannot sit.", ("Anna Maria", "Kowalska"), "The pupil cannot sit."),
        ("Annamaria and Anna\nMaria cannot sit.", ("Anna Maria",), "The pupil and the pupil cannot sit."),
        ("Smith is ill; Smith-Jones too", ("Smith-Jones",), "The pupil is ill; the pupil too"),
        ("Is O’Brien, O`Brien, OBrien or brien loud?", ("O'Brien",),
         "Is the pupil, the pupil, the pupil or the pupil loud?"),
        ("with Mc Donald there", ("McDonald",), "with the pupil there"),
        ("Łęcki or lecki, Ægir or aegir", ("Łęcki", "Ægir"), "The pupil or the pupil, the pupil or the pupil"),
        ("Dr Rose Nair", ("Rose", "Hill"), "Dr the pupil Nair"),  # an adult's name, in doubt left out
        ("We will see him. Will he come?", ("Will", "Ash"), "We will see him. The pupil he come?"),
        ("and will ash come", ("Will", "Ash"), "and the pupil come"),
        ("as if he knew Asif", ("Asif",), "as if he knew the pupil"),
        ("May waits since 3 May 2026; may she in May?", ("May",),
         "The pupil waits since 3 May 2026; may she in the pupil?"),
        ("3 May and May 2026", ("May",), "3 the pupil and the pupil 2026"),
        ("12 \u0301", ("Zofia",), "12 \u0301"),
        ("Nobody", (), "Nobody"),
    ],
)  # fmt: skip
def test_the_name_is_left_out_of_what_goes_outside(text: str, names: tuple[str, ...], shown: str) -> None:
    assert without_names(text, ("the pupil", names)) == shown


def test_each_pupil_is_called_as_they_stand_to_the_text() -> None:
    text = "Zofia sits with Reuben Trevett. Reuben hits, and Kasper Trevett too."
    said = without_names(text, ("the pupil", ("Zofia",)), ("another pupil", ("Reuben", "Trevett")))
    assert said == "The pupil sits with another pupil. Another pupil hits, and Kasper another pupil too."


def test_one_surname_of_two_pupils_is_left_out_once() -> None:
    said = without_names(
        "He hits Kasper Trevett.", ("the pupil", ("Reuben", "Trevett")), ("another pupil", ("Kasper", "Trevett"))
    )
    assert said == "He hits another pupil."


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("Zofia", "Szymańska"), {"zofia", "szymanska"}),
        (("Anna Maria",), {"anna", "maria", "annamaria"}),
        (("O’Brien",), {"brien", "obrien"}),
        (("J", ""), set()),
    ],
)
def test_a_name_is_known_by_each_part_and_by_its_parts_together(names: tuple[str, ...], parts: set[str]) -> None:
    assert parts_of(names) == parts


@pytest.mark.parametrize(
    ("text", "names", "holds"),
    [
        ("zofia_room", ("Zofia",), True),
        ("Room 3", ("Zofia",), False),
        ("by will", ("Will",), True),  # a place has no sentences
        ("Obrien house", ("O'Brien",), True),
    ],
)
def test_a_text_holds_a_name_however_it_is_typed(text: str, names: tuple[str, ...], holds: bool) -> None:
    assert holds_a_name(text, names) is holds
