"""A roll becomes pupils; what cannot be read is refused row by row and the rest goes on."""

from datetime import date
from decimal import Decimal

import pytest

from graduated.imports.pupils_file import NeedRow, PupilRow
from graduated.imports.reader import Unreadable
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, YearGroup

from .files import ARBOR, BROMCOM, HOSTILE, NEXT_TERM, SIMS, parsed, parsed_file

HEADINGS = "UPN,Surname,Forename,DOB,Year"
MARYAM = "V838340129001,Legg,Maryam,03/10/2021,R"
KIT = "Q838340129006,Hardy-Cox,Kit,28/11/2020,1"


def one(headings: str, row: str) -> PupilRow:
    file = parsed(headings, row)
    assert file.refused == ()
    assert len(file.pupils) == 1
    return file.pupils[0]


@pytest.mark.parametrize(
    ("name", "pupils", "support", "plans"), [(ARBOR, 210, 39, 8), (NEXT_TERM, 209, 47, 8), (SIMS, 210, 39, 8)]
)
def test_every_pupil_of_the_primary_is_read(name: str, pupils: int, support: int, plans: int) -> None:
    file = parsed_file(name)
    statuses = [row.status for row in file.pupils]
    assert (file.refused, len(file.pupils)) == ((), pupils)
    assert (statuses.count(SenStatus.SUPPORT), statuses.count(SenStatus.PLAN)) == (support, plans)
    assert len({row.upn for row in file.pupils}) == pupils


def test_every_pupil_of_the_secondary_is_read() -> None:
    file = parsed_file(BROMCOM)
    assert (file.refused, len(file.pupils)) == ((), 1330)
    zofia = file.pupils[1]
    assert (zofia.legal_surname, zofia.legal_forename) == ("Chaffey", "Zofia")
    assert zofia.year_group is YearGroup.Y7
    assert zofia.status is SenStatus.PLAN
    assert zofia.needs == (NeedRow(NeedType.HI, 1), NeedRow(NeedType.SEMH, 2))
    assert zofia.in_care is False
    assert zofia.eal is None


def test_a_pupil_of_the_arbor_layout_is_right_to_the_field() -> None:
    assert parsed_file(ARBOR).pupils[3] == PupilRow(
        line=5,
        upn="E838340126004",
        legal_surname="Foot",
        legal_forename="Yusuf",
        date_of_birth=date(2021, 9, 12),
        sex=Sex.MALE,
        year_group=YearGroup.R,
        registration_group="RA",
        status=SenStatus.SUPPORT,
        status_start=date(2025, 9, 11),
        needs=(NeedRow(NeedType.SEMH, 1), NeedRow(NeedType.OTH, 2)),
        eal=False,
        pupil_premium=False,
        in_care=False,
        attendance=Decimal("93.3"),
    )


def test_a_pupil_with_one_row_for_each_need_is_one_pupil() -> None:
    yusuf = parsed_file(SIMS).pupils[3]
    began = date(2025, 9, 11)
    assert yusuf.line == 8
    assert yusuf.needs == (NeedRow(NeedType.SEMH, 1, began), NeedRow(NeedType.OTH, 2, began))
    assert yusuf.known_as == "Yusuf"
    assert yusuf.in_care is None
    assert yusuf.attendance == Decimal("93.3")


HOSTILE_ROWS = [
    (3, "UPN", "A838340129002", "check letter"),
    (5, "Date of birth", "31 Feb 2021", "February 2021 has no day 31"),
    (7, "UPN", "V838340129001", "same pupil as line 2"),
    (9, "Sex", "E838340129007,Isla,Roper,09 Sep 2020", "4 cells under 14 headings"),
    (11, "First Name", '=HYPERLINK("http://example.org","Leo")', "formula"),
    (13, "SEN Status", "Being watched", "K (SEN support)"),
]


@pytest.mark.parametrize(("row", "column", "value", "says"), HOSTILE_ROWS)
def test_each_hostile_row_is_refused_with_row_column_value_and_reason(
    row: int, column: str, value: str, says: str
) -> None:
    found = [refusal for refusal in parsed_file(HOSTILE).refused if refusal.row == row]
    assert [(refusal.column, refusal.value) for refusal in found] == [(column, value)]
    assert says in found[0].reason
    assert found[0].as_json() == {"row": row, "column": column, "value": value, "reason": found[0].reason}


