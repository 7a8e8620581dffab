"""The list of security requirements is whole, honest in its form, and cites only tests that are there."""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.support import cited
from tests.support.cited import ROOT

LEAST_TESTED = 0.8
ADOPTED = {"1.2.10", "8.3.2", "14.2.7", "14.2.8"}
"""Lines of level 3 that this product holds itself to."""

# How many requirements of levels 1 and 2 the standard has, section by section, as (first, last) numbers that count.
SECTIONS: dict[str, str] = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2", "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
    "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip


def maker() -> ModuleType:
    """The script that puts the list into the document."""
    return cited.maker("docs/security/make.py")


def wanted() -> set[str]:
    """The id of every requirement of levels 1 and 2."""
    ids = set()
    for section, numbers in SECTIONS.items():
        first, _, last = numbers.partition("-")
        ids |= {f"{section}.{number}" for number in range(int(first), int(last or first) + 1)}
    return ids


def test_every_requirement_of_levels_1_and_2_stands_there_once() -> None:
    ids = [one["id"] for one in maker().lines()]
    assert len(ids) == len(set(ids))
    assert len(wanted()) == 253
    assert set(ids) == wanted() | ADOPTED
    levels = {one["id"]: one["level"] for one in maker().lines()}
    assert {one for one, level in levels.items() if level == 3} == ADOPTED
    assert sorted(set(levels.values())) == [1, 2, 3]
    assert sum(level == 1 for level in levels.values()) == 70


def test_every_test_that_is_cited_is_there() -> None:
    assert sum(len(line.get("tests", ())) for line in maker().lines()) > 200
    assert cited.gone(maker().lines()) == []


def test_every_place_that_is_named_is_there() -> None:
    gone = []
    for line in maker().lines():
        for place in line.get("where", "").split(";"):
            file, _, section = place.strip().partition(", ")
            path = next((at for at in (ROOT / file, ROOT / "docs/decisions" / file) if at.exists()), None)
            if file and path is None:
                gone.append(f"{line['id']}: {file}")
            elif section and f"## {section}" not in path.read_text(encoding="utf-8") and file.endswith(".md"):
                gone.append(f"{line['id']}: {place}")
    assert gone == []


def test_each_line_has_one_of_four_answers_and_says_what_is_missing() -> None:
    wrong = []
    for line in maker().lines():
        shown = line.get("tests") or line.get("where")
        if line["status"] not in maker().STATUSES:
            wrong.append(f"{line['id']}: {line['status']!r} is no answer")
        if line["status"] == "met" and not shown:
            wrong.append(f"{line['id']}: nothing shows it")
        if line["status"] != "met" and len(line.get("remark", "")) < 12:
            wrong.append(f"{line['id']}: it does not say what is missing or why it does not apply")
        if line["status"] == "does not apply" and line.get("tests"):
            wrong.append(f"{line['id']}: what does not apply needs no test")
        if set(line) - {"id", "level", "asks", "status", "tests", "where", "remark"}:
            wrong.append(f"{line['id']}: has a field that nobody reads")
    assert wrong == []


def test_four_of_five_lines_that_apply_are_shown_by_a_test() -> None:
    apply = [one for one in maker().lines() if one["status"] != "does not apply"]
    tested = [one for one in apply if one.get("tests")]
    assert len(tested) / len(apply) >= LEAST_TESTED, f"{len(tested)} of {len(apply)}"


def test_the_document_says_what_the_data_says() -> None:
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert maker().BEGIN in document and maker().END in document
    assert maker().made(document) == document, "run: python3 docs/security/make.py"


@pytest.mark.parametrize("status", ["part", "not met"])
def test_what_is_not_met_is_told_in_the_open(status: str) -> None:
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for line in maker().lines():
        if line["status"] == status:
            assert f"| {line['id']} | {line['level']} | {line['asks']} | **{status}** |" in document
