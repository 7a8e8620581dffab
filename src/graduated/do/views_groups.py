"""My groups today, for one thumb: a sheet for each group that the person runs or covers; the others as a list."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import Response, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.do import sheets
from graduated.do.forms import QUICK_REASONS
from graduated.do.queries import GroupCard, groups_of_staff, weekly_support
from graduated.do.views import bp
from graduated.rules.calendar import is_school_day
from graduated.rules.vocabulary import CancelReason, SessionState
from graduated.school.queries import bank_holidays, terms
from graduated.web.filters import clock_time, short_date
from graduated.web.forms import new_form_key
from graduated.web.page import page


@dataclass(frozen=True, slots=True)
class Kid:
    """A pupil on a sheet: the form's own key, the name on the page, the reference that may wait on a device."""

    key: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A group on one day as a phone shows it, with every word and address finished."""

    group_id: int
    reference: str
    name: str
    when: str
    about: str
    minutes: int
    kids: tuple[Kid, ...]
    who: str
    all_here: str
    measure: str
    logged: str
    undo_href: str
    correct_href: str
    log_href: str
    missed_href: str
    more_href: str
    form_key: str
    client_reference: str


def sheet_of(card: GroupCard) -> Sheet:
    """A group's sheet of today; on a school device it leads nowhere but to its own logging and undoing."""
    here = bool(require_actor().on_device)
    day, logged = today(), card.logged
    when = clock_time(card.at) if card.today and card.at else ("Today" if card.today else card.days)
    cover = f"covered today by {' and '.join(card.covering)}" if card.covering else ""
    last = f"last logged {short_date(card.last_logged)}" if card.last_logged and not logged else ""
    delivered = logged is not None and logged.state is SessionState.DELIVERED
    by = f", by {'you' if logged.by == require_actor().name else logged.by}" if logged and logged.by else ""
    at = f" at {clock_time(logged.at)}" if logged and logged.at else ""
    return Sheet(
        group_id=card.group_id,
        reference=sheets.sheet_reference(card.group_id, day),
        name=card.name,
        when=when,
        about=" · ".join(part for part in (f"{card.minutes} minutes", cover, last) if part),
        minutes=card.minutes,
        kids=tuple(
            Kid(one.pupil_id, one.name, sheets.place_reference(card.group_id, day, one.pupil_id))
            for one in card.members
        ),
        who=", ".join(one.name for one in card.members) if len(card.members) < 3 else f"{len(card.members)} pupils",
        all_here=_all_here(card),
        measure=card.measure_name if card.measure_kind and not here else "",
        logged=f"{logged.words}{by}{at}." if logged else "",
        undo_href=_undo_href(card, here),
        correct_href=url_for("do.correct", session_id=logged.session_id) if logged and delivered and not here else "",
        log_href=url_for("do.log_on_device" if here else "do.log", group_id=card.group_id),
        missed_href=url_for("do.missed_on_device" if here else "do.missed", group_id=card.group_id),
        more_href="" if here else url_for("do.sessions", group_id=card.group_id),
        form_key=new_form_key(),
        client_reference=secrets.token_hex(12),
    )


def _undo_href(card: GroupCard, on_device: bool) -> str:
    """Where an entry is taken back; on a school device only one's own."""
    logged = card.logged
    if logged is None or (on_device and logged.by_id != require_actor().user_id):
        return ""
    return url_for("do.undo_on_device" if on_device else "do.undo", session_id=logged.session_id)


def _all_here(card: GroupCard) -> str:
    """The words of the one tap that saves."""
    count = len(card.members)
    if count == 1:
        return f"{card.members[0].name} was here"
    return "Both here" if count == 2 else f"All {count} here"


def _line(card: GroupCard, can_log: bool) -> dict[str, object]:
    """A group that somebody else runs, as a line of a list."""
    names = ", ".join(member.name for member in card.members)
    who = f" · {card.staff_name}" if card.staff_name else ""
    cover = f", covered today by {' and '.join(card.covering)}" if card.covering else ""
    if card.logged:
        state = f" Today: {card.logged.words}."
    else:
        state = f" Last logged {short_date(card.last_logged)}." if card.last_logged else " Nothing is logged yet."
    opens = can_log and card.logged is None
    return {
        "when": clock_time(card.at) if card.today and card.at else ("Today" if card.today else card.days),
        "small": f"{card.minutes} minutes",
        "late": False,
        "who": card.name,
        "href": url_for("do.sessions", group_id=card.group_id),
        "text": f"{who}{cover} · {names}.{state}",
        "action": "Log" if opens else "See the log",
        "action_href": url_for("do.log" if opens else "do.sessions", group_id=card.group_id),
        "strong": False,
    }


@bp.get("/groups")
@guard(actions.SESSIONS_READ)
def groups() -> Response:
    """Who is in sight: one's own groups as sheets to tap, today's first; then the others of the school."""
    me, day = require_actor().user_id, today()
    cards = [card for card in groups_of_staff() if card.members or card.logged]
    can_log = {card.group_id: may(actions.SESSIONS_LOG, Subject(staff_ids=card.logger_ids)) for card in cards}
    mine = [card for card in cards if me in card.logger_ids and can_log[card.group_id] and card.members]
    others = [card for card in cards if card not in mine]
    listed = (
        ("Other groups today" if mine else "Groups today", [card for card in others if card.today]),
        ("Other groups" if mine else "Groups on other days", [card for card in others if not card.today]),
    )
    own = [sheet_of(card) for card in mine if card.today]
    ticks = weekly_support(day) if may(actions.SESSIONS_LOG) else ()
    return page(
        "do/groups.html",
        title="My groups today" if mine else "Groups",
        day=day,
        is_school_day=is_school_day(day, terms(), bank_holidays()),
        sheets=own,
        next_sheet=next((sheet.reference for sheet in own if not sheet.logged), ""),
        other_days=[sheet_of(card) for card in mine if not card.today],
        owner=sheets.person_reference() if mine else "",
        reasons=[(reason.value, reason.label) for reason in QUICK_REASONS],
        cancels=CancelReason.choices(),
        sections=[(title, [_line(card, can_log[card.group_id]) for card in some]) for title, some in listed if some],
        ticks=len(ticks),
        unticked=sum(1 for line in ticks if line.happened is None),
    )
