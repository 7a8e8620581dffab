"""The exports of a whole school held against each other: each difference, and nothing else."""

import json
import time
from dataclasses import replace
from datetime import date

import pytest

from graduated.imports.compare import Change, Difference, compare
from graduated.imports.pupils_file import parse_pupils
from graduated.imports.reader import read_table
from graduated.rules import upn
from graduated.rules.vocabulary import NeedType, SenStatus

from .files import ARBOR, BROMCOM, FOLDER, HOSTILE, NEXT_TERM, SIMS, TODAY, known_from, parsed_file

ON, SUPPORT, NONE, PLAN = date(2026, 11, 9), SenStatus.SUPPORT, SenStatus.NONE, SenStatus.PLAN
SLCN = (NeedType.SLCN,)
NEW_SUPPORT: dict[str, tuple[object, object]] = {
    "status": (NONE, SUPPORT),
    "status_start": (None, ON),
    "needs": ((), SLCN),
}
CHANGED: dict[str, dict[str, tuple[object, object]]] = {
    "D838340126013": NEW_SUPPORT,
    "G838340126015": {"legal_surname": ("Dibben", "Dibben-Lane")},
    "N838340126019": NEW_SUPPORT,
    "V838340126025": {
        "status_start": (date(2026, 9, 14), ON),
        "needs": ((NeedType.SPLD, NeedType.MLD), SLCN),
    },
    "P838340125009": NEW_SUPPORT,
    "J838340125025": {"legal_surname": ("Squibb", "Squibb-Lane")},
    "V838340124023": NEW_SUPPORT,
    "X838340123004": NEW_SUPPORT,
    "G838340123012": NEW_SUPPORT,
    "T838340122010": {"legal_surname": ("Meech", "Meech-Lane")},
    "F838340122018": {"status_start": (date(2024, 12, 11), ON), "needs": ((NeedType.SEMH,), SLCN)},
    "U838340122030": {"legal_surname": ("Foot", "Foot-Lane")},
    "F838340121017": {
        "status": (PLAN, SUPPORT),
        "status_start": (date(2024, 8, 16), ON),
        "needs": ((NeedType.SPLD,), SLCN),
    },
}


def next_term() -> Difference:
    return compare(parsed_file(NEXT_TERM), known_from(parsed_file(ARBOR)), TODAY)


def test_the_next_term_has_exactly_its_differences() -> None:
    found = next_term()
    counts = [len(part) for part in (found.added, found.changed, found.to_confirm, found.unchanged)]
    assert counts == [4, 13, 9, 192]
    assert (len(found.missing_from_file), found.refused, found.filled_in) == (5, (), ())
    assert not found.many_missing


def test_each_change_of_the_next_term_is_right_to_the_field() -> None:
    found = {
        one.row.upn: {change.field: (change.before, change.after) for change in one.changes}
        for one in next_term().changed
    }
    assert found == CHANGED


def test_status_start_and_need_wait_for_a_person_and_names_do_not() -> None:
    waiting = {"status", "status_start", "needs"}
    for one in next_term().changed:
        assert {change.field for change in one.to_confirm} == {change.field for change in one.changes} & waiting
        assert {change.field for change in one.at_once} == {change.field for change in one.changes} - waiting
    assert {one.row.upn for one in next_term().to_confirm} == {
        number for number, fields in CHANGED.items() if "legal_surname" not in fields
    }


def test_the_added_pupils_come_with_their_status() -> None:
    assert [(one.row.upn, one.row.name, one.row.status, one.row.status_start) for one in next_term().added] == [
        ("M838340123901", "Rory Wakely", PLAN, date(2025, 6, 3)),
        ("B838340123902", "Orla Snook", SUPPORT, date(2025, 2, 26)),
        ("Q838340123903", "Zainab Samways", SUPPORT, date(2024, 9, 4)),
        ("E838340123904", "Lottie Wakely", SUPPORT, date(2025, 12, 21)),
    ]
    assert [[need.need for need in one.row.needs] for one in next_term().added] == [
        [NeedType.SEMH],
        [NeedType.SPLD, NeedType.MLD],
        [NeedType.VI],
        [NeedType.PD],
    ]


def test_the_missing_pupils_are_listed_and_nothing_else() -> None:
    assert [(one.upn, one.legal_forename) for one in next_term().missing_from_file] == [
        ("L838340126010", "Louis"),
        ("Z838340126018", "Amelia"),
        ("R838340126023", "Finley"),
        ("R838340123018", "Rory"),
        ("V838340123022", "Finley"),
    ]


