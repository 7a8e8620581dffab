"""Teaching groups and the adults of a family, read row by row."""

from datetime import date

import pytest

from graduated.imports import words
from graduated.imports.contacts_file import ParsedContacts, adult_name, parse_contacts
from graduated.imports.groups_file import ParsedGroups, parse_groups
from graduated.imports.headings import Kind
from graduated.imports.reader import Unreadable
from graduated.rules.vocabulary import Relationship

from .files import TODAY, table


def groups(*lines: str) -> ParsedGroups:
    return parse_groups(table("\n".join(lines), Kind.TEACHING_GROUPS), TODAY)


def contacts(*lines: str) -> ParsedContacts:
    return parse_contacts(table("\n".join(lines), Kind.CONTACTS), TODAY)


GROUPS = "UPN,Class,Subject,Teacher,Teacher email,Room"
CONTACTS = (
    "Pupil UPN,Title,Forename,Surname,Relationship,PR,Email,Mobile,Address,Language,Interpreter,Lives with,Priority"
)


def test_a_pupil_group_and_teacher_are_read() -> None:
    file = groups(GROUPS, "V838340129001,7A/En,English,Mrs J Coombes,J.Coombes@school.example,12", "Total rows,1,,,,")
    assert (file.refused, file.ignored_headings) == ((), ("Room",))
    assert file.rows[0].as_json() == {
        "row": 2,
        "upn": "V838340129001",
        "name": "V838340129001",
        "group": "7A/En",
        "subject": "English",
        "teacher": "Mrs J Coombes",
        "teacher_email": "j.coombes@school.example",
    }
    assert file.notes == ("Line 3 was left out: Total rows 1",)


def test_a_pupil_of_a_group_may_be_named_by_name_and_birthday() -> None:
    file = groups("Student name,Date of birth,Group,Teacher", '"Legg, Maryam",03/10/2021,7A/En,Mrs Coombes')
    assert file.rows[0].pupil.keys == (("legg", "maryam", date(2021, 10, 3)),)
    assert file.rows[0].pupil.name == "Maryam Legg"


def test_each_faulty_row_of_groups_is_refused_and_the_rest_goes_on() -> None:
    file = groups(
        GROUPS,
        "A838340129002,7A/En,English,Mrs Coombes,,",
        "V838340129001,,English,Mrs Coombes,,",
        "V838340129001,7A/En,English,,,",
        "V838340129001,7A/En,English,=cmd,,",
        "V838340129001,7A/En,English,,not an address,",
        "V838340129001,7A/En",
        ",7A/En,English,Mrs Coombes,,",
        "Q838340129006,7A/En,English,Mrs Coombes,,",
    )
    assert [(one.row, one.column) for one in file.refused] == [
        (2, "UPN"),
        (3, "Class"),
        (4, "Teacher email"),
        (5, "Teacher"),
        (6, "Teacher email"),
        (7, "Subject"),
        (8, "UPN"),
    ]
    assert [row.pupil.upn for row in file.rows] == ["Q838340129006"]


def test_a_group_listed_once_for_each_lesson_is_taken_once() -> None:
    row = "V838340129001,7A/En,English,Mrs Coombes,,"
    file = groups(GROUPS, row, row, row, "V838340129001,7A/En,English,Mr Vine,,")
    assert [one.teacher_name for one in file.rows] == ["Mrs Coombes", "Mr Vine"]
    assert file.notes == ("2 rows say the same as another row and were left out.",)


def test_a_birthday_in_the_future_is_refused() -> None:
    file = groups("Surname,Forename,DOB,Group,Teacher", "Legg,Maryam,03/10/2031,7A,Mrs Coombes")
    assert [one.column for one in file.refused] == ["DOB"]
    found = contacts("Pupil surname,Pupil forename,Pupil DOB,Name", 'Legg,Maryam,03/10/2031,"Legg, Ann"')
    assert [one.column for one in found.refused] == ["Pupil DOB"]


@pytest.mark.parametrize("headings", ["UPN,Subject,Teacher", "UPN,Class,Subject"])
def test_a_groups_file_without_group_or_teacher_is_refused_whole(headings: str) -> None:
    with pytest.raises(Unreadable, match="Add the columns Teaching group"):
        groups(headings, "V838340129001,x,y")


