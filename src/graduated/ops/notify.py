"""What systemd is told: that the program answers, and, while it does, a sign each few seconds (WatchdogSec)."""

from __future__ import annotations

import os
import socket
import urllib.error
import urllib.request

PATIENCE = 5.0


def tell(words: str) -> None:
    """Send a word to systemd; nothing when it was not systemd that started the program."""
    place = os.environ.get("NOTIFY_SOCKET", "")
    if not place:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        try:
            line.sendto(words.encode(), "\0" + place[1:] if place.startswith("@") else place)
        except OSError:  # a monitor that is away ends no program
            return


def asked_every() -> float:
    """How often systemd wants a sign, in seconds, with room to spare; 0 when it wants none."""
    given = os.environ.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 / 3 if given.isdigit() else 0.0


def answers(host: str, port: int) -> bool:
    """Whether the program really answers: a process that lives may still be stuck."""
    here = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{here}:{port}/health", timeout=PATIENCE) as answer:
            return int(answer.status) == 200
    except (OSError, urllib.error.URLError):
        return False
