"""Pages of `imports`: choose a file, see what it would do, take it, see what came of it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, make_response, request, url_for

from graduated.access.actions import SCHOOL_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.imports import progress, services
from graduated.imports.dry_run import Plan, fingerprint, plan_of, read_file, size_of
from graduated.imports.forms import ChooseFile, TakeFile
from graduated.imports.headings import Kind
from graduated.imports.known import visible_pupils
from graduated.imports.models import ImportState
from graduated.imports.queries import Upload, latest_uploads, newest_taken, upload_of
from graduated.imports.reader import MAX_BYTES, Unreadable, check_size
from graduated.imports.shown import Shown, show
from graduated.web.forms import open_form
from graduated.web.page import done, page, wants_fragment

bp = Blueprint("imports", __name__)
LARGE = 400  # rows to write: from here on the worker takes the file, and the page shows how far it is


@bp.route("/school/import", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def start() -> Response:
    """Choose a file; the files of before, with who took them and what came of them."""
    form = open_form(ChooseFile, {"kind": Kind.PUPILS.value})
    if request.method == "POST" and form.validate_on_submit():
        upload = _chosen(form)
        if upload is not None:
            return done("imports.file", upload=upload)
    status = 422 if request.method == "POST" else 200
    return page("imports/start.html", status=status, title="Import from the MIS", form=form, uploads=latest_uploads())


def _chosen(form: ChooseFile) -> int | None:
    """Keep a file that can be read; what can't is said beside the field."""
    sent = form.file.data
    filename = (sent.filename or "file").replace("\\", "/").rpartition("/")[2]
    data = sent.stream.read(MAX_BYTES + 1)
    try:
        sent.stream.seek(0, 2)
        check_size(sent.stream.tell())
        read_file(data, filename, Kind(form.kind.data), today())
    except Unreadable as error:
        form.file.errors = [error.sentence]
        return None
    finally:
        sent.close()
    stored = current_app.extensions["files"].put([data])
    return services.keep_upload(Kind(form.kind.data), filename, stored.sha256, stored.size)


@bp.route("/school/import/<int:upload>", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def file(upload: int) -> Response:
    """One file: what it would do, how far it is, or what came of it."""
    found = upload_of(upload) or abort(404)
    if found.state is ImportState.ASKED and not found.has_failed:
        return _on_its_way(found)
    if wants_fragment() and request.method == "GET":
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url_for("imports.file", upload=upload)
        return response
    plan = _plan(found)
    if request.method == "POST":
        return _take(found, plan)
    return _shown(found, plan)


def _on_its_way(found: Upload) -> Response:
    if request.method == "POST":
        return done("imports.file", upload=found.id)
    return page(
        "imports/taking.html",
        "imports/_taking.html",
        title=f"Importing {found.filename}",
        upload=found,
        far=progress.read(found.id),
    )


def _plan(found: Upload) -> Plan | None:
    """What the file would do now; nothing for one that is over and done with, or whose bytes are gone."""
    waits = found.state is ImportState.DONE and found.waiting and newest_taken(found.kind) == found.id
    if not (found.is_open or waits) or not found.is_kept:
        return None
    try:
        data = current_app.extensions["files"].read(found.sha256)
    except FileNotFoundError:
        return None
    with services.whole_school():
        read = read_file(data, found.filename, found.kind, today())
        return plan_of(read, today(), confirming_only=found.state is ImportState.DONE)


def _words(plan: Plan) -> Shown:
    return show(plan, visible_pupils(), services.may_confirm(), request.args.get("all", ""))


def _shown(found: Upload, plan: Plan | None, *, status: int = 200, problem: str = "") -> Response:
    words = _words(plan) if plan is not None else None
    form = TakeFile(formdata=None)
    form.shown.data = fingerprint(plan) if plan is not None else ""
    form.version.data = str(found.version)
    return page(
        "imports/file.html",
        status=status,
        title=found.filename,
        upload=found,
        is_open=found.is_open and plan is not None,
        is_done=found.state is ImportState.DONE,
        shown=words,
        form=form,
        may_confirm=services.may_confirm(),
        problem=problem or found.problem,
        is_large=plan is not None and size_of(plan) > LARGE,
    )


def _take(found: Upload, plan: Plan | None) -> Response:
    """Take what was shown, once; show it again when something else would be done now."""
    form = TakeFile()
    if not form.validate_on_submit():
        abort(400)
    if form.sent_version != found.version or plan is None:
        return done("imports.file", upload=found.id)
    if form.shown.data != fingerprint(plan):
        return _shown(found, plan, status=409, problem=services.CHANGED)
    ticked = _ticked(form, plan)
    confirming = found.state is ImportState.DONE
    if size_of(plan) > LARGE:
        services.ask(found.id, form.shown.data, ticked, found.version)
        return done("imports.file", upload=found.id)
    data = current_app.extensions["files"].read(found.sha256)
    read = read_file(data, found.filename, found.kind, today())
    try:
        services.take(
            found.id,
            read,
            print_=form.shown.data,
            ticked=ticked,
            version=found.version,
            confirming_only=confirming,
        )
    except services.RollChanged:
        return _shown(found, _plan(found), status=409, problem=services.CHANGED)
    services.forget_files()
    return done(
        "imports.file",
        "The lines you ticked were confirmed." if confirming else "The file was imported.",
        upload=found.id,
    )


def _ticked(form: TakeFile, plan: Plan) -> frozenset[int]:
    """The lines ticked, of those that wait and that this person can see."""
    ticked = set(form.line.data or ())
    return frozenset(row.line for row in _words(plan).to_confirm if str(row.line) in ticked)


@bp.post("/school/import/<int:upload>/cancel")
@guard(SCHOOL_WRITE)
def cancel(upload: int) -> Response:
    """Leave everything as it is and let the file go."""
    found = upload_of(upload) or abort(404)
    services.cancel(found.id)
    services.forget_files()
    return done("imports.start", "Nothing was changed, and the file was let go.")
