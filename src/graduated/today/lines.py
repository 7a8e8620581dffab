"""Today in sentences: each line says when, who and what, and leads to the one thing to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from flask import url_for

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Area, Subject
from graduated.assess.queries_professionals import OpenAdvice
from graduated.do.queries import ProvisionDose
from graduated.request.queries import RequestRow, waited_for
from graduated.review.links import link, pupil_link
from graduated.review.listing import due_item
from graduated.review.queries import ReviewRow
from graduated.review.queries_due import DueReview, WaitingPlan
from graduated.rules.calendar import short_date, term_of_or_after
from graduated.rules.clock import ClockLine, LineId
from graduated.rules.dosage import Dose, together
from graduated.rules.vocabulary import RequestStatus, inside
from graduated.today.queries import Day
from graduated.web.filters import clock_time
from graduated.web.filters import short_date as dated

Item = dict[str, object]
Line = Callable[[], Item]
"""What gives an item: a line is put into words only when its card shows it, in a large school one of thirty."""
MOST = 7
"""How many lines a card shows before the rest is behind a link: what a tired person still reads."""
_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@dataclass(frozen=True, slots=True)
class Card:
    """A card of Today: its first lines, how many more there are, and the page that lists them all."""

    key: str
    title: str
    items: list[Item]
    more: int = 0
    all_href: str = ""
    unasked: tuple[tuple[str, str], ...] = ()
    """Pupils by name and the address of their family's page, of whose adults nobody has asked about an interpreter."""

    @property
    def count(self) -> int:
        """How much of it waits, shown or not."""
        return len(self.items) + self.more


@dataclass(frozen=True, slots=True)
class ToTick:
    """A promise that can be ticked off from Today itself."""

    action_id: int
    when: str
    late: bool
    pupil_name: str
    pupil_href: str
    text: str
    may_tick: bool


def item(when: str, text: str, **more: object) -> Item:
    """One line of a work list."""
    plain: Item = {
        "small": "",
        "late": False,
        "who": "",
        "href": "",
        "action": "",
        "action_href": "",
        "strong": False,
        "post": False,
    }
    return {**plain, "when": when, "text": text, **more}


def card(key: str, title: str, lines: Sequence[Line], all_href: str = "", *, opened: bool = False) -> Card:
    """A card that shows its first lines; opened, or without a page that lists all of them, it shows every one."""
    if opened or not all_href or len(lines) <= MOST + 1:
        return Card(key, title, [line() for line in lines])
    return Card(key, title, [line() for line in lines[:MOST]], len(lines) - MOST, all_href)


def one_strong(cards: list[Card]) -> list[Card]:
    """The same with one strong button on the page: that of the first line that has one."""
    seen = False
    for one in cards:
        for line in one.items:
            line["strong"], seen = bool(line["strong"]) and not seen, seen or bool(line["strong"])
    return cards


def my_groups(day: Day, on: date) -> list[Line]:
    """The groups that the person runs today: to be logged, or logged already."""
    mine: dict[int, list[ProvisionDose]] = defaultdict(list)
    for one in day.doses:
        runs = one.group_id is not None and one.staff_id == require_actor().user_id
        if runs and one.group_id is not None and on.weekday() in one.weekdays:
            mine[one.group_id].append(one)
    in_order = sorted(mine.items(), key=lambda pair: (str(pair[1][0].at or ""), pair[1][0].group_name))
    return [partial(_my_group, group_id, doses, on) for group_id, doses in in_order]


def _my_group(group_id: int, doses: list[ProvisionDose], on: date) -> Item:
    first, is_logged = doses[0], any(one.last_logged == on for one in doses)
    pupils = f"{len(doses)} pupil{'' if len(doses) == 1 else 's'}"
    return item(
        clock_time(first.at) or "Today",
        f" · {pupils}. {'Logged.' if is_logged else 'Not logged yet.'}",
        small=f"{first.planned.minutes} minutes",
        who=first.group_name,
        href=url_for("do.sessions", group_id=group_id),
        action="See the log" if is_logged else "Log",
        action_href=url_for("do.sessions" if is_logged else "do.log", group_id=group_id),
        strong=not is_logged,
    )


