"""Putting a bundle together: what is cleared, as a document, as data and with the original papers, in one ZIP.

Done by the worker. Decisions that were made before are made again by themselves; what nobody decided stays out.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from datetime import datetime
from io import BufferedRandom
from typing import Any

from flask import current_app

from graduated.db import hooks
from graduated.db.clock import held, local, now
from graduated.db.files import CHUNK, FileStore
from graduated.disclosure.clearing import Cleared, cleared
from graduated.disclosure.queries import RequestRow, request_of
from graduated.disclosure.queries_build import build_of_job
from graduated.disclosure.readable import as_data, listed, sections
from graduated.disclosure.services_build import BuiltBundle, keep_bundle
from graduated.disclosure.weighing import Weighed, weigh
from graduated.ehcna.services_build import take_away
from graduated.pack.press import Rendered
from graduated.pack.record_given import GivenRecord, render_given
from graduated.pupils.queries import Paper, documents_of, pupil_head
from graduated.pupils.views_papers import file_name
from graduated.rules.names import parts_of
from graduated.rules.vocabulary import Disclosing
from graduated.school.queries import school_details
from graduated.web.filters import long_date
from graduated.web.filters import moment as moment_words

JOB_KIND = "disclosure"
_STEPS = ("Reading the record", "Writing the document", "Putting the papers in", "Keeping the bundle")
_READ_ME = """\
What this folder holds
======================

record.pdf
    What {school} keeps about {name}, to read. It reads aloud well.

record.json
    The same as data, for a computer, with the list of who changed what, when.

papers
    The papers that go with it, as they were received.

Words in square brackets, “[left out: third party]” and “[left out]”, stand
where something about another person stood. It was taken out of the text.
"""


@dataclass(frozen=True, slots=True)
class _Part:
    paper: Paper
    name: str


def build_job(job_id: int, payload: dict[str, Any]) -> dict[str, Any]:
    """What the worker does; taken up again after its worker was killed, it finds what was already kept."""
    take_away(job_id)
    kept = build_of_job(job_id)
    if kept is not None:
        return {"build_id": kept}
    return {"build_id": build(int(payload["request_id"]), str(payload["builder"]), job_id)}


def build(request_id: int, builder: str, job_id: int | None = None, moment: datetime | None = None) -> int:
    """Put the bundle of a request together and keep it; gives the build's id."""
    moment = moment or now()
    store: FileStore = current_app.extensions["files"]
    with held(moment):
        _say(job_id, 0)
        request = request_of(request_id)
        weighed = weigh(request)
        clear, named = cleared(weighed), maker(weighed, builder, school_details().name)
        head = pupil_head(request.pupil_id)
        parts, lost = _papers(store, request, clear)
        _say(job_id, 1)
        rendered = _document(request, clear, parts, named, moment)
        data = as_data(clear.gathered, {"pupil": head.name, "made": local(moment).isoformat(), "made_by": named})
        about = _READ_ME.format(school=school_details().name, name=head.name).encode()
    _say(job_id, 2)
    staged = store.stage(lambda out: _zip(out, store, moment, about, rendered.pdf, data, parts))
    try:
        _say(job_id, 3)
        notes = (*_notes(clear), *lost, *rendered.warnings)
        return keep_bundle(
            BuiltBundle(request.pupil_id, request_id, job_id, moment, builder, staged, rendered.pages,
                        clear.gathered.count, len(parts), notes)
        )  # fmt: skip
    finally:
        staged.drop()


def _say(job_id: int | None, step: int) -> None:
    if job_id is not None:
        hooks.report_progress(job_id, step, len(_STEPS), _STEPS[step])


def _papers(store: FileStore, request: RequestRow, clear: Cleared) -> tuple[tuple[_Part, ...], tuple[str, ...]]:
    """The papers that go, with their names in the folder, and a sentence for each whose file is not there."""
    wanted, parts, lost = set(clear.papers), list[_Part](), list[str]()
    for paper in sorted(documents_of(request.pupil_id), key=lambda one: one.document_id):
        if paper.document_id not in wanted or paper.gone_on:  # of one that went by law nothing is to be had
            continue
        path = store.path(paper.sha256) if paper.sha256 else None
        if path is None or not path.is_file():
            lost.append(f"The file of “{paper.title}” could not be read: it is not in the bundle.")
        else:
            parts.append(_Part(paper, f"papers/{len(parts) + 1:02d} {file_name(paper)}"))
    return tuple(parts), tuple(lost)


def _document(
    request: RequestRow, clear: Cleared, parts: tuple[_Part, ...], builder: str, moment: datetime
) -> Rendered:
    head, school = pupil_head(request.pupil_id), school_details()
    return render_given(
        GivenRecord(
            title=f"The record of {head.name}",
            school=school.name,
            facts=(
                ("School", school.name),
                ("Pupil", head.name),
                ("Asked for by", f"{request.from_name}, {long_date(request.received_on)}"),
                ("What it is", request.kind.label),
                ("Put together", moment_words(moment)),
            ),
            notes=(
                "Each part below is one kind of record, with every entry that is kept. An entry without an answer to "
                "some question leaves the question out.",
                "“[left out: third party]” and “[left out]” stand where something about another person stood.",
            ),
            papers=listed(one.paper.title for one in parts),
            sections=sections(clear.gathered),
            builder=builder,
            moment=moment,
        )
    )


def _notes(clear: Cleared) -> tuple[str, ...]:
    """Sentences for whoever looks through the bundle before it is given; they are not in it.

    They count nothing that is kept to the safeguarding lead: whoever reads them must not learn that there is any.
    """
    notes = [f"{clear.names_out} names and {clear.rows_out} whole entries or papers stay out."]
    if clear.undecided:
        notes.append(
            f"{clear.undecided} things were not decided: they stay out. If they should not, decide and build again."
        )
    return tuple(notes)


def maker(weighed: Weighed, builder: str, school: str) -> str:
    """Who put it together, as the bundle says it: the school, when that name is left out anywhere in it."""
    words = parts_of([builder])
    left = (
        one
        for one in weighed.staff
        if any(place.decided and place.decided.choice is Disclosing.LEFT_OUT for place in one.places)
    )
    return school if any(parts_of([one.shown]) <= words for one in left) else builder


def _zip(
    out: BufferedRandom, store: FileStore, moment: datetime, about: bytes, pdf: bytes, data: bytes,
    parts: tuple[_Part, ...],
) -> None:  # fmt: skip
    stamp = local(moment).timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in (("read-me.txt", about), ("record.pdf", pdf), ("record.json", data)):
            folder.writestr(_entry(name, stamp), content, zipfile.ZIP_DEFLATED)
        for part in parts:
            with store.whole(part.paper.sha256).open("rb") as paper, folder.open(_entry(part.name, stamp), "w") as into:
                shutil.copyfileobj(paper, into, CHUNK)


def _entry(name: str, stamp: tuple[int, ...]) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, stamp)  # type: ignore[arg-type]  # six numbers of a struct_time


hooks.job_handlers[JOB_KIND] = build_job
hooks.job_left[JOB_KIND] = take_away
