"""After sealing no route and no service changes a sealed review: each is tried, by who may do most.

Outside of the seal by design, and nothing else: the day on which an action was done, addenda, and the wording of the
running plan's outcomes (the seal holds what was judged, by its number, and an amendment keeps the words before).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from types import FunctionType
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import Rule

from graduated import plan, review
from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.base import Base
from graduated.db.session import db
from graduated.db.writing import Clash
from graduated.ops.verify import verify_all
from graduated.people.sign_in import enter
from graduated.plan import details as d
from graduated.plan.models import Place, Strategy
from graduated.plan.queries import plan_of
from graduated.review import services
from graduated.review.models import ActionItem, Addendum, Seal
from graduated.review.queries import find_action, review_of, seal_details_of
from graduated.review.queries_seals import sealed_record
from graduated.rules import vocabulary as v
from graduated.rules.seals import canonical
from tests.access import scene as access_scene
from tests.access.matrix import SUBJECT
from tests.review.scene import STARTS, TODAY, Scene, said, set_scene
from tests.support.client import XHTML, form_values
from tests.support.world import World

SEALED_TABLES = (
    "review", "attendee", "judgement", "provision_judgement", "next_step", "action_item", "seal", "seal_parts",
)  # fmt: skip
OUTSIDE = {("action_item", "done_on"), ("action_item", "version")}
"""Ticking an action off is no change of the record; its row counts how often it was ticked."""


@dataclass
class Sealed:
    """A sealed review of Reuben, and the ids that belong to it."""

    scene: Scene
    review_id: int
    draft_id: int
    action_ids: tuple[int, ...]
    before: Any


def picture(review_id: int) -> tuple[bytes, dict[str, list[tuple[object, ...]]]]:
    """The canonical record as it was sealed, and every column of every row of the review and its seal."""
    row = db.session.execute(
        select(Seal.sequence, Seal.signer_name, Seal.sealed_at).where(Seal.review_id == review_id)
    ).one()
    record = canonical(sealed_record(review_of(review_id), *row))
    rows: dict[str, list[tuple[object, ...]]] = {}
    with db.engine.connect() as connection:
        for name in SEALED_TABLES:
            table = Base.metadata.tables[name]
            key = table.c.id if name == "review" else table.c.review_id
            columns = [column for column in table.c if (name, column.name) not in OUTSIDE]
            found = connection.execute(select(*columns).where(key == review_id).order_by(table.c.id))
            rows[name] = [tuple(row) for row in found]
    assert rows["review"], "seen by nobody who acts in the school"
    return record, rows


def stage(world: World, interim: bool = False) -> Sealed:
    """Seal a review of Reuben's; acted on as the system."""
    made = set_scene(world, "reuben", "other_parent")
    review_id = services.start_review(made.cycle_id, interim)
    services.save_review(
        review_id, _with_promise(said(made, v.NextStep.CONSIDER_EHCNA, request=v.RequestPath.OPEN, signposted=True))
    )
    services.seal_review(review_id)
    followed = seal_details_of(review_id)
    assert followed is not None
    actions = tuple(db.session.scalars(select(ActionItem.id).where(ActionItem.review_id == review_id)))
    assert actions
    return Sealed(made, review_id, followed.next_cycle_id or made.cycle_id, actions, picture(review_id))


def _with_promise(sitting: services.Sitting) -> services.Sitting:
    return services.Sitting(
        **{name: getattr(sitting, name) for name in services.Sitting.__slots__ if name != "promises"},
        promises=(services.Promise("Move nearer the front", "Miriam Vine", TODAY),),
    )


def faults() -> list[str]:
    """What verify finds, but for the made-up pack of the scene."""
    return [one.as_text() for one in verify_all().broken if one.kind != "pack"]


# Routes -----------------------------------------------------------------------------------------------------------


class Knocker:
    """Somebody who sends every form there is, about the sealed review wherever an address can name it."""

    def __init__(self, app: Flask, world: World, who: str) -> None:
        self.app, self.user_id = app, world.users[who]
        self.client: FlaskClient = app.test_client()
        self.broken: list[str] = []
        self.enter()

    def enter(self) -> None:
        """Sign in, again if one of the forms has signed out."""
        with self.app.app_context():
            doors = entry.doors(self.user_id)
            if not doors:
                return
            entered = enter(self.user_id, doors[0], address="127.0.0.1", device="tests")
        with self.client.session_transaction() as session:
            session.update({"sid": entered.session_id, "token": entered.token})

    def send(self, path: str, data: dict[str, Any]) -> int:
        """The answer to one form; a page that breaks on it changes nothing either."""
        try:
            answer = self.client.post(path, data=data, buffered=True)
        except Exception as fault:
            self.broken.append(f"{path}: {type(fault).__name__} {fault}")
            return 500
        answer.close()
        if answer.headers.get("Location", "").startswith("/sign-in"):
            self.enter()
        return answer.status_code

    def forms(self, path: str) -> list[tuple[str, dict[str, Any]]]:
        """The forms of a page, filled in with other words than stand there."""
        answer = self.client.get(path, buffered=True)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return []
        root = html5lib.parse(answer.text)
        found = []
        for form in root.iter(XHTML + "form"):
            if form.attrib.get("method", "").lower() == "post":
                found.append((form.attrib.get("action") or path, {**form_values(form), **typed(form)}))
        return found


