"""What a form does not show it does not change: fields that were added, doubled, bent, or put somewhere else."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from graduated.db.base import Base
from tests.access.stage import rules_of
from tests.security.site import Site, records
from tests.support.client import PageClient, form_values, inspect_page

MARK, NUMBER = "marked-by-nobody", 987_654
DRAFTS = {"draft"}
SAVED = {303, 200, 422, 409, 404, 403, 204}


def every_column() -> set[str]:
    """The names of all columns of all tables, which somebody could try as fields."""
    return {column.name for table in Base.metadata.tables.values() for column in table.columns}


def own_forms(site: Site, client: FlaskClient, path: str) -> list[tuple[str, dict[str, object], set[str]]]:
    """Where each form of a page is sent, what it holds, and the names of its fields."""
    page = client.get(path, base_url=site.base, buffered=True)
    if page.status_code != 200 or b"<!doctype html>" not in page.data[:100].lower():
        return []
    main = next(one for one in inspect_page(page).iter() if str(one.tag).endswith("}main"))
    forms = [one for one in main.iter() if str(one.tag).endswith("}form") and one.attrib.get("method") == "post"]
    return [
        (
            one.attrib.get("action") or path,
            form_values(one),
            {part.attrib["name"] for part in one.iter() if "name" in part.attrib},
        )
        for one in forms
    ]


def choices_of(form: Element) -> set[str]:
    """The names of the fields of a form at which one chooses and does not type."""
    chosen = [one for one in form.iter() if str(one.tag).endswith("}select")]
    chosen += [one for one in form.iter() if one.attrib.get("type") in {"radio", "checkbox"}]
    return {one.attrib["name"] for one in chosen if "name" in one.attrib}


def test_a_choice_that_was_never_offered_is_no_fault_of_the_program(site: Site) -> None:
    client, sent = site.browser("senco"), 0
    for rule in site.routes("GET"):
        path = site.path_of(rule)
        page = client.get(path, base_url=site.base, buffered=True)
        if page.status_code != 200 or b"<!doctype html>" not in page.data[:100].lower():
            continue
        for form in [one for one in inspect_page(page).iter() if one.attrib.get("method") == "post"]:
            action, values = form.attrib.get("action") or path, form_values(form)
            if action.startswith(("/sign-out", "/account", "/sign-in")):
                continue
            for name in sorted(choices_of(form)):
                answer = client.post(action, data={**values, name: "x'"}, base_url=site.base, buffered=True,
                                     headers={"Referer": f"{site.base}{path}"})  # fmt: skip
                assert answer.status_code in {*SAVED, 400}, f"{action}, {name}: {answer.status_code}"
                sent += 1
    assert sent > 50


@pytest.mark.parametrize("who", ["senco", "lead", "safeguarding"])
def test_fields_that_a_form_does_not_have_change_nothing(site: Site, who: str) -> None:
    client, columns, sent = site.browser(who), every_column(), 0
    for rule in site.routes("GET"):
        path = site.path_of(rule)
        for action, values, shown in own_forms(site, client, path):
            if action.startswith(("/sign-out", "/account", "/sign-in")):
                continue
            added: dict[str, object] = {name: (MARK, NUMBER)[len(name) % 2] for name in columns - shown}
            answer = client.post(action, data={**added, **values}, base_url=site.base, buffered=True,
                                 headers={"Referer": f"{site.base}{path}"})  # fmt: skip
            assert answer.status_code in SAVED, f"{action}: {answer.status_code}"
            sent += 1
    assert sent > 3
    found = {
        name: row
        for name, rows in records(site.settings.home, *DRAFTS).items()
        for row in rows
        if any(cell == NUMBER or (isinstance(cell, str) and (MARK in cell or str(NUMBER) in cell)) for cell in row)
    }
    assert found == {}


def test_what_stands_in_the_address_is_no_field_of_a_form(client: PageClient) -> None:
    client.sign_in("senco")
    action, values = client.form("/school/details")
    del values["name"]
    answer = client.post(action, query_string={"name": "Other School"}, data=values)
    assert answer.status_code == 422
    assert "Purbeck Road Primary" in client.text("/school")


def test_of_one_name_twice_the_first_counts(client: PageClient) -> None:
    client.sign_in("senco")
    action, values = client.form("/school/details")
    answer = client.post(action, data={**values, "name": ["First Name Primary", "Second Name Primary"]})
    assert answer.status_code == 303
    text = client.text("/school")
    assert "First Name Primary" in text and "Second Name Primary" not in text


def test_what_stands_in_a_cookie_or_a_header_is_no_field(client: PageClient) -> None:
    client.sign_in("senco")
    action, values = client.form("/school/details")
    del values["name"]
    client.set_cookie("name", "Cookie Primary")
    assert client.post(action, data=values, headers={"name": "Header Primary"}).status_code == 422


@pytest.mark.parametrize("who", ["senco", "parent"])
def test_odd_shapes_of_fields_break_no_page(site: Site, who: str) -> None:
    client = site.browser(who)
    odd = {"name": ["a", "b"], "name[]": ["a", "b"], "name[x]": "y", "year": ["1", "x"], "page": "-1", "before": "x",
           "week": ["2026-11-23", "x"], "sort": "__class__", "__proto__[x]": "1", "all": "\u0661", "": "x",
           "who": "1e9"}  # fmt: skip
    wrong = []
    for rule in rules_of(site.app):
        if "GET" in (rule.methods or ()):
            answer = client.get(site.path_of(rule), query_string=odd, base_url=site.base, buffered=True)
            if answer.status_code >= 500:
                wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"name": "Forged Primary"}'), ("text/plain", b"name=Forged Primary"),
        ("application/xml", b"<name>Forged</name>"), ("multipart/form-data; boundary=", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nForged"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"name=+ADw-b+AD4-"), ("", b"name=Forged"),
        ("application/x-www-form-urlencoded", b"name=%FF%FE%00&name=%"),
    ],
)  # fmt: skip
def test_every_form_is_checked_on_the_server(site: Site, kind: str, body: bytes) -> None:
    client = site.browser("senco")
    token, wrong = site.token(client), []
    before = records(site.settings.home, *DRAFTS, "form_key")
    for rule in [one for one in site.routes("POST") if re.search("new|add|edit|details|correct", one.rule)]:
        answer = client.post(site.path_of(rule), data=body, content_type=kind, base_url=site.base, buffered=True,
                             headers={"Referer": f"{site.base}/", "X-CSRFToken": token})  # fmt: skip
        if answer.status_code not in {400, 403, 404, 409, 413, 415, 422}:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []
    assert records(site.settings.home, *DRAFTS, "form_key") == before
