"""School, Backups: how old the last good one is, what stands in the way, and a button to make one now."""

from __future__ import annotations

from flask import Blueprint, Response, abort, url_for
from flask_wtf import FlaskForm

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.backup import services
from graduated.backup.queries import backup_warnings, backups, is_left_to_server, last_job, place_rows
from graduated.db.clock import now
from graduated.rules.backups import age_in_words
from graduated.school.panels import Link, Panel, offer_panel
from graduated.web.page import done, page

bp = Blueprint("backup", __name__)


def _panel() -> Panel:
    """The card on the School page: the age of the last good backup, or what is wrong."""
    found = backups()
    if is_left_to_server():
        says = "Whoever runs the database server makes them"
        return Panel("Backups", (says, *backup_warnings()[:3]), (Link("Backups", url_for("backup.standing")),))
    age = "There is no backup yet" if found.good_at is None else (
        f"The last good backup is {age_in_words(now() - found.good_at)} old"
    )  # fmt: skip
    return Panel("Backups", (age, *backup_warnings()[:3]), (Link("Backups", url_for("backup.standing")),))


offer_panel(40, "backups", _panel)


@bp.get("/school/backups")
@guard(SCHOOL_READ)
def standing() -> Response:
    """How the backups stand; asked again every second where a script runs and one is being made."""
    found = backups()
    return page(
        "backup/standing.html",
        "backup/_standing.html",
        title="Backups",
        places=place_rows(found),
        is_ready=found.is_set_up and found.has_key and not is_left_to_server(),
        is_left_to_server=is_left_to_server(),
        warnings=backup_warnings(),
        age="" if found.good_at is None else age_in_words(now() - found.good_at),
        rehearsal=found.rehearsal,
        job=last_job(),
        can_edit=may(SCHOOL_WRITE),
    )


@bp.post("/school/backups/now")
@guard(SCHOOL_WRITE)
def now_please() -> Response:
    """Ask the worker for a backup at once."""
    if not FlaskForm().validate_on_submit():
        abort(422)
    found = backups()
    if not (found.is_set_up and found.has_key) or is_left_to_server():
        abort(409)
    services.ask_for_backup()
    return done("backup.standing")
