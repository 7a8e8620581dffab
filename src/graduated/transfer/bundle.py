"""The bundle: one ZIP that any program can read (docs/transfer-files.md), and the receipt that answers it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BufferedRandom
from pathlib import Path
from typing import Any

from graduated import __version__
from graduated.transfer.gather import Gathered
from graduated.transfer.tables import FORMAT
from graduated.transfer.values import to_json

KIND = "graduated-transfer"
RECEIPT = "graduated-transfer-receipt"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same records give the same bytes
README = """This is the special educational needs record of one pupil, from one school to the next. It is confidential.

manifest.json   which school, which pupil, who is named, and the SHA-256 of every file in here
records/        one file for each kind of record, as JSON
files/          uploaded papers, each under its SHA-256
audit.json      digests of the audit entries about the pupil at the school that made this

The form is open and is described in docs/transfer-files.md of Graduated. The child protection file is not in here: it
goes from one designated safeguarding lead to the other, with a receipt of its own.
"""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the manifest says beside the records."""

    school: Mapping[str, str]
    to_school: str
    made_by: str
    made_at: str


def writer(cover: Cover, found: Gathered, audit: list[dict[str, Any]], kept: Callable[[str], Path]) -> Any:
    """What writes the bundle into an open file. `kept` gives where a file of the store lies, looked at whole."""
    members: dict[str, bytes | Path] = {"README.txt": README.encode()}
    for table, rows in sorted(found.rows.items()):
        if rows:
            plain = [{name: to_json(value) for name, value in row.items()} for row in rows.values()]
            members[f"records/{table}.json"] = _json(plain)
    members["audit.json"] = _json(audit)
    for sha256 in sorted(found.files):
        members[f"files/{sha256}"] = kept(sha256)

    def write(out: BufferedRandom) -> None:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
            _add(file, "manifest.json", _json(_manifest(cover, found, members)))
            for name, content in members.items():
                _add(file, name, content)

    return write


def _manifest(cover: Cover, found: Gathered, members: Mapping[str, bytes | Path]) -> dict[str, Any]:
    (pupil,) = found.rows["pupil"].values()
    return {
        "kind": KIND,
        "format": FORMAT,
        "program": f"Graduated {__version__}",
        "made_at": cover.made_at,
        "made_by": cover.made_by,
        "school": dict(cover.school),
        "to_school": cover.to_school,
        "pupil": {
            "id": pupil["id"],
            "name": f"{pupil['legal_forename']} {pupil['legal_surname']}",
            "upn": pupil["upn"],
            "born_on": to_json(pupil["born_on"]),
        },
        "people": list(found.people.values()),
        "counts": {table: len(rows) for table, rows in sorted(found.rows.items()) if rows},
        "withheld": dict(sorted(found.withheld.items())),
        "files": {name: _fingerprint(content) for name, content in sorted(members.items())},
    }


def _fingerprint(content: bytes | Path) -> dict[str, Any]:
    if isinstance(content, bytes):
        return {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    with content.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest(), "size": content.stat().st_size}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _add(file: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
    with file.open(entry, "w") as out:
        if isinstance(content, bytes):
            out.write(content)
            return
        with content.open("rb") as source:
            while piece := source.read(1024 * 1024):
                out.write(piece)


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What a receipt says: which bundle, who has it, where and since when."""

    sha256: str
    received_by: str
    school: str
    urn: str
    received_on: str
    seals: int


def receipt_bytes(words: ReceiptWords) -> bytes:
    """The receipt as its file."""
    return _json({"kind": RECEIPT, "format": FORMAT, "bundle_sha256": words.sha256, "received_by": words.received_by,
                  "school": words.school, "urn": words.urn, "received_on": words.received_on,
                  "seals_checked": words.seals})  # fmt: skip
