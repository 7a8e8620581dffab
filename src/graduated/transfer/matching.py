"""What the school has already: a measure, an intervention or a rate card that is the same is not made twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.rules.vocabulary import PlanningStatus
from graduated.school.models import AuthorityFile, Intervention, Measure, Rate, RateCard
from graduated.transfer.reading import Bundle
from graduated.transfer.tables import GROUNDS
from graduated.transfer.years import Years

Row = dict[str, Any]
_MEASURE = (
    "name", "kind", "direction", "respondent", "unit", "lowest", "highest", "usual_low", "usual_high", "error",
)  # fmt: skip
_INTERVENTION = ("purpose", "areas", "evidence_source")
_CARD = ("whose", "source", "valid_from", "weeks_a_year")


def _free(taken: set[str], wanted: str, mark: str, longest: int) -> str:
    """A name that nothing here has: the wanted one, or the same with where it comes from."""
    number, found = 1, wanted
    while found in taken:
        ending = f" ({mark})" if number == 1 else f" ({mark}, {number})"
        found, number = f"{wanted[: longest - len(ending)]}{ending}", number + 1
    return found


class Known:
    """What of the bundle's school-wide rows is here already; `same` gives the id of the row to use."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self._years = Years(bundle, today())
        self._cards: dict[int, int] = {}
        self._rates: dict[int, set[tuple[Any, ...]]] = {}
        for one in bundle.of("rate"):
            self._rates.setdefault(one["rate_card_id"], set()).add((one["role"], one["label"], one["pounds_an_hour"]))

    def same(self, table: str, row: Row) -> int | None:
        """The id of the same row of this school; None when it has none."""
        by_table: dict[str, Callable[[Row], int | None]] = {
            "measure": self._measure, "intervention": self._intervention, "rate_card": self._card,
            "rate": self._rate, "authority_file": self._profile,
        }  # fmt: skip
        return by_table[table](row) if table in by_table else None

    def is_left_out(self, table: str, row: Row) -> bool:
        """Terms that this school is not to count by; planning meetings to which nobody of this school was called;
        that another school offers a profile no more."""
        if table == "authority_file":
            return bool(row["withdrawn"])
        if table == "planning_meeting":
            return row["status"] is not PlanningStatus.HELD
        return table == "term" and not self._years.is_taken(row)

    def rename(self, table: str, row: Row) -> None:
        """Give a row that is new here a name or a code that nothing else has."""
        mark = self.bundle.school_name[:60]
        if table == "measure":
            row["code"] = _free(set(db.session.scalars(select(Measure.code))), row["code"], self.bundle.urn, 40)
        if table == "intervention":
            row["name"] = _free(set(db.session.scalars(select(Intervention.name))), row["name"], mark, 120)
        if table == "rate_card":
            row["brought_from"] = self.bundle.school_name
        if table == "planning_meeting":
            row["guests"] = row.get("guests") or [["A service that is not named", ""]]
        if table in GROUNDS and not row[GROUNDS[table]].strip():
            row[GROUNDS[table]] = f"The reason stayed at {self.bundle.school_name}. Ask their safeguarding lead for it."

    def _measure(self, row: Row) -> int | None:
        found = db.session.scalars(select(Measure).where(Measure.name == row["name"])).all()
        return next((one.id for one in found if _alike(one, row, _MEASURE)), None)

    def _intervention(self, row: Row) -> int | None:
        found = db.session.scalars(select(Intervention).where(Intervention.name == row["name"])).all()
        return next((one.id for one in found if _alike(one, row, _INTERVENTION)), None)

    def _card(self, row: Row) -> int | None:
        wanted = self._rates.get(row["id"], set())
        for one in db.session.scalars(select(RateCard).where(RateCard.source == row["source"])).all():
            rates = db.session.execute(
                select(Rate.role, Rate.label, Rate.pounds_an_hour).where(Rate.rate_card_id == one.id)
            )
            if _alike(one, row, _CARD) and {tuple(rate) for rate in rates} == wanted:
                self._cards[row["id"]] = one.id
                return one.id
        return None

    def _rate(self, row: Row) -> int | None:
        """The rates of a card that is here are here too."""
        card = self._cards.get(row["rate_card_id"])
        where = (Rate.rate_card_id == card, Rate.role == row["role"], Rate.label == row["label"])
        return db.session.scalars(select(Rate.id).where(*where)).first() if card is not None else None

    def _profile(self, row: Row) -> int | None:
        """A version of the school's own profile stays what it is, whatever another school's of that name says."""
        where = (AuthorityFile.code == row["code"], AuthorityFile.number == row["number"])
        return db.session.scalars(select(AuthorityFile.id).where(*where)).first()


def _alike(ours: Any, row: Row, names: tuple[str, ...]) -> bool:
    return all(getattr(ours, name) == row.get(name) for name in names)
