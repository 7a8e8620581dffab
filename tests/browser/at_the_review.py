"""Somebody at a review in a browser, and the world with a plan that is due for one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan import services as plan
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.review.services import start_review
from graduated.rules.vocabulary import AgreementMethod, NeedArea
from tests.browser.conftest import Server, free_port
from tests.browser.person import Person
from tests.conftest import settings_in
from tests.support.databases import by_hand
from tests.support.demo import ENVIRONMENT
from tests.support.world import PASSWORD, World, email_of

OUTCOMES = (
    (NeedArea.COGNITION, "Reads a Year 4 text aloud with fewer than 5 errors in 100 words"),
    (NeedArea.COMMUNICATION, "Asks for help at least three times a day"),
    (NeedArea.SEMH, "Joins a game at noon that others chose"),
    (NeedArea.SENSORY, "Writes for ten minutes without a rest"),
)
PUPIL = "Zofia"
SAYING = "I like it when we read in twos."


def planned_home(template: tuple[Path, World], home: Path) -> Path:
    """The world with one agreed plan of four outcomes, whose review is due today."""
    shutil.copytree(template[0], home)
    world = template[1]
    app = create_app(settings_in(home), testing=True)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        _plan(world)
        db.session.remove()
        db.engine.dispose()
    return home


def _plan(world: World) -> None:
    starts = today() - timedelta(days=70)
    cycle_id = plan.open_cycle(
        world.pupils["zofia"],
        CycleFrame(starts, today(), lead_id=world.users["lead"], assess_summary="Guesses long words from their start."),
    )
    outcomes = [
        plan.add_outcome(cycle_id, OutcomeDetails(area, statement, by_when=today() + timedelta(days=30)))
        for area, statement in OUTCOMES
    ]
    for name, serves in (("Precision reading", outcomes[:2]), ("Lunch club", outcomes[2:])):
        plan.add_provision(
            cycle_id,
            ProvisionDetails(
                name=name, staff_id=world.users["ta"], minutes=15, times_a_week=2, weekdays=(1, 3), serves=tuple(serves)
            ),
        )
    agreed = (world.adults["parent"],)
    plan.agree(cycle_id, AgreementDetails(starts, AgreementMethod.MEETING, agreed_ids=agreed))


@contextmanager
def serving(planned: Path, home: Path) -> Iterator[Server]:
    """The planned world, served from a copy of its own."""
    shutil.copytree(planned, home)
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start()
    yield server
    server.stop()


def started(server: Server, world: World) -> str:
    """The page of the review, started."""
    app = create_app(settings_in(server.home), testing=True)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), by_hand(server.home) as hand:
        (cycle_id,) = hand.execute("select id from cycle").fetchone()
        review_id = start_review(cycle_id)
        db.session.remove()
        db.engine.dispose()
    return f"/reviews/{review_id}"


def run_out(server: Server) -> None:
    """Every sign-in ends on the server, as if nothing had been done for a while."""
    with by_hand(server.home) as hand:
        hand.execute("update sign_in_session set ended_at = '2026-01-01 00:00:00.000000' where ended_at is null")


class AtTheReview(Person):
    """Somebody of the world who writes a review."""

    def __init__(self, browser: Browser, server: Server, who: str, *, javascript: bool = True) -> None:
        super().__init__(browser, server, email_of(who), javascript=javascript)
        self.page.set_default_timeout(30_000)

    def sign_in(self) -> None:
        """Come in with the world's password."""
        self.window.sign_in(self.email, PASSWORD)
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def opens(self, place: str) -> None:
        """Sign in and go to the sitting."""
        self.sign_in()
        self.go(place)
        self.is_on("Review of cycle 1")

    def box(self, words: str) -> Locator:
        """A box of the sitting by its label."""
        return self.main.get_by_label(re.compile(rf"^{re.escape(words)}"))

    def types(self, words: str, text: str) -> None:
        """Type at the end of what stands in a box, and stay in it."""
        type_into(self.box(words), text)

    def has(self, words: str, text: str) -> None:
        """A box holds exactly this."""
        expect(self.box(words)).to_have_value(text)


def type_into(box: Locator, text: str) -> None:
    """Type at the end of what stands there."""
    box.focus()
    box.press("Control+End")
    box.page.keyboard.type(text)


def kept_within_ten_seconds(page: Page) -> None:
    """The page says by itself that all that is typed is safe."""
    expect(page.locator("[data-save-status]").first).to_have_text(re.compile(r"^Saved \d"), timeout=10_000)
