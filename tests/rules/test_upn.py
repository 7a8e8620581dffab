"""UPNs: the published vectors of domain §3.2 and every way of being wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules import upn


def by_hand(rest: str) -> str:
    """The check letter as domain §3.2 words it, worked without the library."""
    values = [int(c) if c.isdigit() else upn.CHECK_LETTERS.index(c) for c in rest]
    return upn.CHECK_LETTERS[sum(w * v for w, v in enumerate(values, 2)) % 23]


@pytest.mark.parametrize(
    "text",
    [
        "B801200005001",
        "P207000016049",
        "Q838123424001",
        "E838123424002",
        "P83812342401A",
        "M838340126001",
        " b801 2000-05001 ",
    ],
)
def test_right_numbers_pass_also_of_authorities_that_the_library_does_not_list(text: str) -> None:
    assert upn.check(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "has 13 characters; this one has 0"),
        ("B80120000500", "this one has 12"),
        ("B8012000050011", "this one has 14"),
        ("1801200005001", "starts with a letter"),
        ("S801200005001", "never I, O or S; this one starts with “S”"),
        ("B8O12000050O1", "found “O”"),
        ("X80120000A001", "found “A”"),
        ("B8٠1200005001", "found “٠”"),
        ("P83812342401O", "ends in “O”"),
        ("A801200005001", "is B, not A"),
        ("Q83812342401A", "is P, not Q"),
    ],
)
def test_each_fault_is_named_with_its_remedy(text: str, says: str) -> None:
    answer = upn.check(text)
    assert answer is not None
    assert says in answer
    assert answer.endswith(".")


def test_cleaning_takes_out_spaces_and_hyphens_and_small_letters() -> None:
    assert upn.clean(" p838-1234 2401a\u00a0") == "P83812342401A"


@pytest.mark.parametrize(("text", "answer"), [("P83812342401A", True), ("B801200005001", False), ("", False)])
def test_a_temporary_number_ends_in_a_letter(text: str, answer: bool) -> None:
    assert upn.is_temporary(text) is answer


@given(st.from_regex(r"[0-9]{11}[0-9ABCDEFGHJKLMNPQRTUVWXYZ]", fullmatch=True))
def test_only_one_check_letter_fits_and_the_refusal_names_it(rest: str) -> None:
    right = by_hand(rest)
    assert upn.check(right + rest) is None
    for letter in upn.CHECK_LETTERS.replace(right, ""):
        assert f"is {right}, not {letter}" in (upn.check(letter + rest) or "")
