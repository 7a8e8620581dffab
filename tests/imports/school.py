"""What a school holds after an import, read back field by field, and ways to send it a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.imports.command import Answer, run_import
from graduated.imports.known import known_pupils
from graduated.people.models import Membership
from graduated.people.passwords import hash_password
from graduated.people.services import NewAccount, open_account
from graduated.pupils.models import Need, Pupil, SenStatusSpell
from graduated.rules.vocabulary import Role
from graduated.school.services import NewSchool, make_school
from tests.support.client import XHTML, PageClient, words
from tests.support.world import PASSWORD, email_of

from .files import FOLDER

FILES = FOLDER


@contextmanager
def in_school(app: Flask, school_id: int) -> Iterator[None]:
    """Inside the app, as the command line of one school."""
    with app.app_context(), acting(system_actor(school_id, "Command line")):
        yield


def empty_school(app: Flask, urn: str = "100009") -> int:
    """A school without a pupil."""
    with app.app_context():
        return make_school(NewSchool(urn, "Lytchett Primary", "dorset"))


def add_role(user_id: int, role: Role) -> None:
    """Give a person of the world a further role; inside a write()."""
    db.session.add(Membership(user_id=user_id, role=role, starts=date(2020, 9, 1)))


def open_office(app: Flask, school_id: int) -> str:
    """An administrator of a school; gives the name to sign in with."""
    with in_school(app, school_id):
        open_account(NewAccount(email_of("office"), "Nora Hale", Role.ADMIN, hash_password(PASSWORD)))
    return "office"


def take(name: str, *, dry_run: bool = False, accept_status: bool = False, kind: str = "pupils") -> Answer:
    """Import a file of tests/data/mis as the command line does."""
    return run_import(FILES / name, kind, dry_run=dry_run, accept_status=accept_status)


def counts(answer: Answer) -> dict[str, int]:
    """How many of each."""
    keys = ("added", "changed", "unchanged", "missing_from_file", "to_confirm", "refused")
    body = answer.as_json()
    return {key: len(body[key]) for key in keys}


def roll(day: date | None = None) -> dict[str, Any]:
    """Every pupil of the school by UPN; who has none by name."""
    return {one.upn or f"{one.legal_forename} {one.legal_surname}": one for one in known_pupils(day or today())}


def spells(upn: str) -> list[tuple[str, date, date | None, str]]:
    """The SEN status of a pupil with its history, in order."""
    rows = db.session.execute(
        select(SenStatusSpell.status, SenStatusSpell.starts, SenStatusSpell.ends, SenStatusSpell.source)
        .join(Pupil, Pupil.id == SenStatusSpell.pupil_id)
        .where(Pupil.upn == upn)
        .order_by(SenStatusSpell.id)
    )
    return [(row.status.value, row.starts, row.ends, row.source.value) for row in rows]


def needs(upn: str) -> list[tuple[str, int, date | None, date | None]]:
    """The needs of a pupil with their history, in order."""
    rows = db.session.execute(
        select(Need.type, Need.rank, Need.starts, Need.ends)
        .join(Pupil, Pupil.id == Need.pupil_id)
        .where(Pupil.upn == upn)
        .order_by(Need.id)
    )
    return [(row.type.value, row.rank, row.starts, row.ends) for row in rows]


def choose(client: PageClient, content: bytes, filename: str, kind: str = "pupils", status: int = 303) -> str:
    """Choose a file on the page; gives the address of its dry run, or the words of the refusal."""
    action, values = client.form("/school/import")
    answer = upload(client, action, {**values, "kind": kind}, content, filename)
    assert answer.status_code == status, answer.text[:400]
    return answer.headers["Location"] if status == 303 else answer.text


def upload(client: PageClient, action: str, values: dict[str, Any], content: bytes, filename: str) -> TestResponse:
    """Send a form with a file as a browser does; the body is made here since the test client leaves files open."""
    mark = "----a-boundary"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in values.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, content, f"\r\n--{mark}--\r\n".encode()])
    return client.post(action, data=body, content_type=f"multipart/form-data; boundary={mark}")


def boxes(root: Element) -> dict[int, bool]:
    """The lines that can be ticked, and whether they are."""
    return {
        int(one.attrib["value"]): "checked" in one.attrib
        for one in root.iter(XHTML + "input")
        if one.attrib.get("name") == "line"
    }


def section(root: Element, element_id: str) -> str:
    """The words of one part of the page."""
    return words(next(one for one in root.iter() if one.attrib.get("id") == element_id))
