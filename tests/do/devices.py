"""Phones in people's hands, as far as the server can tell: they know what a page gave them, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.db.writing import write
from graduated.do.queries import SessionLine, doses_of_cycle, sessions_of
from tests.review.scene import NOW, TODAY, Scene
from tests.support.client import PageClient
from tests.support.world import World

YESTERDAY = TODAY - timedelta(days=1)


@dataclass
class School:
    """The scene with a second pupil in the group, and how to look at what stands."""

    app: Flask
    world: World
    scene: Scene
    windows: dict[str, PageClient] = field(default_factory=dict)

    def window(self, who: str) -> PageClient:
        """A browser in which somebody is signed in."""
        if who not in self.windows:
            client = self.app.test_client()
            assert isinstance(client, PageClient)
            self.windows[who] = client.sign_in(who)
        return self.windows[who]

    @contextmanager
    def day_before(self) -> Iterator[None]:
        """Yesterday at the same time; nobody stays signed in over night, nor was in before they came."""
        self.windows.clear()
        with held(NOW - timedelta(days=1)):
            yield
        self.windows.clear()

    def lines(self) -> tuple[SessionLine, ...]:
        """The group's log, newest first."""
        with self.app.app_context(), acting(system_actor(self.world.school_id, "Tests")):
            return sessions_of(self.scene.group_id)

    def in_force(self) -> list[SessionLine]:
        """What counts."""
        return [line for line in self.lines() if line.in_force]

    def delivered(self) -> int:
        """Minutes that Zofia had."""
        with self.app.app_context(), acting(system_actor(self.world.school_id, "Tests")):
            return doses_of_cycle(self.scene.cycle_id)[self.scene.precision].delivered_minutes

    def change(self, act: Callable[[], None]) -> None:
        """Change the records behind everybody's back."""
        with self.app.app_context(), acting(system_actor(self.world.school_id, "Tests")), write("Changed for a test"):
            act()


@dataclass
class Device:
    """A phone in somebody's hand: it knows what the page gave it, and nothing else."""

    school: School
    who: str
    owner: str
    sheet: str
    places: list[str]
    day: date

    def entry(self, away: int | None = None, **more: Any) -> dict[str, Any]:
        """All here but one."""
        marks = [
            {"place": place, "here": number != away, "why": "ill" if number == away else ""}
            for number, place in enumerate(self.places)
        ]
        plain = {"reference": str(uuid4()), "owner": self.owner, "sheet": self.sheet, "on": self.day.isoformat()}
        return {**plain, "state": "delivered", "minutes": 15, "marks": marks, **more}

    def send(self, entry: dict[str, Any], who: str | None = None) -> dict[str, Any]:
        """Hand it in with a fresh token, as the page does."""
        client = self.school.window(who or self.who)
        token = client.get("/entries/mine").json["token"]
        answer = client.post("/entries", json=entry, headers={"X-CSRFToken": token})
        assert answer.status_code == 200
        return dict(answer.json)


def device(school: School, who: str = "ta", day: date = TODAY) -> Device:
    """Open the group's page of a day and take from it what a device may keep."""
    text = school.window(who).get(f"/groups/{school.scene.group_id}/log?on={day.isoformat()}").text
    (owner,), (sheet,) = re.findall(r'data-owner="(\w+)"', text), re.findall(r'data-sheet="(\w+)"', text)
    return Device(school, who, owner, sheet, re.findall(r'data-place="(\w+)"', text), day)
