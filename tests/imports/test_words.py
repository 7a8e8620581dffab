"""Words, codes and dates of an export become our values, or are refused with how to mend them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graduated.imports import words
from graduated.rules.vocabulary import NeedType, Relationship, SenStatus, Sex, YearGroup


def reason(meaning: Callable[[str], object], cell: str) -> str:
    with pytest.raises(words.Unclear) as unclear:
        meaning(cell)
    return unclear.value.reason


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("N", SenStatus.NONE),
        ("k", SenStatus.SUPPORT),
        ("E", SenStatus.PLAN),
        ("SEN support", SenStatus.SUPPORT),
        ("SEN Support (K)", SenStatus.SUPPORT),
        ("K - SEN Support", SenStatus.SUPPORT),
        ("K – SEN Support", SenStatus.SUPPORT),
        ("K: receiving help", SenStatus.SUPPORT),
        ("EHC plan", SenStatus.PLAN),
        ("EHCP", SenStatus.PLAN),
        ("Education, Health and Care Plan", SenStatus.PLAN),
        ("E - Education, Health and Care Plan", SenStatus.PLAN),
        ("N - No Special Educational Need", SenStatus.NONE),
        ("No SEN", SenStatus.NONE),
    ],
)
def test_a_status_is_read_from_letter_or_words(cell: str, status: SenStatus) -> None:
    assert words.status(cell) is status


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("Being watched", "N (No special educational need), K (SEN support) and E (EHC plan)"),
        ("Y", "not a SEN status"),
        ("K - EHC plan", "the words say “EHC plan”"),
        ("EHC plan (K)", "the words say “EHC plan”"),
        ("A - School Action", "no longer used"),
        ("Statement", "no longer used"),
        ("K - School Action Plus", "no longer used"),
        ("X - unknown", "not a SEN status"),
    ],
)
def test_a_status_nobody_knows_is_refused_with_what_is_understood(cell: str, says: str) -> None:
    assert says in reason(words.status, cell)


@pytest.mark.parametrize("need", list(NeedType))
def test_every_need_is_read_from_code_label_or_both(need: NeedType) -> None:
    assert words.need(need.value.lower()) is need
    assert words.need(need.label.upper()) is need
    assert words.need(f"{need.value} - {need.label}") is need
    assert words.need(f"{need.label} ({need.value})") is need


@pytest.mark.parametrize(
    ("cell", "need"),
    [
        ("Visual impairment", NeedType.VI),
        ("Other difficulty/disorder", NeedType.OTH),
        ("OTH - Other difficulty/disorder", NeedType.OTH),
        ("Autism Spectrum Condition", NeedType.ASD),
        ("SpLD", NeedType.SPLD),
        ("SPLD: dyslexia", NeedType.SPLD),
        ("Social, Emotional & Mental Health", NeedType.SEMH),
    ],
)
def test_a_need_is_read_from_the_words_systems_use(cell: str, need: NeedType) -> None:
    assert words.need(cell) is need


def test_a_need_nobody_knows_is_refused_with_the_codes() -> None:
    assert "SPLD, MLD" in reason(words.need, "BESD")
    assert "the words say “Specific learning difficulty”" in reason(words.need, "SLCN - Specific learning difficulty")


@pytest.mark.parametrize(
    ("cell", "year"),
    [
        ("Reception", YearGroup.R),
        ("R", YearGroup.R),
        ("YR", YearGroup.R),
        ("Year R", YearGroup.R),
        ("0", YearGroup.R),
        ("Year 3", YearGroup.Y3),
        ("Yr 3", YearGroup.Y3),
        ("y3", YearGroup.Y3),
        ("3", YearGroup.Y3),
        ("03", YearGroup.Y3),
        ("Year group 7", YearGroup.Y7),
        ("Year 10", YearGroup.Y10),
        ("13", YearGroup.Y13),
        ("N2", YearGroup.N2),
        ("Nursery 1", YearGroup.N1),
        ("X", YearGroup.X),
    ],
)
def test_a_year_group_is_read_from_code_or_words(cell: str, year: YearGroup) -> None:
    assert words.year_group(cell) is year


@pytest.mark.parametrize("cell", ["Nursery", "15", "Year", "3A", "Kingfishers", "-"])
def test_a_year_group_that_is_a_guess_is_refused(cell: str) -> None:
    assert "not a year group" in reason(words.year_group, cell)


@pytest.mark.parametrize(
    "cell",
    ["03/10/2021", "3/10/2021", "03.10.2021", "3-10-2021", "03 Oct 2021", "3 October 2021", "3rd Oct, 2021",
     "03-Oct-2021", "2021-10-03", "2021/10/03", "2021-10-03T00:00:00", "03/10/2021 00:00:00", " 03/10/2021 "],
)  # fmt: skip
def test_a_date_is_read_day_first_or_iso(cell: str) -> None:
    assert words.day(cell) == date(2021, 10, 3)


def test_september_may_be_short() -> None:
    assert words.day("1 Sept 2021") == words.day("1 Sep 2021") == date(2021, 9, 1)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("31/02/2026", "February 2026 has no day 31"),
        ("31 Feb 2026", "February 2026 has no day 31"),
        ("29/02/2023", "February 2023 has no day 29"),
        ("10/14/2014", "Write it as 14/10/2014"),
        ("2014-13-14", "There is no month 13"),
        ("03/10/21", "two digits"),
        ("03-Oct-21", "two digits"),
        ("3 Octember 2021", "names no month"),
        ("44472", "spreadsheet's number"),
        ("03102021", "not a date"),
        ("last autumn", "Write it as 03/10/2021"),
        ("03/10/0021", "The year 21 is not meant"),
    ],
)
def test_a_date_that_is_none_or_a_guess_is_refused(cell: str, says: str) -> None:
    assert says in reason(words.day, cell)


@pytest.mark.parametrize(
    ("cells", "answer"),
    [(("Y", "yes", "TRUE", "1", "T", "✓"), True), (("N", "No", "false", "0", "f"), False)],
)
def test_yes_and_no_in_every_form(cells: tuple[str, ...], answer: bool) -> None:
    assert {words.yes_no(cell) for cell in cells} == {answer}


@pytest.mark.parametrize("cell", ["x", "maybe", "2", "?"])
def test_neither_yes_nor_no_is_refused(cell: str) -> None:
    assert "Write Yes or No" in reason(words.yes_no, cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("94.9%", "94.9"),
        ("94.9", "94.9"),
        ("100", "100"),
        ("0", "0"),
        ("0.5%", "0.5"),
        ("94.937", "94.94"),
        ("N/A", None),
    ],
)
def test_a_percentage_is_kept_to_two_places(cell: str, value: str | None) -> None:
    assert words.percentage(cell) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("cell", "says"), [("0.949", "94.9"), ("101", "0 to 100"), ("-3", "0 to 100"), ("good", "0 to")]
)
def test_what_is_no_percentage_is_refused(cell: str, says: str) -> None:
    assert says in reason(words.percentage, cell)


@pytest.mark.parametrize(
    "cell",
    ["O'Brien", "O’Brien", "Hardy-Cox", "Siân", "Szymański", "Zoë", "'t Hooft", "van der Berg", "李", "St. John"],
)
def test_names_as_people_have_them_pass(cell: str) -> None:
    assert words.name(f"  {cell} ") == cell


def test_a_name_is_kept_in_composed_form_with_single_spaces() -> None:
    assert words.name("Sia\u0302n  Mair\u00a0Jones") == "Siân Mair Jones"


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+44", "-Maryam", "@SUM(A1)", " =1", "'=1", '"=1', "＝1+1", "＠x", "\tMaryam", "\rMaryam", "\u00a0=1"],
)
def test_a_name_that_a_spreadsheet_would_run_is_refused(cell: str) -> None:
    assert "formula" in reason(words.name, cell)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("-", "has no letter"),
        ("?", "has no letter"),
        ("123", "has no letter"),
        ("Mary\nam", "line break"),
        ("#N/A", "spreadsheet's error"),
        ("Mar\x07yam", "cannot be seen"),
        ("Mar\u202eyam", "cannot be seen"),
        ("A" * 101, "the most is 100"),
        ("A" * 501, "the most is 500"),
    ],
)
def test_what_is_no_name_is_refused(cell: str, says: str) -> None:
    assert says in reason(words.name, cell)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_name_that_passes_starts_as_a_formula(cell: str) -> None:
    try:
        name = words.name(cell)
    except words.Unclear:
        return
    assert name and name[0] not in "=+-@\t\r" and name == " ".join(name.split())


def test_a_full_name_needs_its_comma() -> None:
    assert words.surname_and_forename("Hardy-Cox, Mary Ann") == ("Hardy-Cox", "Mary Ann")
    for cell in ("Isla Cluett", "Cluett,", ", Isla", "Cluett, Isla, Mary"):
        assert "surname, comma, forename" in reason(words.surname_and_forename, cell)


def test_sex_is_read_or_left_open() -> None:
    assert [words.sex(cell) for cell in ("F", "male", "Unknown")] == [Sex.FEMALE, Sex.MALE, None]
    assert "Female or Male" in reason(words.sex, "7")


def test_a_rank_is_a_number_from_1_to_99() -> None:
    assert [words.rank(cell) for cell in ("1", "02", "1.0", "2nd", "Primary", "99")] == [1, 2, 1, 2, 1, 99]
    for cell in ("0", "100", "top"):
        assert "order of needs" in reason(words.rank, cell)


def test_an_email_is_kept_in_lower_case() -> None:
    assert words.email(" H.Nowak@Example.org ") == "h.nowak@example.org"
    assert "not an e-mail address" in reason(words.email, "h.nowak at example")


def test_a_phone_may_start_with_a_plus() -> None:
    assert words.phone("+44  7700 900123") == "+44 7700 900123"
    assert words.phone("01202 900123 ext 4") == "01202 900123 ext 4"
    for cell in ("=1+1", "ask mum", "12"):
        assert "not a telephone number" in reason(words.phone, cell)


def test_an_address_is_one_line() -> None:
    assert words.address("1 High Street,\r\n\r\nPoole\nBH15 1AA") == "1 High Street, Poole, BH15 1AA"
    assert "formula" in reason(words.address, "=1+1")


def test_a_label_has_at_most_sixty_characters() -> None:
    assert words.label(" 3A ") == "3A"
    assert "the most is 60" in reason(words.label, "A" * 61)


def test_a_relationship_of_no_other_kind_is_another_carer() -> None:
    found = [words.relationship(cell) for cell in ("Mum", "Step-father", "Grandmother", "Aunt")]
    assert found == [Relationship.MOTHER, Relationship.STEP_PARENT, Relationship.GRANDPARENT, Relationship.OTHER]


@settings(deadline=None)
@given(st.text(max_size=30))
@pytest.mark.parametrize(
    "meaning",
    [words.status, words.need, words.year_group, words.day, words.yes_no, words.percentage, words.rank, words.sex,
     words.email, words.phone, words.text, words.address, words.relationship, words.surname_and_forename],
)  # fmt: skip
def test_no_text_raises_anything_but_a_reason(meaning: Callable[[str], object], cell: str) -> None:
    try:
        meaning(cell)
    except words.Unclear as unclear:
        assert unclear.reason.endswith((".", "%, whichever is meant.")), unclear.reason
