"""Serving: one process that answers, and a worker beside it for the long work."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
from types import FrameType

import waitress
from flask import Flask

from graduated.config import MAX_READ_BYTES
from graduated.ops import log_lines
from graduated.ops.worker import SERVED_BY


class PortTaken(Exception):
    """The address cannot be used; the message says why and what to do."""


def serve(app: Flask, host: str, port: int) -> None:
    """Answer until told to stop. The worker is a child process, ended with this one.

    Raises `PortTaken` before anything is started.
    """
    log_lines.begin()
    try:
        door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise PortTaken(_why_not(host, port, error)) from error
    server = waitress.create_server(
        app,
        sockets=[door],
        threads=8,
        ident="Graduated",
        max_request_body_size=MAX_READ_BYTES,
        # What the proxies say of the visitor is believed for as many of them as the settings name, and no more.
        clear_untrusted_proxy_headers=not app.config["SETTINGS"].proxies,
    )
    helper = subprocess.Popen(
        [sys.executable, "-P", "-m", "graduated", "worker"], env={**os.environ, SERVED_BY: str(os.getpid())}
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::1"} else host  # noqa: S104
    print(f"Graduated is at http://{shown}:{server.effective_port}/  (Ctrl+C ends it)", flush=True)  # noqa: T201
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        helper.terminate()
        server.close()


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use already. If Graduated is running in another window, open http://localhost:{port}/ "
            f"there; else choose another port, for example --port {port + 1}."
        )
    return f"Cannot answer at {host}, port {port}: {error.strerror}. Choose another with --port or --host."
