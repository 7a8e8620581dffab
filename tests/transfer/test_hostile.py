"""What somebody made of a bundle is refused with a sentence, and nothing is changed."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, inspect

from graduated.access.identity import acting, system_actor
from graduated.transfer import services
from graduated.transfer.reading import NotABundle
from graduated.transfer.shapes import SHAPES
from graduated.transfer.tables import OF_PUPIL, OF_SCHOOL, SEALS, TOLD, columns_of, models
from graduated.uploads import viruses
from tests.transfer.arrived import work_there

Members = dict[str, bytes]


def unpacked(bundle: Path) -> Members:
    """The files in a bundle."""
    with zipfile.ZipFile(bundle) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(members: Members, place: Path, *, mended: bool = True) -> Path:
    """The files as a bundle again; `mended`: with a manifest whose hashes are those of the files."""
    if mended:
        manifest = json.loads(members["manifest.json"])
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            for name, content in members.items()
            if name != "manifest.json"
        }
        members = {**members, "manifest.json": json.dumps(manifest).encode()}
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return place


def _changed(members: Members, table: str, change: Callable[[list[dict[str, Any]]], object]) -> Members:
    rows = json.loads(members[f"records/{table}.json"])
    change(rows)
    return {**members, f"records/{table}.json": json.dumps(rows).encode()}


def _manifest(members: Members, **values: Any) -> Members:
    return {**members, "manifest.json": json.dumps({**json.loads(members["manifest.json"]), **values}).encode()}


def _set(name: str, value: Any) -> Callable[[list[dict[str, Any]]], object]:
    return lambda rows: rows[0].update({name: value})


BAD: dict[str, Callable[[Members], Members]] = {
    "a newer form": lambda m: _manifest(m, format=2),
    "another kind": lambda m: _manifest(m, kind="something"),
    "people of no shape": lambda m: _manifest(m, people=[{"id": "1"}]),
    "no pupil": lambda m: _changed(m, "pupil", lambda rows: rows.clear()),
    "two pupils": lambda m: _changed(m, "pupil", lambda rows: rows.append({**rows[0], "id": 9_999})),
    "a table that is not known": lambda m: {**m, "records/credential.json": b'[{"id": 1}]'},
    "a column that is not known": lambda m: _changed(m, "pupil", _set("school_id", 1)),
    "a word that is not in the list": lambda m: _changed(m, "sen_status", _set("status", "X")),
    "a number for a text": lambda m: _changed(m, "view", _set("text", 4)),
    "text for a number": lambda m: _changed(m, "measurement", _set("value", "many")),
    "a figure that is none": lambda m: _changed(m, "measurement", _set("value", "NaN")),
    "a truth for a number": lambda m: _changed(m, "cycle", _set("number", True)),
    "a date out of all bounds": lambda m: _changed(m, "pupil", _set("born_on", "0001-01-01")),
    "a name too long": lambda m: _changed(m, "pupil", _set("legal_surname", "x" * 101)),
    "a nought in a text": lambda m: _changed(m, "view", _set("text", "a\x00b")),
    "half a sign": lambda m: _changed(m, "view", _set("text", "\ud800")),
    "a row twice": lambda m: _changed(m, "view", lambda rows: rows.append(rows[0])),
    "a row of another pupil": lambda m: _changed(m, "view", _set("pupil_id", 4)),
    "a link out of the bundle": lambda m: _changed(m, "outcome", _set("cycle_id", 9_999)),
    "a person who is not named": lambda m: _changed(m, "view", _set("recorded_by_id", 99_999)),
    "rows that are no list": lambda m: {**m, "records/view.json": b'{"id": 1}'},
    "rows that are no JSON": lambda m: {**m, "records/view.json": b"[{"},
    "brackets without end": lambda m: {**m, "records/view.json": b"[" * 200_000},
    "a file that nobody names": lambda m: {**m, f"files/{hashlib.sha256(b'x').hexdigest()}": b"x"},
    "a path upwards": lambda m: {**m, "../../outside": b"x"},
    "an absolute path": lambda m: {**m, "/etc/outside": b"x"},
    "an INSET day that is no day": lambda m: _changed(m, "term", _set("inset_days", ["<script>"])),
    "an INSET day in another year": lambda m: _changed(m, "term", _set("inset_days", ["2019-03-04"])),
    "a term upon a term": lambda m: _changed(
        m, "term", lambda rows: rows[1].update({name: rows[0][name] for name in rows[0] if name != "id"})
    ),
    "a contribution that is a list": lambda m: _changed(m, "contribution", _set("details", [])),
    "a source that names nothing": lambda m: _changed(m, "narrative", _set("sources", [{"ref": "<script>"}])),
    "a weekday that is none": lambda m: _changed(m, "group", _set("weekdays", [9])),
    "two cycles of one number": lambda m: _changed(m, "cycle", lambda rows: rows[1].update(number=rows[0]["number"])),
    "a changed review": lambda m: _changed(
        m, "next_step", lambda rows: [row.update(reason="Something else was decided") for row in rows]
    ),
    "a judgement made better": lambda m: _changed(
        m, "judgement", lambda rows: [row.update(judgement="2") for row in rows]
    ),
}


@pytest.fixture
def members(bundle: Path) -> Members:
    """The files of a bundle that is whole."""
    return unpacked(bundle)


def _refused(next_school: tuple[Flask, int], path: Path) -> str:
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with pytest.raises(NotABundle) as refused:
            services.bring_in(path, sha256)
    return str(refused.value)


def test_each_bad_bundle_is_refused_and_nothing_is_changed(
    members: Members, next_school: tuple[Flask, int], counted: Any, tmp_path: Path
) -> None:
    before = counted(next_school[0])
    files = sorted(next_school[0].extensions["files"].folder.rglob("*"))
    taken = []
    for name, change in BAD.items():
        try:
            assert len(_refused(next_school, packed(change(members), tmp_path / "bad.zip"))) > 20, name
        except pytest.fail.Exception:
            taken.append(name)
    assert taken == []
    assert counted(next_school[0]) == before
    assert sorted(next_school[0].extensions["files"].folder.rglob("*")) == files


def test_a_file_changed_on_the_way_is_refused(members: Members, next_school: tuple[Flask, int], tmp_path: Path) -> None:
    changed = {**members, "records/view.json": members["records/view.json"].replace(b"a", b"b", 1)}
    said = _refused(next_school, packed(changed, tmp_path / "bad.zip", mended=False))
    assert "changed since the bundle was made" in said


def test_papers_that_come_with_a_record_are_looked_through_for_viruses(
    bundle: Path, next_school: tuple[Flask, int]
) -> None:
    viruses.configure([sys.executable, "-c", "raise SystemExit(1)"])  # finds one in every file
    try:
        assert "A paper in it cannot be kept. A virus" in _refused(next_school, bundle)
    finally:
        viruses.configure(())


def test_what_unpacks_to_far_more_is_refused_before_it_is_unpacked(
    members: Members, next_school: tuple[Flask, int], tmp_path: Path
) -> None:
    said = _refused(next_school, packed({**members, "README.txt": b"0" * 700_000_000}, tmp_path / "bomb.zip"))
    assert "far larger" in said


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"{}" * 1000])
def test_what_is_no_zip_is_refused(content: bytes, next_school: tuple[Flask, int], tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    assert "ZIP" in _refused(next_school, path)


def test_a_zip_of_something_else_is_refused(next_school: tuple[Flask, int], tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("README.txt", "hello")
    (tmp_path / "other.zip").write_bytes(out.getvalue())
    assert "manifest.json" in _refused(next_school, tmp_path / "other.zip")


def test_a_kept_file_that_turns_out_to_be_no_bundle_is_shown_and_can_be_let_go(next_school: tuple[Flask, int]) -> None:
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        staged = app.extensions["files"].stage_chunks([b"PK no more"])
        stored = staged.keep()
        staged.drop()
        upload = services.keep_upload(stored.sha256, stored.size, "record.zip")
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(work_there(app, school_id)["senco"])
    answer = client.get(f"/school/arrivals/{upload}")
    assert answer.status_code == 422
    assert "no whole ZIP file" in answer.text and "Let the file go" in answer.text


def test_every_column_of_json_that_goes_has_a_shape(app: Flask) -> None:
    going = {
        (table, name)
        for table in (*OF_PUPIL, *OF_SCHOOL, *SEALS, *TOLD)
        for name in columns_of(table)
        if isinstance(inspect(models()[table]).columns[name].type, JSON)
    }
    assert going == set(SHAPES)
