"""What the register's address asks for, how its rows are ordered, and which columns a person has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from graduated.register.gap_filters import GAPS
from graduated.register.queries import SEN, Due, RegisterRow, Wanted
from graduated.rules.vocabulary import NeedType, SenStatus, YearGroup

PAGE = 100
STATUSES: dict[str, tuple[str, tuple[SenStatus, ...]]] = {
    "": ("SEN support and EHC plans", SEN),
    "K": ("SEN support", (SenStatus.SUPPORT,)),
    "E": ("EHC plans", (SenStatus.PLAN,)),
    "N": ("Neither", (SenStatus.NONE,)),
    "all": ("All pupils", (*SEN, SenStatus.NONE)),
}
DUE: dict[str, tuple[str, Callable[[Due], bool]]] = {
    "": ("Any time", lambda due: True),
    "late": ("Overdue", lambda due: due.state == "late"),
    "soon": ("Overdue or within three weeks", lambda due: due.state in {"late", "soon"}),
    "draft": ("Plan not agreed", lambda due: due.state == "draft"),
    "none": ("No plan or no date", lambda due: due.state == "none" and bool(due.words)),
}
_YEARS = {year: place for place, year in enumerate(YearGroup)}
_STATUS_ORDER = {SenStatus.PLAN: 0, SenStatus.SUPPORT: 1, SenStatus.NONE: 2}
_LAST = date.max
SORTS: dict[str, tuple[str, Callable[[RegisterRow], Any]]] = {
    "name": ("Pupil", lambda row: row.sort_name),
    "year": ("Year and class", lambda row: (_YEARS[row.year_group], row.registration_group, row.sort_name)),
    "status": ("Status", lambda row: (_STATUS_ORDER[row.status], row.sort_name)),
    "need": ("Need", lambda row: (not row.needs, row.needs[0].label if row.needs else "", row.sort_name)),
    "due": ("Next review", lambda row: (row.due.state != "late", row.due.on or _LAST, row.sort_name)),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices that stand in the register's address; what makes no sense there is left out."""

    status: str = ""
    year: str = ""
    group: str = ""
    need: str = ""
    due: str = ""
    gap: str = ""
    name: str = ""
    mine: bool = False
    sort: str = "name"
    down: bool = False
    page: int = 1

    @property
    def wanted(self) -> Wanted:
        """The same as the queries take it."""
        return Wanted(
            statuses=STATUSES[self.status][1],
            year=YearGroup(self.year) if self.year else None,
            group=self.group,
            need=NeedType(self.need) if self.need else None,
            name=self.name,
            mine=self.mine,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the order was chosen."""
        return any((self.status, self.year, self.group, self.need, self.due, self.gap, self.name, self.mine))

    def arguments(self, **changed: Any) -> dict[str, str]:
        """The address's arguments, perhaps with changes; what is as usual is left out."""
        values = {name: getattr(self, name) for name in self.__slots__} | changed
        usual = {"sort": "name", "page": 1}
        return {
            name: "1" if value is True else str(value)
            for name, value in values.items()
            if value and value != usual.get(name)
        }

    def query(self, **changed: Any) -> str:
        """The address's query, perhaps with changes."""
        return urlencode(self.arguments(**changed))


def asked(args: Mapping[str, str]) -> Asked:
    """Read the choices of an address; unknown words are as if not said."""

    def one_of(name: str, known: Any) -> str:
        return args.get(name, "") if args.get(name, "") in known else ""

    page = args.get("page", "1")
    return Asked(
        status=one_of("status", STATUSES),
        year=one_of("year", {year.value for year in YearGroup}),
        group=args.get("group", "")[:60],
        need=one_of("need", {need.value for need in NeedType}),
        due=one_of("due", DUE),
        gap=one_of("gap", GAPS),
        name=args.get("name", "").strip()[:100],
        mine=args.get("mine") == "1",
        sort=one_of("sort", SORTS) or "name",
        down=args.get("down") == "1",
        page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 10_000 else 1,
    )


def ordered(rows: list[RegisterRow], choice: Asked) -> list[RegisterRow]:
    """The rows that match the due choice, in the order asked for."""
    fits = DUE[choice.due][1]
    return sorted((row for row in rows if fits(row.due)), key=SORTS[choice.sort][1], reverse=choice.down)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a person has: the whole row, or name, class and strategies; plans apart (design §6).

    `gaps`: whether the register can be narrowed to pupils with a gap in evidence, as for whoever builds packs.
    """

    whole: bool
    plans: bool
    gaps: bool = False

    def headings(self) -> list[str]:
        """The headings of an export."""
        if not self.whole:
            return ["Pupil", "Year", "Class", "Strategies"]
        base = ["Pupil", "UPN", "Year", "Class", "SEN status", "Since", "Primary need", "Other needs"]
        return [*base, "Next review", "Due", "Lead teacher"] if self.plans else base

    def cells(self, row: RegisterRow) -> list[str]:
        """A row as an export has it; dates as spreadsheets in England read them."""
        who = [row.year_group.label, row.registration_group]
        if not self.whole:
            return [row.name, *who, "; ".join(row.strategies)]
        labels = [need.label for need in row.needs]
        base = [row.name, row.upn, *who, row.status.label, _day(row.status_since), labels[0] if labels else "",
                "; ".join(labels[1:])]  # fmt: skip
        return [*base, row.due.words, _day(row.due.on), row.lead_name] if self.plans else base


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
