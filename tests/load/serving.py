"""`graduated serve` and its processes: found, weighed and killed at random."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

from tests.support.served import Server

WAYS = ("all", "server", "web", "web", "web", "worker")
"""What is killed: everything, the one that looks after the others, one that answers, the worker."""


def children(pid: int) -> dict[int, str]:
    """Processes below one, each as "web" or "worker"."""
    found: dict[int, str] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            facts = place.read_text().rpartition(")")[2].split()
            if int(facts[1]) == pid and facts[0] != "Z":
                said = (place.parent / "cmdline").read_bytes().split(b"\0")
                found[int(place.parent.name)] = "worker" if b"worker" in said else "web"
    return found


def memory(pid: int) -> dict[str, list[int]]:
    """Megabytes of each process below one, and of itself: its own share of what it has in common with others."""
    found: dict[str, list[int]] = {}
    for one, name in {pid: "server", **children(pid)}.items():
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    found.setdefault(name, []).append(int(line.split()[1]) // 1000)
    return found


class Killable(Server):
    """A served installation of which any process may be killed, and which goes on."""

    def serve(self) -> None:
        """Begin, with two processes that answer and the worker."""
        self.start("serve", "--processes", "2")

    @property
    def pid(self) -> int:
        """The process that looks after the others."""
        assert self.process is not None
        return self.process.pid

    def kill(self, chance: random.Random) -> str:
        """Kill -9 something, and see to it that people can work again; says what it was."""
        below = children(self.pid)
        way = chance.choice(WAYS)
        if way in {"web", "worker"}:
            fitting = [one for one, name in below.items() if name == way]
            if fitting:
                os.kill(chance.choice(fitting), signal.SIGKILL)
                return way
            way = "all"  # it has not been started again yet
        os.kill(self.pid, signal.SIGKILL)
        assert self.process is not None
        self.process.wait()
        for one in below if way == "all" else ():
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        until = time.monotonic() + 60
        while any(Path(f"/proc/{one}").exists() for one in below) and time.monotonic() < until:
            time.sleep(0.05)  # who is left without the one that started it ends by itself
        left = [one for one in below if Path(f"/proc/{one}").exists()]
        assert not left, f"{len(left)} processes outlived the one that started them"
        self.serve()
        return way
