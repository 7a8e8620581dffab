"""`graduated verify` finds what was changed behind the program's back, names it, and goes on to the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now
from graduated.ehcna.build import build
from graduated.ehcna.queries import all_builds
from graduated.ehcna.queries_files import all_pack_files
from graduated.ops.verified import Verified
from graduated.ops.verify import verify_all
from graduated.ops.verify_files import Named
from graduated.pupils.services import NewPaper, PaperWords, add_document, set_status
from graduated.rules.vocabulary import DocumentKind, PackFileKind, SenStatus, StatusSource, Visibility
from tests.support.databases import by_hand, in_json
from tests.support.world import World


def check(app: Flask) -> Verified:
    """What verify says of this installation."""
    with app.app_context():
        return verify_all()


def meddle(home: Path, *statements: str) -> None:
    """Change the database as somebody with the file in hands would: triggers out of the way first."""
    with by_hand(home) as connection:
        connection.disarm()
        for statement in statements:
            assert connection.execute(statement).rowcount, f"nothing was changed by {statement}"


def test_an_installation_that_nobody_touched_is_whole(app: Flask) -> None:
    answer = check(app)
    assert answer.whole, answer.as_text()
    assert answer.checked["schools"] == 2
    assert answer.checked["events"] > 2
    assert answer.as_json()["first_broken"] is None
    assert "Everything matches" in answer.as_text()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE change_event SET actor_name = 'Nobody' WHERE id = 2", "was changed after it was written"),
        ("UPDATE change_event SET at = '2020-01-01 00:00:00' WHERE id = 2", "was changed after it was written"),
        ("UPDATE change_detail SET payload = '[]' WHERE event_id = 2", "contents are not what was recorded"),
        ("DELETE FROM change_detail WHERE event_id = 2", "no note of a lawful erasure"),
        ("UPDATE change_detail SET erased_at = '2026-01-01 00:00:00' WHERE event_id = 2", "still there"),
        (
            "UPDATE change_detail SET erased_at = '2026-01-01 00:00:00', payload = NULL WHERE event_id = 2",
            "no tombstone that the audit knows",
        ),
    ],
)
def test_a_changed_event_is_found_and_named(app: Flask, home: Path, statement: str, says: str) -> None:
    meddle(home, statement)
    answer = check(app)
    first = answer.first_broken
    assert first is not None
    assert first.row == "change_event 2"
    assert says in first.says
    assert says in answer.as_text()


def test_contents_that_are_said_to_be_erased_by_law_are_a_fault_without_a_tombstone(app: Flask, home: Path) -> None:
    """A reason and an authority can be written by anybody; all that the event told of is named besides."""
    meddle(
        home,
        "UPDATE change_detail SET erased_at = '2026-01-01 00:00:00', payload = NULL, "
        "erased_why = 'Article 17', erased_authority = 'Head' WHERE event_id = 2",
    )
    answer = check(app)
    assert answer.first_broken is not None
    assert "no tombstone that the audit knows" in answer.first_broken.says
    assert answer.checked["erased"] == 0
    assert "nothing in the audit says that it was written" in answer.as_text()


def test_an_event_taken_out_of_the_middle_is_found(app: Flask, home: Path) -> None:
    second = "(SELECT id FROM change_event WHERE school_id = 1 AND sequence = 2)"
    meddle(
        home,
        f"DELETE FROM change_detail WHERE event_id = {second}",
        f"DELETE FROM change_event WHERE id = {second}",
    )
    first = check(app).first_broken
    assert first is not None
    assert "event 2 is missing before it (it is 3)" in first.says


def test_a_cut_tail_is_found_by_the_head_that_was_anchored_outside(app: Flask, home: Path, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        set_status(world.pupils["jude"], SenStatus.SUPPORT, now().date(), StatusSource.HAND)
    last = "(SELECT max(sequence) FROM change_event WHERE school_id = 1)"
    cut = f"(SELECT id FROM change_event WHERE school_id = 1 AND sequence = {last})"
    meddle(
        home,
        f"DELETE FROM change_detail WHERE event_id = {cut}",
        f"DELETE FROM change_event WHERE id = {cut}",
        # Whoever cuts the tail makes the head inside the database fit; the one outside stays.
        f"UPDATE chain_head SET sequence = {last}, mac = (SELECT mac FROM change_event WHERE id = {cut}) "
        "WHERE school_id = 1",
    )
    answer = check(app)
    assert not answer.whole
    assert "its end was cut off" in answer.broken[0].says


def test_a_head_that_does_not_match_is_found(app: Flask, home: Path) -> None:
    meddle(home, "UPDATE chain_head SET sequence = sequence + 5 WHERE school_id = 1")
    first = check(app).first_broken
    assert first is not None
    assert "the chain should end at event" in first.says


@pytest.fixture
def pack(app: Flask, world: World) -> Path:
    """A built pack's file."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        build(world.pupils["zofia"], None, "Hannah Legg")
        return Path(app.extensions["files"].path(all_builds()[0].sha256))