def test_every_other_row_of_the_hostile_file_is_taken() -> None:
    file = parsed_file(HOSTILE)
    assert [refusal.row for refusal in file.refused] == [3, 5, 7, 9, 11, 13]
    assert [row.name for row in file.pupils] == [
        "Maryam Legg",
        "Siân O'Brien",
        "Zoë Szymański",
        "Kit Hardy-Cox",
        "Orla Begum",
        "Nancy Dunford",
        "Bonnie Gale",
        "Amir Haidari",
    ]
    bonnie, amir = file.pupils[-2:]
    assert [need.need for need in bonnie.needs] == [NeedType.HI, NeedType.PD]
    assert (amir.upn, amir.line) == (None, 16)


def test_the_repeated_child_names_both_lines() -> None:
    reason = next(refusal.reason for refusal in parsed_file(HOSTILE).refused if refusal.row == 7)
    assert "Line 7" in reason and "line 2" in reason


def test_a_row_with_two_faults_gives_both() -> None:
    file = parsed(HEADINGS, "V838340129001,=x,Maryam,31/02/2021,R", KIT)
    assert [(refusal.row, refusal.column) for refusal in file.refused] == [(2, "Surname"), (2, "DOB")]
    assert [row.legal_forename for row in file.pupils] == ["Kit"]


def test_a_row_with_an_unquoted_comma_is_refused() -> None:
    file = parsed(HEADINGS, MARYAM + ",extra", MARYAM + ",,")
    assert [refusal.row for refusal in file.refused] == [2]
    assert "quotation marks" in file.refused[0].reason
    assert len(file.pupils) == 1


@pytest.mark.parametrize(
    ("born", "says"),
    [("03/10/2031", "in the future"), ("03/10/1921", "Check the year"), ("", "missing"), ("soon", "not a date")],
)
def test_a_birth_that_cannot_be_is_refused(born: str, says: str) -> None:
    file = parsed(HEADINGS, f"V838340129001,Legg,Maryam,{born},R")
    assert [refusal.column for refusal in file.refused] == ["DOB"]
    assert says in file.refused[0].reason


def test_nothing_about_a_pupil_starts_before_the_birth() -> None:
    file = parsed(
        "UPN,Surname,Forename,DOB,SEN Status,SEN Start,Need,Need start,Need end,Admission date",
        "V838340129001,Legg,Maryam,03/10/2021,K,02/10/2021,SLCN,01/10/2021,30/09/2021,01/01/2020",
    )
    assert [refusal.column for refusal in file.refused] == ["SEN Start", "Admission date", "Need start", "Need end"]
    assert "03/10/2021" in file.refused[0].reason


@pytest.mark.parametrize(("row", "column"), [(",,Maryam,03/10/2021,R", "Surname"), (",Legg,,03/10/2021,R", "Forename")])
def test_a_name_that_is_missing_is_refused(row: str, column: str) -> None:
    assert [refusal.column for refusal in parsed(HEADINGS, row).refused] == [column]


def test_a_full_name_that_is_missing_or_without_comma_is_refused() -> None:
    file = parsed("UPN,Full name,DOB", "V838340129001,,03/10/2021", "Q838340129006,Kit Hardy,28/11/2020")
    assert [(refusal.row, refusal.column) for refusal in file.refused] == [(2, "Full name"), (3, "Full name")]


def test_a_row_that_names_nobody_is_refused() -> None:
    file = parsed("UPN,SEN status", ",K", "V838340129001,K")
    assert [(refusal.row, refusal.column) for refusal in file.refused] == [(2, "UPN")]
    assert [row.upn for row in file.pupils] == ["V838340129001"]


def test_a_file_that_cannot_say_who_a_row_is_about_is_refused_whole() -> None:
    with pytest.raises(Unreadable, match="Add a column UPN"):
        parsed("Surname,Forename,Year", "Legg,Maryam,R")


def test_a_blank_status_means_none_only_where_the_file_has_the_column() -> None:
    assert one(HEADINGS, MARYAM).status is None
    assert one(HEADINGS + ",SEN status", MARYAM + ",").status is SenStatus.NONE
    assert "no column for SEN status" in " ".join(parsed(HEADINGS, MARYAM).notes)


def test_a_blank_yes_or_no_means_no_only_where_the_file_has_the_column() -> None:
    row = one(HEADINGS + ",EAL", MARYAM + ",")
    assert (row.eal, row.in_care) == (False, None)


