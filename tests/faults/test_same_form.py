"""A form sent eight times at once, or over a line that is cut anywhere, is saved once, with one answer."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.faults.conftest import Counted, seen, whole
from tests.faults.visitor import SAVED, Answer, NoAnswer, Visitor

TIMES = 8


def test_the_same_form_eight_times_at_once_is_one_record_and_one_answer(senco: Visitor, home: Path, place: str) -> None:
    def press(sent: dict[str, str], start: threading.Barrier, answers: list[Answer]) -> None:
        start.wait()
        answers.append(senco.ask(place, sent))

    for turn in range(5):
        count, values, answers = Counted(home), senco.form(place), list[Answer]()
        sent = seen(values, f"Counts to {turn} in twos")
        start = threading.Barrier(TIMES)

        pressed = [threading.Thread(target=press, args=(sent, start, answers)) for _ in range(TIMES)]
        for one in pressed:
            one.start()
        for one in pressed:
            one.join()
        assert {(one.status, one.location) for one in answers} == {(SAVED, answers[0].location)}
        assert len(answers) == TIMES
        assert len(count.new) == 1
    whole(home)


@contextmanager
def line(port: int, *, up: int | None = None, down: int | None = None) -> Iterator[int]:
    """A way to the server that is cut after so many bytes towards it, or of its answer."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def carry() -> None:
            browser, _ = door.accept()
            with browser, socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=pump, args=(server, browser, down))
                back.start()
                pump(browser, server, up)
                back.join()

        carrying = threading.Thread(target=carry)
        carrying.start()
        yield door.getsockname()[1]
        carrying.join()


def pump(source: socket.socket, target: socket.socket, most: int | None) -> None:
    """Carry bytes one way; cut both ends off after so many."""
    carried = 0
    with suppress(OSError):
        while piece := source.recv(4096):
            if most is not None and carried + len(piece) > most:
                target.sendall(piece[: most - carried])
                break
            target.sendall(piece)
            carried += len(piece)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


CUTS = [("up", 0), ("up", 80), ("up", 700), ("up", 1100), ("down", 0), ("down", 1), ("down", 40), ("down", 300)]


@pytest.mark.parametrize(("way", "after"), CUTS)
def test_a_line_cut_while_saving_is_mended_by_sending_the_same_form_again(
    senco: Visitor, home: Path, place: str, way: str, after: int
) -> None:
    count, sent = Counted(home), seen(senco.form(place), f"Waits for her turn, {way} {after}, " * 24)
    with line(senco.port, **{way: after}) as cut, suppress(NoAnswer):
        answer = senco.at(cut).ask(place, sent)
        raise AssertionError(f"the line was not cut: {answer.status}")
    assert len(count.new) <= 1
    assert [senco.ask(place, sent).status for _ in range(2)] == [SAVED] * 2
    assert len(count.new) == 1
