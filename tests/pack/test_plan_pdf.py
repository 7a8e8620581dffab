"""The support plan and the review record that parents get."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from graduated.pack.content import Fact
from graduated.pack.plan_pdf import FamilyPaper, render_plan, render_review

from .builders import MOMENT, SCHOOL, content, cycle
from .reading import body_of, run, squeezed, text_of

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("pdftotext", "qpdf")), reason="needs poppler-utils and qpdf"
)


def paper(number: int, reviewed: bool) -> FamilyPaper:
    return FamilyPaper(
        school=SCHOOL,
        pupil="Zofia Szymańska",
        cycle=cycle(number, reviewed),
        moment=MOMENT,
        areas=content().areas,
        meeting="Tuesday 24 November, 3.30 pm, Room 2",
        contacts=(Fact("School", "Hannah Legg, SENCO, 01929 000 123"), Fact("Advice from outside", "Dorset SENDIASS")),
        authority="Dorset Council",
    )


def test_the_plan_holds_what_was_agreed(tmp_path: Path) -> None:
    made = render_plan(paper(5, reviewed=False))
    text = squeezed(body_of(made.pdf, tmp_path))
    shown = cycle(5, reviewed=False)
    for outcome in shown.outcomes:
        assert squeezed(outcome.statement) in text and squeezed(outcome.success_criterion) in text
    said = [entry.text for entry in shown.strategies] + [entry.text for entry in shown.responsibilities]
    for words in (*said, *(provision.name for provision in shown.provisions)):
        assert squeezed(words) in text
    assert "AgreedonwithMałgorzata" not in text
    assert squeezed("Agreed on 14 September 2026, with Małgorzata Szymańska.") in text
    assert squeezed("You can ask Dorset Council for an education, health and care needs assessment yourself") in text
    assert run(["qpdf", "--check"], made.pdf, tmp_path).returncode == 0


def test_a_plan_that_is_not_agreed_says_so(tmp_path: Path) -> None:
    from dataclasses import replace

    made = render_plan(replace(paper(5, False), cycle=replace(cycle(5, False), agreements=(), status="Sent to family")))
    assert "Sent to family. Not agreed yet." in text_of(made.pdf, tmp_path)


def test_the_review_record_holds_judgements_views_and_the_next_step(tmp_path: Path) -> None:
    made = render_review(paper(2, reviewed=True))
    text = squeezed(body_of(made.pdf, tmp_path))
    meeting = cycle(2).reviews[0]
    for words in (
        meeting.next_step,
        meeting.next_step_reason,
        *(j.reason for j in meeting.judgements),
        *(v.text for v in meeting.views),
        *(a.what for a in meeting.actions),
    ):
        assert squeezed(words) in text


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert render_plan(paper(3, True)).pdf == render_plan(paper(3, True)).pdf
