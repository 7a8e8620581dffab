"""Building a pack: freeze the records, draw them, keep the file and the manifest. Done by the worker or a command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from graduated.db import hooks
from graduated.db.clock import held, now
from graduated.db.files import FileStore
from graduated.ehcna.attachments import attachments_of
from graduated.ehcna.bound import bound
from graduated.ehcna.bundle import Drawn, FamilyCopy, beside, in_store
from graduated.ehcna.content import content_of
from graduated.ehcna.content_advice import advice_for, advice_of
from graduated.ehcna.content_family import content_for
from graduated.ehcna.content_people import pupil as pupil_of
from graduated.ehcna.manifest import manifest_of, manifest_sha256
from graduated.ehcna.queries import build_of_job
from graduated.ehcna.records import Records, records_for
from graduated.ehcna.services_build import BesidePack, Built, keep_build, take_away
from graduated.pack.advice import render_advice
from graduated.pack.evidence_pack import render_pack
from graduated.pack.press import Rendered
from graduated.review.queries_given import adults_to_give
from graduated.rules.vocabulary import BuildKind

_STEPS = ("Reading the records", "Drawing the pages", "Putting the documents together", "Keeping the pack")


def draw(
    pupil_id: int,
    request_id: int | None,
    moment: datetime,
    builder: str,
    job_id: int | None = None,
    copies: Sequence[int] = (),
    kind: BuildKind = BuildKind.REQUEST,
) -> Drawn:
    """The pack as it stands at a moment, with copies for adults of the family, as far as they may be given papers.

    The same records and moment give the same bytes. `kind`: the pack of the request, or its educational advice.
    """
    with held(moment):
        _say(job_id, 0)
        records = records_for(pupil_id, request_id, kind)
        manifest = manifest_of(records)
        fingerprint = manifest_sha256(manifest)
        name = pupil_of(records).legal_name
        _say(job_id, 1)
        rendered = _rendered(records, None, moment, builder, fingerprint)
        family = []
        for adult_id in (one.adult_id for one in adults_to_give(pupil_id) if one.adult_id in copies):
            copy = _rendered(records, adult_id, moment, builder, fingerprint)
            family.append(FamilyCopy(adult_id, copy.pdf, copy.pages))
    there, lost = in_store(_store(), attachments_of(records))
    warnings = (*rendered.warnings, *lost)
    return Drawn(
        moment, builder, rendered.pdf, rendered.pages, warnings, manifest, fingerprint, there, name, tuple(family), kind
    )


def _rendered(records: Records, adult_id: int | None, moment: datetime, builder: str, fingerprint: str) -> Rendered:
    """The document for the authority, or its copy for an adult of the family."""
    if records.kind is BuildKind.ADVICE:
        advice = advice_of(records) if adult_id is None else advice_for(records, adult_id)
        return render_advice(advice, moment, builder, fingerprint)
    content = content_of(records) if adult_id is None else content_for(records, adult_id)
    return render_pack(content, moment, builder, fingerprint)


def _store() -> FileStore:
    store: FileStore = current_app.extensions["files"]
    return store


def build(
    pupil_id: int,
    request_id: int | None,
    builder: str,
    job_id: int | None = None,
    moment: datetime | None = None,
    copies: Sequence[int] = (),
    kind: BuildKind = BuildKind.REQUEST,
) -> tuple[int, bytes, int]:
    """Draw the pack and keep it; gives the build's id, the bytes and the number of pages."""
    moment = moment or now()
    drawn = draw(pupil_id, request_id, moment, builder, job_id, copies, kind)
    _say(job_id, 2)
    store = _store()
    pack = store.stage_chunks([drawn.pdf])
    others: list[BesidePack] = []
    try:
        together = bound(store, drawn, lambda: _say(job_id, 2))
        others += [together.file] if together.file else []
        for other in beside(store, drawn):  # one by one: what was begun is let go when the next one fails
            others.append(other)
        _say(job_id, 3)
        build_id = keep_build(
            Built(
                pupil_id=pupil_id,
                request_id=request_id,
                job_id=job_id,
                moment=moment,
                builder=builder,
                manifest=drawn.manifest,
                manifest_sha256=drawn.manifest_sha256,
                pack=pack,
                pages=drawn.pages,
                warnings=(*drawn.warnings, *together.notes),
                beside=tuple(others),
                kind=kind,
            )
        )
    finally:
        for one in (pack, *(other.staged for other in others)):
            one.drop()
    return build_id, drawn.pdf, drawn.pages


def _say(job_id: int | None, step: int) -> None:
    if job_id is not None:
        hooks.report_progress(job_id, step, len(_STEPS), _STEPS[step])


def build_job(job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """What the worker does. Taken up again after its worker was killed, it finds what was already kept."""
    take_away(job_id)
    kept = build_of_job(job_id)
    if kept is not None:
        return {"build_id": kept.build_id, "pages": kept.pages}
    pupil_id, builder, copies = int(payload["pupil_id"]), str(payload["builder"]), payload.get("copies", ())
    kind = BuildKind(payload.get("kind", BuildKind.REQUEST))
    build_id, _pdf, pages = build(pupil_id, payload["request_id"], builder, job_id, copies=copies, kind=kind)
    return {"build_id": build_id, "pages": pages}
