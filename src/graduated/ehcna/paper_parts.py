"""What the request's page says of papers and builds: which go, how each build stands, what was given to whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import Response

from graduated.access.actions import RESTRICTED_READ, RESTRICTED_WRITE
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.ehcna.queries import BuildRow
from graduated.ehcna.queries_chosen import papers_of_request
from graduated.ehcna.standing import Standing, standings_of
from graduated.pupils.queries import pupil_head
from graduated.request.queries import RequestRow
from graduated.review.queries_given import GivenRow, papers_given_of
from graduated.rules.vocabulary import PaperKind
from graduated.web.page import page


def paper_parts(row: RequestRow, builds: Iterable[BuildRow]) -> dict[str, Any]:
    """For the template: the papers, whether who acts may release one, how each build stands, what families were given.

    `in_sight` are the ids of the open papers that a page may lead to.
    """
    chosen = papers_of_request(row)
    if not may(RESTRICTED_READ, Subject(row.pupil_id)):
        chosen = replace(chosen, unseen=())
    return {
        "chosen": chosen,
        "in_sight": {one.paper.document_id for one in chosen.open},
        "can_release": row.is_running and may(RESTRICTED_WRITE, Subject(row.pupil_id)),
        "standings": standings_of([one.build_id for one in builds]),
        "given": copies_given(row.pupil_id),
    }


def nothing_given(standings: Mapping[int, Standing]) -> bool:
    """Whether there are builds, and of none it is recorded that the authority was given it."""
    return bool(standings) and not any(one.sent for one in standings.values())


def copies_given(pupil_id: int) -> dict[str, list[GivenRow]]:
    """Copies of packs that adults of the family were given, by the hash of the file."""
    found: dict[str, list[GivenRow]] = defaultdict(list)
    for one in papers_given_of(pupil_id):
        if one.kind is PaperKind.PACK and one.sha256:
            found[one.sha256].append(one)
    return found


def not_to_give(built: BuildRow, standing: Standing) -> Response:
    """The page in the place of a file that is not handed out any more: why, and what to do."""
    why = (
        standing.why
        or standing.family_why
        or "This pack holds a restricted paper, and restricted papers are not open to you."
    )
    return page(
        "ehcna/not_to_give.html",
        status=410,
        title="Not to be given",
        head=pupil_head(built.pupil_id),
        built=built,
        why=why,
    )