def test_a_pack_that_was_kept_is_whole(app: Flask, pack: Path) -> None:
    answer = check(app)
    assert answer.whole, answer.as_text()
    assert answer.checked["packs"] == 1


def test_a_damaged_pack_is_found(app: Flask, pack: Path) -> None:
    content = bytearray(pack.read_bytes())
    content[200] ^= 1
    pack.write_bytes(content)
    first = check(app).first_broken
    assert first is not None
    assert (first.kind, first.row) == ("pack", "pack_build 1")
    assert "not the one that was built" in first.says


def test_a_pack_whose_file_is_gone_is_found(app: Flask, pack: Path) -> None:
    pack.unlink()
    first = check(app).first_broken
    assert first is not None
    assert first.says == "its file is gone"


@pytest.mark.parametrize("kind", [PackFileKind.MANIFEST, PackFileKind.ZIP])
def test_a_file_beside_a_pack_that_was_changed_or_is_gone_is_found(
    app: Flask, world: World, pack: Path, kind: PackFileKind
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = next(one for one in all_pack_files() if one.kind is kind)
    path = app.extensions["files"].path(row.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    found = [fault for fault in check(app).broken if fault.row == f"pack_file {row.pack_file_id}"]
    assert [one.says for one in found] == ["its file is not the one that was built"]
    path.unlink()
    found = [fault for fault in check(app).broken if fault.row == f"pack_file {row.pack_file_id}"]
    assert [one.says for one in found] == ["its file is gone"]


def test_a_changed_manifest_is_found(app: Flask, home: Path, pack: Path) -> None:
    meddle(home, "UPDATE pack_build SET " + in_json("manifest", '"format": 3', '"format": 9'))
    first = check(app).first_broken
    assert first is not None
    assert "list of records" in first.says


@pytest.mark.parametrize(
    ("statement", "row", "says"),
    [
        ("UPDATE need SET rank = 2 WHERE id = 1", "need 1", "rank changed without an entry in the audit"),
        ("UPDATE pupil SET born_on = '2015-01-01' WHERE id = 2", "pupil 2", "born_on changed"),
        ("DELETE FROM bar WHERE id = 1", "bar 1", "it is gone"),
        (
            "INSERT INTO need (school_id, pupil_id, type, rank, starts, version, recorded_at) "
            "SELECT school_id, pupil_id, 'MLD', 2, starts, 1, recorded_at FROM need WHERE id = 1",
            "need 7",
            "nothing in the audit says that it was written",
        ),
    ],
)
def test_a_record_changed_behind_the_audits_back_is_named(
    app: Flask, home: Path, statement: str, row: str, says: str
) -> None:
    assert check(app).whole
    meddle(home, statement)
    answer = check(app)
    assert [(one.row, one.kind) for one in answer.broken] == [(row, "row")]
    assert says in answer.broken[0].says


@pytest.fixture
def paper(app: Flask, world: World) -> tuple[int, Path, Path]:
    """An uploaded paper with its preview: its number, and where its two files lie."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        store = app.extensions["files"]
        stored, small = store.put([b"%PDF, the whole of it"]), store.put([b"small"])
        words = PaperWords(DocumentKind.REPORT, "Report", None, "", Visibility.KEPT)
        paper = NewPaper(words, stored.sha256, stored.size, "application/pdf", preview_sha256=small.sha256)
        return add_document(world.pupils["zofia"], paper), store.path(stored.sha256), store.path(small.sha256)


def test_every_uploaded_paper_is_read_whole_and_named_when_one_letter_of_it_is_another(
    app: Flask, paper: tuple[int, Path, Path]
) -> None:
    document_id, file, small = paper
    answer = check(app)
    assert answer.whole and answer.checked["files read"] == 2
    assert "2 files in the store, 2 read whole" in answer.as_text()

    file.write_bytes(b"%PDF, the whole of It")
    small.unlink()
    answer = check(app)
    assert [(one.kind, one.row, one.says) for one in answer.broken] == [
        ("file", f"document {document_id}", "its file is not the one that was kept"),
        ("file", f"document {document_id}, preview", "its file is gone"),
    ]


def test_a_paper_that_goes_while_its_file_is_looked_for_is_no_fault(
    app: Flask, home: Path, paper: tuple[int, Path, Path]
) -> None:
    def goes(_school: str, files: Sequence[Named]) -> Iterator[Named]:
        for number, one in enumerate(files):
            if not number:
                paper[1].unlink()
                meddle(home, f"UPDATE document SET sha256 = '' WHERE id = {paper[0]}")
            yield one

    with app.app_context():
        answer = verify_all(goes)
    assert not [one for one in answer.broken if one.kind == "file"]


def test_a_file_that_the_disc_does_not_give_is_a_fault_and_no_crash(app: Flask, paper: tuple[int, Path, Path]) -> None:
    paper[1].unlink()
    paper[1].mkdir()
    answer = check(app)
    assert [one.says for one in answer.broken] == ["its file cannot be read: have the disc looked at"]
