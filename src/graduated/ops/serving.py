"""Serving: processes that answer, and a worker beside them for the long work.

One process answers and looks after the worker itself. Where several are asked for, this one starts them, looks after
them and the worker, and answers nobody. What is asked of a process when it is told to stop is finished, within bounds.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore

from graduated.config import MAX_READ_BYTES
from graduated.db.session import db
from graduated.ops import log_lines, notify
from graduated.ops.metrics import FOLDER
from graduated.ops.supervise import Supervisor, anew, fork
from graduated.ops.worker import FINISH_WITHIN, SERVED_BY

log = logging.getLogger("graduated.serve")
THREADS = 8
_ARENA_MAX = -8
"""What glibc calls the setting in mallopt(3)."""
ANSWER_WITHIN = 20.0
"""Seconds for what is in hand when a process is told to stop; a page takes less, a file on a slow line more."""


class PortTaken(Exception):
    """The address cannot be used; the message says why and what to do."""


def serve(app: Flask, host: str, port: int, processes: int = 1, *, with_worker: bool = True) -> None:
    """Answer until told to stop, then finish what is in hand. The worker is a child process, ended with this one.

    Raises `PortTaken` before anything is started.
    """
    log_lines.begin()
    keep_less()
    try:
        door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortTaken(_why_not(host, port, error)) from error
    stopping = threading.Event()
    _listen_for_the_end(stopping.set)
    port = int(door.getsockname()[1])
    supervisor = Supervisor()
    if with_worker:
        environment = {name: value for name, value in os.environ.items() if name != FOLDER} | {
            SERVED_BY: str(os.getpid())
        }
        supervisor.add("worker", lambda: anew([sys.executable, "-P", "-m", "graduated", "worker"], environment))
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host  # noqa: S104
    print(f"Graduated is at http://{shown}:{port}/  (Ctrl+C ends it)", flush=True)  # noqa: T201
    try:
        if processes > 1:
            _several(app, door, processes, supervisor, stopping)
        else:
            server = server_of(app, door)
            _tell_systemd_beside(host, port, stopping)
            answer(server, stopping, supervisor.look, supervisor.ask)
    finally:
        notify.tell("STOPPING=1")
        supervisor.end(max(ANSWER_WITHIN, FINISH_WITHIN) + 5)
        log.info("stopped")


def keep_less() -> bool:
    """Let the C library keep two pools of memory and not one for each thread; whether it can be told.

    Threads of Python take turns, so that more pools only keep more: each what its thread once needed.
    """
    try:
        return bool(ctypes.CDLL(None).mallopt(_ARENA_MAX, 2))
    except (AttributeError, OSError, TypeError):  # not glibc
        return False


def server_of(app: Flask, door: socket.socket) -> Any:
    """The server that answers at a socket."""
    return waitress.create_server(
        app,
        sockets=[door],
        threads=THREADS,
        ident="Graduated",
        max_request_body_size=MAX_READ_BYTES,
        # What the proxies say of the visitor is believed for as many of them as the settings name, and no more.
        clear_untrusted_proxy_headers=not app.config["SETTINGS"].proxies,
    )


def _nothing() -> None:
    """Nothing to do."""


def answer(
    server: Any,
    stopping: threading.Event,
    each_second: Callable[[], None] = _nothing,
    at_the_end: Callable[[], None] = _nothing,
) -> None:
    """Answer until told to stop; then take nobody new, and finish what was asked."""
    while not stopping.is_set():
        wasyncore.loop(timeout=1.0, use_poll=True, map=server._map, count=1)
        each_second()
    at_the_end()
    server.del_channel()
    server.socket.close()
    until = time.monotonic() + ANSWER_WITHIN
    while _in_hand(server) and time.monotonic() < until:
        wasyncore.loop(timeout=0.1, use_poll=True, map=server._map, count=1)
    if left := _in_hand(server):
        log.warning("%s requests were not finished within %s s", left, round(ANSWER_WITHIN))
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.task_dispatcher.shutdown(timeout=1)


def _in_hand(server: Any) -> int:
    """How many connections wait for an answer, or for the rest of one."""
    channels = list(server.active_channels.values())
    return sum(bool(one.requests or one.request is not None or one.total_outbufs_len) for one in channels)


def _listen_for_the_end(act: Callable[[], None]) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        act()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _several(
    app: Flask, door: socket.socket, processes: int, supervisor: Supervisor, stopping: threading.Event
) -> None:
    """Start so many processes that answer, and look after them."""
    make_templates(app)
    with app.app_context():
        db.engine.dispose()  # a connection belongs to one process
    app.extensions["views_log"].dispose()
    gc.collect()
    gc.freeze()  # what is in memory already is shared with each process as long as nobody touches it
    reading, writing = os.pipe()

    def work() -> None:
        os.close(writing)
        _end_with_the_other_end_of(reading)
        over = threading.Event()
        _listen_for_the_end(over.set)
        answer(server_of(app, door), over)

    for number in range(1, processes + 1):
        supervisor.add(f"web {number}", lambda: fork(work))
    host, port = door.getsockname()[:2]
    every, told, begun = notify.asked_every(), 0.0, False
    while not stopping.wait(0.5):
        supervisor.look()
        if (not begun or (every and time.monotonic() - told >= every)) and notify.answers(host, port):
            notify.tell("WATCHDOG=1" if begun else "READY=1")
            begun, told = True, time.monotonic()
    door.close()


def make_templates(app: Flask) -> int:
    """Make every page's template ready once, so that nobody's first page of the morning waits for it; how many."""
    names = app.jinja_env.list_templates()
    for name in names:
        app.jinja_env.get_template(name)
    return len(names)


def _end_with_the_other_end_of(pipe: int) -> None:
    """End this process as soon as the one that looks after it is gone, so that nothing holds its port."""

    def wait() -> None:
        os.read(pipe, 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _tell_systemd_beside(host: str, port: int, stopping: threading.Event) -> None:
    """Tell systemd when the program answers, and again as often as it wants to hear it."""
    if not os.environ.get("NOTIFY_SOCKET"):
        return
    every = notify.asked_every()

    def tell() -> None:
        words = "READY=1"
        while not stopping.is_set():
            if notify.answers(host, port):
                notify.tell(words)
                words = "WATCHDOG=1"
                if not every:
                    return
            stopping.wait(every if words == "WATCHDOG=1" else 0.5)

    threading.Thread(target=tell, daemon=True).start()


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use already. If Graduated is running in another window, open http://localhost:{port}/ "
            f"there; else choose another port, for example --port {port + 1}."
        )
    return f"Cannot answer at {host}, port {port}: {error.strerror}. Choose another with --port or --host."
