"""Writing the narrative: each saved text stays as a version of its own, and what its references said is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import func, select

from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.ehcna.models import Narrative, NarrativeVersion
from graduated.ehcna.queries_narrative import brought_kept, brought_of, kept_of, sources_of
from graduated.ehcna.services_asked import close_taken
from graduated.request.models import AssessmentRequest
from graduated.rules.advice import brought_after
from graduated.rules.references import RefKind, Source, ids_of, sources_after


@writes("Narrative written")
def write_narrative(
    request_id: int,
    section: str,
    text: str,
    version: int | None = None,
    *,
    says: Mapping[str, str] | None = None,
    taken: Iterable[str] = (),
    brought: Mapping[str, int] | None = None,
) -> int:
    """Save one section's words; somebody else's change in between is a clash.

    `says` is the digest of what each record that can be quoted says today, by its mark; `taken` are the references of
    which the writer has taken the new figure or words. `brought` names sections of the request, with their versions,
    whose words the writer has brought over into the advice.
    """
    row = db.session.scalars(
        select(Narrative).where(Narrative.assessment_request_id == request_id, Narrative.section == section)
    ).one_or_none()
    if row is None:
        request = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
        sources = kept_of(sources_after(text, (), says or {}, taken, today()))
        row = Narrative(
            pupil_id=request.pupil_id, assessment_request_id=request_id, section=section, text=text, sources=sources
        )
        row.brought = brought_kept(brought_after(text, (), brought or {}, today()))
        db.session.add(row)
        _keep(row)
    else:
        check_version(row, version, {"text": row.text})
        sources = kept_of(sources_after(text, _known(row), says or {}, taken, today()))
        came = brought_kept(brought_after(text, brought_of(row.brought), brought or {}, today()))
        if (row.text, row.sources, row.brought) != (text, sources, came):
            row.text, row.sources, row.brought = text, sources, came
            row.recorded_at, row.recorded_by_id = now(), require_actor().user_id
            _keep(row)
    close_taken(ids_of(text, RefKind.GIVEN))  # what a colleague handed in stands in the words now
    db.session.flush()
    return row.id


def _versions(row: Narrative) -> list[NarrativeVersion]:
    return list(
        db.session.scalars(
            select(NarrativeVersion)
            .where(
                NarrativeVersion.assessment_request_id == row.assessment_request_id,
                NarrativeVersion.section == row.section,
            )
            .order_by(NarrativeVersion.number)
        )
    )


def _known(row: Narrative) -> list[Source]:
    """What references said when they were put in, also those of earlier versions: words can be brought back."""
    earlier = [one for version in _versions(row) for one in sources_of(version.sources)]
    return [*earlier, *sources_of(row.sources or [])]


def _keep(row: Narrative) -> None:
    last = db.session.scalar(
        select(func.max(NarrativeVersion.number)).where(
            NarrativeVersion.assessment_request_id == row.assessment_request_id,
            NarrativeVersion.section == row.section,
        )
    )
    db.session.add(
        NarrativeVersion(
            pupil_id=row.pupil_id,
            assessment_request_id=row.assessment_request_id,
            section=row.section,
            number=(last or 0) + 1,
            text=row.text,
            sources=row.sources,
            brought=row.brought,
        )
    )
