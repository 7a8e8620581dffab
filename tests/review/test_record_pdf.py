"""The record that parents get, straight from the sealed review."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.plan.queries import plan_of
from graduated.plan.services import Because, OutcomeDetails, amend_outcome, drop_outcome, take_up_outcome
from graduated.review.queries import review_of
from graduated.review.record_pdf import record_bytes
from graduated.rules.vocabulary import NeedArea, NextStep
from tests.pack.accessible import assert_accessible
from tests.review.scene import NOW, TODAY, measure, sealed, set_scene
from tests.support.client import PageClient
from tests.support.world import World


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_the_sealed_review_gives_an_accessible_record_that_begins_with_the_decision(
    app: Flask, client: PageClient, world: World, tmp_path: Path
) -> None:
    review_id = _sealed(app, world)
    client.sign_in("senco")
    answer = client.get(f"/reviews/{review_id}/record.pdf")
    assert answer.status_code == 200
    path = tmp_path / "record.pdf"
    path.write_bytes(answer.data)
    assert_accessible(answer.data, tmp_path)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    order = ["What we decided", "Next meeting", "What we were working on", "Review held on", "Questions?"]
    assert sorted(order, key=text.index) == order


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_the_record_on_paper_says_what_was_judged_however_the_running_plan_is_amended(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        review_id = sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
        because = Because("It was too easy", "Hannah Legg", TODAY)
        amend_outcome(scene.reads, OutcomeDetails(NeedArea.COGNITION, "Reads a Year 5 text aloud"), because)
        drop_outcome(scene.asks, because)
        take_up_outcome(scene.cycle_id, OutcomeDetails(NeedArea.SEMH, "Joins a game at noon"), because)
        paper = record_bytes(review_of(review_id), "Hannah Legg")
    done = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    assert "Reads a Year 4 text aloud" in text and "Asks for help at least three times a day" in text
    assert "Year 5" not in text and "Joins a game at noon" not in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_the_record_on_paper_keeps_the_figures_of_the_day_however_the_plan_goes_on(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        measure(scene, 8)
        review_id = sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
        first = " ".join(_text(record_bytes(review_of(review_id), "Hannah Legg")).split())
        row = plan_of(scene.cycle_id).outcomes[0]
        assert row.scale is not None and row.by_when is not None
        harder = OutcomeDetails(row.area, row.statement, "Two passages running", measure_id=row.scale.measure_id,
                                baseline=Decimal(11), baseline_on=row.baseline_on, target=Decimal(2),
                                by_when=row.by_when + timedelta(days=30))  # fmt: skip
        with held(NOW + timedelta(days=9)):
            amend_outcome(scene.reads, harder, Because("It was too easy", "Hannah Legg", TODAY))
            measure(scene, 3, TODAY + timedelta(days=8))
            again = " ".join(_text(record_bytes(review_of(review_id), "Hannah Legg")).split())

    def about(text: str) -> str:
        of_the_day = text[text.index("What we were working on") : text.index("Review held on")]
        return re.sub(r"printed \d+ \w+", "printed", of_the_day)

    assert about(again) == about(first)


def _text(paper: bytes) -> str:
    return subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()


def _sealed(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        measure(scene, 8)
        return sealed(scene, NextStep.ANOTHER_CYCLE)
