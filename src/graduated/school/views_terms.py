"""Term dates: what a school day is, which everything that counts days and weeks goes by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from flask import Response, flash, make_response, redirect, url_for

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.rules.calendar import SchoolYear, TermDates, academic_year, academic_year_starts
from graduated.school import queries, services
from graduated.school.forms import TermForm, YearForm
from graduated.school.queries import TermRow
from graduated.school.term_checks import faults as faults_of
from graduated.school.term_checks import propose_terms
from graduated.school.views import bp
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page


@dataclass(frozen=True, slots=True)
class YearOfTerms:
    """One academic year of the list, with its school days counted."""

    name: str
    terms: tuple[TermRow, ...]
    school_days: int


@dataclass(frozen=True, slots=True)
class Missing:
    """An academic year without terms, and the year it starts in."""

    name: str
    starts_in: int


@bp.get("/school/terms")
@guard(SCHOOL_READ)
def terms() -> Response:
    """Every academic year with its terms, the newest first, and the years still to be entered."""
    rows = queries.term_rows()
    years = [_year(name, tuple(group)) for name, group in groupby(reversed(rows), key=lambda row: row.academic_year)]
    first = academic_year_starts(today()).year
    known = {year.name for year in years}
    missing = [Missing(name, year) for year in (first, first + 1) if (name := _name(year)) not in known]
    return page(
        "school/terms.html",
        title="Term dates",
        years=years,
        missing=missing,
        this_year=academic_year(today()),
        has_this_year=academic_year(today()) in known,
        can_edit=may(SCHOOL_WRITE),
    )


def _name(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def _year(name: str, rows: tuple[TermRow, ...]) -> YearOfTerms:
    rows = tuple(sorted(rows, key=lambda row: row.starts))
    days = SchoolYear(tuple(map(queries.dates_of, rows)), queries.bank_holidays()).days
    return YearOfTerms(name, rows, len(days))


@bp.route("/school/terms/add", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add_term() -> Response:
    """Enter one term."""
    form = open_form(TermForm)
    if not form.is_submitted():
        return _term_page(form, "Add a term")
    if form.validate():
        try:
            services.add_term(form.dates())
        except services.TermFaulty as error:
            form.blame(error.faults)
        else:
            return done("school.terms", "Term added.")
    return _term_page(form, "Add a term", 422)


@bp.route("/school/terms/<int:term_id>", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def edit_term(term_id: int) -> Response:
    """Correct a term."""
    row = _row(term_id)
    form = open_form(TermForm, _filled(row), version=row.version)
    heading = f"{row.name} {row.academic_year}"
    if not form.is_submitted():
        return _term_page(form, heading, term_id=term_id)
    if form.validate():
        try:
            services.change_term(term_id, form.dates(), form.sent_version)
        except services.TermFaulty as error:
            form.blame(error.faults)
        except Clash:
            theirs = _row(term_id)
            form.version.process_data(str(theirs.version))
            return _term_page(form, heading, 409, term_id=term_id, theirs=theirs)
        else:
            return done("school.terms", "Term saved.")
    return _term_page(form, heading, 422, term_id=term_id)


def _row(term_id: int) -> TermRow:
    return next(row for row in queries.term_rows() if row.id == term_id)


def _filled(row: TermRow) -> dict[str, object]:
    return {
        "name": row.name,
        "starts": row.starts,
        "ends": row.ends,
        "half_term_starts": row.half_term_starts,
        "half_term_ends": row.half_term_ends,
        "inset_days": row.inset_days or None,
    }


def _term_page(
    form: Form, heading: str, status: int = 200, *, term_id: int | None = None, theirs: TermRow | None = None
) -> Response:
    return page(
        "school/term.html", None, status, title=heading, heading=heading, form=form, term_id=term_id, theirs=theirs
    )


@bp.route("/school/terms/<int:term_id>/remove", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def remove_term(term_id: int) -> Response:
    """Take a term away, after being asked."""
    row = _row(term_id)
    form = open_form(Form)
    if form.is_submitted() and form.validate():
        services.remove_term(term_id)
        # Not `done`: it writes once more, and what this view is about is no longer there to be looked up.
        flash(f"{row.name} {row.academic_year} removed.", "success")
        return make_response(redirect(url_for("school.terms"), 303))
    return page("school/term_remove.html", title="Remove a term", form=form, term=row)


@bp.route("/school/terms/propose/<int:year>", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def propose(year: int) -> Response:
    """Three terms worked out from the calendar, for the school to correct and save."""
    first = academic_year_starts(today()).year
    if not first - 10 <= year <= first + 3:
        year = first
    filled = {
        key: {"name": term.name, "starts": term.starts, "ends": term.ends,
              "half_term_starts": term.half_term_starts, "half_term_ends": term.half_term_ends}
        for key, term in zip(
            ("autumn", "spring", "summer"), propose_terms(year, queries.easter_monday(year + 1)), strict=True
        )
    }  # fmt: skip
    form = open_form(YearForm, filled)
    if not form.is_submitted():
        return _year_page(form, year)
    if form.validate() and not _any_fault(form):
        services.add_terms(tuple(part.dates() for part in form.parts))
        return done("school.terms", f"Terms of {_name(year)} added.")
    return _year_page(form, year, 422)


def _any_fault(form: YearForm) -> bool:
    found = False
    earlier: list[TermDates] = []
    for part in form.parts:
        found_here = services.term_faults(part.dates()) or faults_of(part.dates(), earlier)
        part.blame(found_here)
        earlier.append(part.dates())
        found = found or bool(found_here)
    return found


def _year_page(form: YearForm, year: int, status: int = 200) -> Response:
    title = f"Terms of {_name(year)}"
    return page("school/year.html", None, status, title=title, form=form, year_name=_name(year))
