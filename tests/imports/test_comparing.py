"""What an export would change, pupil by pupil; nobody comes on or off SEN support unasked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from graduated.imports.compare import Change, KnownNeed, KnownPupil, compare
from graduated.rules import upn
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, YearGroup

from .files import HOSTILE, TODAY, known_from, parsed, parsed_file

NONE, SUPPORT, PLAN = SenStatus.NONE, SenStatus.SUPPORT, SenStatus.PLAN
HEADINGS = "UPN,Surname,Forename,DOB,Year"
MARYAM_ROW = "V838340129001,Legg,Maryam,03/10/2021,R"
MARYAM = KnownPupil(
    id=7,
    upn="V838340129001",
    legal_surname="Legg",
    legal_forename="Maryam",
    date_of_birth=date(2021, 10, 3),
    year_group=YearGroup.R,
    status=SUPPORT,
    status_start=date(2025, 9, 14),
    needs=(KnownNeed(NeedType.SLCN, 1), KnownNeed(NeedType.MLD, 2)),
)


def changes(known: KnownPupil, *lines: str) -> dict[str, tuple[object, object]]:
    """Field → (before, after) of one known pupil against a short file."""
    found = compare(parsed(*lines), [known], TODAY)
    assert (found.added, found.missing_from_file, found.refused) == ((), (), ())
    return {change.field: (change.before, change.after) for one in found.changed for change in one.changes}


def test_a_column_that_the_file_lacks_clears_nothing() -> None:
    known = replace(MARYAM, in_care=True, eal=True, registration_group="RA", attendance=Decimal("94.9"))
    assert changes(known, HEADINGS, MARYAM_ROW) == {}


def test_a_blank_cell_clears_no_fact() -> None:
    known = replace(MARYAM, registration_group="RA", first_language="Polish", known_as="Mimi", sex=Sex.FEMALE)
    headings = HEADINGS + ",Reg,Home language,Known as,Sex,SEN status,SEN start,Need"
    assert changes(replace(known, needs=()), headings, MARYAM_ROW + ",,,,,K,,") == {}


def test_a_blank_yes_or_no_is_a_no() -> None:
    assert changes(replace(MARYAM, eal=True), HEADINGS + ",EAL", MARYAM_ROW + ",") == {"eal": (True, False)}


def test_ordinary_facts_change_at_once() -> None:
    known = replace(MARYAM, sex=Sex.MALE, attendance=Decimal("94.90"), registration_group="RA")
    row = "V838340129001,Legg,Maryam,04/10/2021,1,F,93.1%,RB,Polish"
    found = compare(parsed(HEADINGS + ",Sex,Attendance,Reg,First language", row), [known], TODAY)
    assert {change.field: (change.before, change.after) for change in found.changed[0].at_once} == {
        "date_of_birth": (date(2021, 10, 3), date(2021, 10, 4)),
        "year_group": (YearGroup.R, YearGroup.Y1),
        "sex": (Sex.MALE, Sex.FEMALE),
        "attendance": (Decimal("94.9"), Decimal("93.1")),
        "registration_group": ("RA", "RB"),
        "first_language": (None, "Polish"),
    }
    assert found.to_confirm == ()


def test_a_field_that_the_caller_does_not_keep_is_not_compared() -> None:
    file = parsed(HEADINGS + ",Attendance", MARYAM_ROW + ",93.1")
    assert len(compare(file, [MARYAM], TODAY).changed) == 1
    assert len(compare(file, [MARYAM], TODAY, ignoring=frozenset({"attendance"})).unchanged) == 1


@pytest.mark.parametrize(
    ("recorded", "cell", "answer"),
    [
        (None, "Maryam", {}),
        ("", "Maryam", {}),
        ("Maryam", "Maryam", {}),
        ("Mimi", "Mimi", {}),
        ("Mimi", "", {}),
        ("Mimi", "Maryam", {"known_as": ("Mimi", None)}),
        (None, "Mimi", {"known_as": (None, "Mimi")}),
    ],
)
def test_a_preferred_name_that_is_the_legal_name_is_none(
    recorded: str | None, cell: str, answer: dict[str, object]
) -> None:
    assert (
        changes(replace(MARYAM, known_as=recorded), HEADINGS + ",Preferred Forename", f"{MARYAM_ROW},{cell}") == answer
    )


def test_a_new_legal_name_with_its_preferred_name_is_one_change() -> None:
    row = "V838340129001,Legg,Miriam,03/10/2021,R,Miriam"
    assert changes(MARYAM, HEADINGS + ",Preferred Forename", row) == {"legal_forename": ("Maryam", "Miriam")}


def test_typed_and_curly_apostrophes_are_one_name() -> None:
    known = replace(MARYAM, legal_surname="O'Brien")
    assert changes(known, HEADINGS, "V838340129001,O’Brien,Maryam,03/10/2021,R") == {}
    assert changes(known, HEADINGS, "V838340129001,Obrien,Maryam,03/10/2021,R") == {
        "legal_surname": ("O'Brien", "Obrien")
    }


SEN = HEADINGS + ",SEN status,SEN start,SEN Need 1,SEN Need 2"


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ("K,14/09/2025,SLCN,MLD", {}),
        ("K,,SLCN,MLD", {}),
        ("N,,SLCN,MLD", {"status": (SUPPORT, NONE)}),
        ("N,,,", {"status": (SUPPORT, NONE)}),
        (",,,", {"status": (SUPPORT, NONE)}),
        ("E,01/10/2026,SLCN,MLD", {"status": (SUPPORT, PLAN), "status_start": (date(2025, 9, 14), date(2026, 10, 1))}),
        ("K,15/09/2025,SLCN,MLD", {"status_start": (date(2025, 9, 14), date(2025, 9, 15))}),
        ("K,14/09/2025,MLD,SLCN", {"needs": ((NeedType.SLCN, NeedType.MLD), (NeedType.MLD, NeedType.SLCN))}),
        ("K,14/09/2025,,", {"needs": ((NeedType.SLCN, NeedType.MLD), ())}),
    ],
)
def test_every_sen_difference_is_seen(cells: str, answer: dict[str, object]) -> None:
    assert changes(MARYAM, SEN, f"{MARYAM_ROW},{cells}") == answer


@pytest.mark.parametrize("cells", ["N,,SLCN,MLD", "K,15/09/2025,SLCN,MLD", "K,14/09/2025,MLD,SLCN", ",,,"])
def test_every_sen_difference_waits(cells: str) -> None:
    found = compare(parsed(SEN, f"{MARYAM_ROW},{cells}"), [MARYAM], TODAY)
    assert found.changed[0].at_once == ()
    assert found.to_confirm == found.changed


def test_the_needs_of_a_pupil_off_sen_support_are_kept_as_history() -> None:
    off = replace(MARYAM, status=NONE, status_start=date(2026, 7, 1))
    assert changes(off, SEN, MARYAM_ROW + ",N,,,") == {}


def test_coming_on_to_sen_support_is_said_in_words() -> None:
    off = replace(MARYAM, status=NONE, status_start=None, needs=())
    found = compare(parsed(SEN, MARYAM_ROW + ",K,09/11/2026,SLCN,"), [off], TODAY)
    status, start, needs = found.to_confirm[0].changes
    assert (status.on_to_sen_support, start.on_to_sen_support) == (True, False)
    assert (status.before_text, status.after_text) == ("No SEN support", "SEN support")
    assert (start.before_text, start.after_text) == ("not recorded", "9 November 2026")
    assert (needs.before_text, needs.after_text) == ("not recorded", "Speech, language and communication needs")


def test_needs_that_were_read_in_part_are_not_compared() -> None:
    found = compare(parsed(HEADINGS + ",Need,Ranking", MARYAM_ROW + ",SLCN,1", MARYAM_ROW + ",BESD,2"), [MARYAM], TODAY)
    assert (len(found.unchanged), len(found.refused)) == (1, 1)


def test_a_need_that_starts_on_another_day_waits() -> None:
    began, later = date(2025, 9, 14), date(2026, 1, 5)
    known = replace(MARYAM, needs=(KnownNeed(NeedType.SLCN, 1, began),))
    headings = HEADINGS + ",Need,Need start"
    assert changes(known, headings, MARYAM_ROW + ",SLCN,05/01/2026") == {"need_dates": ((began,), (later,))}
    assert changes(known, headings, MARYAM_ROW + ",SLCN,") == {}


def test_a_new_arrival_is_found_by_name_and_birthday_and_gets_the_upn() -> None:
    arrival = replace(MARYAM, upn=None)
    assert changes(arrival, HEADINGS, MARYAM_ROW) == {"upn": (None, "V838340129001")}
    assert changes(arrival, HEADINGS, MARYAM_ROW.replace("V838340129001", "")) == {}
    assert changes(MARYAM, HEADINGS, MARYAM_ROW.replace("V838340129001", "")) == {}


def test_a_temporary_upn_gives_way_to_the_permanent_one() -> None:
    temporary = "P83812342401A"
    assert upn.check(temporary) is None
    assert changes(replace(MARYAM, upn=temporary), HEADINGS, MARYAM_ROW) == {"upn": (temporary, "V838340129001")}


def test_a_new_upn_for_a_known_name_and_birthday_is_added_with_a_warning() -> None:
    known = replace(MARYAM, upn="Q838340129006")
    found = compare(parsed(HEADINGS, MARYAM_ROW), [known], TODAY)
    assert "Q838340129006" in found.added[0].warning
    assert found.added[0].as_json()["warning"] == found.added[0].warning
    assert found.missing_from_file == (known,)


def test_a_name_that_fits_two_pupils_is_refused() -> None:
    found = compare(
        parsed(HEADINGS, MARYAM_ROW.replace("V838340129001", "")), [MARYAM, replace(MARYAM, id=8, upn=None)], TODAY
    )
    assert "More than one pupil" in found.refused[0].reason
    assert found.refused[0].column == "Surname"


def test_two_rows_for_one_known_pupil_are_refused_with_both_lines() -> None:
    file = parsed(HEADINGS, MARYAM_ROW.replace("V838340129001", ""), MARYAM_ROW.replace("Legg", "Lane"))
    found = compare(file, [MARYAM], TODAY)
    assert "Line 3 is the same pupil as line 2" in found.refused[0].reason
    assert len(found.unchanged) == 1


def test_a_pupil_whose_row_was_refused_is_not_missing() -> None:
    file = parsed_file(HOSTILE)
    roll = [replace(one, id=number) for number, one in enumerate(known_from(file), start=1)]
    isla = replace(MARYAM, id=90, upn="E838340129007", legal_surname="Roper", legal_forename="Isla")
    rhys = replace(
        MARYAM,
        id=91,
        upn="J838340129002",
        legal_surname="Tuck",
        legal_forename="Rhys",
        date_of_birth=date(2021, 12, 27),
    )
    found = compare(file, [*roll, isla, rhys], TODAY)
    assert found.missing_from_file == ()
    assert (len(found.unchanged), len(found.refused)) == (8, 6)


@pytest.mark.parametrize(
    ("headings", "row", "column"),
    [
        ("UPN,SEN status", "V838340129001,K", ["Legal surname", "Legal forename", "Date of birth", "Year group"]),
        ("UPN,Surname,Forename,DOB,Year", "V838340129001,Legg,Maryam,03/10/2021,", ["Year"]),
    ],
)
def test_a_new_pupil_without_what_a_pupil_needs_is_refused(headings: str, row: str, column: list[str]) -> None:
    found = compare(parsed(headings, row), [], TODAY)
    assert found.added == ()
    assert [(refusal.row, refusal.column) for refusal in found.refused] == [(2, one) for one in column]


def test_a_leaver_in_the_file_comes_back_and_a_leaver_out_of_it_is_not_missing() -> None:
    left = replace(MARYAM, on_roll=False)
    assert changes(left, HEADINGS, MARYAM_ROW) == {"on_roll": (False, True)}
    assert changes(left, HEADINGS + ",Leaving date", MARYAM_ROW + ",01/09/2026") == {
        "leaving_date": (None, date(2026, 9, 1))
    }
    assert (
        compare(parsed(HEADINGS, MARYAM_ROW), [MARYAM, replace(left, id=8, upn="Q838340129006")], TODAY).changed == ()
    )
    other = replace(left, id=8, upn="Q838340129006", legal_forename="Kit")
    assert compare(parsed(HEADINGS, MARYAM_ROW), [MARYAM, other], TODAY).missing_from_file == ()


def test_values_are_said_in_words() -> None:
    said = [
        Change("f", "F", value, None).before_text for value in (True, False, "", Decimal("94.90"), Sex.FEMALE, "RA")
    ]
    assert said == ["Yes", "No", "not recorded", "94.9%", "Female", "RA"]
    assert Change("f", "F", Decimal("94.9"), True).as_json()["before"] == 94.9