def typed(form: Element) -> dict[str, Any]:
    """Something else in every box, the last of each choice."""
    values: dict[str, Any] = {}
    for control in form.iter():
        name, kind = control.attrib.get("name"), control.attrib.get("type", "text")
        if not name or kind in {"hidden", "submit", "file"}:
            continue
        if control.tag == XHTML + "textarea":
            values[name] = "Other words than stood here."
        elif control.tag == XHTML + "select":
            options = [one.attrib.get("value", "") for one in control.iter(XHTML + "option")]
            values[name] = options[-1] if options else ""
        elif control.tag == XHTML + "input":
            values[name] = _typed_in(name, kind, control.attrib.get("value", "on"))
    return values


def _typed_in(name: str, kind: str, value: str) -> str:
    if kind in {"radio", "checkbox"}:
        return value
    parts = {"day": str(TODAY.day), "month": str(TODAY.month), "year": str(TODAY.year)}
    for part, number in parts.items():
        if name.endswith(f"-{part}") or name.endswith(f".{part}"):
            return number
    return value if value.isdigit() else "Other words"


def anything(one: Sealed) -> dict[str, Any]:
    """A form that nobody was shown: every field that a review has, with other answers."""
    scene = one.scene
    return {
        "version": str(1), "go": "seal", "pupil_views": "Other words.", "parent_views": "Other words.",
        "summary": "Other words.", "attempts": "Other words.", "with_parent": "no", "others_present": "Nobody",
        f"judgement-{scene.reads}": "-2", f"reason-{scene.reads}": "Other words.",
        f"verdict-{scene.precision}": "stop", f"why-{scene.precision}": "Other words.",
        "action-0": str(one.action_ids[0]), "what-0": "Something else", "who-0": "Somebody else",
        "step": "come-off", "reason": "Other words.", "text": "Other words.", "why": "It came late.",
        "review_ids": str(one.review_id), "reviews": str(one.review_id), "undo": "y",
    }  # fmt: skip


def addresses(app: Flask, one: Sealed, values: dict[str, Any]) -> Iterator[tuple[Rule, str]]:
    """Every address that takes a POST, about the sealed review and about the draft that followed; accounts last."""
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    order = ("review", "plan", "do", "assess", "request", "ehcna", "register", "pupils")
    rules.sort(
        key=lambda rule: (order.index(name) if (name := rule.endpoint.split(".")[0]) in order else 99, rule.endpoint)
    )
    for rule in rules:
        seen = set()
        for cycle_id in (one.scene.cycle_id, one.draft_id):
            with app.test_request_context():
                given = {**values, "cycle_id": cycle_id}
                names = {name: _id_in(given, rule.endpoint, name) for name in rule.arguments}
                path = app.url_for(rule.endpoint, **names)
            if path not in seen:
                seen.add(path)
                yield rule, path


def _id_in(values: dict[str, Any], endpoint: str, name: str) -> Any:
    """The id for an argument: of the sealed review and its plan, whatever the argument calls them."""
    for known in ("review_id", "cycle_id"):
        if name.endswith(known):
            return values[known]
    return values[name] if name in values else values[SUBJECT[endpoint][name]]


def ids_of(one: Sealed, world: World) -> dict[str, Any]:
    """The ids that an address can name, of the sealed review and its plan."""
    first = {
        "place_id": select(Place.id).where(Place.pupil_id == one.scene.pupil_id),
        "strategy_id": select(Strategy.id).where(Strategy.pupil_id == one.scene.pupil_id),
    }
    found = {name: db.session.scalars(statement).first() for name, statement in first.items()}
    return {
        **{name: key for name, key in found.items() if key is not None},
        "review_id": one.review_id,
        "action_id": one.action_ids[0],
        "pupil_id": world.pupils["reuben"],
        "cycle_id": one.scene.cycle_id,
        "reviewed_cycle_id": one.scene.cycle_id,
        "outcome_id": one.scene.reads,
        "provision_id": one.scene.precision,
        "group_id": one.scene.group_id,
    }


