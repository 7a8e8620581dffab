"""Writing the narrative: one section at a time, with figures and quotations put in from the records, and its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, flash, request, url_for
from werkzeug.datastructures import MultiDict

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.writing import Clash
from graduated.ehcna.balance import BALANCED, balance_of
from graduated.ehcna.forms_narrative import LONGEST, NarrativeForm
from graduated.ehcna.page_parts import SectionWords, section_titles, sections_of
from graduated.ehcna.queries_narrative import versions_of
from graduated.ehcna.records import Records, records_for
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import Look, as_read, looks_at, offers_for, references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.ehcna.views import bp
from graduated.pack.content import Section
from graduated.request.queries import RequestRow, request_of
from graduated.request.rights import rights
from graduated.rules.references import as_words, at_the_end, mark, refs, relabelled
from graduated.web import drafts
from graduated.web.forms import open_form
from graduated.web.page import done, go_to, page

_SAID = {
    "insert": "It is put in at the end of your words. They are not saved yet.",
    "take": "The new one is taken. Your words are not saved yet.",
    "keep": "It stands as plain words now, with its date. Your words are not saved yet.",
    "drop": "It is taken out. Your words are not saved yet.",
}


@dataclass(frozen=True, slots=True)
class _Writing:
    """One section on the desk: the request, everything on record, what can be quoted, the words as they are saved."""

    row: RequestRow
    records: Records
    found: Mapping[str, Reference]
    kept: SectionWords


def _open(request_id: int, section: str) -> _Writing:
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id)
    if section not in section_titles(records):
        abort(404)
    return _Writing(row, records, references_of(records), _kept(records, section))


def _kept(records: Records, section: str) -> SectionWords:
    return next(one for one in sections_of(records) if one.key == section)


@bp.route("/requests/<int:request_id>/narrative/<section>", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def narrative(request_id: int, section: str) -> Response:
    """Write one section's words."""
    writing = _open(request_id, section)
    form = open_form(NarrativeForm, {"text": writing.kept.typed}, version=writing.kept.version)
    act, _, ref = request.form.get("act", "").partition(":")
    if act in _SAID and len(form.typed) <= LONGEST:
        return _changed(writing, form, act, ref)
    if request.method == "GET":
        return _shown(writing, form)
    if not form.validate_on_submit():
        return _shown(writing, form, 422)
    known = {one.ref for one in writing.kept.sources}
    fresh = {ref: one.label for ref, one in writing.found.items() if ref not in known or one.moves}
    try:
        write_narrative(
            request_id,
            section,
            relabelled(form.typed, fresh),
            form.sent_version or 0,  # opened before anybody had written: then nobody may have written since
            says={ref: one.digest for ref, one in writing.found.items()},
            taken=form.taken_refs,
        )
    except Clash:
        theirs = _kept(records_for(writing.row.pupil_id, request_id), section)
        form.version.data = str(theirs.version)
        return _shown(writing, form, 409, theirs)
    return done("ehcna.request", "The words are saved.", request_id=request_id)


def _changed(writing: _Writing, form: NarrativeForm, act: str, ref: str) -> Response:
    """Put a record in, take its new words, keep the old ones or take it out: in what is typed, which stays a draft."""
    one, text, taken = writing.found.get(ref), form.typed, form.taken_refs
    if act == "insert" and one is not None:
        text = at_the_end(text, mark(one.label, ref))
    elif act == "take" and one is not None:
        text, taken = relabelled(text, {ref: one.label}), (*taken, ref)
    elif act == "keep" and one is not None and one.then:
        text = as_words(text, ref, f"{one.then}, as it was recorded then")
    elif act == "drop":
        text = as_words(text, ref, "")
    else:
        form.text.errors = [*form.text.errors, "That record is not there any more. Choose another from the list."]
        return _shown(writing, form, 422)
    typed = MultiDict([("text", text), ("version", form.version.data or ""), ("taken", " ".join(taken))])
    drafts.save(request.path, typed)
    flash(_SAID[act], "success")
    return go_to(f"{request.path}#text")


def _shown(writing: _Writing, form: NarrativeForm, status: int = 200, theirs: SectionWords | None = None) -> Response:
    key, text = writing.kept.key, form.typed
    response = page(
        "ehcna/narrative.html",
        status=status,
        title=writing.kept.title,
        head=writing.records.head,
        row=writing.row,
        form=form,
        theirs=theirs,
        reason=writing.row.reason.splitlines() if key == Section.REASON.value else None,
        rights=rights(writing.row),
        looks=_looks(writing, form),
        reads=as_read(text, writing.found) if refs(text) else "",
        offers=offers_for(key, writing.found),
        balance=balance_of(writing.records, writing.found, text) if key in BALANCED else None,
        marks={ref: mark(one.label, ref) for ref, one in writing.found.items()},
        versions_href=url_for("ehcna.versions", request_id=writing.row.request_id, section=key)
        if writing.kept.on
        else "",
    )
    if status == 409:
        response.headers["HX-Retarget"] = "#main"
    return response


def _looks(writing: _Writing, form: NarrativeForm) -> tuple[Look, ...]:
    told = looks_at(writing.kept.key, form.typed, writing.kept.sources, writing.found)
    return tuple(one for one in told if one.ref not in form.taken_refs)


@bp.route("/requests/<int:request_id>/narrative/<section>/versions", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def versions(request_id: int, section: str) -> Response:
    """Every version of a section that was saved; earlier words are brought back into the form, to be saved again."""
    writing = _open(request_id, section)
    rows = versions_of(request_id, section)
    place, wrong = url_for("ehcna.narrative", request_id=request_id, section=section), request.method == "POST"
    chosen = next((one for one in rows if str(one.number) == request.form.get("number")), None)
    if chosen is not None:
        drafts.save(place, MultiDict([("text", chosen.text), ("version", str(writing.kept.version)), ("taken", "")]))
        flash(f"The words of version {chosen.number} are back in the form. They are not saved yet.", "success")
        return go_to(place)
    return page(
        "ehcna/versions.html",
        status=422 if wrong else 200,
        wrong=wrong,
        has_unsaved=drafts.load(place) is not None,
        title=f"Versions: {writing.kept.title}",
        head=writing.records.head,
        row=writing.row,
        section=writing.kept,
        place=place,
        rows=[(one, as_read(one.text, writing.found)) for one in rows],
        rights=rights(writing.row),
    )
