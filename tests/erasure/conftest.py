"""A sealed review with a sentence in it that the law wants gone, quoted in many a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import View
from graduated.db.clock import held
from graduated.db.keys import Draft
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.erasure.places import Place
from graduated.erasure.services import Wish, ask, carry_out
from graduated.review.models import NextStepTaken, OutcomeJudgement
from graduated.review.queries import review_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services import Sitting, add_addendum, save_review, seal_review, start_review
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import (
    ByLaw,
    GivenHow,
    NextStep,
    PaperKind,
    Role,
    ViewMethod,
    ViewOf,
)
from tests.review.scene import NOW, STARTS, TODAY, Scene, said, set_scene
from tests.support.world import World

SECRET = "Barnaby Quillfeather bit her on the arm in assembly"
"""What must not be found anywhere afterwards: another child is named."""
ADVICE = "Ola Reyes, data protection officer, 3 November"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with held(NOW):
        yield


@dataclass
class Told:
    """The sealed review, and where the sentence stands in it."""

    scene: Scene
    review_id: int
    reason: Place
    summary: Place
    senco: Actor
    head: Actor


def person(world: World, who: str, role: Role) -> Actor:
    """Somebody of the world, as the services know them."""
    return Actor(world.users[who], world.school_id, {"senco": "Hannah Legg", "head": "Ruth Chaffey"}[who],
                 frozenset({role}))  # fmt: skip


def sitting(scene: Scene) -> Sitting:
    """A sitting that quotes the sentence: a reason, the summary and the decision."""
    plain = said(scene, NextStep.ANOTHER_CYCLE)
    values = {name: getattr(plain, name) for name in Sitting.__slots__}
    (first, judged, _why), *others = values["judgements"]
    return Sitting(**{**values, "summary": SECRET, "judgements": ((first, judged, f"Not met. {SECRET}."), *others)})


@pytest.fixture
def told(app: Flask, world: World) -> Iterator[Told]:
    """A review with the sentence in a judgement's reason, the summary, a view, a draft, post and a paper given."""
    senco, head = person(world, "senco", Role.SENCO), person(world, "head", Role.HEAD)
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        review_id = start_review(scene.cycle_id)
        save_review(review_id, sitting(scene))
        with write("View recorded"):
            db.session.add(
                View(pupil_id=scene.pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION, text=SECRET,
                     given_on=STARTS)
            )  # fmt: skip
            db.session.add(Post(recipient="a@b.example", subject="A message", body=f"We heard:\n{SECRET}\n"
                                f"https://graduated.example/pupils/{scene.pupil_id}/history"))  # fmt: skip
        with acting(senco), write("Draft kept"):
            words = SECRET.replace(" bit ", "\r\nbit ")
            db.session.add(
                Draft(
                    user_id=senco.user_id or 0,
                    place=f"/pupils/{scene.pupil_id}/observations/new",
                    body={"text": [words]},
                )
            )
        seal_review(review_id)
        copy = record_bytes(review_of(review_id), "Hannah Legg")
        adult = scene.adult_id or 0
        give(scene.pupil_id, Giving(PaperKind.REVIEW, "Review", (adult,), GivenHow.HANDED, TODAY, scene.cycle_id,
                                    review_id), copy)  # fmt: skip
        reason = db.session.scalars(
            select(OutcomeJudgement.id).where(
                OutcomeJudgement.review_id == review_id, OutcomeJudgement.outcome_id == scene.reads
            )
        ).one()
        add_addendum(review_id, "The report came.", "It was late.")
        yield Told(
            scene, review_id, Place("judgement", reason, "reason"), Place("review", review_id, "summary"), senco, head
        )


def step_id(review_id: int) -> int:
    """The row of the next step that was taken."""
    return db.session.scalars(select(NextStepTaken.id).where(NextStepTaken.review_id == review_id)).one()


def done(told: Told, place: Place, kind: ByLaw = ByLaw.ERASE, replacement: str = "", passage: str = SECRET) -> int:
    """Asked for by the SENCO, carried out by the head."""
    with acting(told.senco):
        order_id = ask(place, Wish(kind, "A different child was written of.", ADVICE, replacement, passage))
    with acting(told.head):
        return carry_out(order_id)
