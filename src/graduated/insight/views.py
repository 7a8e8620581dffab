"""Pages of insight: the provision map, impact beside cost, and both as files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for

from graduated.access.actions import INSIGHT, INSIGHT_EXPORT
from graduated.access.guards import guard
from graduated.exports.tables import csv_file, xlsx_file
from graduated.insight import queries
from graduated.insight.impact import impact_lines
from graduated.insight.queries import BY
from graduated.insight.rows import Period
from graduated.insight.tables import FIGURES, Table, impact_table, map_table
from graduated.web import nav
from graduated.web.headers import download
from graduated.web.page import page

bp = Blueprint("insight", __name__)
nav.offer(60, "Insight", "insight.provision_map", INSIGHT)


def _period() -> Period:
    return queries.period_of(request.args.get("year", ""))


def _by() -> str:
    asked = request.args.get("by", "")
    return asked if asked in BY else "intervention"


def _common(period: Period, here: str, **query: Any) -> dict[str, Any]:
    """What both pages have: the tabs, the years to choose from, and where the files are."""
    pages = (("Provision map", "insight.provision_map"), ("Impact", "insight.impact"))
    what = "map" if here == "insight.provision_map" else "impact"
    return {
        "period": period,
        "years": queries.years(),
        "tabs": [
            {"text": text, "href": url_for(endpoint, year=period.year), "current": endpoint == here}
            for text, endpoint in pages
        ],
        "csv_href": url_for("insight.export_csv", what=what, year=period.year, **query),
        "xlsx_href": url_for("insight.export_xlsx", what=what, year=period.year, **query),
    }


@bp.get("/insight")
@guard(INSIGHT)
def provision_map() -> Response:
    """What is provided, by intervention, year group, need or adult: planned, delivered, cost."""
    period, by = _period(), _by()
    return page(
        "insight/provision_map.html",
        title="Provision map",
        found=queries.provision_map(period, by),
        bys=[(code, words) for code, (words, _key) in BY.items()],
        **_common(period, "insight.provision_map", by=by),
    )


@bp.get("/insight/impact")
@guard(INSIGHT)
def impact() -> Response:
    """What pupils gained while each intervention ran, beside what it cost."""
    period = _period()
    return page("insight/impact.html", title="Impact", lines=impact_lines(period), **_common(period, "insight.impact"))


@bp.get("/insight/export.csv")
@guard(INSIGHT_EXPORT)
def export_csv() -> Response:
    """The table of either page as a CSV file."""
    name, (headings, rows) = _table()
    return download(csv_file(headings, rows), "text/csv; charset=utf-8", f"{name}.csv")


@bp.get("/insight/export.xlsx")
@guard(INSIGHT_EXPORT)
def export_xlsx() -> Response:
    """The table of either page as a workbook."""
    name, (headings, rows) = _table()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(xlsx_file(name.replace("-", " ").capitalize(), headings, rows, FIGURES), kind, f"{name}.xlsx")


def _table() -> tuple[str, Table]:
    period = _period()
    year = period.year.replace("/", "-")
    if request.args.get("what") == "impact":
        return f"impact-{year}", impact_table(impact_lines(period))
    return f"provision-map-{year}", map_table(queries.provision_map(period, _by()))
