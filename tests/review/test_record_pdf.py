"""The record that parents get, straight from the sealed review."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import page as validator
import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.rules.vocabulary import NextStep
from tests.review.scene import measure, sealed, set_scene
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
    found = validator.validate_pdf(str(path), profile=validator.ValidationProfile.PDF_UA_1)
    assert found.is_compliant, [(one.rule_id, one.message) for one in found.failures]
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True).stdout.decode()
    order = ["What we decided", "Next meeting", "What we were working on", "Review held on", "Questions?"]
    assert sorted(order, key=text.index) == order


def _sealed(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        measure(scene, 8)
        return sealed(scene, NextStep.ANOTHER_CYCLE)
