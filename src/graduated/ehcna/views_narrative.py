"""Writing the narrative: one section at a time, with figures and quotations put in from the records, and its past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, abort, flash, request, url_for
from werkzeug.datastructures import MultiDict

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.ehcna.advice import Source, brought_lines, new_since, sources_for, titles_of_request
from graduated.ehcna.balance import BALANCED, balance_of
from graduated.ehcna.forms_narrative import LONGEST, NarrativeForm
from graduated.ehcna.page_parts import SectionWords, section_titles, sections_of
from graduated.ehcna.queries_asked import asked_for_section
from graduated.ehcna.queries_narrative import versions_of
from graduated.ehcna.records import Records, records_for
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import Look, as_read, kinds_for, looks_at, offers_for, references_of, true_labels
from graduated.ehcna.services_narrative import write_narrative
from graduated.ehcna.views import bp
from graduated.pack.content import Section
from graduated.request.queries import RequestRow, request_of
from graduated.request.rights import rights
from graduated.rules.advice import brought_after, kind_of
from graduated.rules.references import as_words, at_the_end, mark, refs, relabelled
from graduated.rules.vocabulary import BuildKind
from graduated.web import drafts
from graduated.web.forms import open_form
from graduated.web.page import done, go_to, page

_SAID = {
    "over": "Their words stand at the end of yours as a quotation, name and day first. They are not saved yet.",
    "bring": "The request’s words are put in at the end of yours. Change them as you like; they are not saved yet.",
    "insert": "It is put in at the end of your words. They are not saved yet.",
    "take": "The new one is taken. Your words are not saved yet.",
    "keep": "It stands as plain words now, with its date. Your words are not saved yet.",
    "drop": "It is taken out. Your words are not saved yet.",
}


@dataclass(frozen=True, slots=True)
class _Writing:
    """One section on the desk: the request, everything on record, what can be quoted, the words as they are saved.

    `sources`: of a section of the advice, words of the request that can be brought over.
    """

    row: RequestRow
    records: Records
    found: Mapping[str, Reference]
    kept: SectionWords
    sources: tuple[Source, ...] = ()

    @property
    def is_advice(self) -> bool:
        """Whether it is a section of the educational advice."""
        return self.records.kind is BuildKind.ADVICE

    @property
    def back(self) -> str:
        """The page that the section belongs to."""
        place = "ehcna.advice" if self.is_advice else "ehcna.request"
        return url_for(place, request_id=self.row.request_id)


def _open(request_id: int, section: str) -> _Writing:
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id, kind_of(section))
    is_advice = records.kind is BuildKind.ADVICE
    if section not in section_titles(records) or (is_advice and not row.has_advice):
        abort(404)
    sources = sources_for(section, row, titles_of_request(records)) if is_advice else ()
    return _Writing(row, records, references_of(records), _kept(records, section), sources)


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
    kept = [one for one in writing.kept.sources if one.ref not in form.taken_refs]
    labels = true_labels(form.typed, writing.kept.typed, kept, writing.found)
    try:
        write_narrative(
            request_id,
            section,
            relabelled(form.typed, labels),
            form.sent_version or 0,  # opened before anybody had written: then nobody may have written since
            says={ref: one.digest for ref, one in writing.found.items()},
            taken=form.taken_refs,
            brought=form.brought_over,
        )
    except Clash:
        theirs = _kept(records_for(writing.row.pupil_id, request_id, writing.records.kind), section)
        form.version.data = str(theirs.version)
        return _shown(writing, form, 409, theirs)
    place = "ehcna.advice" if writing.is_advice else "ehcna.request"
    return done(place, "The words are saved.", request_id=request_id)


def _changed(writing: _Writing, form: NarrativeForm, act: str, ref: str) -> Response:
    """Put a record in, take its new words, keep the old ones or take it out: in what is typed, which stays a draft."""
    one, text, taken = writing.found.get(ref), form.typed, form.taken_refs
    source, brought = next((one for one in writing.sources if one.key == ref), None), form.brought_over
    if act == "bring" and source is not None:
        text = "\n\n".join(part for part in (text.rstrip(), source.text.strip()) if part)
        brought = {**brought, source.key: source.version}
    elif act == "insert" and one is not None:
        text = at_the_end(text, mark(one.label, ref))
    elif act == "over" and one is not None and ref not in refs(text) and _handed_in(writing, ref):
        text = "\n\n".join(
            part for part in (text.rstrip(), f"{mark(one.label, ref)}: “{_handed_in(writing, ref).strip()}”") if part
        )
    elif act == "take" and one is not None:
        text, taken = relabelled(text, {ref: one.label}), (*taken, ref)
    elif act == "keep" and one is not None and one.then:
        text = as_words(text, ref, f"{one.then}, as it was recorded then")
    elif act == "drop":
        text = as_words(text, ref, "")
    else:
        form.text.errors = [*form.text.errors, "That record is not there any more. Choose another from the list."]
        return _shown(writing, form, 422)
    over = " ".join(f"{key}:{version}" for key, version in brought.items())
    typed = {"text": text, "version": form.version.data or "", "taken": " ".join(taken), "brought": over}
    window = {name: request.form[name] for name in ("form_key", "draft_of") if name in request.form}
    drafts.save_first(request.path, MultiDict({**window, **typed}))
    flash(_SAID[act], "success")
    return go_to(f"{request.path}#text")


def _handed_in(writing: _Writing, ref: str) -> str:
    """What a colleague handed in for this section, by its mark."""
    asked = asked_for_section(writing.row.request_id, writing.kept.key)
    return next((came.text for one in asked for came in one.given if came.ref == ref), "")


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
        is_advice=writing.is_advice,
        back=writing.back,
        fresh=new_since(writing.records, writing.found) if writing.is_advice else (),
        fitting=kinds_for(key),
        sources=[(one, as_read(one.text, writing.found)) for one in writing.sources],
        brought=_brought(writing, form),
        balance=balance_of(writing.records, writing.found, text) if key in BALANCED else None,
        asked=asked_for_section(writing.row.request_id, key),
        named=refs(text),
        section_key=key,
        on=today(),
        marks={ref: mark(one.label, ref) for ref, one in writing.found.items()},
        versions_href=url_for("ehcna.versions", request_id=writing.row.request_id, section=key)
        if writing.kept.on
        else "",
    )
    if status == 409:
        response.headers["HX-Retarget"] = "#main"
    return response


def _brought(writing: _Writing, form: NarrativeForm) -> tuple[str, ...]:
    """Where words came from that stand in the form: those of the saved version, and those brought over since."""
    known = brought_after(form.typed or "-", writing.kept.brought, form.brought_over, today())
    return brought_lines(known, writing.row.request_id, titles_of_request(writing.records)) if known else ()


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
        typed = [("text", chosen.text), ("version", str(writing.kept.version)), ("taken", ""), ("draft_of", "")]
        drafts.save_first(place, MultiDict(typed))
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
