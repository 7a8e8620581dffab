"""Other people's names are found in a record however they are written, and everyday words are left alone."""

from __future__ import annotations

import pytest

from graduated.rules.third_parties import LEFT_OUT, Names, Person, ThirdParty, left_out

K = ThirdParty
NAMES = Names(
    [
        Person(K.PUPIL, ("Jack",), ("Thompson",)),
        Person(K.PUPIL, ("Rose",), ("Vine",)),
        Person(K.PUPIL, ("Jan",), ("Szymański",)),
        Person(K.PUPIL, ("Siân",), ("O’Brien",)),
        Person(K.FAMILY, ("Marek",), ("Szymański",)),
        Person(K.FAMILY, ("Anna",), ("Szymańska",)),
        Person(K.ADULT, ("Kelly",), ("Thompson",)),
        Person(K.STAFF, ("Miriam",), ("Vine",)),
        Person(K.STAFF, ("Daniel",), ("Meech",)),
        Person(K.ADULT, ("Sally",), ("Meech",)),
    ],
    ("Zofia", "Szymańska", "Szymański"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        ("Zofia reads to herself.", []),
        ("Zofia Szymańska reads well.", []),
        ("She sat with Jack today.", [("Jack", K.PUPIL)]),
        ("JACK THOMPSON pushed her.", [("JACK THOMPSON", K.PUPIL)]),
        ("Jack’s turn came, then the Jacks.", [("Jack", K.PUPIL), ("Jacks", K.PUPIL)]),
        ("Mrs Thompson rang about Jack-Thompson.", [("Thompson", K.ADULT), ("Jack-Thompson", K.PUPIL)]),
        ("Her brother Jan Szymański came.", [("Jan Szymański", K.PUPIL)]),
        ("Her father Marek Szymanski rang.", [("Marek Szymanski", K.FAMILY)]),
        ("Mrs Szymańska said so.", [("Szymańska", K.FAMILY)]),
        ("Szymańska said so.", []),
        ("Ms Vine and Miss. Vine agree.", [("Vine", K.STAFF), ("Vine", K.STAFF)]),
        ("Miriam Vine wrote.", [("Miriam Vine", K.STAFF)]),
        ("Mrs Meech rang.", [("Meech", K.ADULT)]),
        ("Vine was cross.", [("Vine", K.PUPIL)]),
        ("A rose in a vine, and jack of all trades.", []),
        ("Rose sat with siân.", [("Rose", K.PUPIL), ("siân", K.PUPIL)]),
        ("Sian O'Brien and Jack, Rose.", [("Sian O'Brien", K.PUPIL), ("Jack", K.PUPIL), ("Rose", K.PUPIL)]),
    ],
)
def test_names_of_others_are_found_and_said_whose_they_are(text: str, wanted: list[tuple[str, ThirdParty]]) -> None:
    assert [(text[one.start : one.end], one.kind) for one in NAMES.found_in(text)] == wanted


def test_a_name_is_replaced_in_the_text_and_nothing_of_it_stays() -> None:
    text = "Jack and Rose Vine laughed at Jack."
    found = NAMES.found_in(text)
    assert (
        left_out(text, [(one.start, one.end) for one in found]) == f"{LEFT_OUT} and {LEFT_OUT} laughed at {LEFT_OUT}."
    )


def test_spans_that_overlap_are_one() -> None:
    assert left_out("one two three", [(0, 7), (4, 13)], "[…]") == "[…]"


def test_the_same_name_has_one_form_however_it_is_typed() -> None:
    assert {one.form for one in NAMES.found_in("Siân O’Brien; SIAN O'BRIEN; Sian O’Brien")} == {"sian o brien"}
