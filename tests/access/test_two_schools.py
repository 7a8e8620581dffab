"""Two schools in one database, alike in everything: every route and id of the one, asked by everybody of the other.

Every text of the other school's rows is marked. Nothing that anybody of this school is answered carries the mark, and
what is there in the other school is answered exactly as what is nowhere.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, Table, Text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from graduated.db.base import Base
from graduated.db.clock import now
from tests.access import scene
from tests.access.matrix import PEOPLE
from tests.access.stage import Stage, rules_of
from tests.support import databases
from tests.support.databases import by_hand
from tests.support.world import World, build_twin

MARK = "QUAGGA"
NOWHERE = 2_000_000_001
_KEYS = (
    "sha256",
    "_hash",
    "token",
    "_key",
    "code",
    "upn",
    "email",
    "urn",
    "digest",
    "_at",
    "mac",
    "kind",
    "media_type",
    "hat",
    "roles",
)
"""Columns whose text is no word: they are compared or looked up, and a mark in them would break the row."""


class TwoSchools(Stage):
    """The stage of every route, with a twin of the school beside it."""

    def furnish(self) -> None:
        """A school like this one, with a record of every kind, and its coordinator's cookie."""
        self.there = build_twin(self.app)
        self.twin: dict[str, Any] = scene.make(self.app, self.there)
        self.sign_ins["there"] = self._sign_ins({"senco": self.there.users["senco"]})["senco"]
        for cookie in self.sign_ins.values():
            cookie["proved"] = now().timestamp()  # lists and packs come only to who has just said who they are

    def foreign(self, rule: Rule) -> Iterator[tuple[str, str]]:
        """Each address of a route with an id of the twin, and the same with an id of nobody."""
        numbers = [name for name in rule.arguments if name.endswith("_id")]
        with self.app.test_request_context():
            for name in numbers:
                for twin in {value for key, value in self.twin.items() if key == name or key.endswith(f"_{name}")}:
                    rest = {other: self.values[other] for other in rule.arguments - {name}}
                    yield (
                        self.app.url_for(rule.endpoint, **{**rest, name: twin}),
                        self.app.url_for(rule.endpoint, **{**rest, name: NOWHERE}),
                    )


def words_of(table: Table) -> list[str]:
    """The columns of a table that hold what somebody wrote."""
    plain = [column for column in table.columns if type(column.type) in {String, Text}]
    return [
        column.name
        for column in plain
        if not column.name.endswith(_KEYS) and not column.unique and not column.foreign_keys and not column.primary_key
    ]


def mark(home: Path, school: int, users: set[int]) -> int:
    """Put the mark before every text of one school; gives how many texts have it."""
    count = 0
    with by_hand(home) as records:
        records.disarm()  # what is evidence cannot be changed otherwise
        for table in Base.metadata.tables.values():
            for column in words_of(table) if "school_id" in table.c else []:
                records.widen(table.name, column)
                done = records.execute(
                    f"""update "{table.name}" set "{column}" = '{MARK} ' || "{column}"
                        where school_id = ? and length("{column}") > 2""", (school,)
                )  # fmt: skip
                count += done.rowcount
        for user in users:
            records.execute('update "user" set name = ? || name where id = ?', (f"{MARK} ", user))
        records.execute("update school set name = ? where id = ?", (f"{MARK} Lane", school))
    return count


@pytest.fixture(scope="module")
def schools(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> TwoSchools:
    home = tmp_path_factory.mktemp("schools") / "home"
    shutil.copytree(template[0], home)
    stage = TwoSchools(home, template[1])
    assert mark(home, stage.there.school_id, set(stage.there.users.values())) > 100
    databases.keep(home, stage.clean.name)
    return stage


def text_of(answer: TestResponse) -> str:
    """All that can be read in an answer, unpacked."""
    body = answer.data
    if answer.mimetype == "application/pdf":
        read = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=False)
        return read.stdout.decode() or body.decode(errors="replace")  # some papers of the scene are no real ones
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return body.decode(errors="replace") + str(answer.headers)


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_reads_a_word_of_the_other_school(schools: TwoSchools, who: str) -> None:
    told: list[str] = []
    asked = 0
    for rule in rules_of(schools.app):
        if "GET" not in (rule.methods or set()):
            continue
        own = sorted(schools.paths_of(rule))
        for path in own + [there for there, _ in schools.foreign(rule)]:
            asked += 1
            with schools.open(path, "GET", who) as answer:
                if MARK in text_of(answer).upper():
                    told.append(path)
    assert asked > 250
    assert told == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", ["senco", "head", "teacher", "ta", "safeguarding", "admin", "parent", "young_person"])
def test_what_is_in_the_other_school_is_answered_as_what_is_nowhere(schools: TwoSchools, who: str, method: str) -> None:
    told: list[str] = []
    for rule in rules_of(schools.app):
        if method not in (rule.methods or set()):
            continue
        for there, nowhere in schools.foreign(rule):
            with schools.open(there, method, who) as found, schools.open(nowhere, method, who) as missing:
                same = (found.status_code, found.data.replace(there.encode(), nowhere.encode())) == (
                    missing.status_code, missing.data
                )  # fmt: skip
                if not same or found.status_code not in {403, 404}:
                    told.append(f"{there}: {found.status_code}, {nowhere}: {missing.status_code}")
    assert told == []


def test_the_look_would_find_a_word_of_the_other_school(schools: TwoSchools) -> None:
    """The other school's own coordinator does read the mark: on a page, in a table for a spreadsheet, in a paper."""
    with schools.app.test_request_context():
        pupil, review = schools.twin["pupil_id"], schools.twin["sealed_review_id"]
        paths = [
            schools.app.url_for("register.pupil", pupil_id=pupil),
            schools.app.url_for("register.export_xlsx"),
            schools.app.url_for("review.record_pdf", review_id=review),
        ]
    for path in paths:
        with schools.open(path, "GET", "there") as answer:
            assert answer.status_code == 200
            assert MARK in text_of(answer).upper(), path
