"""The words of a request's sections, with live references to what was on record on the day they were written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from graduated.db.clock import today
from graduated.ehcna.records import records_for
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.rules.references import RefKind, mark
from graduated.rules.vocabulary import BuildKind, ViewOf

_ASKED = re.compile(r"\[\[(first|latest|strength|pupil|parent|advice) ?([^\]]*)\]\]")


def write_sections(
    pupil_id: int,
    request_id: int,
    told: Mapping[str, str],
    kind: BuildKind = BuildKind.REQUEST,
    brought: Mapping[str, Mapping[str, int]] | None = None,
) -> None:
    """Write each section; `[[latest YARC, reading accuracy]]` and the like become references to real records.

    `brought`: of the advice's sections, what was brought over into them from the request.
    """
    records = records_for(pupil_id, request_id, kind)
    found = references_of(records)
    versions = {row.section: row.version for row in records.narratives}
    whose = {f"v{one.view_id}": one.whose for one in records.views if not one.is_attempt}
    strengths = {one.ref for one in found.values() if one.label.startswith("Strength")}

    def put(asked: re.Match[str]) -> str:
        tests: dict[str, Callable[[Reference], bool]] = {
            "first": lambda one: one.label.startswith(f"{asked[2]}, "),
            "latest": lambda one: one.label.startswith(f"{asked[2]}, "),
            "strength": lambda one: one.ref in strengths,
            "pupil": lambda one: whose.get(one.ref) is ViewOf.PUPIL,
            "parent": lambda one: whose.get(one.ref) is ViewOf.PARENT,
            "advice": lambda one: one.kind is RefKind.ADVICE,
        }
        fits = tests[asked[1]]
        rows = sorted((one for one in found.values() if _was_there(one) and fits(one)), key=lambda one: str(one.on))
        if not rows:
            raise LookupError(f"the demo has nothing to quote for {asked[0]}")
        chosen = rows[0] if asked[1] == "first" else rows[-1]
        return mark(chosen.label, chosen.ref)

    says = {ref: one.digest for ref, one in found.items()}
    for section, words in told.items():
        came = (brought or {}).get(section)
        write_narrative(request_id, section, _ASKED.sub(put, words), versions.get(section), says=says, brought=came)


def _was_there(one: Reference) -> bool:
    return one.on is not None and one.on <= today()
