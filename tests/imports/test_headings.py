"""Headings of every system find their field; a heading nobody knows is ignored and listed."""

import pytest

from graduated.imports.headings import Kind, looked_for, match, plain, recognised, usual_heading

from .files import ARBOR, BROMCOM, SIMS, parsed_file


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("UPN", "upn"),
        ("Student UPN", "upn"),
        ("legal_surname", "legal_surname"),
        ("Last Name", "legal_surname"),
        ("FORENAME", "legal_forename"),
        ("Preferred Forename", "known_as"),
        ("Known as", "known_as"),
        ("Full Name", "full_name"),
        ("Pupil", "full_name"),
        ("D.O.B.", "date_of_birth"),
        ("Date Of Birth", "date_of_birth"),
        ("Gender", "sex"),
        ("Year Group", "year_group"),
        ("NCyearActual", "year_group"),
        ("Reg", "registration_group"),
        ("Tutor Group", "registration_group"),
        ("SEND Status", "status"),
        ("SEN provision", "status"),
        ("SEN Start", "status_start"),
        ("SEN Need Type", "need"),
        ("SEN Description", "need"),
        ("Primary SEN need", "need_1"),
        ("Secondary SEN need", "need_2"),
        ("SEN Need 2", "need_2"),
        ("SEN primary need", "need_1"),
        ("SEN Need 9", "need_9"),
        ("Ranking", "need_rank"),
        ("Need Start Date", "need_start"),
        ("Need End Date", "need_end"),
        ("SEN Review Date", "sen_review_date"),
        ("EAL?", "eal"),
        ("Pupil Premium", "pupil_premium"),
        ("Looked After", "in_care"),
        ("Attendance (% present)", "attendance"),
        ("% Attendance", "attendance"),
        ("First Language", "first_language"),
        ("Ethnicity", "ethnicity"),
        ("Admission Date", "admission_date"),
        ("Preferred Surname", "known_surname"),
    ],
)
def test_a_heading_of_a_roll_finds_its_field(heading: str, field: str) -> None:
    assert match([heading], Kind.PUPILS).position == {field: 0}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("UPN", "upn"),
        ("Student Name", "full_name"),
        ("Class", "group_name"),
        ("Teaching Group", "group_name"),
        ("Subject", "subject"),
        ("Teacher", "teacher_name"),
        ("Teacher email", "teacher_email"),
        ("Staff E-mail Address", "teacher_email"),
    ],
)
def test_a_heading_of_teaching_groups_finds_its_field(heading: str, field: str) -> None:
    assert match([heading], Kind.TEACHING_GROUPS).position == {field: 0}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Pupil UPN", "upn"),
        ("Student surname", "legal_surname"),
        ("Surname", "adult_surname"),
        ("Contact forename", "adult_forename"),
        ("Pupil", "full_name"),
        ("Parent name", "adult_name"),
        ("Parent/carer", "adult_name"),
        ("Title", "adult_title"),
        ("Relationship to student", "relationship"),
        ("PR", "parental_responsibility"),
        ("Parent email", "email"),
        ("Mobile", "phone"),
        ("Interpreter needed", "interpreter"),
        ("Lives with pupil", "lives_with"),
        ("Priority", "priority"),
    ],
)
def test_a_heading_of_contacts_is_the_adults_unless_it_says_pupil(heading: str, field: str) -> None:
    assert match([heading], Kind.CONTACTS).position == {field: 0}


def test_of_two_headings_for_one_field_the_legal_one_is_read_and_the_other_is_listed() -> None:
    columns = match(["Surname", "UPN", "Legal Surname", "House", " "], Kind.PUPILS)
    assert columns.position == {"upn": 1, "legal_surname": 2}
    assert columns.ignored == ("Surname", "House")
    assert columns.heading("legal_surname") == "Legal Surname"
    assert columns.heading("date_of_birth") == "Date of birth"


@pytest.mark.parametrize("name", [ARBOR, SIMS, BROMCOM])
def test_no_column_of_the_three_layouts_is_ignored(name: str) -> None:
    assert parsed_file(name).ignored_headings == ()


def test_a_heading_is_its_letters_and_digits() -> None:
    assert plain(" Attendance (% présent) ") == "attendancepresent"


def test_headings_are_counted_by_field() -> None:
    assert recognised(["Surname", "Last name", "Maryam", "UPN"], Kind.PUPILS) == 2


@pytest.mark.parametrize("kind", list(Kind))
def test_every_heading_named_to_people_is_one_that_is_recognised(kind: Kind) -> None:
    named = looked_for(kind).replace(" and ", ", ").split(", ")
    assert recognised(named, kind) == len(named)
    assert usual_heading("something_new") == "Something new"
