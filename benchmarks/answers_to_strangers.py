"""Whether time tells a stranger what the words do not: that a child, an account or a link exists.

Each pair is asked in turn, the one that exists and the one that does not, 200 times each, by the clock of the processor.
See README.md.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]

from flask.testing import FlaskClient
from sqlalchemy import text

from graduated.app import create_app
from graduated.db import migrate
from graduated.db.session import db
from graduated.people import passwords
from tests.access.stage import Stage
from tests.conftest import settings_in
from tests.support.world import build, email_of

SAMPLES = 200
NOWHERE = 2_000_000_001


def compare(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """The two medians in milliseconds, each asked in turn with the other, the order changing."""
    spent: tuple[list[float], list[float]] = ([], [])
    for number in range(SAMPLES + 10):
        for which in (0, 1) if number % 2 else (1, 0):
            began = time.process_time_ns()
            (one, other)[which]()
            if number >= 10:
                spent[which].append((time.process_time_ns() - began) / 1e6)
    return statistics.median(spent[0]), statistics.median(spent[1])


def expect(path: str, code: int, wanted: int) -> None:
    """Another answer than the one that is measured makes the figures worthless."""
    if code != wanted:
        raise SystemExit(f"{path} answered {code}, not {wanted}")


def looks(client: FlaskClient, path: str, status: int) -> Callable[[], None]:
    """Ask for an address."""

    def look() -> None:
        with client.get(path) as answer:
            expect(path, answer.status_code, status)

    return look


def guesses(stage: Stage, email: str) -> Callable[[], None]:
    """Try to sign in with a wrong password; earlier tries are forgotten first, or the brake would be measured."""
    client = stage.app.test_client()

    def guess() -> None:
        with stage.app.app_context(), db.engine.begin() as connection:
            connection.execute(text("delete from sign_in_attempt"))
        with client.post("/sign-in", data={"email": email, "password": "sturdy otter lamp"}) as answer:
            expect("/sign-in", answer.status_code, 422)

    return guess


def signed_in(stage: Stage, who: str) -> FlaskClient:
    """A client with somebody's cookie."""
    client = stage.app.test_client()
    with client.session_transaction() as session:
        session.update(stage.sign_ins[who])
    return client


def main() -> None:
    """Print a row for each pair."""
    home = Path(tempfile.mkdtemp()) / "home"
    home.mkdir()
    settings = replace(settings_in(home), sign_in_cost="normal")
    migrate.upgrade(settings)
    world = build(create_app(settings, testing=True))
    stage = Stage(home, world)
    passwords.set_cost("normal")
    elsewhere, other_family = world.pupils["elsewhere"], world.pupils["reuben"]
    print("| What | There | Not there | Ratio |\n|---|---|---|---|")
    for what, who, there in (
        ("A pupil of another school, asked by a SENCO", "senco", f"/pupils/{elsewhere}"),
        ("A pupil who is not theirs, asked by a teacher", "teacher", f"/pupils/{other_family}"),
        ("Another family's child, asked by a parent", "parent", f"/family/children/{other_family}"),
        ("Their own child, asked by a barred parent", "barred_parent", f"/family/children/{world.pupils['zofia']}"),
    ):
        client = signed_in(stage, who)
        nowhere = there.rpartition("/")[0] + f"/{NOWHERE}"
        row(what, *compare(looks(client, there, 404), looks(client, nowhere, 404)))
    row("An account, by a wrong password", *compare(guesses(stage, email_of("senco")), guesses(stage, "x@example.org")))


def row(what: str, there: float, nowhere: float) -> None:
    """One line of the table."""
    print(f"| {what} | {there:.2f} ms | {nowhere:.2f} ms | {there / nowhere:.3f} |", flush=True)


if __name__ == "__main__":
    main()
