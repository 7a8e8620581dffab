"""The access table of design §6, as data, and the one function that reads it.

A cell says what a role may do in an area and how far it reaches. A SENCO, a head or an auditor can read the
table on one screen; nothing else in the product names a role to decide what it may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache

from graduated.rules.vocabulary import Role


class Power(IntEnum):
    """How much a cell allows; more includes less."""

    NONE = 0
    READ = 1
    CONTRIBUTE = 2
    WRITE = 3


class Reach(StrEnum):
    """How far a cell reaches; what "own" and "child" mean is the scope filter's business."""

    ALL = "all"
    OWN = "own"
    GROUPS = "groups"
    CHILD = "child"


class Area(StrEnum):
    """The rows of the table."""

    REGISTER = "Register"
    ASSESS = "Assess"
    PLAN_DRAFT = "Plan, draft"
    PLAN_AGREED = "Plan, agreed"
    CLASS_CARD = "Class card"
    INSIGHT = "Insight"
    COST = "Cost of provision"
    SESSIONS = "Sessions"
    REVIEW_OPEN = "Review, before sealing"
    REVIEW_SEALED = "Review, sealed"
    RESTRICTED = "Restricted documents and notes"
    REQUEST = "EHC request"
    SCHOOL = "Accounts, terms, rates, import"
    AUDIT = "Audit"
    SELF = "Own account"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: the power, how far, and the special acts it carries."""

    power: Power
    reach: Reach = Reach.ALL
    also: frozenset[str] = frozenset()


_POWERS = {"-": Power.NONE, "R": Power.READ, "C": Power.CONTRIBUTE, "W": Power.WRITE}


def _cell(text: str) -> Cell:
    words = text.split()
    reach = next((Reach(word) for word in words[1:] if word in set(Reach)), Reach.ALL)
    return Cell(_POWERS[words[0]], reach, frozenset(word[1:] for word in words[1:] if word.startswith("+")))


LEAD = "lead"
Column = Role | str
_COLUMNS: tuple[Column, ...] = (
    Role.SENCO,
    Role.SEN_ASSISTANT,
    Role.HEAD,
    LEAD,
    Role.TEACHER,
    Role.SUPPORT,
    Role.SAFEGUARDING,
    Role.PARENT,
    Role.YOUNG_PERSON,
    Role.ADMIN,
    Role.DPO,
)

# fmt: off
_ROWS: dict[Area, str] = {
    # In the order of _COLUMNS: senco, assistant, head, lead, teacher, support, safeg., parent, young, admin, dpo.
    Area.REGISTER:      "W              | W          | R                   | R own    | R own    | R own    | R | -       | -                | R | -",
    Area.ASSESS:        "W              | W          | R                   | W own    | C own    | C own    | R | R child | R child          | - | -",
    Area.PLAN_DRAFT:    "W              | W          | R                   | W own    | C own    | C own    | R | R child | R child          | - | -",
    Area.PLAN_AGREED:   "W              | W          | R                   | R own    | C own    | R own    | R | R child | R child          | - | -",
    Area.CLASS_CARD:    "R +readers     | R +readers | R +readers          | R own    | R own    | R own    | R | -       | -                | - | -",
    Area.INSIGHT:       "R              | R          | R                   | -        | -        | -        | - | -       | -                | - | -",
    Area.COST:          "W              | R          | R                   | -        | -        | -        | - | -       | -                | - | -",
    Area.SESSIONS:      "W              | W          | R                   | W groups | W groups | W groups | R | R child | R child          | - | -",
    Area.REVIEW_OPEN:   "W +seal        | W          | R                   | W own    | C own    | C own    | R | -       | -                | - | -",
    Area.REVIEW_SEALED: "R +addenda     | R          | R +addenda          | R own    | R own    | -        | R | R child | R child          | - | -",
    Area.RESTRICTED:    "R              | -          | R                   | -        | -        | -        | W | -       | -                | - | -",
    Area.REQUEST:       "W +build +sign | W          | R +sign             | R own    | C own    | -        | R | R child | R child +consent | - | -",
    Area.SCHOOL:        "W              | -          | R                   | -        | -        | -        | - | -       | -                | W | -",
    Area.AUDIT:         "R +erase +disclose +decide +leave | - | R +erase +authorise +disclose +decide +leave | - | -   | -        | R +decide | - | -          | - | R",
    Area.SELF:          "W              | W          | W                   | W        | W        | W        | W | W       | W                | W | W",
}
# fmt: on

TABLE: dict[Area, dict[Column, Cell]] = {
    area: dict(zip(_COLUMNS, map(_cell, row.split("|")), strict=True)) for area, row in _ROWS.items()
}


class Hat(StrEnum):
    """Somebody who is both staff and parent wears one hat at a time."""

    STAFF = "staff"
    FAMILY = "family"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Action:
    """What a page or a form does: an area, the power it needs, perhaps a special act, and for which hat.

    With `asks_again` a record leaves the program: who signed in a while ago proves once more who they are. Who came in
    with a PIN on a school device may do nothing that is not `on_device`.
    """

    name: str
    area: Area
    needs: Power
    special: str = ""
    hat: Hat = Hat.STAFF
    is_public: bool = False
    any_power_will_do: bool = False
    asks_again: bool = False
    on_device: bool = False

    @property
    def writes(self) -> bool:
        """Whether a reader is refused with 403 rather than shown the page."""
        return self.needs > Power.READ or bool(self.special)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an action is about: the pupil, who leads the cycle, who runs the group, and whether it is closed."""

    pupil_id: int | None = None
    lead_id: int | None = None
    staff_ids: frozenset[int] | None = None
    area: Area | None = None


