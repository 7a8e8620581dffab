"""Building a pack: freeze the records, draw them, keep the file and the manifest. Done by the worker or a command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app

from graduated.db import hooks
from graduated.db.clock import held, now
from graduated.db.files import FileStore
from graduated.ehcna.content import content_of
from graduated.ehcna.manifest import manifest_of, manifest_sha256
from graduated.ehcna.queries import build_of_job
from graduated.ehcna.records import records_for
from graduated.ehcna.services import Built, keep_build
from graduated.pack.evidence_pack import render_pack

_STEPS = ("Reading the records", "Drawing the pages", "Keeping the pack")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pack in memory: its bytes, its manifest, and what a person should know before sending it."""

    pdf: bytes
    pages: int
    warnings: tuple[str, ...]
    manifest: dict[str, Any]
    manifest_sha256: str


def draw(pupil_id: int, request_id: int | None, moment: datetime, builder: str, job_id: int | None = None) -> Drawn:
    """The pack as it stands at a moment. The same records and moment give the same bytes."""
    with held(moment):
        _say(job_id, 0)
        records = records_for(pupil_id, request_id)
        manifest = manifest_of(records)
        fingerprint = manifest_sha256(manifest)
        content = content_of(records)
        _say(job_id, 1)
        rendered = render_pack(content, moment, builder, fingerprint)
    return Drawn(rendered.pdf, rendered.pages, rendered.warnings, manifest, fingerprint)


def build(
    pupil_id: int, request_id: int | None, builder: str, job_id: int | None = None, moment: datetime | None = None
) -> tuple[int, bytes, int]:
    """Draw the pack and keep it; gives the build's id, the bytes and the number of pages."""
    moment = moment or now()
    drawn = draw(pupil_id, request_id, moment, builder, job_id)
    _say(job_id, 2)
    store: FileStore = current_app.extensions["files"]
    stored = store.put([drawn.pdf])
    build_id = keep_build(
        Built(
            pupil_id=pupil_id,
            request_id=request_id,
            job_id=job_id,
            moment=moment,
            builder=builder,
            manifest=drawn.manifest,
            manifest_sha256=drawn.manifest_sha256,
            sha256=stored.sha256,
            size=stored.size,
            pages=drawn.pages,
            warnings=drawn.warnings,
        )
    )
    return build_id, drawn.pdf, drawn.pages


def _say(job_id: int | None, step: int) -> None:
    if job_id is not None:
        hooks.report_progress(job_id, step, len(_STEPS), _STEPS[step])


def build_job(job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """What the worker does. Taken up again after its worker was killed, it finds what was already kept."""
    kept = build_of_job(job_id)
    if kept is not None:
        return {"build_id": kept.build_id, "pages": kept.pages}
    build_id, _pdf, pages = build(int(payload["pupil_id"]), payload["request_id"], str(payload["builder"]), job_id)
    return {"build_id": build_id, "pages": pages}