@pytest.mark.parametrize(
    ("who", "interim"), [("senco", False), ("senco", True), ("lead", False), ("lead", True), ("admin", False)]
)
def test_no_route_changes_a_sealed_review(app: Flask, world: World, who: str, interim: bool) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    others = access_scene.make(app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        one = stage(world, interim)
        values = {**others, **ids_of(one, world)}
        assert faults() == []
    knocker = Knocker(app, world, who)
    taken, asked = set(), set()
    for rule, path in list(addresses(app, one, values)):
        asked.add(rule.endpoint)
        shown = knocker.forms(path) if "GET" in (rule.methods or ()) else []
        for action, data in [*shown, (path, anything(one))]:
            if knocker.send(action, data) in {200, 204, 302, 303}:
                taken.add(rule.endpoint)
            with app.app_context(), acting(system_actor(world.school_id, "Tests")):
                assert picture(one.review_id) == one.before, f"changed by {rule.endpoint}"
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert faults() == []
    assert {"review.edit", "review.seal", "review.addendum", "review.tick", "plan.amend_outcome"} <= asked
    assert not {"review.edit", "review.seal"} & taken
    assert knocker.broken == []
    if who == "senco":
        assert {"review.addendum", "review.tick"} <= taken  # so that the answers above were not all refusals
        assert not interim or "plan.amend_outcome" in taken


# Services ---------------------------------------------------------------------------------------------------------


def services_of(*packages: Any) -> dict[str, FunctionType]:
    """Every service that writes, of some packages, by its module and name."""
    wrapped = services.tick_action.__code__
    found = {}
    for package in packages:
        for module in pkgutil.iter_modules(package.__path__):
            for name, one in vars(importlib.import_module(f"{package.__name__}.{module.name}")).items():
                if inspect.isfunction(one) and one.__code__ is wrapped and one.__module__.startswith(package.__name__):
                    found[name if package is review else f"plan.{name}"] = one
    return found


BECAUSE = d.Because("It changed", "Hannah Legg", TODAY)
OUTCOME = d.OutcomeDetails(v.NeedArea.SEMH, "Something else altogether", target=Decimal(1))
PROVISION = d.ProvisionDetails("Something else", minutes=5, times_a_week=1, weekdays=(0,), at=time(9))
FRAME = d.CycleFrame(TODAY)
Call = Callable[[Callable[..., Any], Sealed], object]
"""How a service is tried on a sealed review: what it is called with."""
STARTS_AT = datetime.combine(TODAY, time(15, 30), UTC)

TRIED: dict[str, Call] = {
    "save_review": lambda f, s: f(s.review_id, said(s.scene, v.NextStep.COME_OFF), ready=True),
    "seal_review": lambda f, s: f(s.review_id),
    "start_review": lambda f, s: f(s.scene.cycle_id, True, STARTS),
    "tick_action": lambda f, s: [f(one, done, TODAY) for one in s.action_ids for done in (True, False, True)],
    "add_addendum": lambda f, s: f(s.review_id, "It was the Tuesday.", "A slip"),
    "ask_staff": lambda f, s: f([(s.scene.cycle_id, 1)], TODAY),
    "ask_family": lambda f, s: f(s.scene.cycle_id, v.ViewOf.PUPIL, None, TODAY),
    "remind": lambda f, s: f(1),
    "arrange_meeting": lambda f, s: f(s.scene.cycle_id, STARTS_AT, "Room 2"),
    "contribute": lambda f, s: f(s.scene.cycle_id, _words()),
    "plan.agree": lambda f, s: f(s.draft_id, d.AgreementDetails(TODAY, v.AgreementMethod.MEETING, (s.scene.adult_id,))),  # type: ignore[arg-type]
    "plan.send_to_family": lambda f, s: f(s.scene.cycle_id, TODAY),
    "plan.amend_dose": lambda f, s: f(s.scene.precision, 99, 5, 1, 6, BECAUSE),
    "plan.amend_outcome": lambda f, s: f(s.scene.reads, OUTCOME, BECAUSE),
    "plan.amend_provision": lambda f, s: f(s.scene.precision, "Else", "Else", "Else", (), BECAUSE),
    "plan.amend_review_date": lambda f, s: f(s.scene.cycle_id, TODAY + timedelta(days=30), BECAUSE),
    "plan.drop_outcome": lambda f, s: f(s.scene.asks, BECAUSE),
    "plan.stop_provision": lambda f, s: f(s.scene.in_class, BECAUSE),
    "plan.take_up_outcome": lambda f, s: f(s.scene.cycle_id, OUTCOME, BECAUSE),
    "plan.take_up_provision": lambda f, s: f(s.scene.cycle_id, PROVISION, BECAUSE),
    "plan.carry_over": lambda f, s: f(s.scene.cycle_id, [s.scene.reads], {}, FRAME),
    "plan.close_cycle": lambda f, s: f(s.scene.cycle_id, v.CycleStatus.REVIEWED, STARTS),
    "plan.discard_cycle": lambda f, s: [_quietly(f, one) for one in (s.scene.cycle_id, s.draft_id)],
    "plan.add_outcome": lambda f, s: f(s.scene.cycle_id, OUTCOME, s.scene.reads),
    "plan.add_responsibility": lambda f, s: f(s.scene.cycle_id, v.Responsible.PARENT, "Else"),
    "plan.add_strategy": lambda f, s: f(s.scene.cycle_id, v.StrategyKind.ORDINARY, "Else"),
    "plan.change_outcome": lambda f, s: f(s.scene.reads, OUTCOME),
    "plan.contribute": lambda f, s: f(s.scene.cycle_id, d.Words("Else"), s.scene.reads, True),
    "plan.open_cycle": lambda f, s: f(s.scene.pupil_id, FRAME, s.scene.cycle_id),
    "plan.remove_outcome": lambda f, s: f(s.scene.reads),
    "plan.remove_responsibility": lambda f, s: f(1),
    "plan.remove_strategy": lambda f, s: f(1),
    "plan.change_lead": lambda f, s: f(s.scene.cycle_id, 1),
    "plan.save_frame": lambda f, s: f(s.scene.cycle_id, FRAME),
    "plan.add_provision": lambda f, s: f(s.scene.cycle_id, PROVISION),
    "plan.change_group": lambda f, s: f(s.scene.group_id, None, (4,), time(9)),
    "plan.change_provision": lambda f, s: f(s.scene.precision, PROVISION),
    "plan.remove_provision": lambda f, s: f(s.scene.precision),
    "plan.use_newer_rates": lambda f, s: f(s.scene.cycle_id, "New rates"),
}
ELSEWHERE = {
    "bring_forward", "give", "send_letter", "go_back", "keep_wording",
    "plan.attach_translation", "plan.withdraw_translation",
}  # fmt: skip
"""Services that take a pupil or the school's letters, and write rows of their own that no sealed review has."""


def _words() -> Any:
    from graduated.review.services_asking import Said

    return Said({}, "Else", "Else", "Else")


def _quietly(service: Callable[..., Any], *given: Any) -> str:
    """What a service says to a call: nothing when it does it, the name of its refusal otherwise."""
    try:
        service(*given)
    except (ValueError, Clash, LookupError, SQLAlchemyError, services.ReviewRefused) as refused:
        db.session.rollback()
        return type(refused).__name__
    return ""


def test_every_service_that_writes_is_tried() -> None:
    assert set(services_of(review, plan)) == set(TRIED) | ELSEWHERE


@pytest.mark.parametrize("interim", [False, True], ids=["closed", "running"])
def test_no_service_changes_a_sealed_review(app: Flask, world: World, interim: bool) -> None:
    said_no = {}
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        one = stage(world, interim)
        there = services_of(review, plan)
        for name, call in TRIED.items():
            said_no[name] = _quietly(call, there[name], one)
            db.session.rollback()
            assert picture(one.review_id) == one.before, f"changed by {name}"
        assert faults() == []
    assert said_no["save_review"] == said_no["seal_review"] == "ReviewRefused"
    assert said_no["tick_action"] == said_no["add_addendum"] == ""
    assert bool(said_no["plan.amend_outcome"]) is not interim  # a running plan is amended, a closed one is not


# Outside of the seal, by design -----------------------------------------------------------------------------------


def test_what_stands_outside_of_the_seal_is_the_tick_the_addendum_and_the_plans_own_words(
    app: Flask, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        one = stage(world, interim=True)
        services.tick_action(one.action_ids[0], True, TODAY)
        services.add_addendum(one.review_id, "The report came.", "It was late")
        from graduated.plan.services import amend_outcome

        amend_outcome(one.scene.reads, OUTCOME, BECAUSE)
        record = review_of(one.review_id)
        assert record.actions[0].done_on == TODAY and find_action(one.action_ids[0]) is not None
        assert [line.text for line in record.addenda] == ["The report came."]
        assert db.session.scalars(select(Addendum.why)).all() == ["It was late"]
        assert any("Reads a Year 4 text" in change.before for change in plan_of(one.scene.cycle_id).amendments)
        assert picture(one.review_id) == one.before
        assert faults() == []
