"""Files that are given out: to be kept, never run inside the site, and never when they are gone or damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.files import CHUNK
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Document
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.web.headers import stored_download
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def paper(app: Flask, world: World) -> tuple[int, Path]:
    """A paper that the family may read, and where its file lies."""
    stored = app.extensions["files"].put([b"%PDF-1.4 a letter home"])
    row = Document(
        pupil_id=world.pupils["zofia"], kind=DocumentKind.LETTER, title="Letter home", dated=today(),
        sha256=stored.sha256, size=stored.size, media_type="application/pdf", visibility=Visibility.FAMILY,
    )  # fmt: skip
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Paper added"):
        db.session.add(row)
        db.session.flush()
        return row.id, app.extensions["files"].path(stored.sha256)


WHO_AND_WHERE = [("senco", "/pupils/{pupil}/papers/{paper}/file"), ("parent", "/family/papers/{paper}")]


@pytest.mark.parametrize(("who", "address"), WHO_AND_WHERE)
def test_a_kept_file_is_a_download_that_no_browser_runs(
    client: PageClient, world: World, paper: tuple[int, Path], who: str, address: str
) -> None:
    answer = client.sign_in(who).get(address.format(pupil=world.pupils["zofia"], paper=paper[0]))
    assert (answer.status_code, answer.data) == (200, b"%PDF-1.4 a letter home")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"%PDF-1.4 another letter")])
@pytest.mark.parametrize(("who", "address"), WHO_AND_WHERE)
def test_a_file_that_is_gone_or_damaged_is_not_given_out(
    client: PageClient, world: World, paper: tuple[int, Path], who: str, address: str, harm: Callable[[Path], object]
) -> None:
    harm(paper[1])
    assert client.sign_in(who).status(address.format(pupil=world.pupils["zofia"], paper=paper[0])) == 404


def test_a_large_file_is_handed_over_in_pieces(app: Flask) -> None:
    content = bytes(range(256)) * 10_000
    stored = app.extensions["files"].put([content])
    with app.test_request_context():
        answer = stored_download(stored.sha256, "application/zip", "evidence-pack.zip")
        pieces = list(answer.iter_encoded())
    assert answer.content_length == len(content) and b"".join(pieces) == content
    assert len(pieces) == 3 and max(map(len, pieces)) <= CHUNK
