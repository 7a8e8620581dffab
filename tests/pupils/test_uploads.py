"""Uploading a paper: streamed, looked at elsewhere, shown with its pages; a refused one leaves nothing behind."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from tests.support.client import PageClient
from tests.support.world import World
from tests.uploads import files


@pytest.fixture
def left(
    app: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], list[Path]]:
    """What lies in the file store and where temporary files go."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    store: Path = app.extensions["files"].folder
    return lambda: [path for place in (store, folder) for path in place.rglob("*") if path.is_file()]


HOSTILE = {
    "nothing at all": (lambda: b"\x00", "not a PDF"),
    "a program": (lambda: b"MZ" + bytes(60_000), "not a PDF"),
    "half a PDF": (lambda: files.pdf(30)[:-700], "damaged"),
    "a PDF with a password": (files.locked, "needs a password"),
    "a PDF that unpacks to 300 MB": (lambda: files.bomb(300 * 1024 * 1024), "unpacks to far more"),
    "a PDF that starts a program": (files.launching, "starts a program"),
    "a Word document of 200 MB": (lambda: files.word({"a.bmp": bytes(200 * 1024 * 1024)}), "unpacks to far more"),
    "a page of the web": (lambda: b"<svg onload='alert(1)'/>", "not a PDF"),
}


@pytest.mark.parametrize(("make", "said"), HOSTILE.values(), ids=HOSTILE)
def test_a_refused_paper_is_said_beside_its_field_keeps_the_words_and_leaves_nothing(
    client: PageClient, world: World, left: Callable[[], list[Path]], make: Callable[[], bytes], said: str
) -> None:
    zofia, before = world.pupils["zofia"], left()
    client.sign_in("senco")
    page = f"/pupils/{zofia}/papers/add"
    answer = client.send(page, status=422, file=(BytesIO(make()), "report.pdf"), title="A report of ours")
    assert said in answer.text and 'value="A report of ours"' in answer.text
    assert left() == before
    assert "No paper is kept yet" in client.text(f"/pupils/{zofia}/papers")


def test_a_good_file_on_a_form_with_a_mistake_elsewhere_is_let_go(
    client: PageClient, world: World, left: Callable[[], list[Path]]
) -> None:
    before = left()
    client.sign_in("senco")
    page = f"/pupils/{world.pupils['zofia']}/papers/add"
    answer = client.send(page, status=422, file=(BytesIO(files.with_places()), "x.jpg"), title="")
    assert "Enter a title" in answer.text
    assert left() == before


def test_a_paper_that_is_sent_twice_is_kept_once_and_leaves_nothing_aside(
    client: PageClient, world: World, left: Callable[[], list[Path]]
) -> None:
    client.sign_in("senco")
    action, values = client.form(f"/pupils/{world.pupils['zofia']}/papers/add")
    found = []
    for _time in range(2):
        sent = {**values, "title": "Report", "file": (BytesIO(files.pdf(1)), "x.pdf")}
        assert client.post(action, data=sent, content_type="multipart/form-data").status_code == 303
        found.append(sorted(left()))
    assert found[0] and found[1] == found[0]


def test_the_list_says_how_many_pages_or_how_many_dots_a_paper_has(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    for title, content in (
        ("Report", files.pdf(12)), ("Note", files.pdf(1)), ("Scan", files.picture("JPEG", (1240, 1754))),
        ("Form", files.scripted()), ("Letter", files.word()),
    ):  # fmt: skip
        client.send(f"/pupils/{zofia}/papers/add", file=(BytesIO(content), "x"), title=title)
    words = " ".join(client.text(f"/pupils/{zofia}/papers").split())
    for said in ("PDF, 12 pages, ", "PDF, 1 page, ", "JPEG picture, 1,240 × 1,754 pixels, ", "Word document, "):
        assert said in words
    assert words.count("Has a script, left out when it is bound into a pack") == 1


def test_a_preview_is_upright_and_small_and_tells_nothing_of_where_it_was_taken(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia, photograph = world.pupils["zofia"], files.with_places((1600, 1200))
    assert b"Kowalska" in photograph and b"<html>" in photograph
    client.sign_in("senco")
    client.send(f"/pupils/{zofia}/papers/add", file=(BytesIO(photograph), "x.jpg"), title="Drawing")
    where = re.search(r'src="(/pupils/\d+/papers/\d+/preview)"', client.get(f"/pupils/{zofia}/papers").text)
    assert where is not None
    answer = client.get(where[1])
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(BytesIO(answer.data)) as small:
        assert small.size == (360, 480) and not small.getexif() and "comment" not in small.info
    assert b"Kowalska" not in answer.data and b"<html>" not in answer.data
    kept = [path.read_bytes() for path in app.extensions["files"].folder.rglob("*") if path.is_file()]
    assert photograph in kept, "the paper itself is kept as it came"
    for who, status in (("other_teacher", 404), ("parent", 404), ("barred_parent", 404), ("teacher", 200)):
        assert client.sign_in(who).status(where[1]) == status, who


def test_a_paper_that_is_no_picture_has_no_preview(client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    client.send(f"/pupils/{zofia}/papers/add", file=(BytesIO(files.pdf()), "x"), title="Report")
    page = client.get(f"/pupils/{zofia}/papers").text
    where = re.search(r'href="(/pupils/\d+/papers/\d+)/file"', page)
    assert where is not None and "/preview" not in page
    assert client.status(f"{where[1]}/preview") == 404


@pytest.mark.parametrize(("size", "is_kept"), [(200 * 1024 * 1024, True), (300 * 1024 * 1024, False)])
def test_a_file_far_too_large_gets_a_page_and_its_words_wait_at_the_form(
    app: Flask, client: PageClient, world: World, left: Callable[[], list[Path]], size: int, is_kept: bool
) -> None:
    before = left()
    client.sign_in("senco")
    address = f"/pupils/{world.pupils['zofia']}/papers/add"
    _, values = client.form(address)
    fields = {
        **{name: text for name, text in values.items() if isinstance(text, str)},
        "title": "The psychologist’s report",
    }
    head = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()
    )
    head += '--edge\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n\r\n%PDF-'
    answer = client.post(
        address, input_stream=_Long(head.encode(), size), content_type="multipart/form-data; boundary=edge"
    )
    assert answer.status_code == 413 and "That file is too big" in answer.text
    assert ("What you typed is kept: it is in the form" in answer.text) is is_kept
    assert left() == before
    assert ("psychologist’s report" in client.get(address).text) is is_kept


class _Long(RawIOBase):
    """A form that is as long as it says, without being in memory: its words, a file of nothing, its end."""

    def __init__(self, head: bytes, size: int) -> None:
        super().__init__()
        self.parts: list[bytes | int] = [head, size - len(head) - len(_END), _END]
        self.size, self.at = size, 0

    def readinto(self, room: Any) -> int:
        """The next piece; the parts one after the other."""
        while self.parts:
            part, size = self.parts[0], len(room)
            if isinstance(part, bytes):
                self.parts[0], found = part[size:], part[:size]
            else:
                found = bytes(min(size, part))
                self.parts[0] = part - len(found)
            if found:
                room[: len(found)] = found
                return len(found)
            del self.parts[0]
        return 0

    def seek(self, offset: int, whence: int = 0) -> int:
        """Asked only for how long it is."""
        self.at = self.size if whence == 2 else offset
        return self.at

    def tell(self) -> int:
        """Where the last seek went."""
        return self.at


_END = b"\r\n--edge--\r\n"
