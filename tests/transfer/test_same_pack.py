"""A pupil's record goes to an empty installation, and the pack that is built there is the same."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.ehcna.build import draw
from graduated.ehcna.bundle import Drawn
from graduated.ops.verify import verify_all
from graduated.people.models import NAMES_ONLY, Credential, User
from graduated.request.queries import requests_of
from graduated.transfer import services
from graduated.transfer.models import TransferIn

MOMENT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
LETTERHEAD = re.compile(
    r"^(School|URN|LA and establishment number|Address|Telephone|Manifest|Headteacher|SENCO) |"
    r"· manifest [0-9a-f]{12} |^[0-9a-f ]{16,71}$|^(Ruth Ansell|Hannah Legg)$"
)
"""Lines that may differ: whose pack it is, the hash of its list of records, and who is there to sign."""
SEAL = re.compile(r"seal \d+: [0-9a-f]{16}")
"""Where a review stands in the chain of seals of the school that has it now."""


OF_THE_SCHOOL = {"school", "membership", "user", "rate", "rate_card", "delivered_session", "term"}
"""Rows of the whole school, of which only those go that a record of the pupil rests on."""


def _pack(app: Flask, school_id: int, pupil_id: int) -> Drawn:
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        (request,) = requests_of(pupil_id)
        return draw(pupil_id, request.request_id, MOMENT, "Hannah Legg")


def _lines(pdf: bytes, place: Path) -> list[str]:
    """Every line of every page, without the spaces that only lay it out."""
    place.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", place, "-"], capture_output=True, text=True, check=True).stdout
    lines = (" ".join(line.split()) for line in text.replace("\f", "\n").splitlines())
    return [SEAL.sub("seal", line) for line in lines if line and not LETTERHEAD.search(line)]


def _figures(drawn: Drawn) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in drawn.manifest["records"]:
        counts[one["table"]] = counts.get(one["table"], 0) + 1
    return {name: number for name, number in counts.items() if name not in OF_THE_SCHOOL}


def _names(drawn: Drawn) -> list[tuple[str, str]]:
    return sorted((one["table"], one["name"]) for one in drawn.manifest["records"] if one["table"] not in OF_THE_SCHOOL)


def _brought(next_school: tuple[Flask, int], bundle: Path) -> tuple[int, Any]:
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        looked = services.preview(bundle)
        assert looked.refused == ""
        came = services.bring_in(bundle, looked.bundle.sha256)
        row = db.session.scalars(select(TransferIn).where(TransferIn.id == came)).one()
        return row.pupil_id, row


def test_the_pack_of_the_same_pupil_reads_the_same_in_an_empty_installation(
    former: Flask, former_id: int, zofia: int, bundle: Path, next_school: tuple[Flask, int], tmp_path: Path
) -> None:
    before = _pack(former, former_id, zofia)
    pupil_id, row = _brought(next_school, bundle)
    after = _pack(*next_school, pupil_id)
    assert after.pages == before.pages > 30
    first, second = _lines(before.pdf, tmp_path / "a.pdf"), _lines(after.pdf, tmp_path / "b.pdf")
    assert len(first) > 1000
    assert second == first
    assert _figures(after) == _figures(before)
    assert _names(after) == _names(before)
    assert row.from_school == "Purbeck Road Primary" and row.seals >= 1


def test_the_uploaded_papers_come_too_byte_for_byte(
    former: Flask, former_id: int, zofia: int, bundle: Path, next_school: tuple[Flask, int]
) -> None:
    pupil_id, _row = _brought(next_school, bundle)
    before, after = _pack(former, former_id, zofia), _pack(*next_school, pupil_id)

    def papers(drawn: Drawn, app: Flask) -> list[tuple[str, bytes]]:
        store = app.extensions["files"]
        return sorted((one.title, store.read(one.sha256)) for one in drawn.attachments)

    found = papers(after, next_school[0])
    assert found
    assert found == papers(before, former)


def test_seals_hold_in_the_next_school_and_its_audit_knows_one_act(
    bundle: Path, next_school: tuple[Flask, int]
) -> None:
    pupil_id, row = _brought(next_school, bundle)
    with next_school[0].app_context():
        verified = verify_all()
        assert verified.broken == []
        assert verified.checked["seals"] == row.seals
        with acting(system_actor(next_school[1], "Tests")):
            from graduated.audit.models import ChangeEvent

            acts = db.session.scalars(select(ChangeEvent.act).where(ChangeEvent.pupil_id == pupil_id)).all()
    assert acts == ["Record of another school brought in"]


def test_colleagues_of_the_former_school_are_names_and_cannot_sign_in(
    bundle: Path, next_school: tuple[Flask, int]
) -> None:
    _brought(next_school, bundle)
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        people = db.session.execute(select(User.id, User.email, User.active)).all()
        assert people and all(one.email.endswith(NAMES_ONLY) and not one.active for one in people)
        assert db.session.scalars(select(Credential.user_id)).all() == []


def test_the_same_bundle_twice_changes_nothing(bundle: Path, next_school: tuple[Flask, int], counted: Any) -> None:
    first, row = _brought(next_school, bundle)
    before = counted(next_school[0])
    app, school_id = next_school
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        assert services.preview(bundle).pupil_id == first
        assert services.bring_in(bundle, row.bundle_sha256) == row.id
    assert counted(app) == before


def test_looking_at_a_bundle_changes_nothing(bundle: Path, next_school: tuple[Flask, int], counted: Any) -> None:
    app, school_id = next_school
    before = counted(app)
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        looked = services.preview(bundle)
    assert looked.counts["cycle"] > 1 and looked.seals >= 1
    assert counted(app) == before
