"""One pupil under several authorities' profiles: the pack's order and headings, and what each asks for."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.views_papers import report_age_asked
from graduated.ops.worker import work_once
from graduated.request.models import AssessmentRequest
from graduated.school import services_authority
from graduated.school.authorities import authority, authority_codes
from graduated.school.authority_schema import read_text
from tests.ehcna.rich import Rich
from tests.ehcna.words import MARKUP
from tests.support.client import XHTML, PageClient, words
from tests.support.world import World

GUIDE = Path(__file__).parents[2] / "docs" / "authority-profiles.md"
EXAMPLE = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]


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


def choose(app: Flask, rich: Rich, code: str) -> None:
    """Let the pupil's request follow another authority."""
    with app.app_context(), acting(system_actor(1, "Tests")), write("Authority of the request chosen"):
        row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == rich.request_id)).one()
        row.authority = code


def asked_for(client: PageClient, rich: Rich) -> dict[str, tuple[str, str]]:
    """What the authority asks for as the page shows it: by its words the state, and what says so."""
    found = {}
    for row in client.page(f"/pupils/{rich.pupil_id}/evidence").iter(f"{XHTML}tr"):
        if any(cell.get("data-h") == "What says so" for cell in row):
            what, state, why = (words(cell) for cell in row)
            found[what] = (state, why)
    return found


def test_one_pupil_under_two_profiles_has_two_sets_of_gaps(app: Flask, client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    choose(app, rich, "essex")
    essex = asked_for(client, rich)
    choose(app, rich, "staffordshire")
    staffordshire = asked_for(client, rich)
    assert essex["UPN, ethnicity, year group, and whether in care"][0] == "Present"
    assert essex["Permissions, on a form of their own"][0] == "Partial"
    assert (
        "Sharing information with the authority: Missing. Not asked yet."
        in essex["Permissions, on a form of their own"][1]
    )
    assert staffordshire["Two termly plans with their reviews"][0] == "Present"
    assert staffordshire["Every part of the form filled in: an incomplete one may be returned"][0] == "Look yourself"
    assert not set(essex) & set(staffordshire) - {"The parents’ views"}


def test_what_is_asked_for_leads_to_the_record_that_proves_it_or_to_what_mends_it(
    app: Flask, client: PageClient, rich: Rich
) -> None:
    client.sign_in("senco")
    choose(app, rich, "islington")
    page = client.page(f"/pupils/{rich.pupil_id}/evidence")
    links = {words(link): link.get("href", "") for link in page.iter(f"{XHTML}a")}
    assert any(said.startswith("Review of ") and href.startswith("/reviews/") for said, href in links.items())
    assert any(said.startswith("Report of Dr Ŵyn Prýs, ") and href.endswith("/file") for said, href in links.items())
    assert "Measures: A baseline for each measured outcome" in links
    _state, why = asked_for(client, rich)[
        "Professionals from outside the school, an educational psychologist among them"
    ]
    assert "On record: Educational psychology" in why


def test_each_gap_says_by_when_it_could_close_and_that_no_request_waits_for_it(
    client: PageClient, world: World
) -> None:
    said = client.sign_in("senco").text(f"/pupils/{world.pupils['reuben']}/evidence")
    assert "No request has to wait for any of these days" in said
    assert said.index("Can be mended now") < said.index("Not before a date") < said.index("When others answer")
    assert "Today: write what is known, or that nothing is known." in said
    assert "score" not in said.lower()


def test_a_seventh_profile_written_from_the_guide_builds_the_pack_in_the_worker(
    app: Flask, client: PageClient, rich: Rich, tmp_path: Path
) -> None:
    """Its headings are a stranger's words: markup among them is printed, never obeyed."""
    text = EXAMPLE.replace("Part J: Outcomes sought", MARKUP.replace("\\", "\\\\"))
    client.sign_in("senco")
    client.send(client.send("/school/authority/add", text=text).headers["Location"])
    evidence = f"/pupils/{rich.pupil_id}/evidence"
    client.send(evidence)
    assert asked_for(client, rich)["Three reviewed cycles"][0] == "Partial"
    assert asked_for(client, rich)["A professional’s report of the last twelve months"][0] == "Present"
    client.send(f"/requests/{rich.request_id}")
    with app.app_context():
        assert work_once()
    pdf = client.get("/packs/1/pack.pdf").data
    wanted = [entry.title for entry in read_text(text).sections]
    assert MARKUP in wanted
    found = [title for title, _page in bookmarks(pdf) if title in wanted]
    assert found == wanted
    page = next(page for title, page in bookmarks(pdf) if title == MARKUP)
    assert "<script>alert(1)</script>" in " ".join(text_of(pdf, page, tmp_path))
    with app.app_context(), acting(system_actor(1, "Tests")):
        services_authority.add_profile(EXAMPLE.replace("Part A: About the child", "Part A: Somebody else"))
    with app.app_context(), acting(system_actor(1, "Tests")):
        again = [title for title, _page in bookmarks(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf)]
    assert "Part A: About the child" in again  # the request keeps the version that it follows


def test_how_old_a_report_may_be_is_said_as_the_authoritys_own_only_where_that_is_known() -> None:
    dorset, common = authority("dorset"), authority("code")
    said = "Many authorities ask for reports that are less than 12 months old"
    assert report_age_asked(common) == f"{said}."
    assert report_age_asked(dorset) == f"{said}; the figure of {dorset.council} itself could not be confirmed."
    sure = report_age_asked(replace(dorset, unconfirmed=()))
    assert sure == f"Reports are asked for that are less than 12 months old, says the profile of {dorset.council}."
