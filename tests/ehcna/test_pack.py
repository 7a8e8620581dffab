"""The pack from the records: every field as typed, nothing restricted, the same bytes for the same records."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.command import NoPack, build_to_file
from graduated.ehcna.content import content_of
from graduated.ehcna.records import records_for
from graduated.pack.sections.front import _request_facts
from graduated.pupils.models import Pupil
from tests.ehcna.rich import Rich
from tests.ehcna.words import MARKUP, SECRET, TYPED, UPN


def words_of(pdf: bytes, folder: Path) -> str:
    """The text of a PDF, white space left out."""
    path = folder / "pack.pdf"
    path.write_bytes(pdf)
    shown = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True).stdout
    return squeezed(shown.decode())


def squeezed(text: str) -> str:
    """A text without its white space, as lines may be broken anywhere."""
    return re.sub(r"\s+", "", text)


def test_every_field_stands_in_the_pack_as_it_was_typed(rich: Rich, as_system: Actor, tmp_path: Path) -> None:
    found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    missing = [text for text in TYPED if squeezed(text) not in found]
    assert not missing
    for name in ("Łucja Szymański-O'Brien", "Q838123424001", "9434765919", "Szkoła nr 4, Łódź", "St Siân's Infants"):
        assert squeezed(name) in found
    assert squeezed(MARKUP) in found


def test_nothing_restricted_and_no_note_of_a_session_is_in_the_pack(
    rich: Rich, as_system: Actor, tmp_path: Path
) -> None:
    drawn = draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg")
    assert squeezed(SECRET) not in words_of(drawn.pdf, tmp_path)
    assert sum(one["table"] == "document" for one in drawn.manifest["records"]) == 1


def test_a_withheld_address_is_never_printed(rich: Rich, as_system: Actor, tmp_path: Path) -> None:
    found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert "HiddenLane" not in found
    assert "01305550199" not in found


def test_a_cycle_from_paper_is_marked_as_brought_forward(rich: Rich, as_system: Actor, tmp_path: Path) -> None:
    found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert squeezed("Brought forward from paper. Entered") in found


def test_the_same_records_and_moment_give_the_same_bytes(rich: Rich, as_system: Actor) -> None:
    moment = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)
    first = draw(rich.pupil_id, rich.request_id, moment, "Hannah Legg")
    second = draw(rich.pupil_id, rich.request_id, moment, "Hannah Legg")
    assert first.pdf == second.pdf
    assert first.manifest_sha256 == second.manifest_sha256


def test_the_command_builds_also_without_a_request(rich: Rich, as_system: Actor, tmp_path: Path) -> None:
    out = tmp_path / "a pack.pdf"
    assert build_to_file(UPN, out) > 3
    assert out.read_bytes().startswith(b"%PDF")


def test_an_unknown_upn_is_refused_with_a_sentence(as_system: Actor, tmp_path: Path) -> None:
    with pytest.raises(NoPack, match="No pupil with UPN A000000000000"):
        build_to_file("a000000000000", tmp_path / "pack.pdf")
    assert not (tmp_path / "pack.pdf").exists()


def test_every_statement_leads_to_a_record_and_a_changed_record_changes_the_manifest(
    rich: Rich, as_system: Actor
) -> None:
    before = draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").manifest
    tables = {one["table"] for one in before["records"]}
    assert {"pupil", "outcome", "measurement", "presence", "review", "consent", "narrative", "seal"} - tables == {
        "seal"
    }
    with write("Name changed"):
        db.session.scalars(select(Pupil).where(Pupil.id == rich.pupil_id)).one().religion = "None"
    after = draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").manifest
    changed = [one["table"] for one, two in zip(before["records"], after["records"], strict=True) if one != two]
    assert changed == ["pupil"]


def test_the_cover_of_a_pack_says_nothing_of_how_far_the_school_is_with_the_request(
    rich: Rich, as_system: Actor
) -> None:
    content = content_of(records_for(rich.pupil_id, rich.request_id))
    assert content.request is not None and content.request.status
    said = _request_facts(content)
    assert said
    assert not any(label == "Status" or content.request.status in text for label, text in said)
