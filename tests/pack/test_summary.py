"""The two pages that a panel reads first, and the index: every line leads to the page where its words stand."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from graduated.pack.content import (
    PROVISION_TOTAL,
    Event,
    GapLine,
    MeasureSeries,
    PackContent,
    Point,
    Pupil,
    School,
)
from graduated.pack.evidence_pack import render_pack
from graduated.pack.press import Rendered
from graduated.pack.sections import summary
from graduated.pack.sections.summary import quoted
from graduated.rules.vocabulary import GapState, Limb

from .accessible import assert_accessible
from .builders import BUILDER, HASH, MOMENT, content
from .reading import pages_of, squeezed

pytestmark = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs the Debian package poppler-utils")


_NEAR = 4  # a section is named by the page on which it begins


@pytest.fixture(scope="module")
def pack() -> Rendered:
    return render_pack(content(), MOMENT, BUILDER, HASH)


def summary_pages(pages: list[str]) -> str:
    """The pages of the summary."""
    first = next(i for i, page in enumerate(pages) if re.search(r"^Summary$", page, re.M))
    after = next(i for i, page in enumerate(pages) if re.search(r"^Reason for the request$", page, re.M))
    assert after - first <= 2, "the summary is at most two pages, and what follows begins at their end or on the next"
    return "\n".join(pages[first : after + 1])


def test_the_summary_is_two_pages_and_has_every_limb_of_the_code(pack: Rendered, tmp_path: Path) -> None:
    text = squeezed(summary_pages(pages_of(pack.pdf, tmp_path)))
    for limb in Limb:
        assert squeezed(limb.label) in text


def test_nine_cycles_are_summed_up_on_two_pages_too(tmp_path: Path) -> None:
    many = tuple(replace(content().cycles[i % 5], number=i + 1) for i in range(9))
    summary_pages(pages_of(render_pack(content(cycles=many), MOMENT, BUILDER, HASH).pdf, tmp_path))


def test_every_quotation_of_the_summary_stands_where_a_page_number_leads(pack: Rendered, tmp_path: Path) -> None:
    pages = [squeezed(page) for page in pages_of(pack.pdf, tmp_path)]
    led = {number for number, _lies in links(pack.pdf)}
    tried = 0
    for line in (line for limb in summary._LIMBS.values() for line in limb(content())):
        for words in re.findall(r"“([^”…]+)", line.says):
            stands = [number for number, page in enumerate(pages, 1) if number > 4 and squeezed(words) in page]
            assert any(led & set(range(number - _NEAR, number + 1)) for number in stands), (line.what, words)
            tried += 1
    assert tried > 8


def test_every_page_number_of_summary_and_index_leads_to_that_page(pack: Rendered) -> None:
    found = links(pack.pdf)
    assert len(found) > 40
    assert all(said == lies for said, lies in found)


def links(pdf: bytes) -> list[tuple[int, int]]:
    """Of every link that is a page number: the page that it says, and the page that it leads to."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        notes = [note for page in document.pages for note in page.get("/Annots", [])]
        said = [(re.fullmatch(r"Go to page (\d+)", str(note.get("/Contents", ""))), note) for note in notes]
        return [(int(match[1]), numbers[note.Dest[0].objgen]) for match, note in said if match]


def test_a_table_over_several_pages_marks_its_heads_once(tmp_path: Path) -> None:
    many = tuple(Event(on=date(2025, 1, 2), kind="School", text=f"Event {number}") for number in range(200))
    made = render_pack(content(events=many), MOMENT, BUILDER, HASH)
    assert_accessible(made.pdf, tmp_path)
    assert sum("Event 199" in page for page in pages_of(made.pdf, tmp_path)) == 1


def test_a_long_quotation_is_cut_with_a_mark() -> None:
    assert quoted("One\n two") == "“One two”"
    assert quoted("word " * 60).endswith("word …”")
    assert len(quoted("word " * 60)) < 180


def test_words_that_were_typed_in_quotation_marks_get_no_second_ones() -> None:
    assert quoted("“My turn bubble.”") == "“My turn bubble.”"
    assert quoted("“Daddy gone”, she said. “He was.”") == "““Daddy gone”, she said. “He was.””"


def test_a_pack_of_nothing_has_a_summary_that_says_so(tmp_path: Path) -> None:
    bare = PackContent(school=School(name="Purbeck Road Primary School"), pupil=Pupil(legal_name="Zoë O'Brien"))
    text = squeezed(summary_pages(pages_of(render_pack(bare, MOMENT, BUILDER, HASH).pdf, tmp_path)))
    assert text.count(squeezed("Nothing is recorded.")) == len(Limb)


def test_progress_stands_beside_what_was_given_for_it_over_all_reviewed_cycles() -> None:
    given = content()
    lines = list(summary._LIMBS[Limb.PROGRESS](given))
    told = [line for line in lines if line.what.startswith("Cycle")]
    assert 0 < len(told) <= 3
    assert all("Given: " in line.says and "Cycle " in line.says.split("Given: ")[1] for line in told)
    reviewed = {str(cycle.number) for cycle in given.cycles if cycle.reviews}
    assert all(set(re.findall(r"\d+", line.what)) <= reviewed for line in told)


def test_the_minutes_of_logged_provision_lead_to_where_their_total_stands(pack: Rendered, tmp_path: Path) -> None:
    line = next(line for line in summary._figures(content()) if line.what == "Logged provision")
    assert line.anchors == (PROVISION_TOTAL,)
    pages = pages_of(pack.pdf, tmp_path)
    named = re.search(r"not recorded\n+\s*(\d+)", pages[1]) or re.search(r"not recorded\s+(\d+)", pages[1])
    assert named and "Logged provision together" in pages[int(named[1]) - 1]


def test_a_new_test_does_not_displace_the_one_that_was_followed_for_the_longest() -> None:
    def series(name: str, first: date, *, normed: bool) -> MeasureSeries:
        points = (Point(on=first, value=1, text="1"), Point(on=date(2026, 11, 12), value=2, text="2"))
        return MeasureSeries(key=name, name=name, points=points, normed=normed)

    four = (
        series("A new test", date(2026, 9, 1), normed=True),
        series("Counted in class", date(2024, 9, 1), normed=False),
        *(series(name, date(2025, 1, 9), normed=True) for name in ("BPVS", "Reading age", "YARC")),
    )
    told = [line.what for line in summary._LIMBS[Limb.ATTAINMENT](content(series=four))]
    assert told == ["BPVS", "Reading age", "YARC"]


def test_the_point_on_over_18s_says_of_a_child_that_it_does_not_apply(tmp_path: Path) -> None:
    line = GapLine(
        limb=Limb.OVER_18.label, line="More time", state=GapState.NOT_APPLICABLE, words="Does not apply: 9.", anchors=()
    )
    pages = summary_pages(pages_of(render_pack(content(gaps=(line,)), MOMENT, BUILDER, HASH).pdf, tmp_path))
    assert squeezed("education or training. Does not apply: 9.") in squeezed(pages)
    grown = replace(line, state=GapState.PRESENT, words="Written.")
    assert [one.says for one in summary._LIMBS[Limb.OVER_18](content(gaps=(grown,)))] == ["Written."]


def test_the_words_beneath_a_chart_promise_its_points_and_not_its_baseline(pack: Rendered, tmp_path: Path) -> None:
    text = squeezed("\n".join(pages_of(pack.pdf, tmp_path)))
    assert squeezed("Every point of this chart stands in the section on measures; baseline and target") in text
    assert squeezed("Every figure of this chart") not in text