def reviews(day: Day, on: date) -> list[Line]:
    """Reviews that are late, being written, or due before the next holiday; and days agreed for a look again."""
    can_read = may(actions.REVIEW_READ, Subject())
    if not may(actions.REVIEW_CONTRIBUTE, Subject()) and not can_read:
        return []
    found: list[Line] = [partial(due_item, one, day.needs.get(one.pupil_id, ())) for one in _near(day, on)]
    found += [
        partial(_check_back, row, day.reviews.names.get(row.pupil_id, "A pupil"))
        for row in day.reviews.check_backs
        if can_read and row.check_back_on is not None and abs((row.check_back_on - on).days) <= 14
    ]
    return found


def _near(day: Day, on: date) -> list[DueReview]:
    """What is due before the next holiday, has no day, or is being written."""
    until = end_of_half_term(day, on)
    return [one for one in day.reviews.due if one.due is None or one.due <= until or one.open_review_id is not None]


def unasked(day: Day, on: date) -> tuple[tuple[str, str], ...]:
    """The pupils with a meeting to come where nobody has asked an adult whether an interpreter is needed: one line."""
    found = {
        one.pupil_id: one.pupil_name
        for one in _near(day, on)
        if one.meeting_at is not None
        and one.held_on is None
        and not all(need.is_asked for need in day.needs.get(one.pupil_id, ()))
    }
    return tuple((name, link("pupils.family", pupil_id=pupil_id)) for pupil_id, name in found.items())


def _check_back(row: ReviewRow, name: str) -> Item:
    return item(
        dated(row.check_back_on),
        " came off SEN support; this is the day that was agreed to look again.",
        who=name,
        href=pupil_link(row.pupil_id),
        action="Read the review",
        action_href=url_for("review.read", review_id=row.review_id),
    )


def end_of_half_term(day: Day, on: date) -> date:
    """The last day before the next holiday; six weeks ahead where no term is entered."""
    term = term_of_or_after(on, day.calendar[0])
    if term is None:
        return on + timedelta(weeks=6)
    if term.half_term_starts is not None and on < term.half_term_starts:
        return term.half_term_starts - timedelta(days=1)
    return term.ends


def plans(day: Day, on: date) -> list[Line]:
    """Plans that are not agreed."""
    return [partial(_waiting, one, on) for one in day.reviews.waiting]


def waited(since: date, on: date, what: str) -> tuple[str, str]:
    """How long something has waited, and since what: ("8 days", "since it was sent"), and ("Today", "sent")."""
    days = (on - since).days
    return ("Today", what) if days <= 0 else (f"{days} day{'' if days == 1 else 's'}", f"since it was {what}")


def _waiting(one: WaitingPlan, on: date) -> Item:
    when, small = waited(one.sent_on or one.drafted_on, on, "sent" if one.sent_on else "drafted")
    subject = Subject(one.pupil_id, one.lead_id, None, Area.PLAN_DRAFT)
    can_agree = may(actions.PLAN_AGREE, subject)
    said = "’s plan was sent to the family and is not agreed yet." if one.sent_on else "’s plan is not agreed yet."
    endpoint = "plan.agree" if one.sent_on else "plan.edit"
    href = link(endpoint, cycle_id=one.cycle_id) if can_agree else ""
    return item(
        when,
        f"{said} Cycle {one.cycle_number}.",
        small=small,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action=("Agree the plan" if one.sent_on else "Finish the plan") if href else "",
        action_href=href,
    )


def behind(day: Day) -> list[Line]:
    """Provision that falls behind its plan, the furthest first."""
    groups: dict[object, list[ProvisionDose]] = defaultdict(list)
    for one in day.doses:
        groups[one.group_id if one.group_id is not None else f"provision {one.provision_id}"].append(one)
    wholes = [(together(one.dose for one in members), members) for members in groups.values()]
    late = sorted(
        ((whole, members) for whole, members in wholes if whole.behind), key=lambda pair: pair[0].percent or 0
    )
    return [partial(_behind, whole, members, day.reviews.names) for whole, members in late]


