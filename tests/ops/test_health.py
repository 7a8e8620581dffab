"""What a proxy, a monitor and a stranger are told of how the program stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from graduated.app import create_app
from graduated.audit import views_log
from graduated.config import NotSet, settings_from_environment
from graduated.db.machinery import JobState
from graduated.ops import heartbeat, metrics
from tests.conftest import settings_in
from tests.support import databases
from tests.support.databases import by_hand
from tests.support.world import PASSWORD, World, email_of

TOKEN = "a token of the monitor, 32 long.."
STRANGER = {"X-Forwarded-For": "203.0.113.9"}
BRINGS = {**STRANGER, "Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(home: Path) -> Iterator[Flask]:
    """The program behind one proxy, with a token for figures."""
    app = create_app(replace(settings_in(home), proxies=1, metrics_token=TOKEN), testing=True)
    yield app
    with app.app_context():
        from graduated.db.session import db

        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def outside(watched: Flask) -> FlaskClient:
    """A browser somewhere on the network."""
    return watched.test_client()


def test_a_stranger_is_told_in_one_word(outside: FlaskClient) -> None:
    assert outside.get("/health", headers=STRANGER).text == "ok\n"
    assert outside.get("/ready", headers=STRANGER).text == "ready\n"


def test_this_machine_and_who_has_the_token_read_what_was_looked_at(outside: FlaskClient) -> None:
    for told in (outside.get("/ready").text, outside.get("/ready", headers=BRINGS).text):
        lines = dict(line.split(": ", 1) for line in told.splitlines()[1:])
        assert set(lines) == {"database", "disc", "worker", "backup"} and lines["database"] == "ok"
        assert "GB free" in lines["disc"] and lines["worker"].endswith("(look)")


@pytest.mark.parametrize(
    "claims",
    [{"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1, 127.0.0.1"}, {"X-Real-IP": "127.0.0.1"},
     {"Forwarded": "for=127.0.0.1"}],
    ids=["for", "twice", "real", "rfc"],
)  # fmt: skip
@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.9"])
def test_who_says_themselves_that_they_are_here_is_a_stranger(
    outside: FlaskClient, claims: dict[str, str], peer: str
) -> None:
    assert outside.get("/ready", headers=claims, environ_base={"REMOTE_ADDR": peer}).text == "ready\n"


def test_a_database_of_another_version_is_not_ready(outside: FlaskClient, home: Path) -> None:
    with by_hand(home) as hand:
        hand.execute("update alembic_version set version_num = '0001'")
    answer = outside.get("/ready", headers=STRANGER)
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert "database: is at another version than the program (look)" in outside.get("/ready").text


def test_a_database_that_is_gone_is_not_ready_and_the_process_still_answers(outside: FlaskClient, home: Path) -> None:
    databases.take_away(home)
    answer = outside.get("/ready", headers=STRANGER)
    assert (answer.status_code, answer.text) == (503, "not ready\n")
    assert outside.get("/health").status_code == 200


def test_a_full_disc_is_not_ready(outside: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    room = namedtuple("room", "total used free")(10**12, 10**12 - 10**6, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: room)
    assert outside.get("/ready", headers=STRANGER).status_code == 503


def test_a_silent_worker_stops_nobody_and_is_told(watched: Flask, outside: FlaskClient) -> None:
    settings = watched.config["SETTINGS"]
    heartbeat.beat(settings)
    assert "(look)" not in next(line for line in outside.get("/ready").text.splitlines() if "worker" in line)
    long_ago = time.time() - heartbeat.SILENT_FOR - 60
    os.utime(heartbeat.place(settings), (long_ago, long_ago))
    answer = outside.get("/ready")
    assert answer.status_code == 200
    assert "(look)" in next(line for line in answer.text.splitlines() if line.startswith("worker"))


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_being_asked_opens_no_session_and_leaves_nothing(watched: Flask, outside: FlaskClient, path: str) -> None:
    answer = outside.get(path, headers=BRINGS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store" and "Set-Cookie" not in answer.headers
    with watched.app_context(), views_log.engine_here().connect() as connection:
        assert connection.scalar(select(func.count()).select_from(views_log.view_event)) == 0


def test_plain_http_is_answered_where_people_need_tls(home: Path) -> None:
    client = create_app(replace(settings_in(home), https=True, proxies=1), testing=True).test_client()
    assert [client.get(path, headers=STRANGER).status_code for path in ("/health", "/ready")] == [200, 200]


@pytest.mark.parametrize(
    "brought",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}, {"Authorization": f"Basic {TOKEN}"},
     {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer zażółć"}],
    ids=["nothing", "wrong", "empty", "basic", "longer", "accents"],
)  # fmt: skip
def test_without_the_token_there_are_no_figures(outside: FlaskClient, brought: dict[str, str]) -> None:
    answer = outside.get("/metrics", headers={**STRANGER, **brought})
    assert answer.status_code == 404 and "There is no such page" in answer.text and "graduated_" not in answer.text


def test_an_empty_token_of_the_settings_opens_nothing(app: Flask) -> None:
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def figures(client: FlaskClient) -> dict[str, float]:
    """Each figure under its name and labels."""
    lines = client.get("/metrics", headers=BRINGS).text.splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_the_figures_tell_requests_by_route_and_how_things_stand(watched: Flask, outside: FlaskClient) -> None:
    outside.get("/help")
    outside.get("/no-such-page")
    token = outside.get("/sign-in").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    refused = outside.post("/sign-in", data={"csrf_token": token, "email": "nobody@x.example", "password": "wrong"})
    assert refused.status_code == 422
    told = figures(outside)
    assert told['graduated_requests_total{method="GET",route="web.help_page",status="200"}'] == 1
    assert told['graduated_requests_total{method="GET",route="none",status="404"}'] == 1
    assert told["graduated_sign_ins_refused_total"] == 1
    assert told["graduated_ready"] == 1 and told["graduated_database_bytes"] > 100_000
    assert told['graduated_jobs{state="waiting"}'] == 0 and told['graduated_posts{state="failed"}'] == 0
    assert told["graduated_disc_free_bytes"] > 0 and 'graduated_request_seconds_count{route="web.help_page"}' in told


def test_waiting_and_failed_work_is_counted(watched: Flask, outside: FlaskClient, world: World, home: Path) -> None:
    columns = "(school_id, kind, payload, state, done, total, message, tries, asked_at, run_after)"
    with by_hand(home) as hand:
        for state in (JobState.WAITING, JobState.FAILED, JobState.FAILED, JobState.DONE):
            hand.execute(
                f"insert into job {columns} values (?, 'count', '{{}}', ?, 0, 0, '', 0, '2026-01-01', '2026-01-01')",
                (world.school_id, state.value),
            )
    told = figures(outside)
    assert told['graduated_jobs{state="waiting"}'] == 1 and told['graduated_jobs{state="failed"}'] == 2


def test_nothing_of_a_person_is_among_the_figures(watched: Flask, outside: FlaskClient, world: World) -> None:
    token = outside.get("/sign-in").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    typed = {"csrf_token": token, "email": email_of("senco"), "password": PASSWORD}
    assert outside.post("/sign-in", data=typed).status_code == 303
    for path in (f"/pupils/{world.pupils['zofia']}", "/register?q=Zofia", "/invitation/secret-of-a-parent", "/today"):
        outside.get(path, headers=STRANGER)
    outside.open("/register", method="ZOFIA")
    told = outside.get("/metrics", headers=BRINGS).text
    for word in (
        "ofia",
        "ZOFIA",
        "senco",
        "@",
        "secret",
        "203.0.113.9",
        f"/{world.pupils['zofia']}",
        "pupils/",
        "Legg",
    ):
        assert word not in told
    routes = {line.partition('route="')[2].partition('"')[0] for line in told.splitlines() if 'route="' in line}
    assert routes <= {*watched.view_functions, "none"}


def test_several_processes_are_added_up(home: Path, tmp_path: Path) -> None:
    """Each in a process of its own, for the library looks for the folder when it is imported."""
    folder = tmp_path / "figures"
    folder.mkdir()
    count = (
        "import sys\n"
        "from graduated.ops.metrics import Metrics, counted_together\n"
        "one = Metrics()\n"
        "for _ in range(3): one.note('web.help_page', 'GET', 200, 0.01)\n"
        "sys.stdout.buffer.write(counted_together())\n"
    )
    environment = {**os.environ, metrics.FOLDER: str(folder), "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    told = b""
    for _ in range(2):
        told = subprocess.run([sys.executable, "-c", count], env=environment, check=True, stdout=-1).stdout
    assert b'graduated_requests_total{method="GET",route="web.help_page",status="200"} 6.0' in told


def test_a_token_that_could_be_guessed_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUATED_METRICS_TOKEN", "secret")
    with pytest.raises(NotSet, match="could be guessed"):
        settings_from_environment(tmp_path)
    monkeypatch.delenv("GRADUATED_METRICS_TOKEN")
    (tmp_path / "secrets").mkdir(exist_ok=True)
    (tmp_path / "secrets" / "metrics-token").write_text(TOKEN + "\n")
    settings = settings_from_environment(tmp_path)
    assert settings.metrics_token == TOKEN and TOKEN not in repr(settings)
