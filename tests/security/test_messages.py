"""Messages whose end can be read in two ways, sent to the very server that a school runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import waitress

from graduated.app import create_app
from tests.conftest import settings_in

HOST = "Host: localhost\r\n"
IN_DOUBT = {
    "two lengths": f"POST /sign-in HTTP/1.1\r\n{HOST}Content-Length: 3\r\nContent-Length: 30\r\n\r\na=1",
    "a length that is none": f"POST /sign-in HTTP/1.1\r\n{HOST}Content-Length: +3\r\n\r\na=1",
    "a length below nothing": f"POST /sign-in HTTP/1.1\r\n{HOST}Content-Length: -3\r\n\r\na=1",
    "a length in other figures": f"POST /sign-in HTTP/1.1\r\n{HOST}Content-Length: 0x3\r\n\r\na=1",
    "pieces of an odd kind": f"POST /sign-in HTTP/1.1\r\n{HOST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "pieces of two kinds": f"POST /sign-in HTTP/1.1\r\n{HOST}Transfer-Encoding: gzip, chunked, x\r\n\r\n0\r\n\r\n",
    "a blank before the colon": f"POST /sign-in HTTP/1.1\r\n{HOST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a piece of no size": f"POST /sign-in HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\na=1\r\n0\r\n\r\n",
    "a line that goes on": f"POST /sign-in HTTP/1.1\r\n{HOST}X-A: b\r\n Content-Length: 3\r\n\tx: y\r\nbad\r\n\r\n",
    "a line end alone": f"GET /health HTTP/1.1\r\n{HOST}X-A: b\nTransfer-Encoding: chunked\r\n\r\n",
    "a name of a field with a blank": f"GET /health HTTP/1.1\r\n{HOST}X A: b\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(template: tuple[Path, object]) -> Iterator[int]:
    """The server of a school, answering on this machine."""
    app = create_app(settings_in(template[0]), testing=False)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2, ident="Graduated")
    answering = threading.Thread(target=server.run, daemon=True)
    answering.start()
    yield int(server.effective_port)
    server.task_dispatcher.shutdown()
    server.close()
    answering.join(timeout=5)


def answers(port: int, sent: str) -> list[str]:
    """The first line of each answer to what was sent."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(sent.encode("latin-1"))
        line.shutdown(socket.SHUT_WR)
        told = b""
        while piece := line.recv(65536):
            told += piece
    return [one.partition("\r\n")[0] for one in ("\n" + told.decode("latin-1")).split("\nHTTP/1.")[1:]]


@pytest.mark.parametrize("kind", IN_DOUBT)
def test_a_message_whose_end_is_in_doubt_is_not_taken(port: int, kind: str) -> None:
    told = answers(port, IN_DOUBT[kind] + f"GET /health HTTP/1.1\r\n{HOST}\r\n")
    assert told, "nothing was answered"
    assert told[0].split()[1] in {"400", "501"}, told
    assert len(told) == 1, f"what stood behind it was taken for a message of its own: {told}"


def test_of_a_length_and_pieces_the_pieces_count(port: int) -> None:
    sent = f"POST /nowhere HTTP/1.1\r\n{HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    told = [one.split()[1] for one in answers(port, sent + f"GET /health HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")]
    assert told in (["400"], ["404"], ["419"], ["303"], ["404", "200"], ["419", "200"], ["303", "200"])


def test_a_whole_message_is_answered(port: int) -> None:
    assert answers(port, f"GET /health HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n")[0].split()[1] == "200"