def _behind(whole: Dose, members: list[ProvisionDose], names: dict[int, str]) -> Item:
    first, alone = members[0], len(members) == 1
    about = f" for {names[first.pupil_id]}" if alone and first.pupil_id in names else ""
    is_group = first.group_id is not None
    return item(
        f"{whole.percent}% delivered",
        f"{about}: {_in_brief(whole)}.",
        who=first.group_name or first.name,
        action="See why" if is_group else ("Tick the weeks" if may(actions.SESSIONS_LOG, Subject()) else ""),
        action_href=url_for("do.sessions", group_id=first.group_id) if is_group else url_for("do.ticks"),
    )


def _in_brief(whole: Dose) -> str:
    """The dose in a line: "620 of 1,620 minutes, 690 missed, mostly no adult free, 240 not recorded"."""
    words = f"{whole.delivered_minutes:,} of {whole.planned_to_date_minutes:,} minutes"
    if whole.missed_minutes:
        reason = min(whole.missed_by_reason, key=lambda label: (-whole.missed_by_reason[label], label))
        mostly = "mostly " if len(whole.missed_by_reason) > 1 else ""
        words += f"; {whole.missed_minutes:,} missed, {mostly}{inside(reason)}"
    if whole.not_recorded_minutes:
        words += f"; {whole.not_recorded_minutes:,} not recorded"
    return words


def not_logged(day: Day, on: date) -> list[Line]:
    """Sessions of the last week that nobody has logged."""
    silent: dict[int, tuple[ProvisionDose, set[date]]] = {}
    pupils: dict[int | None, set[int]] = defaultdict(set)
    for one in day.doses:
        pupils[one.group_id].add(one.pupil_id)
        if one.group_id is not None and one.missing_days:
            silent.setdefault(one.group_id, (one, set()))[1].update(one.missing_days)
    found: list[Line] = []
    for group_id, (one, days) in sorted(silent.items(), key=lambda pair: min(pair[1][1])):
        alone = len(pupils[group_id]) == 1 and one.pupil_id in day.reviews.names
        about = f" for {day.reviews.names[one.pupil_id]}" if alone else ""
        found.append(partial(_not_logged, group_id, one, sorted(days), about, on))
    return found


def _not_logged(group_id: int, one: ProvisionDose, days: list[date], about: str, on: date) -> Item:
    can_log = may(actions.SESSIONS_LOG, Subject(staff_ids=_runs(one)))
    sessions = url_for("do.sessions", group_id=group_id)
    return item(
        short_date(days[0], on),
        f"{about}: {_days_words(days, on)} not logged.",
        small="" if len(days) == 1 else f"and {len(days) - 1} more",
        who=one.group_name,
        href=sessions,
        action="Log" if can_log else "See the log",
        action_href=url_for("do.log", group_id=group_id, on=days[0].isoformat()) if can_log else sessions,
    )


def _runs(one: ProvisionDose) -> frozenset[int]:
    return frozenset() if one.staff_id is None else frozenset({one.staff_id})


def _days_words(days: list[date], on: date) -> str:
    words = [short_date(one, on) for one in days]
    return f"{words[0]} is" if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]} are"


def advice_and_requests(day: Day, on: date) -> list[Line]:
    """Requests that wait or whose clock runs, and recommendations that nobody has acted on."""
    of_one: dict[int, list[OpenAdvice]] = defaultdict(list)
    for one in day.advice:
        of_one[one.involvement_id].append(one)
    running: list[Line] = []
    for row in day.requests:
        running += [partial(_limit, row, line, on) for line in waited_for(row) if line.id in _OURS]
        if row.is_running:
            running.append(partial(_request, row))
    return running + [partial(_advice, given) for given in of_one.values()]


