"""What `graduated serve` does when a process of its own dies, and when it is told to stop."""

from __future__ import annotations

import contextlib
import http.client
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.app import create_app
from graduated.ops import notify, serving, supervise
from tests.conftest import settings_in
from tests.support.databases import environment_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")


@dataclass
class Made:
    """A process whose end the test decides."""

    pid: int = 1
    code: int | None = None
    asked: list[str] = field(default_factory=list)

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.asked.append("end")

    def kill(self) -> None:
        self.asked.append("now")
        self.code = -9


def test_who_dies_early_waits_longer_each_time_and_who_lived_long_does_not(caplog: pytest.LogCaptureFixture) -> None:
    clock, made = [0.0], list[Made]()
    supervisor = supervise.Supervisor(lambda: clock[0])

    def start() -> Made:
        made.append(Made())
        return made[-1]

    supervisor.add("worker", start)
    waits = []
    for _ in range(9):
        made[-1].code = -9
        supervisor.look()
        waits.append(supervisor.children[0].not_before - clock[0])
        before = len(made)
        clock[0] = supervisor.children[0].not_before - 0.01
        supervisor.look()
        assert len(made) == before, "not before its time"
        clock[0] += 0.02
        supervisor.look()
        assert len(made) == before + 1
    assert waits == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60])
    clock[0] += supervise.SETTLED + 1
    made[-1].code = 1
    supervisor.look()
    assert supervisor.children[0].not_before - clock[0] == pytest.approx(1)
    assert "worker ended by itself (signal 9) and is started again in 1 s" in caplog.messages
    assert "worker ended by itself (exit code 1) and is started again in 1 s" in caplog.messages


def test_who_dies_at_once_for_days_is_still_started_once_a_minute() -> None:
    clock, made = [0.0], list[Made]()
    supervisor = supervise.Supervisor(lambda: clock[0])

    def start() -> Made:
        made.append(Made(code=1))
        return made[-1]

    supervisor.add("worker", start)
    for _ in range(1100):
        supervisor.look()
        clock[0] += supervise.LONGEST_WAIT
        supervisor.look()
    assert len(made) == 1101


def test_who_does_not_end_when_asked_is_ended() -> None:
    supervisor, made = supervise.Supervisor(), Made()
    supervisor.add("worker", lambda: made)
    supervisor.end(0.1)
    assert made.asked == ["end", "now"]


@dataclass
class Served:
    """The program as a school runs it, in a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def children(self) -> list[int]:
        """The processes that it started and that live."""
        found = []
        for place in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):  # it has ended meanwhile
                state, parent = place.read_text().rpartition(")")[2].split()[:2]
                if int(parent) == self.process.pid and state != "Z":
                    found.append(int(place.parent.name))
        return found

    def workers(self) -> list[int]:
        """Of these the workers."""
        return [one for one in self.children() if b"worker" in Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")]

    def webs(self) -> list[int]:
        """Of these those that answer."""
        return [one for one in self.children() if one not in self.workers()]

    def asks(self, path: str = "/health") -> int:
        """The status of an answer; 0 for none."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request("GET", path)
            return line.getresponse().status
        except OSError:
            return 0
        finally:
            line.close()


def until(holds: Callable[[], object], seconds: float = 60.0, served: Served | None = None) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, served.log.read_text() if served else "it did not come to hold"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def served(template: tuple[Path, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two processes that answer, and a worker."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(template[0], folder / "home")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ, **environment_of(folder / "home"),
        "GRADUATED_HOME": str(folder / "home"), "GRADUATED_SECRET_KEY": "tests only",
        "GRADUATED_AUDIT_KEY": "tests only", "GRADUATED_LOG": "plain", "GRADUATED_DEMO": "1",
        "GRADUATED_METRICS_TOKEN": "x" * 32, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "graduated", "serve", "--port", str(port), "--processes", "2"]
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    one = Served(process, port, log)
    try:
        until(
            lambda: one.asks() == 200 and len(one.children()) == 3 and (folder / "home/run/worker").exists(), 240, one
        )
        yield one
    finally:
        process.kill()
        process.wait(10)


def test_a_process_that_answers_is_started_again_when_it_is_killed(served: Served) -> None:
    dead = served.webs()[0]
    os.kill(dead, signal.SIGKILL)
    assert served.asks() == 200, "the other one answers meanwhile"
    until(lambda: len(now := served.webs()) == 2 and dead not in now)
    assert re.search(r"web \d ended by itself \(signal 9\) and is started again in 1 s", served.log.read_text())


def test_the_worker_is_started_again_when_it_is_killed(served: Served) -> None:
    (dead,) = served.workers()
    os.kill(dead, signal.SIGKILL)
    until(lambda: (now := served.workers()) and dead not in now)
    assert re.search(r"worker ended by itself \(signal 9\) and is started again in 1 s", served.log.read_text())


def test_told_to_stop_everything_ends_and_says_so(served: Served) -> None:
    all_of_them = served.children()
    served.process.terminate()
    assert served.process.wait(40) == 0
    assert "stopped" in served.log.read_text() and served.asks() == 0
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in all_of_them), 10)


def slow(home: Path, takes: float) -> tuple[Flask, threading.Event]:
    """A program with a page that takes a while, and whether it was begun."""
    app, begun = create_app(settings_in(home), testing=True), threading.Event()

    @app.get("/slow")
    @guard(PUBLIC)
    def page() -> str:
        begun.set()
        time.sleep(takes)
        return "finished " + "x" * 3_000_000

    return app, begun


@pytest.mark.parametrize(("takes", "within", "comes"), [(0.8, 10.0, True), (4.0, 0.3, False)], ids=["done", "too long"])
def test_what_was_asked_before_the_end_is_finished_within_bounds(
    home: Path, monkeypatch: pytest.MonkeyPatch, takes: float, within: float, comes: bool
) -> None:
    monkeypatch.setattr(serving, "ANSWER_WITHIN", within)
    app, begun = slow(home, takes)
    door = socket.create_server(("127.0.0.1", 0))
    port, over, got = int(door.getsockname()[1]), threading.Event(), list[bytes]()
    server = serving.server_of(app, door)
    answering = threading.Thread(target=serving.answer, args=(server, over))
    answering.start()

    def ask() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            line.request("GET", "/slow")
            got.append(line.getresponse().read())
        except (OSError, http.client.HTTPException):
            got.append(b"")
        finally:
            line.close()

    asking = threading.Thread(target=ask)
    asking.start()
    assert begun.wait(10)
    over.set()
    answering.join(15)
    assert not answering.is_alive()
    if comes:
        asking.join(10)
        assert got and len(got[0]) == 3_000_009
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    server.close()
    asking.join(15)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="needs glibc")
def test_the_c_library_takes_the_limit_of_its_pools() -> None:
    assert serving.keep_less()


def test_systemd_is_told_through_its_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        notify.tell("READY=1")
        assert systemd.recv(100) == b"READY=1"
    notify.tell("READY=1")  # a monitor that is gone ends nothing
    monkeypatch.setenv("WATCHDOG_USEC", "60000000")
    assert notify.asked_every() == 20.0
    assert not notify.answers("127.0.0.1", 1)
