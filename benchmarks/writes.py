"""What is written, against the bare driver: a group's session, a review, a roll of 2,000.

F of a post is the post's own statements through the bare driver on a copy of the database, its keys off, with INSERT
made INSERT OR REPLACE, so that the same rows can be written again and again, and committed each time.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
import re
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask
from measuring import BATCHES, Asked, Figures, Person, batch, heard, questions
from school_rows import upn_of
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from graduated.access.identity import acting, system_actor
from graduated.imports.command import run_import


@dataclass(frozen=True, slots=True)
class Written:
    """An act against the bare driver; `proof` says what was found in the database afterwards."""

    act: Figures
    floor: Figures
    statements: int
    commits: int
    proof: str

    @property
    def ratio(self) -> float:
        """How many times the bare driver's time the act takes."""
        return self.act.least / self.floor.least


def post_environ(person: Person, path: str, data: dict[str, Any]) -> dict[str, Any]:
    """What a server would hand over for a form that this person sends."""
    headers = Headers({"Cookie": person.cookies()})
    return EnvironBuilder(path, method="POST", data=data, headers=headers).get_environ()


def fields_of(page: str) -> dict[str, Any]:
    """What the long form of a page would send as it stands, hidden fields and chosen ones (texts are left empty)."""
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page[page.index("<main") :]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]*)"', tag)
        is_choice = kind is not None and kind[1] in {"radio", "checkbox"}
        if name and name[1] not in found and (" checked" in tag or not is_choice):
            found[name[1]] = unescape(value[1]) if value else ""
    return found


def sent(person: Person, environ: dict[str, Any], body: bytes) -> None:
    """Send a form that has to be taken."""
    environ = {**environ, "wsgi.input": io.BytesIO(body)}
    told: list[str] = []
    app: Any = person.app
    answer = app.wsgi_app(environ, lambda status, _headers, _error=None: told.append(status))
    data = b"".join(answer)
    answer.close()
    if not told[0].startswith("303"):
        raise SystemExit(
            f"{environ['PATH_INFO']} answered {told[0]}: {re.sub(rb'<[^>]+>', b' ', data)[:3000].decode()}"
        )


def counted(act: Callable[[], Any]) -> tuple[list[Asked], int]:
    """The statements of an act, and how often it committed to the records."""
    commits: list[str] = []

    def note(connection: Any) -> None:
        commits.append(str(connection.engine.url.database))

    event.listen(Engine, "commit", note)
    try:
        with heard() as asked:
            act()
    finally:
        event.remove(Engine, "commit", note)
    return asked, sum(1 for one in commits if one.endswith("graduated.db"))


