"""Whatever somebody writes comes out letter for letter and does nothing: on pages, in files to take away, on paper."""

from __future__ import annotations

import csv
import shutil
import subprocess
from email.message import EmailMessage
from io import BytesIO, StringIO
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.exports.tables import STARTS_A_FORMULA, csv_file, xlsx_file
from graduated.plan.models import Strategy
from graduated.rules.vocabulary import NeedArea
from tests.access.scene import make
from tests.imports.school import choose
from tests.security.naughty import CONTROLS, FORMULAS, LETTERS, MARKUP, STRINGS, TEMPLATES
from tests.support.client import PageClient, words
from tests.support.world import World

XHTML = "{http://www.w3.org/1999/xhtml}"
ACTS = {"script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "img", "svg", "a"}


def folded(text: str) -> str:
    """White space folded, as a browser shows it."""
    return " ".join(text.split())


def things_that_act(page: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every element of a page that could do something."""
    tree = html5lib.parse(page)
    return [
        (one.tag.removeprefix(XHTML), tuple(sorted(one.attrib.items())))
        for one in tree.iter()
        if isinstance(one.tag, str) and one.tag.removeprefix(XHTML) in ACTS
    ]


def observing(client: PageClient, world: World) -> tuple[int, str, dict[str, object]]:
    """Zofia, and the form for a strength of hers, ready but for the words."""
    zofia = world.pupils["zofia"]
    action, values = client.sign_in("senco").form(f"/pupils/{zofia}/observations/new")
    return zofia, action, {**values, "kind": "strength", "area": NeedArea.COGNITION.value}


def test_the_list_is_long_and_says_nothing_twice() -> None:
    assert len(STRINGS) == len(set(STRINGS)) >= 150


def test_what_was_written_is_shown_letter_for_letter_and_nothing_of_it_acts(client: PageClient, world: World) -> None:
    zofia, action, typed = observing(client, world)
    typed["text"] = "Likes drawing"
    assert client.post(action, data=typed).status_code == 303
    before = {kind for kind, _ in things_that_act(client.get(f"/pupils/{zofia}/known").text)}
    for one in STRINGS:
        answer = client.post(action, data={**typed, "text": one, "source": one[:100]})
        assert answer.status_code == 303, f"{one!r}: {answer.status_code}"
    page = client.get(f"/pupils/{zofia}/known").text
    tree = html5lib.parse(page)
    shown = words(next(one for one in tree.iter() if one.tag == f"{XHTML}main"))
    gone = [one for one in STRINGS if folded(one) not in shown]
    assert gone == []
    after = things_that_act(page)
    assert {kind for kind, _ in after} == before
    for kind, attributes in after:
        for name, value in attributes:
            assert not name.startswith("on") and "evil.example" not in value, (kind, name, value)
    assert "49" not in shown.replace("7*7", "") or "{{7*7}}" in shown


@pytest.mark.parametrize("one", CONTROLS)
def test_a_sign_that_nobody_sees_breaks_no_page(client: PageClient, world: World, one: str) -> None:
    zofia, action, typed = observing(client, world)
    assert client.post(action, data={**typed, "text": one}).status_code in {303, 422}
    assert client.status(f"/pupils/{zofia}/known") == 200


@pytest.mark.parametrize(
    "path", ["/register", "/concerns", "/who-looked", "/today", "/reviews", "/insight", "/school/terms"]
)
def test_words_in_an_address_break_no_page_and_stay_words(client: PageClient, path: str) -> None:
    client.sign_in("senco")
    usual = {kind for kind, _ in things_that_act(client.get(path).text)}
    for one in (*MARKUP[::3], *TEMPLATES[::3], *LETTERS[::5], *CONTROLS):
        answer = client.get(path, query_string={"name": one, "q": one, "year": one, "week": one, one[:40]: one})
        assert answer.status_code in {200, 303, 404}, f"{one!r}: {answer.status_code}"
        for kind, attributes in things_that_act(answer.text):
            assert kind in usual or answer.status_code == 404
            assert not any(name.startswith("on") for name, _ in attributes)


def test_no_page_leads_out_by_words_that_somebody_typed(client: PageClient, world: World) -> None:
    zofia, action, typed = observing(client, world)
    for one in ("javascript:alert(1)", "https://evil.example/", "//evil.example", "data:text/html,x", "vbscript:x"):
        assert client.post(action, data={**typed, "text": one}).status_code == 303
    for name, value in (
        pair for _kind, pairs in things_that_act(client.get(f"/pupils/{zofia}/known").text) for pair in pairs
    ):
        if name in {"href", "src", "action"}:
            assert value.startswith(("/", "#", "?")), value


def test_no_string_of_the_list_acts_in_a_spreadsheet() -> None:
    rows = [[one, f" {one}"] for one in (*STRINGS, *CONTROLS)]
    told = list(csv.reader(StringIO(csv_file(["Words", "=More"], rows).decode("utf-8-sig"), newline="")))
    assert len(told) == len(rows) + 1
    for (was, _), (cell, spaced) in zip(rows, told[1:], strict=True):
        assert cell in {was, f"'{was}"}
        for one in (cell, spaced):
            assert not one.lstrip(" \u00a0").startswith(STARTS_A_FORMULA) or one.lstrip().removeprefix("-").isdigit(), (
                one
            )
    sheet = load_workbook(
        BytesIO(xlsx_file("Words", ["Words", "More"], [[one, ""] for one in FORMULAS + STRINGS]))
    ).active
    assert sheet is not None
    assert {cell.data_type for cell in sheet["A"]} <= {"s", "inlineStr"}


def test_words_of_any_kind_come_out_of_a_plan_on_paper(client: PageClient, app: Flask, world: World) -> None:
    scene = make(app, world)
    told = [one for one in (*MARKUP, *TEMPLATES, *FORMULAS) if one.isascii() and "\t" not in one and "\r" not in one]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Written"):
        for one in (*told, *LETTERS, *(one for one in CONTROLS if "\0" not in one)):  # a NUL comes in by no door
            db.session.add(Strategy(pupil_id=world.pupils["zofia"], cycle_id=scene["cycle_id"], text=f"Say {one} now"))
    answer = client.sign_in("senco").get(f"/cycles/{scene['cycle_id']}/plan.pdf")
    assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    for mark in (b"/JavaScript", b"/Launch", b"/URI", b"evil.example"):
        assert mark not in answer.data
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    text = subprocess.run(
        [reader, "-raw", "-", "-"], input=answer.data, capture_output=True, check=True
    ).stdout.decode()
    squeezed = "".join(text.split())
    gone = [one for one in told if "".join(f"Say {one} now".split()) not in squeezed]
    assert gone == []
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(db.session.scalars(select(Strategy.id)).all()) > len(told)


def test_a_roll_full_of_them_is_looked_at_and_every_row_is_taken_or_refused(client: PageClient) -> None:
    client.sign_in("other_school")
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["UPN", "Forename", "Surname", "DOB", "Year", "Reg", "SEN status"])
    for number, one in enumerate(STRINGS):
        rows.writerow(["", one[:150], f"Squibb {number}", "03/04/2017", "3", one[:80], one[:20]])
    page = choose(client, out.getvalue().encode(), "roll.csv")
    shown = client.get(page)
    assert shown.status_code == 200
    tree = html5lib.parse(shown.text)
    assert not [one for one in tree.iter(f"{XHTML}script") if (one.text or "").strip()]
    assert "Nothing is changed yet" in shown.text
    for _kind, attributes in things_that_act(shown.text):
        assert not any(name.startswith("on") or "evil.example" in value for name, value in attributes)


@pytest.mark.parametrize("one", ["a\r\nBcc: x@evil.example", "a\nSubject: y", "x@y.example\nTo: z@evil.example"])
def test_no_line_break_gets_into_the_head_of_a_letter(one: str) -> None:
    letter = EmailMessage()
    for name in ("To", "Subject", "From"):
        with pytest.raises(ValueError, match="linefeed|carriage"):
            letter[name] = one


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/sharedStrings.xml"]
)
def test_a_workbook_whose_xml_fetches_or_grows_is_refused(client: PageClient, tmp_path: Path, name: str) -> None:
    import zipfile

    from openpyxl import Workbook

    book, kept, harmful = Workbook(), BytesIO(), BytesIO()
    assert book.active is not None
    book.active.append(["UPN", "Forename", "Surname", "DOB", "Year"])
    book.active.append(["", "&a;", "Squibb", "03/04/2017", "3"])
    book.save(kept)
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of this machine")
    entities = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}"><!ENTITY b "{"b" * 50}"><!ENTITY c "{"&b;" * 50}">]>'
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(harmful, "w") as target:
        for part in source.namelist():
            content = source.read(part).decode()
            if part == name:
                content = entities + content.partition("?>")[2] if "?>" in content else entities + content
            target.writestr(part, content.replace("&amp;a;", "&a;&c;"))
    client.sign_in("other_school")
    action, values = client.form("/school/import")
    answer = client.post(
        action, data={**values, "file": (BytesIO(harmful.getvalue()), "roll.xlsx")}, content_type="multipart/form-data",
        follow_redirects=True,
    )  # fmt: skip
    assert answer.status_code in {200, 422}
    assert "the secret of this machine" not in answer.text and "b" * 50 not in answer.text
