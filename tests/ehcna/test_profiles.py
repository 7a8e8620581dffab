"""One pupil under several authorities' profiles: the pack's order and headings, and what each asks for."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.request.models import AssessmentRequest
from graduated.school.authorities import authority, authority_codes
from tests.ehcna.rich import Rich


def under(rich: Rich, code: str) -> bytes:
    """The rich pupil's pack as one authority's profile has it."""
    with write("Authority of the request chosen"):
        row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == rich.request_id)).one()
        row.authority = code
    return draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf


def bookmarks(pdf: bytes) -> list[tuple[str, int]]:
    """The top headings of a pack in their order, each with its page from nought."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = {page.objgen: number for number, page in enumerate(opened.pages)}
        with opened.open_outline() as outline:
            return [(one.title, pages[pikepdf.Page(one.destination[0]).objgen]) for one in outline.root]


def text_of(pdf: bytes, page: int, folder: Path) -> list[str]:
    """The lines of one page in reading order."""
    path = folder / "pack.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-f", str(page + 1), "-l", str(page + 1), str(path), "-"], check=True, capture_output=True
    )
    return [" ".join(line.split()) for line in told.stdout.decode().splitlines()]


@pytest.mark.parametrize("code", authority_codes())
def test_each_profile_builds_the_pack_in_its_own_order_and_under_its_own_headings(
    rich: Rich, as_system: Actor, tmp_path: Path, code: str
) -> None:
    pdf = under(rich, code)
    wanted = [entry.title for entry in authority(code).sections]
    found = [(title, page) for title, page in bookmarks(pdf) if title in wanted]
    assert [title for title, _page in found] == wanted
    for title, page in found:
        assert title in text_of(pdf, page, tmp_path), title


def test_one_pupil_under_two_profiles_has_two_orders(rich: Rich, as_system: Actor) -> None:
    essex = [title for title, _page in bookmarks(under(rich, "essex"))]
    staffordshire = [title for title, _page in bookmarks(under(rich, "staffordshire"))]
    assert essex.index("Reason for the request") < essex.index("Assess, plan, do, review: every cycle")
    assert staffordshire.index("Evidence of intervention: every cycle") < staffordshire.index("Reason for the request")
    assert "Criteria, and the pages where the evidence is" in essex
    assert "Evidence checklist" in staffordshire