@pytest.mark.parametrize("name", [ARBOR, NEXT_TERM, SIMS, BROMCOM])
def test_the_same_file_again_changes_nothing(name: str) -> None:
    file = parsed_file(name)
    found = compare(file, known_from(file), TODAY)
    assert (found.added, found.changed, found.missing_from_file, found.filled_in) == ((), (), (), ())
    assert len(found.unchanged) == len(file.pupils)


def test_the_same_roll_from_another_system_adds_and_changes_nothing() -> None:
    found = compare(parsed_file(SIMS), known_from(parsed_file(ARBOR)), TODAY)
    assert (found.added, found.changed, found.to_confirm, found.refused) == ((), (), (), ())
    assert (len(found.unchanged), found.missing_from_file) == (210, ())


def test_start_dates_of_needs_that_were_not_recorded_are_filled_in_and_change_nothing() -> None:
    found = compare(parsed_file(SIMS), known_from(parsed_file(ARBOR)), TODAY)
    assert len(found.filled_in) == 47
    yusuf = next(one for one in found.filled_in if one.row.upn == "E838340126004")
    began = date(2025, 9, 11)
    assert yusuf.changes == (Change("need_dates", "SEN need start dates", (None, None), (began, began)),)


def test_a_first_column_of_noes_is_filled_in_and_a_first_yes_is_a_change() -> None:
    found = compare(parsed_file(ARBOR), known_from(parsed_file(SIMS)), TODAY)
    fields = {(change.field, change.before, change.after) for one in found.changed for change in one.changes}
    assert (len(found.changed), fields) == (2, {("in_care", None, True)})
    assert {change.field for one in found.filled_in for change in one.changes} == {"in_care"}
    assert len(found.filled_in) == 208


def test_half_a_file_is_noticed() -> None:
    known = known_from(parsed_file(ARBOR))
    file = parsed_file(ARBOR)
    assert compare(replace(file, pupils=file.pupils[:105]), known, TODAY).many_missing


def test_the_json_is_the_contract() -> None:
    written = json.loads(json.dumps(next_term().as_json()))
    assert {name: len(written[name]) for name in written} == {
        "added": 4,
        "changed": 13,
        "unchanged": 192,
        "missing_from_file": 5,
        "to_confirm": 9,
        "refused": 0,
        "ignored_headings": 0,
        "notes": 0,
    }
    assert written["to_confirm"][0] == {
        "row": 13,
        "upn": "D838340126013",
        "name": "Niamh Meech",
        "changes": [
            {"field": "status", "label": "SEN status", "before": "N", "after": "K", "needs_confirming": True},
            {
                "field": "status_start",
                "label": "SEN status start date",
                "before": None,
                "after": "2026-11-09",
                "needs_confirming": True,
            },
            {"field": "needs", "label": "SEN needs", "before": [], "after": ["SLCN"], "needs_confirming": True},
        ],
    }
    assert written["unchanged"][0] == {"row": 2, "upn": "M838340126001", "name": "Maryam Squibb"}
    assert written["missing_from_file"][0] == {"upn": "L838340126010", "name": "Louis Foot"}
    hostile = compare(parsed_file(HOSTILE), [], TODAY).as_json()["refused"]
    assert isinstance(hostile, list)
    assert {frozenset(one) for one in hostile} == {frozenset({"row", "column", "value", "reason"})}


def test_2030_rows_are_read_and_compared_within_a_second() -> None:
    lines = (FOLDER / ARBOR).read_text(encoding="utf-8").splitlines()
    rows = [line.replace(line[:13], _another_upn(line[:13], copy)) for copy in range(10) for line in lines[1:]][:2030]
    data = "\n".join([lines[0], *rows]).encode()
    known = known_from(parse_pupils(read_table(data, "roll.csv"), TODAY))
    started = time.process_time()
    found = compare(parse_pupils(read_table(data, "roll.csv"), TODAY), known, TODAY)
    assert time.process_time() - started < 1
    assert (len(found.unchanged), found.refused) == (2030, ())


def _another_upn(number: str, copy: int) -> str:
    """The UPN of a pupil of the same year at another school."""
    tail = f"838{3400 + copy}{number[8:]}"
    return next(letter + tail for letter in upn.CHECK_LETTERS if upn.check(letter + tail) is None)