def test_a_need_that_has_ended_is_not_listed() -> None:
    headings = HEADINGS + ",Need,Ranking,Need end"
    file = parsed(
        headings, MARYAM + ",SLCN,2,", MARYAM + ",MLD,1,01/09/2026", MARYAM + ",SEMH,1,01/09/2027", MARYAM + ",MLD,9,"
    )
    assert file.refused == ()
    assert [(need.need, need.rank) for need in file.pupils[0].needs] == [
        (NeedType.SEMH, 1),
        (NeedType.SLCN, 2),
        (NeedType.MLD, 3),
    ]


def test_a_row_that_repeats_a_pupil_and_adds_no_need_is_refused() -> None:
    file = parsed(HEADINGS + ",Need,Ranking", MARYAM + ",SLCN,1", MARYAM + ",SLCN,2", MARYAM + ",,", MARYAM + ",MLD,2")
    assert [refusal.row for refusal in file.refused] == [3, 4]
    assert "adds no other need" in file.refused[0].reason
    assert [need.need for need in file.pupils[0].needs] == [NeedType.SLCN, NeedType.MLD]
    assert file.pupils[0].needs_complete


def test_one_need_twice_in_a_row_is_refused() -> None:
    file = parsed(HEADINGS + ",SEN Need 1,SEN Need 2", MARYAM + ",SLCN,SLCN")
    assert [refusal.column for refusal in file.refused] == ["SEN Need 2"]


@pytest.mark.parametrize("good_first", [True, False])
def test_a_pupil_with_a_refused_need_has_needs_that_are_not_complete(good_first: bool) -> None:
    rows = [MARYAM + ",SLCN,1", MARYAM + ",BESD,2"]
    file = parsed(HEADINGS + ",Need,Ranking", *(rows if good_first else reversed(rows)))
    assert [refusal.value for refusal in file.refused] == ["BESD"]
    assert [(row.upn, row.needs_complete) for row in file.pupils] == [("V838340129001", False)]


def test_two_pupils_may_share_name_and_birthday() -> None:
    file = parsed(HEADINGS, MARYAM, MARYAM.replace("V838340129001", "Q838340129006"))
    assert (len(file.pupils), file.refused) == (2, ())


def test_a_pupil_without_upn_is_known_by_name_and_birthday() -> None:
    file = parsed(HEADINGS + ",Need,Ranking", ",Légg,Maryam,03/10/2021,R,SLCN,1", ",Légg,Maryam,03/10/2021,R,MLD,2")
    assert [[need.need for need in row.needs] for row in file.pupils] == [[NeedType.SLCN, NeedType.MLD]]
    again = parsed(HEADINGS, MARYAM, MARYAM.replace("V838340129001", ""))
    assert [refusal.column for refusal in again.refused] == ["Surname"]


def test_totals_left_out_are_told() -> None:
    assert parsed_file(SIMS).notes == ("Line 235 was left out: Total rows 229",)


def test_a_pupil_as_the_command_line_writes_them() -> None:
    assert parsed_file(SIMS).pupils[3].as_json() == {
        "row": 8,
        "upn": "E838340126004",
        "name": "Yusuf Foot",
        "date_of_birth": "2021-09-12",
        "year_group": "R",
        "registration_group": "RA",
        "status": "K",
        "status_start": "2025-09-11",
        "needs": ["SEMH", "OTH"],
    }
    assert one("UPN,SEN", "V838340129001,N").as_json()["name"] == "V838340129001"


def test_every_optional_column_is_read() -> None:
    row = one(
        HEADINGS + ",Known as,Preferred surname,Home language,Ethnic group,Religion,Service child,Date of entry,"
        "Leaving date,Address,SEN review date",
        MARYAM + ',Mimi,Legg-Lane,Polish,White British,None,Y,01/09/2025,31/08/2032,"1 High St\nPoole",01/12/2026',
    )
    assert (row.known_as, row.known_surname, row.first_language) == ("Mimi", "Legg-Lane", "Polish")
    assert (row.ethnicity, row.religion, row.service_family) == ("White British", "None", True)
    assert (row.admission_date, row.leaving_date) == (date(2025, 9, 1), date(2032, 8, 31))
    assert (row.address, row.sen_review_date) == ("1 High St, Poole", date(2026, 12, 1))
