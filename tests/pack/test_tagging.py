"""Documents that a screen reader can read: structure, order, alternatives, and what the format asks for."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import reportlab
from reportlab.pdfgen.canvas import Canvas

from graduated.pack import tagging
from graduated.pack.content import Strategy
from graduated.pack.evidence_pack import render_pack
from graduated.pack.plan_pdf import render_plan, render_review
from graduated.rules.vocabulary import Limb

from .accessible import assert_accessible
from .builders import BUILDER, HASH, MOMENT, content, cycle
from .reading import body_of, run, squeezed
from .test_plan_pdf import paper

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("pdftotext", "pdfinfo")), reason="needs poppler-utils"
)
LONG = " ".join(["Zofia reads aloud to an adult who waits, asks once and then gives the word."] * 60)


def plan() -> bytes:
    return render_plan(paper(5, reviewed=False)).pdf


def record() -> bytes:
    return render_review(paper(2, reviewed=True)).pdf


def evidence() -> bytes:
    return render_pack(content(), MOMENT, BUILDER, HASH).pdf


def empty_plan() -> bytes:
    bare = replace(cycle(5, False), outcomes=(), provisions=(), strategies=(), responsibilities=(), agreements=())
    return render_plan(replace(paper(5, False), cycle=bare, areas=(), contacts=(), authority="", meeting="")).pdf


def long_plan() -> bytes:
    """Rows taller than a page, paragraphs over three pages, and names in letters of elsewhere."""
    start = cycle(5, False)
    told = tuple(replace(one, text=f"{one.text}\n{LONG}\n{LONG}") for one in start.responsibilities)
    long = replace(
        start,
        responsibilities=told,
        strategies=tuple(Strategy(text=f"{n}. {LONG}", kind="", who="") for n in range(12)),
        outcomes=tuple(replace(one, statement=LONG) for one in start.outcomes),
    )
    return render_plan(replace(paper(5, False), cycle=long, pupil="Đặng Thị Hồng 李娜 Ольга")).pdf


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    "plan": plan,
    "review record": record,
    "evidence pack": evidence,
    "empty plan": empty_plan,
    "long plan": long_plan,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_keeps_every_rule_of_the_accessible_format(name: str, tmp_path: Path) -> None:
    assert_accessible(DOCUMENTS[name](), tmp_path)


def tags_of(pdf: bytes, folder: Path) -> list[str]:
    """The structure as pdfinfo tells it: a line for each node, texts in quotes."""
    return [line.strip() for line in run(["pdfinfo", "-struct-text"], pdf, folder).stdout.splitlines()]


def read_aloud(pdf: bytes, folder: Path) -> str:
    """The words in the order of the structure."""
    return squeezed("".join(line.strip('"') for line in tags_of(pdf, folder) if line.startswith('"')))


def in_order(text: str, words: list[str]) -> bool:
    at = 0
    for one in words:
        at = text.find(squeezed(one), at)
        if at < 0:
            return False
        at += 1
    return True


def test_a_plan_is_read_in_the_order_of_its_page_by_both_ways_of_reading(tmp_path: Path) -> None:
    shown = cycle(5, reviewed=False)
    expected = [
        f"support plan {shown.number}",
        "Lead teacher",
        shown.lead,
        "Next meeting",
        "What goes well",
        "What is hard",
    ]
    expected += ["What we are working on"]
    for outcome in shown.outcomes:
        expected += [outcome.statement, "We will know by", outcome.success_criterion]
    expected += ["What helps in lessons", *(one.text for one in shown.strategies), "Who does what", "Questions?"]
    expected += ["You can ask Dorset Council"]
    assert in_order(squeezed(body_of(plan(), tmp_path)), expected)
    assert in_order(read_aloud(plan(), tmp_path), expected)


def test_a_review_record_is_read_in_the_order_of_its_page(tmp_path: Path) -> None:
    meeting = cycle(2).reviews[0]
    expected = ["What we decided", meeting.next_step, meeting.next_step_reason, "Who does what, by when"]
    expected += [
        *(one.what for one in meeting.actions),
        "Next meeting",
        "Tuesday 24 November",
        "What we were working on",
    ]
    expected += ["What was judged", *(one.reason for one in meeting.judgements), "Questions?"]
    assert in_order(read_aloud(record(), tmp_path), expected)
    assert in_order(squeezed(body_of(record(), tmp_path)), expected)


def test_the_evidence_pack_is_read_in_the_order_of_its_content(tmp_path: Path) -> None:
    given = content()
    expected = [given.pupil.legal_name, "Summary", *(limb.label for limb in Limb), "Contents"]
    expected += [entry.title for entry in given.sections if entry.section.value in ("reason", "index", "pupil")]
    expected += [*(one.name for one in given.adults), *(one.text for one in given.views)]
    for area in given.areas:
        expected += [area.area, *(one.text for one in (*area.strengths, *area.difficulties))]
    expected += [one.text for one in given.events]
    for one in given.cycles:
        expected += [f"Cycle {one.number}: ", one.assess, *(outcome.statement for outcome in one.outcomes)]
        expected += [*(way.text for way in one.strategies), *(given_for.name for given_for in one.provisions)]
        for meeting in one.reviews:
            expected += [*(view.text for view in meeting.views), *(said.reason for said in meeting.judgements)]
            expected += [meeting.next_step, meeting.next_step_reason, *(action.what for action in meeting.actions)]
    expected += [one.name for one in given.series]
    for person in given.professionals:
        expected += [person.name, *(advice.text for advice in person.advice)]
    expected += ["Part-time timetable", "Suspensions", *(one.statement for one in given.sought)]
    expected += [*(one.kind for one in given.consents), *(one.title for one in given.documents)]
    spoken, at = read_aloud(evidence(), tmp_path), 0
    for words in filter(None, map(squeezed, expected)):
        found = spoken.find(words, at)
        assert found >= 0, f"“{words}” is not read after “{spoken[max(0, at - 60) : at]}”"
        at = found + 1


def test_nothing_of_a_page_is_missing_when_it_is_read_aloud_and_furniture_is_not_read(tmp_path: Path) -> None:
    for make in (plan, record, long_plan):
        spoken = read_aloud(make(), tmp_path)
        assert sorted(spoken) == sorted(squeezed(body_of(make(), tmp_path)))
        assert "Confidential" not in spoken and "Page1of" not in spoken


def test_figures_say_what_they_show_and_tables_name_their_heads(tmp_path: Path) -> None:
    with pikepdf.open(_kept(evidence(), tmp_path)) as document:
        nodes = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one]
        figures = [one for one in nodes if one.S == "/Figure"]
        assert figures and all(len(str(one.Alt)) > 20 for one in figures)
        heads = [one for one in nodes if one.S == "/TH"]
        assert heads and all(one.A.Scope in ("/Column", "/Row") for one in heads)
        links = [one for one in nodes if one.S == "/Link"]
        assert links and all(any(map(_leads_somewhere, _kids(one))) for one in links)
        assert {"/TOC", "/TOCI", "/H1", "/H2", "/H3", "/BlockQuote"} <= {str(one.S) for one in nodes}


def test_a_row_that_goes_on_over_the_page_is_one_row_to_a_reader(tmp_path: Path) -> None:
    with pikepdf.open(_kept(long_plan(), tmp_path)) as document:
        rows = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TR"]
        told = [kids for kids in map(_kids, rows) if len(kids) == 2 and kids[0].S == "/TH"]
        pages = [len(_pages(kids[1])) for kids in told]
    assert max(pages) > 1, "one cell has its words on several pages"


def _leads_somewhere(kid: pikepdf.Object | int) -> bool:
    return not isinstance(kid, int) and "/Obj" in kid and bool(str(kid.Obj.Contents))


def _kids(node: pikepdf.Object) -> list[Any]:
    """What stands beneath a node; a single one needs no list."""
    found: Any = node.get("/K", pikepdf.Array())
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def _pages(node: pikepdf.Object) -> set[tuple[int, int]]:
    """The pages on which something beneath a node is drawn: its own where a kid is a number only."""
    if "/MCID" in node:
        return {node.Pg.objgen}
    found = [{node.Pg.objgen} if isinstance(kid, int) else _pages(kid) for kid in _kids(node)]
    return set().union(*found)


def _kept(pdf: bytes, folder: Path) -> Path:
    path = folder / "kept.pdf"
    path.write_bytes(pdf)
    return path


def test_a_list_is_a_list(tmp_path: Path) -> None:
    tags = [line.split(" ")[0] for line in tags_of(plan(), tmp_path)]
    assert "L" in tags and tags.count("LI") == tags.count("LBody") > 1


def test_the_same_words_give_the_same_bytes() -> None:
    assert evidence() == evidence()
    assert record() == record()


def test_the_document_names_its_language_and_shows_its_title(tmp_path: Path) -> None:
    with pikepdf.open(_kept(plan(), tmp_path)) as document:
        assert str(document.Root.Lang) == "en-GB" and document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as meta:
            assert "Zofia" in meta["dc:title"] and meta["pdfuaid:part"] == "1"


def test_the_private_parts_of_reportlab_are_those_that_the_structure_was_proved_with() -> None:
    """When this fails, ReportLab was changed: look through `pack/tagging.py`, then note the new version there."""
    assert reportlab.__version__ == tagging.PROVED_WITH
    canvas = Canvas("unused.pdf")
    for name in ("_code", "_annotationrefs", "_doc"):
        assert hasattr(canvas, name), name
