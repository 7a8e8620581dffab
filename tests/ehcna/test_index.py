"""The index leads to the page on which the words themselves stand, and to nothing that is not there."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from graduated.access.identity import Actor
from graduated.db.clock import now
from graduated.ehcna.content import content_of
from graduated.ehcna.content_family import content_for
from graduated.ehcna.index import _STANDS_AT, index_lines
from graduated.ehcna.records import records_for
from graduated.pack.content import PackContent, section_of, view_anchor
from graduated.pack.evidence_pack import render_pack
from graduated.rules.readiness import LINES
from graduated.rules.vocabulary import GapState
from graduated.school.authorities import authority_codes
from tests.ehcna.rich import Rich
from tests.ehcna.test_profiles import under
from tests.pack.accessible import assert_accessible
from tests.pack.reading import pages_of, squeezed


def content_now(rich: Rich) -> PackContent:
    return content_of(records_for(rich.pupil_id, rich.request_id))


def test_every_line_of_the_index_says_where_its_words_stand() -> None:
    assert set(_STANDS_AT) == {line.id for line in LINES}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Health", "Health"),
        ("One-page profile", "One-page profile"),
        ("Primary need", "Types of need"),
        ("Suspensions", "Suspensions"),
        ("What is needed beyond what the school can provide", "Provision needed that the school cannot"),
        ("A judgement on each outcome reviewed", "What was judged"),
        ("A next step at each review", "Next step"),
        ("High-quality teaching and ordinarily available provision", "Plan: strategies"),
    ],
)
def test_the_page_of_a_line_is_the_page_of_its_words(
    rich: Rich, as_system: Actor, tmp_path: Path, line: str, words: str
) -> None:
    content = content_now(rich)
    pdf = render_pack(content, now(), "Hannah Legg", "ab" * 32).pdf
    pages = pages_of(pdf, tmp_path)
    index = next(page for page in pages if line in page and "What is looked for" in page)
    wanted = next(one for one in content.gaps if one.line == line)
    assert wanted.anchors, wanted
    after = index[index.index(line) + len(line) :]
    told = re.search(r"(?:Present|Partial)\s+([\d, \n]+)", after)
    assert told
    named = [int(number) for number in told[1].replace(",", " ").split()]
    for number in named:
        assert squeezed(words) in squeezed(pages[number - 1]), (line, number)


def test_a_cycle_that_was_not_reviewed_is_not_among_the_complete_ones(rich: Rich, as_system: Actor) -> None:
    content = content_now(rich)
    before = next(one for one in content.gaps if one.line == "Complete cycles")
    last = content.cycles[-1]
    unreviewed = replace(content, cycles=(*content.cycles[:-1], replace(last, reviews=())))
    after = next(
        one
        for one in index_lines(records_for(rich.pupil_id, rich.request_id), unreviewed)
        if one.line == "Complete cycles"
    )
    assert set(before.anchors) - set(after.anchors) <= {f"cycle-{last.number}"}
    assert f"cycle-{last.number}" not in after.anchors


def test_what_is_missing_or_not_asked_for_has_no_page(rich: Rich, as_system: Actor) -> None:
    for one in content_now(rich).gaps:
        if one.state in (GapState.MISSING, GapState.NOT_APPLICABLE):
            assert one.anchors == (), one


def test_whatever_is_there_has_a_page_also_scores_whose_usual_range_is_not_known(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    content = content_of(records)
    plain = replace(content, series=tuple(replace(one, usual=None) for one in content.series))
    for one in index_lines(records, plain):
        assert one.anchors or one.state in (GapState.MISSING, GapState.NOT_APPLICABLE), one


def test_a_family_copy_leads_to_the_views_that_stand_in_it(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    copy = content_for(records, rich.adult_id)
    known = {view_anchor(number) for number, _view in enumerate(copy.views)}
    led = {anchor for one in copy.gaps for anchor in one.anchors if anchor.startswith("view-")}
    assert led and led <= known
    assert [one.state for one in copy.gaps] == [one.state for one in content_of(records).gaps]
    assert render_pack(copy, now(), "Hannah Legg", "ab" * 32).warnings == ()


@pytest.mark.parametrize("code", authority_codes())
def test_the_pack_of_every_profile_passes_every_check_and_its_index_leads_somewhere(
    rich: Rich, as_system: Actor, tmp_path: Path, code: str
) -> None:
    assert_accessible(under(rich, code), tmp_path)
    content = content_now(rich)
    shown = {entry.section.value for entry in content.sections} | {"earlier-requests"}
    assert all(section_of(anchor) in shown for one in content.gaps for anchor in one.anchors)
    assert render_pack(content, now(), "Hannah Legg", "ab" * 32).warnings == ()
