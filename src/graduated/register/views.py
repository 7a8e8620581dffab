"""Pages of `register`: the register itself; the pupil's pages are in files of their own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, request, url_for

from graduated.access.actions import (
    ASSESS_READ,
    CLASS_CARD,
    PLAN_READ,
    REGISTER_EXPORT,
    REGISTER_READ,
    REGISTER_WRITE,
    REQUEST_BUILD,
    SCHOOL_WRITE,
)
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.exports.tables import csv_file, xlsx_file
from graduated.pupils.sight import sees_whole_row
from graduated.register.gap_filters import GAPS, without
from graduated.register.listing import DUE, PAGE, SORTS, STATUSES, Asked, Columns, asked, ordered
from graduated.register.queries import RegisterRow, counts, register_rows
from graduated.rules.vocabulary import NeedType
from graduated.web import nav
from graduated.web.headers import download
from graduated.web.page import page

bp = Blueprint("register", __name__)
nav.offer(20, "Pupils", "register.register", REGISTER_READ, ("pupils", "assess", "plan", "planning"))


def columns() -> Columns:
    """The columns of the person who looks."""
    return Columns(whole=sees_whole_row(), plans=may(PLAN_READ, Subject()), gaps=may(REQUEST_BUILD, Subject()))


def _rows(choice: Asked, has: Columns) -> list[RegisterRow]:
    wanted = register_rows(choice.wanted, with_plans=has.plans, with_strategies=not has.whole)
    if choice.gap:
        has_gap = without(choice.gap)
        wanted = [row for row in wanted if has_gap(row.pupil_id)]
    return ordered(wanted, choice)


def _asked(has: Columns) -> Asked:
    """What the address asks for; a gap only of those who may ask for it."""
    choice = asked(request.args)
    return choice if has.gaps else replace(choice, gap="")


@bp.get("/register")
@guard(REGISTER_READ)
def register() -> Response:
    """The register, narrowed and ordered as the address says; htmx swaps the table alone."""
    has = columns()
    choice = _asked(has)
    rows, there = _rows(choice, has), counts()
    pages = max(1, -(-len(rows) // PAGE))
    number = min(choice.page, pages)
    return page(
        "register/register.html",
        "register/_table.html",
        title="Pupils",
        choice=choice,
        has=has,
        rows=rows[(number - 1) * PAGE : number * PAGE],
        found=len(rows),
        first=(number - 1) * PAGE + 1,
        number=number,
        pages=pages,
        page_href=partial(_href, choice),
        pupil_href=url_for("register.pupil", pupil_id=0).removesuffix("0"),
        sorts=_sorts(choice, has),
        counts=there,
        years=[(year.value, year.label) for year in there.years],
        groups=[(group, group) for group in there.groups],
        statuses=[(code, words) for code, (words, _which) in STATUSES.items()],
        dues=[(code, words) for code, (words, _which) in DUE.items()],
        gaps=list(GAPS.items()),
        needs=NeedType.choices(),
        can_add=may(REGISTER_WRITE),
        card_href=url_for("register.class_card") if may(CLASS_CARD, Subject()) else None,
        import_href=url_for("imports.start") if may(SCHOOL_WRITE, Subject()) else None,
        beside=_beside(),
        csv_href=f"{url_for('register.export_csv')}?{choice.query(page=1)}",
        xlsx_href=f"{url_for('register.export_xlsx')}?{choice.query(page=1)}",
    )


def _beside() -> list[tuple[str, str]]:
    """Lists across pupils that stand in no menu: words and address, as far as the person may read them."""
    offered = (("Professionals", "assess.professionals"), ("Planning meetings", "planning.meetings"))
    return [(words, url_for(endpoint)) for words, endpoint in offered if may(ASSESS_READ, Subject())]


def _href(choice: Asked, number: int) -> str:
    return f"{url_for('register.register')}?{choice.query(page=number)}"


def _sorts(choice: Asked, has: Columns) -> dict[str, dict[str, Any]]:
    """For each column that can be sorted by: its heading, where its link leads, and how it stands now."""
    links = {}
    for code, (words, _key) in SORTS.items():
        current = choice.sort == code
        query = choice.query(sort=code, down=current and not choice.down, page=1)
        links[code] = {
            "text": words if has.whole or code != "year" else "Class",
            "href": f"{url_for('register.register')}?{query}",
            "direction": ("descending" if choice.down else "ascending") if current else None,
        }
    return links


@bp.get("/register/export.csv")
@guard(REGISTER_EXPORT)
def export_csv() -> Response:
    """The rows as the page shows them, all of them, as a CSV file."""
    headings, cells = _table()
    return download(csv_file(headings, cells), "text/csv; charset=utf-8", _file_name("csv"))


@bp.get("/register/export.xlsx")
@guard(REGISTER_EXPORT)
def export_xlsx() -> Response:
    """The rows as the page shows them, all of them, as a workbook."""
    headings, cells = _table()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(xlsx_file("SEN register", headings, cells), kind, _file_name("xlsx"))


def _table() -> tuple[list[str], list[list[str]]]:
    has = columns()
    choice = _asked(has)
    return has.headings(), [has.cells(row) for row in _rows(choice, has)]


def _file_name(ending: str) -> str:
    return f"sen-register-{today():%Y-%m-%d}.{ending}"


from graduated.register import (  # noqa: E402  # they hang their pages into the blueprint
    views_cards,  # noqa: F401
    views_costs,  # noqa: F401
    views_cycles,  # noqa: F401
    views_handover,  # noqa: F401
    views_history,  # noqa: F401
    views_looking,  # noqa: F401
    views_progress,  # noqa: F401
    views_pupil,  # noqa: F401
)