def test_an_adult_is_read_to_the_field() -> None:
    file = contacts(
        CONTACTS,
        'V838340129001,Mrs,Halina,Nowak,Mother,Y,Halina@Example.org,+44 7700 900123,"1 High St\nPoole",Polish,Yes,Y,1',
    )
    row = file.rows[0]
    assert file.refused == ()
    assert (row.name, row.relationship, row.relationship_words) == ("Mrs Halina Nowak", Relationship.MOTHER, "Mother")
    assert (row.parental_responsibility, row.lives_with, row.priority) == (True, True, 1)
    assert (row.email, row.phone, row.address) == ("halina@example.org", "+44 7700 900123", "1 High St, Poole")
    assert (row.language, row.interpreter) == ("Polish", "Yes")
    assert row.as_json() == {
        "row": 2,
        "upn": "V838340129001",
        "pupil": "V838340129001",
        "name": "Mrs Halina Nowak",
        "relationship": "mother",
        "parental_responsibility": True,
        "language": "Polish",
    }


def test_parental_responsibility_is_never_inferred() -> None:
    row = contacts(CONTACTS, "V838340129001,,Ann,Legg,Mother,,,,,,,,").rows[0]
    assert (row.parental_responsibility, row.lives_with, row.interpreter, row.priority) == (None, None, None, None)


def test_words_for_a_relationship_that_we_have_none_for_are_kept() -> None:
    row = contacts(CONTACTS, "V838340129001,,Ann,Legg,Aunt,N,,,,,Polish,,").rows[0]
    assert (row.relationship, row.relationship_words) == (Relationship.OTHER, "Aunt")
    assert (row.parental_responsibility, row.interpreter) == (False, "Polish")
    blank = contacts(CONTACTS, "V838340129001,,Ann,Legg,,,,,,,No,,").rows[0]
    assert (blank.relationship, blank.relationship_words, blank.interpreter) == (Relationship.OTHER, None, None)


def test_each_faulty_row_of_contacts_is_refused_and_the_rest_goes_on() -> None:
    file = contacts(
        CONTACTS,
        "A838340129002,,Ann,Legg,Mother,,,,,,,,",
        "V838340129001,,Ann,,Mother,,,,,,,,",
        "V838340129001,,@Ann,Legg,Mother,,,,,,,,",
        "V838340129001,,Ann,Legg,Mother,perhaps,,,,,,,",
        "V838340129001,,Ann,Legg,Mother,,ann at home,,,,,,",
        "V838340129001,,Ann,Legg",
        "V838340129001,,Ann,Legg,Mother,Y,,,,,,,",
        "V838340129001,,Ann,Legg,Carer,Y,,,,,,,",
        "Q838340129006,,Ann,Legg,Mother,Y,,,,,,,",
    )
    assert [(one.row, one.column) for one in file.refused] == [
        (2, "Pupil UPN"),
        (3, "Surname"),
        (4, "Forename"),
        (5, "PR"),
        (6, "Email"),
        (7, "Relationship"),
        (9, "Surname"),
    ]
    assert "line 8" in file.refused[-1].reason
    assert [row.line for row in file.rows] == [8, 10]


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Mrs Halina Nowak", ("Mrs", "Halina", "Nowak")),
        ("Nowak, Halina", (None, "Halina", "Nowak")),
        ("van der Berg, Dr Anna Maria", ("Dr", "Anna Maria", "van der Berg")),
        ("Mr Foot", ("Mr", None, "Foot")),
        ("Halina Nowak", (None, "Halina", "Nowak")),
        ("Foot, Mr", ("Mr", None, "Foot")),
    ],
)
def test_one_name_is_taken_apart(cell: str, parts: tuple[str | None, str | None, str]) -> None:
    assert adult_name(cell) == parts


@pytest.mark.parametrize("cell", ["Foot", "Mr", "Anna van der Berg"])
def test_a_name_that_cannot_be_taken_apart_is_refused(cell: str) -> None:
    with pytest.raises(words.Unclear, match="surname, comma, forename"):
        adult_name(cell)


def test_one_column_of_names_is_read_or_refused() -> None:
    file = contacts("Pupil UPN,Parent,Relationship", "V838340129001,Mr Foot,Dad", "V838340129001,,Mum")
    assert [row.name for row in file.rows] == ["Mr Foot"]
    assert [(one.row, one.column) for one in file.refused] == [(3, "Parent")]


def test_a_contacts_file_without_the_adults_names_is_refused_whole() -> None:
    with pytest.raises(Unreadable, match="Add the columns Title"):
        contacts("Pupil UPN,Email", "V838340129001,a@example.org")
