"""Where the records fail before it is known who asks, a form is given back only to the browser it was made for."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from graduated.db.session import db
from tests.support.client import PageClient
from tests.support.databases import ON_POSTGRESQL, take_away
from tests.support.world import World

EVIL = "Words that another site made up for her"


def break_records(app: Flask, home: Path) -> None:
    """What a dying disc leaves: the file is there, and is no database any more. A server's database is gone."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if ON_POSTGRESQL:
        take_away(home)
        return
    for name in ("graduated.db-wal", "graduated.db-shm"):
        (home / name).unlink(missing_ok=True)
    with (home / "graduated.db").open("r+b") as file:
        file.write(b"\0" * 4096)


@pytest.fixture
def filled(app: Flask, home: Path, client: PageClient, world: World) -> tuple[str, dict[str, str]]:
    """A form of a pupil, opened by the SENCO before the records broke: where it is sent, and what it holds."""
    client.sign_in("senco")
    place, values = client.form(f"/pupils/{world.pupils['zofia']}/observations/new")
    break_records(app, home)
    return place, values


@pytest.mark.parametrize("token", ["", "made up"])
def test_a_form_that_another_site_made_up_comes_not_back(
    client: PageClient, filled: tuple[str, dict[str, str]], token: str
) -> None:
    answer = client.post(filled[0], data={"kind": "difficulty", "text": EVIL, "csrf_token": token})
    assert answer.status_code == 503
    assert EVIL not in answer.text
    assert 'name="kind"' not in answer.text


def test_ones_own_form_comes_back_to_be_sent_again(client: PageClient, filled: tuple[str, dict[str, str]]) -> None:
    place, values = filled
    answer = client.post(place, data={**values, "kind": "strength", "text": "She reads to the little ones"})
    assert answer.status_code == 503
    assert "She reads to the little ones" in answer.text
    assert f'action="{place}"' in answer.text


@pytest.mark.parametrize("path", ["/%5Cevil.example/x", "/%5C%5Cevil.example/x", "/%5C/evil.example/x"])
def test_no_form_comes_back_that_leads_to_another_site(
    client: PageClient, filled: tuple[str, dict[str, str]], path: str
) -> None:
    answer = client.post(path, data={**filled[1], "text": "She reads to the little ones"})
    assert answer.status_code == 503
    assert "<form" not in answer.text.split("<main")[-1]
