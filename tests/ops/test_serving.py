"""A port that somebody else uses is said in a sentence, before anything is started."""

from __future__ import annotations

import socket

import pytest
from flask import Flask

from graduated.ops.serving import PortTaken, serve


def test_a_port_in_use_is_named_with_what_to_do(app: Flask) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} is in use already.*--port {port + 1}"):
            serve(app, "127.0.0.1", port)
