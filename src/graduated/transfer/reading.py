"""A bundle from somewhere else, read with distrust: nothing of it is used before all of it was looked at."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import inspect

from graduated.rules.vocabulary import Role
from graduated.transfer.bundle import KIND
from graduated.transfer.shapes import SHAPES
from graduated.transfer.tables import (
    FORMAT,
    OF_PUPIL,
    OF_SCHOOL,
    SEALS,
    TOLD,
    columns_of,
    holds_file,
    links_of,
    models,
)
from graduated.transfer.values import WrongValue, from_json
from graduated.web.incoming import without_nul

LARGEST = 300 * 1024 * 1024
"""Bytes of a bundle that is taken in at all."""
LARGEST_UNPACKED = 600 * 1024 * 1024
_LARGEST_RECORDS = 40 * 1024 * 1024
_LARGEST_FILE = 26 * 1024 * 1024
_MOST_MEMBERS = 4000
_MOST_ROWS = 200_000
_NAME = re.compile(r"manifest\.json|README\.txt|audit\.json|records/[a-z_]{1,40}\.json|files/[0-9a-f]{64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_TABLES = {"pupil", *OF_PUPIL, *OF_SCHOOL, *SEALS, *TOLD}
Rows = dict[str, list[dict[str, Any]]]


class NotABundle(ValueError):
    """The file is no bundle that can be brought in; the words say why, and what to do."""


@dataclass(frozen=True)
class Bundle:
    """A bundle that holds together: every hash right, every value of its kind, every link to a row within it."""

    sha256: str
    school_name: str
    urn: str
    made_at: datetime
    made_by: str
    pupil_name: str
    people: dict[int, tuple[str, tuple[str, ...]]]
    rows: Rows
    withheld: dict[str, int]
    files: dict[str, int] = field(default_factory=dict)

    @property
    def pupil(self) -> dict[str, Any]:
        """The pupil's row."""
        return self.rows["pupil"][0]

    def of(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table, oldest first."""
        return self.rows.get(table, [])


def read(path: Path) -> Bundle:
    """Read and check a bundle. Raises NotABundle; changes nothing."""
    if path.stat().st_size > LARGEST:
        raise NotABundle("This file is too large to be a pupil’s record. Ask the school that sent it what it is.")
    try:
        with path.open("rb") as opened, zipfile.ZipFile(opened) as file:
            return _read(file, _sha256_of(path))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise NotABundle("This is no whole ZIP file. Ask for it to be sent again.") from error
    except NotABundle:
        raise
    except zlib.error as error:
        raise NotABundle("This is no whole ZIP file. Ask for it to be sent again.") from error
    except (RecursionError, MemoryError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise NotABundle("This file is built in a way that no record is. It was not read further.") from error


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(file: zipfile.ZipFile, sha256: str) -> Bundle:
    entries = _entries(file)
    manifest = _manifest(file, entries)
    _check_hashes(file, entries, manifest["files"])
    rows: Rows = {}
    for name in sorted(entries):
        if name.startswith("records/"):
            table = name.removeprefix("records/").removesuffix(".json")
            rows[table] = _rows(table, _object(_content(file, entries[name], _LARGEST_RECORDS), list, name))
    if len(rows.get("pupil", ())) != 1:
        raise NotABundle("A bundle is about one pupil, and this one is not.")
    people = _people(manifest["people"])
    _check_links(rows, people)
    files = {name.removeprefix("files/"): entries[name].file_size for name in entries if name.startswith("files/")}
    _check_files(rows, files)
    school = manifest["school"]
    pupil = rows["pupil"][0]
    return Bundle(
        sha256=sha256,
        school_name=_words(school.get("name"), 200),
        urn=_words(school.get("urn"), 6),
        made_at=_moment(manifest["made_at"]),
        made_by=_words(manifest["made_by"], 120),
        pupil_name=f"{pupil['legal_forename']} {pupil['legal_surname']}",
        people=people,
        rows=rows,
        withheld={
            _words(name, 60): one
            for name, one in manifest["withheld"].items()
            if type(one) is int and 0 < one < 100_000
        },
        files=files,
    )


def _entries(file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is in it, by name: only names of the form, none twice, and no more than a record can be."""
    found: dict[str, zipfile.ZipInfo] = {}
    total = 0
    if len(file.filelist) > _MOST_MEMBERS:
        raise NotABundle("There are more files in it than a pupil’s record can have.")
    for entry in file.filelist:
        if not _NAME.fullmatch(entry.filename) or entry.filename in found:
            raise NotABundle("There is a file in it that does not belong to a bundle.")
        if entry.flag_bits & 1:
            raise NotABundle("It is locked with a password. Ask for a bundle without one, sent in a safe way.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotABundle("It is packed in a way that is not used for bundles.")
        total += entry.file_size
        found[entry.filename] = entry
    if total > LARGEST_UNPACKED:
        raise NotABundle("Unpacked it would be far larger than a pupil’s record can be.")
    return found


def _content(file: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """A member whole; one that is larger than it says, or than it may be, is refused as soon as that is seen."""
    with file.open(entry) as source:
        content = source.read(min(most, entry.file_size) + 1)
    if len(content) > min(most, entry.file_size):
        raise NotABundle("There is a file in it that is larger than any such file can be.")
    return content


def _object(content: bytes, kind: type, name: str) -> Any:
    try:
        found = json.loads(content.decode("utf-8"))
    except ValueError as error:
        raise NotABundle(f"{name} in it is no JSON.") from error
    # No school has a NUL in its words, and PostgreSQL takes none.
    if type(found) is not kind or (b"\\u0000" in content and without_nul(found) != found):
        raise NotABundle(f"{name} in it is not built as it should be.")
    return found


_SHAPE: dict[str, type] = {
    "kind": str, "format": int, "made_at": str, "made_by": str, "school": dict, "pupil": dict, "people": list,
    "withheld": dict, "files": dict,
}  # fmt: skip


def _manifest(file: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo]) -> dict[str, Any]:
    if "manifest.json" not in entries:
        raise NotABundle("This is no bundle of a pupil’s record: it has no manifest.json.")
    found: dict[str, Any] = _object(_content(file, entries["manifest.json"], _LARGEST_RECORDS), dict, "manifest.json")
    if found.get("kind") != KIND:
        raise NotABundle("This is no bundle of a pupil’s record.")
    if found.get("format") != FORMAT:
        raise NotABundle("It was made by a newer Graduated than this one. Bring this one up to date first.")
    for name, kind in _SHAPE.items():
        if type(found.get(name)) is not kind:
            raise NotABundle("manifest.json in it is not built as it should be.")
    return found


def _check_hashes(file: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], said: dict[str, Any]) -> None:
    if set(said) != set(entries) - {"manifest.json"}:
        raise NotABundle("The files in it are not those that its manifest names.")
    for name, entry in entries.items():
        if name == "manifest.json":
            continue
        digest, size = hashlib.sha256(), 0
        with file.open(entry) as source:
            while piece := source.read(1024 * 1024):
                size += len(piece)
                if size > max(_LARGEST_FILE, _LARGEST_RECORDS) or size > entry.file_size:
                    raise NotABundle("There is a file in it that is larger than any such file can be.")
                digest.update(piece)
        told = said[name].get("sha256") if isinstance(said[name], dict) else None
        found = digest.hexdigest()
        if told != found or (name.startswith("files/") and name != f"files/{found}"):
            raise NotABundle("A file in it was changed since the bundle was made. Ask for it to be sent again.")


def _rows(table: str, told: list[Any]) -> list[dict[str, Any]]:
    if table not in _TABLES:
        raise NotABundle(f"It holds a kind of record that this Graduated does not know ({table}).")
    if len(told) > _MOST_ROWS:
        raise NotABundle("There are more records in it than a pupil can have.")
    columns, names, seen = inspect(models()[table]).columns, set(columns_of(table)), set[int]()
    rows = []
    for one in told:
        if type(one) is not dict or not set(one) <= names or "id" not in one:
            raise NotABundle(f"A record of the kind {table} in it is not built as it should be.")
        row = {}
        for name, value in one.items():
            try:
                row[name] = _shaped(table, name, from_json(value, columns[name]))
            except WrongValue as wrong:
                raise NotABundle(f"In a record of the kind {table}, {name} cannot be taken: {wrong}.") from wrong
        missing = [name for name in names - set(row) if not _has_default(columns[name])]
        if missing or row["id"] in seen or row["id"] < 1:
            raise NotABundle(f"A record of the kind {table} in it is not whole, or there twice.")
        seen.add(row["id"])
        rows.append(row)
    return sorted(rows, key=lambda row: int(row["id"]))


def _shaped(table: str, name: str, value: Any) -> Any:
    """What a column of JSON holds, when it is built as the pages read it."""
    shape = SHAPES.get((table, name))
    if shape is None or value is None:
        return value
    try:
        return shape(value)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise WrongValue("it is not built as it should be") from error


def _has_default(column: Any) -> bool:
    return column.nullable or column.default is not None


def _check_links(rows: Rows, people: dict[int, Any]) -> None:
    """Every row is this pupil's, and points at rows of the bundle alone."""
    ids = {table: {row["id"] for row in some} for table, some in rows.items()}
    ids["user"] = set(people)
    pupil_id = rows["pupil"][0]["id"]
    for table, some in rows.items():
        links = {} if table in TOLD else links_of(table)
        for row in some:
            if row.get("pupil_id", pupil_id) != pupil_id:
                raise NotABundle("There are records of another pupil in it.")
            for name, target in links.items():
                if row.get(name) is not None and row[name] not in ids.get(target, ()):
                    raise NotABundle(f"A record of the kind {table} in it points at one that is not there.")


def _check_files(rows: Rows, files: dict[str, int]) -> None:
    told = (row.get(name) for table, some in rows.items() for name in holds_file(table) for row in some)
    named = {str(one) for one in told if one}
    if any(not _HASH.fullmatch(one) for one in named):
        raise NotABundle("A record in it names a file by something that is no hash.")
    if named != set(files):
        raise NotABundle("The uploaded papers in it are not those that its records name.")


def _people(told: list[Any]) -> dict[int, tuple[str, tuple[str, ...]]]:
    found: dict[int, tuple[str, tuple[str, ...]]] = {}
    for one in told:
        if type(one) is not dict or type(one.get("id")) is not int or type(one.get("roles")) is not list:
            raise NotABundle("The people whom it names are not told as they should be.")
        roles = tuple(role.value for role in Role if role.value in one["roles"])
        found[one["id"]] = (_words(one.get("name"), 120), roles)
    return found


def _words(value: Any, longest: int) -> str:
    if type(value) is not str or not value.strip() or len(value) > longest or not value.isprintable():
        raise NotABundle("manifest.json in it is not built as it should be.")
    return value


def _moment(words: str) -> datetime:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise NotABundle("manifest.json in it is not built as it should be.") from error
    if moment.tzinfo is None or not 2000 < moment.year < 2200:
        raise NotABundle("manifest.json in it is not built as it should be.")
    return moment