def replay(home: Path, asked: list[Asked]) -> Callable[[], None]:
    """The statements of an act by the bare driver, on a copy."""
    drivers: dict[str, sqlite3.Connection] = {}
    for place in {one[0] for one in asked}:
        copy = home / Path(place).name
        with closing(sqlite3.connect(place)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        drivers[place] = sqlite3.connect(copy, isolation_level=None)
        drivers[place].execute("PRAGMA journal_mode=WAL")
    lines = [(drivers[place], re.sub(r"^INSERT INTO", "INSERT OR REPLACE INTO", statement), given, many)
             for place, statement, given, many in asked]  # fmt: skip

    def act() -> None:
        for driver, statement, given, many in lines:  # many rows in one statement come as one row of values
            if statement.startswith("BEGIN"):
                if driver.in_transaction:
                    driver.commit()
                driver.execute(statement)
            elif many and given and isinstance(given[0], tuple | dict):
                driver.executemany(statement, given)
            else:
                driver.execute(statement, given).fetchall()
        for driver in drivers.values():
            driver.commit()

    return act


def held_post(
    person: Person, forms: Iterator[tuple[str, dict[str, Any]]], proof: Callable[[], str], calls: int
) -> Written:
    """Posts against their floor; each form is another act, made before the clock runs."""

    def made() -> tuple[dict[str, Any], bytes]:
        path, data = next(forms)
        environ = post_environ(person, path, data)
        return environ, environ["wsgi.input"].read()

    for _ in range(2):
        sent(person, *made())
    one = made()
    asked, commits = counted(lambda: sent(person, *one))
    with tempfile.TemporaryDirectory() as folder:
        bare = replay(Path(folder), asked)
        taken: list[tuple[float, float]] = []
        for _ in range(BATCHES):
            waiting = iter([made() for _ in range(calls)])
            taken.append((batch(_each(person, waiting), calls), batch(bare, calls)))
    acts, floors = sorted(one[0] for one in taken), sorted(one[1] for one in taken)
    middle = BATCHES // 2
    return Written(
        Figures(acts[0], acts[middle]), Figures(floors[0], floors[middle]), len(questions(asked)), commits, proof()
    )


def _each(person: Person, waiting: Iterator[tuple[dict[str, Any], bytes]]) -> Callable[[], None]:
    return lambda: sent(person, *next(waiting))


def session_forms(person: Person, groups: int, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
    """The log of a group of six, each of another group and day (Tuesdays, on which none of them met)."""
    for back in range(1, 100):
        tuesday = day - timedelta(days=(day.weekday() - 1) % 7 + 7 * back)
        for group in range(1, groups + 1, 5):
            path = f"/groups/{group}/log?on={tuesday}"
            answer = person.client.get(path)
            if answer.status_code == 200:
                yield path.partition("?")[0], fields_of(answer.text)


def review_forms(person: Person, cycles: list[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A review with its four judgements, each of another plan; starting it is not measured."""
    for cycle in cycles:
        start = f"/cycles/{cycle}/review/new?kind=interim"
        data = {**fields_of(person.page(start).body.decode()), "kind": "interim"}
        answer = person.client.post(start, data=data)
        path = answer.headers["Location"]
        page = person.page(path).body.decode()
        form = {**fields_of(page), "with_parent": "yes", "summary": "Goes well in the small group."}
        for name in re.findall(r'name="(judgement-\d+)"', page):
            form[name] = "1"
        yield path, form


def roll_file(pupils: list[tuple[str, str, str, str]]) -> bytes:
    """1,000 pupils who are known, each in another class, and 1,000 who are new."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(["UPN", "Surname", "Forename", "DOB", "Year", "Reg Group"])
    for upn, surname, forename, born in pupils:
        table.writerow([upn, surname, forename, f"{date.fromisoformat(born):%d/%m/%Y}", "4", "4Z"])
    for number in range(1000):
        table.writerow([upn_of(9000, number), f"Newcomer{number}", "Pat", "05/10/2017", "4", "4Y"])
    return out.getvalue().encode()


_PUPIL = """INSERT INTO pupil (school_id, upn, legal_surname, legal_forename, known_as, known_surname, born_on, year_group,
registration_group, care_authority, first_language, interpreter, address, nhs_number, ethnicity, religion, previous_schools,
rights_pass_on, recorded_at, version) VALUES (1, ?, ?, ?, '', '', ?, '4', ?, '', '', '', '', '', '', '', '', '2034-06-30',
'2026-11-23 00:00:00', 1) ON CONFLICT (school_id, upn) DO UPDATE SET registration_group = excluded.registration_group,
legal_surname = excluded.legal_surname, version = version + 1 RETURNING id"""
_EVENT = """INSERT INTO change_event (school_id, sequence, at, pupil_id, actor_id, actor_name, act, digest, previous_mac, mac)
VALUES (1, ?, '2026-11-23 00:00:00', ?, NULL, 'Floor', 'Import', ?, ?, ?) RETURNING id"""
_DETAIL = "INSERT INTO change_detail (school_id, event_id, salt, payload, erased_why, erased_authority) VALUES (1, ?, ?, ?, '', '')"


def bare_import(database: Path, data: bytes) -> None:
    """The same roll by hand: read, upserted and entered into the chain, nothing else looked at."""
    with closing(sqlite3.connect(database, isolation_level=None)) as driver:
        driver.execute("BEGIN IMMEDIATE")
        sequence, mac = driver.execute("SELECT sequence, mac FROM chain_head WHERE school_id = 1").fetchone()
        for row in csv.DictReader(io.StringIO(data.decode())):
            born = datetime.strptime(row["DOB"], "%d/%m/%Y").replace(tzinfo=UTC).date().isoformat()
            given = (row["UPN"], row["Surname"], row["Forename"], born, row["Reg Group"])
            number = driver.execute(_PUPIL, given).fetchone()[0]
            salt, payload = (
                secrets.token_hex(16),
                json.dumps([["pupil", number, "changed", dict(zip("usfbr", given, strict=True))]]),
            )
            told = hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()
            sequence, before = sequence + 1, mac
            mac = hmac.new(b"floor", f"{sequence} {number} {told} {before}".encode(), hashlib.sha256).hexdigest()
            event_id = driver.execute(_EVENT, (sequence, number, told, before, mac)).fetchone()[0]
            driver.execute(_DETAIL, (event_id, salt, payload))
        driver.execute("UPDATE chain_head SET sequence = ?, mac = ? WHERE school_id = 1", (sequence, mac))
        driver.execute("COMMIT")


def held_import(home: Path, app_of: Callable[[Path], Flask]) -> Written:
    """The whole import (read, compared, checked, written, told to the audit) against the same by hand, on fresh copies."""
    runs = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "home"
            shutil.copytree(home, place)
            runs.append(_import_once(place, app_of))
    acts, floors = sorted(one[0] for one in runs), sorted(one[1] for one in runs)
    return Written(Figures(acts[0], acts[1]), Figures(floors[0], floors[1]), *runs[0][2:])


def _import_once(place: Path, app_of: Callable[[Path], Flask]) -> tuple[float, float, int, int, str]:
    with closing(sqlite3.connect(place / "graduated.db")) as driver:
        data = roll_file(driver.execute("SELECT upn, legal_surname, legal_forename, born_on FROM pupil").fetchall())
    file, bare = place / "roll.csv", place / "floor.db"
    file.write_bytes(data)
    shutil.copy(place / "graduated.db", bare)
    with ExitStack() as stack:
        stack.enter_context(app_of(place).app_context())
        stack.enter_context(acting(system_actor(1, "Benchmark")))
        taken: list[float] = []

        def act() -> None:
            taken.append(batch(lambda: run_import(file, "pupils", dry_run=False, accept_status=True), 1))

        asked, commits = counted(act)
    floor = batch(lambda: bare_import(bare, data), 1)
    with closing(sqlite3.connect(place / "graduated.db")) as driver:
        found = driver.execute(_TAKEN).fetchall()
    proof = ", ".join(f"{number} pupils in {group}" for group, number in found)
    return taken[0], floor, len(questions(asked)), commits, proof


_TAKEN = """SELECT registration_group, count(*) FROM pupil WHERE registration_group IN ('4Z', '4Y')
GROUP BY registration_group ORDER BY registration_group"""
