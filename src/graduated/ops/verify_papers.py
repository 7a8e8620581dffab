"""Seals of reviews and built packs, held against what was recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path

from flask import current_app

from graduated.ehcna.manifest import manifest_sha256
from graduated.ehcna.queries import all_builds
from graduated.ehcna.queries_files import all_pack_files
from graduated.ops.verified import Verified
from graduated.pupils.queries_papers import papers_without_file
from graduated.review.queries_given import all_given
from graduated.review.queries_seals import broken_seals

NO_STONE = "its file is said to be gone, and no tombstone says that it went by law"
Gone = Collection[tuple[str, int]]
"""(table, row) of the files that went by law."""


def check_seals(
    answer: Verified, school: str, parts: Mapping[int, Mapping[str, str]], gone: Collection[int] = ()
) -> None:
    """Every sealed review still has the digest it was sealed with, and the chain of seals has no gap.

    `parts`: by review the parts that went by law, each with its digest, of the tombstones that the chain vouches for.
    """
    count, broken = broken_seals(parts, gone)
    answer.checked["seals"] += count
    for one in broken:
        answer.fault(school, "seal", f"review {one.review_id}", f"seal {one.sequence}: {one.what}")


def check_given(answer: Verified, school: str, gone: Gone) -> None:
    """The copy of every paper that parents were given is there, and is the one that was given."""
    store = current_app.extensions["files"]
    for given_id, sha256, size in all_given():
        answer.checked["papers given"] += 1
        if not sha256:
            if ("paper_given", given_id) not in gone:
                answer.fault(school, "given", f"paper_given {given_id}", NO_STONE)
            continue
        path: Path = store.path(sha256)
        if not path.is_file():
            answer.fault(school, "given", f"paper_given {given_id}", "its file is gone")
        elif path.stat().st_size != size or _sha256(path) != sha256:
            answer.fault(school, "given", f"paper_given {given_id}", "its file is not the one that was given")


def check_uploaded(answer: Verified, school: str, gone: Gone) -> None:
    """Every uploaded paper names its file, or a tombstone says that it went by law."""
    for document_id in papers_without_file():
        if ("document", document_id) not in gone:
            answer.fault(school, "paper", f"document {document_id}", NO_STONE)


def check_packs(answer: Verified, school: str, gone: Gone) -> None:
    """Every kept pack is the file that was built, and its manifest the one whose hash stands on its pages."""
    store = current_app.extensions["files"]
    for built in all_builds():
        answer.checked["packs"] += 1
        row = f"pack_build {built.build_id}"
        if not built.sha256:
            if ("pack_build", built.build_id) not in gone:
                answer.fault(school, "pack", row, NO_STONE)
            continue
        path: Path = store.path(built.sha256)
        if not path.is_file():
            answer.fault(school, "pack", row, "its file is gone")
        elif path.stat().st_size != built.size or _sha256(path) != built.sha256:
            answer.fault(school, "pack", row, "its file is not the one that was built")
        if manifest_sha256(built.manifest) != built.manifest_sha256:
            answer.fault(school, "pack", row, "its list of records is not the one that was built from")


def check_pack_files(answer: Verified, school: str, gone: Gone) -> None:
    """What was built beside a pack is there, and is what was built."""
    for one in all_pack_files():
        answer.checked["pack files"] += 1
        row = f"pack_file {one.pack_file_id}"
        if not one.sha256:
            if ("pack_file", one.pack_file_id) not in gone:
                answer.fault(school, "pack", row, NO_STONE)
            continue
        path: Path = current_app.extensions["files"].path(one.sha256)
        if not path.is_file():
            answer.fault(school, "pack", row, "its file is gone")
        elif path.stat().st_size != one.size or _sha256(path) != one.sha256:
            answer.fault(school, "pack", row, "its file is not the one that was built")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
