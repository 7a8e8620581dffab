"""The list of faults is honest in its form, up to date on its page, and cites only tests that are there."""

from __future__ import annotations

from types import ModuleType

from tests.support import cited
from tests.support.cited import ROOT


def maker() -> ModuleType:
    """The script that puts the list into the document."""
    return cited.maker("docs/faults.py")


def test_every_test_that_is_cited_is_there() -> None:
    assert sum(len(line.get("tests", ())) for line in maker().lines()) > 90
    assert cited.gone(maker().lines()) == []


def test_each_fault_stands_there_once_with_an_answer_and_what_is_missing() -> None:
    lines, wrong = maker().lines(), []
    assert len({line["id"] for line in lines}) == len(lines) >= 45
    for line in lines:
        if line["answer"] not in maker().ANSWERS:
            wrong.append(f"{line['id']}: {line['answer']!r} is no answer")
        if line["answer"] == "shown" and not line.get("tests"):
            wrong.append(f"{line['id']}: nothing shows it")
        if line["answer"] != "shown" and len(line.get("remark", "")) < 12:
            wrong.append(f"{line['id']}: it does not say what is missing")
        if set(line) - {"id", "group", "must", "answer", "tests", "where", "remark"}:
            wrong.append(f"{line['id']}: has a field that nobody reads")
    assert wrong == []


def test_the_page_says_what_the_data_says() -> None:
    document = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert maker().BEGIN in document and maker().END in document
    assert maker().made(document) == document, "run: python3 docs/faults.py"