class Answer(StrEnum):
    """What the table says to one person's wish."""

    ALLOW = "allow"
    REFUSE = "refuse"
    HIDE = "hide"


@cache
def cell_for(roles: frozenset[Role], area: Area, *, leads: bool = False) -> Cell:
    """The strongest cell of a person's roles in an area; leading the cycle counts as a role of its own."""
    columns: list[Column] = [*roles]
    if leads and Role.TEACHER in roles:
        columns.append(LEAD)
    cells = [TABLE[area][column] for column in columns]
    if not cells:
        return Cell(Power.NONE)
    best = max(cells, key=lambda cell: (cell.power, cell.reach is Reach.ALL))
    return Cell(best.power, best.reach, frozenset().union(*(cell.also for cell in cells)))


# What a subject is (a draft or an agreed plan, say) decides only between rows of one kin: on the page of an agreed
# plan, a question about the register is still one about the register.
_KIN = (
    frozenset({Area.PLAN_DRAFT, Area.PLAN_AGREED}),
    frozenset({Area.REVIEW_OPEN, Area.REVIEW_SEALED}),
    frozenset({Area.ASSESS, Area.RESTRICTED}),
)


def _area_of(action: Action, subject: Subject) -> Area:
    if subject.area is not None and any({action.area, subject.area} <= kin for kin in _KIN):
        return subject.area
    return action.area


def is_at_odds(action: Action, subject: Subject) -> bool:
    """Whether an action and what its page is about stand in rows of two kins, so that one of them is mistaken.

    On a page about a plan a question about the register or a cost is asked of their own rows; but to guard the page of
    a review by an action on plans would silently ask the wrong row.
    """
    return (
        subject.area is not None
        and _area_of(action, subject) is not subject.area
        and all(any(area in kin for kin in _KIN) for area in (action.area, subject.area))
    )


def decide(roles: frozenset[Role], user_id: int | None, action: Action, subject: Subject) -> Answer:
    """May this person do this to that? Hide from a stranger, refuse a reader who would write.

    That the pupil is their own or their child is the scope filter's word: what it hides never gets here.
    """
    if action.is_public:
        return Answer.ALLOW
    area = _area_of(action, subject)
    leads = subject.lead_id is not None and subject.lead_id == user_id
    cell = cell_for(roles, area, leads=leads)
    if cell.power is Power.NONE:
        return Answer.HIDE
    if action.special:
        return Answer.ALLOW if action.special in cell.also else Answer.REFUSE
    if cell.power < action.needs:
        return Answer.REFUSE
    is_others_group = subject.staff_ids is not None and user_id not in subject.staff_ids
    if cell.reach is Reach.GROUPS and action.needs > Power.READ and is_others_group:
        return Answer.REFUSE
    return Answer.ALLOW
