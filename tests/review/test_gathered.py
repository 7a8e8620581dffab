"""A review says of each view when and how it was gathered: before it, while the words stand as recorded; else at it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.services import NewView, record_view
from graduated.db.clock import held
from graduated.ehcna.content_cycles import cycles
from graduated.ehcna.records import records_for
from graduated.review.gathered import as_evidence, said_when
from graduated.review.queries import review_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services import save_review, seal_review, start_review
from graduated.rules.calendar import plain_date, short_date
from graduated.rules.vocabulary import NextStep, ViewMethod, ViewOf
from graduated.web.filters import long_date
from tests.review.scene import NOW, TODAY, Scene, said
from tests.support.client import PageClient
from tests.support.world import World

BEFORE = TODAY - timedelta(days=8)
CHILD = "I like the graph.\r\n\r\nThe group is too long."
PARENT = "She reads to her brother."


def _pupil(scene: Scene, text: str = CHILD, on: date = BEFORE, method: ViewMethod = ViewMethod.CONVERSATION) -> int:
    return record_view(scene.pupil_id, NewView(ViewOf.PUPIL, method, text, on, gathered_by="Carys Pugh"))


def _parent(scene: Scene) -> int:
    return record_view(scene.pupil_id, NewView(ViewOf.PARENT, ViewMethod.PHONE, PARENT, BEFORE, scene.adult_id))


def _sealed(scene: Scene, **words: str) -> int:
    """A review sealed with the words with which it began, but for those that are given."""
    review_id = start_review(scene.cycle_id)
    began = review_of(review_id)
    kept: dict[str, Any] = {"pupil_views": began.pupil_views, "parent_views": began.parent_views}
    save_review(review_id, replace(said(scene, NextStep.ANOTHER_CYCLE), **{**kept, **words}))
    return seal_review(review_id)


def _told(review_id: int) -> list[tuple[str, str, date]]:
    return [(one.whose, one.how, one.on) for one in as_evidence(review_of(review_id), ("Zofia", "The family"))]


def test_untouched_words_are_of_the_day_and_the_way_in_which_they_were_recorded(
    app: Flask, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        _pupil(scene)
        _parent(scene)
        review_id = _sealed(scene)
        assert _told(review_id) == [
            ("Pupil", "Conversation, asked by Carys Pugh", BEFORE),
            ("Parent or carer", "Telephone call", BEFORE),
        ]
        when = said_when(review_of(review_id))
        assert when.pupil == f"{plain_date(BEFORE)}, conversation, asked by Carys Pugh"
        _pupil(scene, "Later I said more.")
        assert said_when(review_of(review_id)) == when, "what is recorded later changes nothing"


@pytest.mark.parametrize("recorded", [True, False])
def test_changed_words_and_words_nobody_recorded_are_of_the_meeting(
    app: Flask, world: World, scene: Scene, recorded: bool
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        if recorded:
            _pupil(scene)
            _parent(scene)
        review_id = _sealed(scene, pupil_views=f"{CHILD} And the room is cold.", parent_views="She reads to us all.")
        assert _told(review_id) == [
            ("Pupil", "At the meeting", TODAY),
            ("Parent or carer", "At the meeting", TODAY),
        ]
        assert said_when(review_of(review_id)).parents == "At the meeting"


def test_two_recorded_views_each_say_their_own_day(app: Flask, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        _pupil(scene, "I drew the hall.", BEFORE - timedelta(days=7), ViewMethod.DRAWING)
        _pupil(scene)
        review_id = _sealed(scene, parent_views="She reads to us all.")
        assert _told(review_id)[:2] == [
            ("Pupil", "Drawing, cards or pictures, asked by Carys Pugh", BEFORE - timedelta(days=7)),
            ("Pupil", "Conversation, asked by Carys Pugh", BEFORE),
        ]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_sitting_record_family_paper_and_pack_say_it(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        _pupil(scene)
        review_id = start_review(scene.cycle_id)
    client.sign_in("senco")
    short = f"From {short_date(BEFORE)}, conversation, asked by Carys Pugh."
    assert short in client.text(f"/reviews/{review_id}")
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        _sealed(scene, parent_views="She reads to us all.")
        paper = record_bytes(review_of(review_id), "Hannah Legg")
        pack = next(one for one in cycles(records_for(scene.pupil_id)) if one.reviews).reviews[0]
    for who, place, said_how in (
        ("senco", f"/reviews/{review_id}/record", f"{plain_date(BEFORE)}, conversation"),
        ("parent", f"/family/reviews/{review_id}", f"{long_date(BEFORE)}, in a conversation"),
    ):
        text = client.sign_in(who).text(place)
        assert f"{said_how}, asked by Carys Pugh" in text and "At the meeting" in text, place
    assert [(one.how, one.on) for one in pack.views] == [
        ("Conversation, asked by Carys Pugh", BEFORE),
        ("At the meeting", TODAY),
    ]
    done = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True)
    printed = re.sub(r"\s+", " ", done.stdout.decode())
    assert f"Conversation, asked by Carys Pugh · {long_date(BEFORE)}" in printed
    assert f"At the meeting · {long_date(TODAY)}" in printed


def test_a_view_that_was_entered_after_the_seal_does_not_change_what_a_sealed_review_says(
    app: Flask, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        review_id = _sealed(scene, pupil_views=CHILD, parent_views=PARENT)
        before = _told(review_id)
        with held(NOW + timedelta(days=1)):
            _pupil(scene)
        assert _told(review_id) == before
