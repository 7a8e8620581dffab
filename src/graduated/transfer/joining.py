"""A pupil whom the MIS has brought already: the bundle's history is set before what the school has of its own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Adult, Attendance, Bar, FamilyLink, Need, SenStatusSpell, Suspension
from graduated.rules.vocabulary import BarKind, Relationship

Row = dict[str, Any]
HELD_FOR = timedelta(days=28)
"""How long an adult of whom it is not sure whether a bar speaks of them is held, unless somebody settles it before."""
_WHY = "A bar came with the record of {school}. Whether it speaks of this adult has to be settled; ask that school."
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def folded(*names: str) -> str:
    """A name as two registers may both write it: letters alone, without accents."""
    plain = unicodedata.normalize("NFKD", " ".join(names).casefold().translate(_LETTERS))
    return "".join(letter for letter in plain if letter.isalpha())


class Joined:
    """The pupil's record here, as an MIS brings it. What stands here stays as it is."""

    FROM_MIS: ClassVar[frozenset[str]] = frozenset({"sen_status", "need", "family_link", "attendance", "suspension"})

    def __init__(self, pupil_id: int) -> None:
        self.pupil_id = pupil_id
        self._since: date | None = db.session.scalar(
            select(func.min(SenStatusSpell.starts)).where(SenStatusSpell.pupil_id == pupil_id)
        )
        self._has = {
            table
            for table, cls in (("need", Need), ("attendance", Attendance), ("suspension", Suspension))
            if db.session.scalars(select(cls.id).where(cls.pupil_id == pupil_id)).first()
        }
        self._adults = db.session.execute(
            select(
                Adult.forename, Adult.surname, Adult.email, Adult.id.label("adult_id"), FamilyLink.id.label("link_id"),
                FamilyLink.relationship, FamilyLink.may_view,
            )
            .join(FamilyLink, FamilyLink.adult_id == Adult.id)
            .where(FamilyLink.pupil_id == pupil_id)
            .order_by(FamilyLink.id)
        ).all()  # fmt: skip

    def same(self, table: str, row: Row, ids: Mapping[str, Mapping[int, int]]) -> int | None:
        """An adult of the same name, however it is accented, or the same e-mail address, who is linked already."""
        if table == "adult":
            name, email = folded(row["forename"], row["surname"]), (row["email"] or "").strip().casefold()
            alike = [one for one in self._adults if folded(one.forename, one.surname) == name]
            alike += [one for one in self._adults if email and one.email.strip().casefold() == email]
            return alike[0].adult_id if alike else None
        if table == "family_link":
            here = ids["adult"].get(row["adult_id"])
            return next((one.link_id for one in self._adults if one.adult_id == here), None)
        return None

    def hold_the_unsure(self, bars: Iterable[Row], links: Mapping[int, int], school: str) -> list[str]:
        """Where a bar in force came for somebody who is not known here, whoever here was not in the bundle is held.

        The MIS may write a barred parent's name otherwise: until it is settled who is meant, nobody unsure looks.
        Gives the names of those who are held.
        """
        day, here = today(), {one.link_id for one in self._adults}
        in_force = [bar for bar in bars if bar["ends"] is None or bar["ends"] >= day]
        if all(links.get(bar["family_link_id"]) in here for bar in in_force):
            return []
        unsure = [
            one
            for one in self._adults
            if one.link_id not in links.values() and one.may_view and one.relationship is not Relationship.SELF
        ]
        for one in unsure:
            db.session.add(
                Bar(pupil_id=self.pupil_id, family_link_id=one.link_id, kind=BarKind.HOLD, starts=day,
                    ends=day + HELD_FOR, reason=_WHY.format(school=school))
            )  # fmt: skip
        return [f"{one.forename} {one.surname}".strip() for one in unsure]

    def is_left_out(self, table: str, row: Row) -> bool:
        """What stands here of its own: later spells of a status, needs, figures of attendance, suspensions."""
        if table == "sen_status":
            return self._since is not None and bool(row["starts"] >= self._since)
        return table in self._has or (table == "suspension_struck" and "suspension" in self._has)

    def fit(self, table: str, values: Row) -> None:
        """A spell that would run into the first one here ends the day before it."""
        if table == "sen_status" and self._since is not None:
            last = self._since - timedelta(days=1)
            if values["ends"] is None or values["ends"] > last:
                values["ends"] = last
