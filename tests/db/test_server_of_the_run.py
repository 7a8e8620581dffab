"""A run of the tests that is killed hard leaves no database server behind."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

RUN = """
import sys
from pathlib import Path
from tests.support.databases import end_with_the_run
end_with_the_run(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
"""
# Heeds the signal as a server does, also where whoever started it does not: workers of pytest pass that on.
SERVER = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
print("ready", flush=True)
time.sleep(600)
"""


def test_the_server_ends_and_its_folder_goes_when_the_run_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    (folder / "data").mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None and server.stdout.readline() == "ready\n"
        (folder / "data" / "postmaster.pid").write_text(f"{server.pid}\nmore\n")
        run = subprocess.Popen(
            [sys.executable, "-c", RUN, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={"PYTHONPATH": ":".join(sys.path)},
        )  # fmt: skip
        assert run.stdout is not None and run.stdout.readline() == "ready\n"
        assert server.poll() is None
        run.kill()
        run.communicate()
        assert server.wait(60) != 0  # told to end
        until = time.monotonic() + 60
        while folder.exists() and time.monotonic() < until:
            time.sleep(0.05)
    assert not folder.exists()
