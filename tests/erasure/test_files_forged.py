"""A paper that is said to have gone by law and did not, or is back: `graduated verify` and backups name it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.backup import by_law
from graduated.db.clock import now
from graduated.rules.vocabulary import Visibility
from tests.erasure.filing import Filed, filed_in, kept
from tests.ops.test_verify import check, meddle
from tests.ops.test_verify_reviews import says
from tests.support.client import PageClient
from tests.support.databases import sqlite_only
from tests.support.world import World


@pytest.fixture
def filed(app: Flask, world: World, client: PageClient) -> Filed:
    """The paper, open to the family."""
    return filed_in(app, world, client)


@pytest.mark.parametrize(
    ("statement", "says_so"),
    [
        ("UPDATE document SET sha256 = '{old}' WHERE id = {id}", "what it stands for is there again (document"),
        ("UPDATE document SET preview_sha256 = '{old}' WHERE id = {id}", "preview_sha256 changed without an entry"),
        ("DELETE FROM tombstone", "document {id}: its file is said to be gone, and no tombstone"),
        ("UPDATE document SET sha256 = '' WHERE id = {other}", "document {other}: its file is said to be gone, and no"),
        ("UPDATE tombstone SET row_id = {other}", "document {id}: its file is said to be gone, and no tombstone"),
    ],
    ids=["put back", "preview put back", "tombstone taken", "another emptied by hand", "tombstone moved"],
)
def test_what_is_forged_about_a_paper_is_named(filed: Filed, home: Path, statement: str, says_so: str) -> None:
    old, other = filed.hashes()[0], kept(filed.app, filed.world, Visibility.STAFF, "grey")
    filed.taken()
    filed.is_whole()
    about = {"old": old, "id": filed.document_id, "other": other}
    meddle(home, statement.format(**about))
    assert says_so.format(**about) in says(check(filed.app))


@sqlite_only("Graduated makes no backups of what a database server keeps")
def test_an_older_backup_is_known_to_bring_the_paper_back(filed: Filed, home: Path) -> None:
    with closing(by_law.sqlite3.connect(home / "graduated.db")) as file:
        made, before = now() - timedelta(minutes=5), by_law.in_database(file)
    filed.taken()
    with closing(by_law.sqlite3.connect(home / "graduated.db")) as file:
        listed = by_law.in_database(file)
        assert by_law.owed(listed, made, file) == []
        file.execute("DROP TRIGGER keep_tombstone_delete")
        file.execute("DELETE FROM tombstone")  # as in the backup, which was made before
        owed = by_law.owed(listed, made, file)
    assert before == [] and [one.place for one in owed] == [("document", filed.document_id, "sha256")]
    (said,) = by_law.in_words([one._asdict() for one in owed])
    assert f"the file of a paper (document {filed.document_id})" in said