_OURS = {
    LineId.REPLY: ": the authority waits for the school’s information.",
    LineId.ADVICE: ": the authority waits for the school’s educational advice.",
    LineId.MEDIATION: ": refused. The family can ask for mediation until then.",
    LineId.APPEAL: ": refused. The family can appeal until then.",
}
"""The limits of a request that the school has to keep, and the days that a family should not miss."""


_OF_AUTHORITY = {LineId.NO_PLAN: "plan or no plan: decided", LineId.FINAL_PLAN: "final plan"}
"""What the authority owes the family after it has agreed to assess, in the order of its days."""


def _limit(one: RequestRow, line: ClockLine, on: date) -> Item:
    by = line.on or on
    return item(
        f"By {short_date(by, on)}",
        _OURS[line.id],
        small="past" if by < on else "",
        late=by < on,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Open",
        action_href=link("ehcna.advice" if line.id is LineId.ADVICE else "ehcna.request", request_id=one.request_id),
    )


def _request(one: RequestRow) -> Item:
    clock = one.day_words
    if one.is_unsent:
        words = ": the request for an EHC needs assessment is not sent yet."
    elif one.status is RequestStatus.SENT:
        words = (
            ": the authority is deciding whether to assess."
            if clock
            else ": the request is sent; enter when it came in."
        )
    else:
        words = f": {one.status.inside}."
    decision = one.received_on + timedelta(weeks=6) if clock and one.received_on else None
    decide_by = f"decision by {decision.day} {decision:%b}" if decision else _still_to_come(one)
    return item(
        clock or one.status.label,
        words,
        small=decide_by or f"opened {dated(one.opened_on)}",
        late="past" in clock,
        who=one.pupil_name,
        href=pupil_link(one.pupil_id),
        action="Open",
        action_href=link("ehcna.request", request_id=one.request_id),
    )


def _still_to_come(one: RequestRow) -> str:
    """The next day by which the family waits for something of the authority, once it assesses; else nothing."""
    if one.status is not RequestStatus.AGREED:
        return ""
    coming = [line for line in waited_for(one) if line.id in _OF_AUTHORITY and not line.passed and line.on]
    return f"{_OF_AUTHORITY[coming[0].id]} by {dated(coming[0].on)}" if coming and coming[0].on else ""


def _advice(given: list[OpenAdvice]) -> Item:
    """What one professional recommended, in one line; the oldest first."""
    first, count = given[0], len(given)
    number = _COUNTS[count] if count < len(_COUNTS) else str(count)
    noun = "recommendation" if count == 1 else "recommendations"
    can_act = may(actions.ASSESS_CONTRIBUTE, Subject(first.pupil_id))
    return item(
        "Not acted on",
        f": {number.lower()} {noun} of {first.service}.",
        small=f"since {dated(first.given_on)}",
        who=first.pupil_name,
        href=pupil_link(first.pupil_id),
        action="Say what is done" if can_act else "",
        action_href=link("assess.act", advice_id=first.advice_id),
    )


def for_the_mis(day: Day) -> list[Line]:
    """Changes of SEN status that the school's information system does not know yet."""
    if not day.mis_changes:
        return []
    one = day.mis_changes == 1
    return [
        partial(
            item,
            "For the census",
            f"{day.mis_changes} {'change' if one else 'changes'} of SEN status to make in your MIS.",
            action="See it" if one else "See them",
            action_href=link("register.tell_mis"),
        )
    ]


def promises(day: Day, on: date) -> list[ToTick]:
    """What was promised at reviews and is due."""
    return [
        ToTick(
            one.action_id,
            f"{(on - one.by_when).days} days late" if one.by_when < on else short_date(one.by_when, on),
            one.by_when < on,
            one.pupil_name,
            pupil_link(one.pupil_id),
            f"{one.what}{f' ({one.who})' if one.who else ''}",
            may(actions.REVIEW_CONTRIBUTE, Subject(one.pupil_id)),
        )
        for one in day.actions
    ]
