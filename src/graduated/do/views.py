"""Groups, the log of a session, its corrections, cover, and the weekly tick of support in class."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, request, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.do import services
from graduated.do.forms import (
    QUICK_REASONS,
    CoverForm,
    LogForm,
    MissedForm,
    TicksForm,
    WhenForm,
    blank_log,
    chosen,
    filled_log,
    log_form,
    ticks_form,
)
from graduated.do.queries import (
    GroupCard,
    PresenceLine,
    SessionLine,
    group_of,
    groups_of_staff,
    session_of,
    sessions_of,
    was_logged,
    weekly_support,
)
from graduated.people.queries import staff_choices
from graduated.rules.calendar import monday_of
from graduated.rules.progress import Value, format_value
from graduated.rules.vocabulary import MeasureKind, SessionState
from graduated.web import nav
from graduated.web.filters import clock_time, long_date, short_date
from graduated.web.forms import open_form
from graduated.web.page import done, page

bp = Blueprint("do", __name__)
EARLIEST = date(2000, 1, 3)  # nobody looks further back, and weeks before the year 1 cannot be counted
nav.offer(30, "Groups", "do.groups", actions.SESSIONS_READ, ["do"])


def _asked_day(name: str = "on") -> date:
    """The day asked for in the address; today when there is none or it makes no sense."""
    try:
        return max(EARLIEST, min(date.fromisoformat(request.args.get(name, "")), today()))
    except ValueError:
        return today()


def _todo(card: GroupCard, can_log: bool) -> dict[str, object]:
    names = ", ".join(member.name for member in card.members)
    who = f" · {card.staff_name}" if card.staff_name else ""
    cover = f", covered today by {' and '.join(card.covering)}" if card.covering else ""
    if card.logged:
        state = f" Today: {card.logged.words}."
    elif card.last_logged:
        state = f" Last logged {short_date(card.last_logged)}."
    else:
        state = " Nothing is logged yet."
    return {
        "when": clock_time(card.at) if card.today and card.at else ("Today" if card.today else card.days),
        "small": f"{card.minutes} minutes",
        "late": False,
        "who": card.name,
        "href": url_for("do.sessions", group_id=card.group_id),
        "text": f"{who}{cover} · {names}.{state}",
        "action": ("Correct" if card.logged else "Log") if can_log else "See the log",
        "action_href": _action_of(card, can_log),
        "strong": can_log and card.today and card.logged is None,
    }


def _action_of(card: GroupCard, can_log: bool) -> str:
    if not can_log:
        return url_for("do.sessions", group_id=card.group_id)
    if card.logged and card.logged.state is SessionState.DELIVERED:
        return url_for("do.correct", session_id=card.logged.session_id)
    if card.logged:
        return url_for("do.sessions", group_id=card.group_id)
    return url_for("do.log", group_id=card.group_id)


@bp.get("/groups")
@guard(actions.SESSIONS_READ)
def groups() -> Response:
    """Groups that run now: those of the person first, today's first among them."""
    cards = [card for card in groups_of_staff() if card.members or card.logged]
    can_log = {card.group_id: may(actions.SESSIONS_LOG, Subject(staff_ids=card.logger_ids)) for card in cards}
    sections = []
    for title, listed in (
        ("Today", [card for card in cards if can_log[card.group_id] and card.today]),
        ("On other days", [card for card in cards if can_log[card.group_id] and not card.today]),
        ("Other groups", [card for card in cards if not can_log[card.group_id]]),
    ):
        if listed:
            sections.append((title, [_todo(card, can_log[card.group_id]) for card in listed]))
    ticks = weekly_support(today()) if may(actions.SESSIONS_LOG) else ()
    return page(
        "do/groups.html",
        title="Groups",
        sections=sections,
        day=today(),
        ticks=len(ticks),
        unticked=sum(1 for line in ticks if line.happened is None),
    )


@bp.route("/groups/<int:group_id>/log", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def log(group_id: int) -> Response:
    """Who was there: all here unless tapped otherwise."""
    if request.method == "GET":
        day = _asked_day()
        card = group_of(group_id, day)
        form = open_form(log_form(card), data=blank_log(card, day))
        return _log_page(card, form, day)
    day = WhenForm().held_on.data or today()
    card = group_of(group_id, day)
    form = log_form(card)()
    good = form.validate() and _pupils_agree(form) and form.someone_is_marked() and form.validate_readings()
    if good and _is_second(card, form):
        form.another.errors = [f"A session on {long_date(day)} is logged already. Tick the box if this was another."]
        good = False
    if not good:
        return _log_page(card, form, day, status=422)
    new = form.session()
    services.log_session(group_id, new)
    here = sum(1 for one in new.presences if one.present)
    away = len(new.presences) - here
    words = f"{here} here" + (f", {away} away" if away else "")
    return done("do.sessions", f"{card.name} on {long_date(day)} is logged: {words}.", group_id=group_id)


def _pupils_agree(form: LogForm) -> bool:
    """Whether the pupils shown were those of the date that was sent."""
    asked = {f"presence-{member.pupil_id}" for member in form.members}
    sent = {name for name in request.form if name.startswith("presence-")}
    if sent <= asked:
        return True
    form.held_on.errors = ["The group was not the same on that date. These are its pupils of that day: check them."]
    return False


def _is_second(card: GroupCard, form: LogForm) -> bool:
    return card.logged is not None and not form.another.data and not was_logged(form.client_reference.data)


def _log_page(
    card: GroupCard, form: LogForm, day: date, status: int = 200, correcting: SessionLine | None = None
) -> Response:
    kids = []
    for member in card.members:
        key = member.pupil_id
        chosen = form[f"reason-{key}"].data or ""
        kids.append(
            {
                "key": str(key),
                "name": member.name,
                "state": form[f"presence-{key}"].data or "",
                "reason": chosen,
                "reasons": [
                    (reason.value, reason.label)
                    for reason in type(QUICK_REASONS[0])
                    if reason in QUICK_REASONS or reason.value == chosen
                ],
                "engagement": form[f"engagement-{key}"],
                "note": form[f"note-{key}"],
                "reading": form[f"reading-{key}"] if card.measure_kind else None,
            }
        )
    return page(
        "do/log.html",
        status=status,
        title=card.name,
        card=card,
        form=form,
        kids=kids,
        day=day,
        is_today=day == today(),
        correcting=correcting,
        show_another=correcting is None and card.logged is not None,
        open_when=bool(form.held_on.errors or form.minutes.errors or form.another.errors),
    )


@bp.route("/groups/<int:group_id>/missed", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def missed(group_id: int) -> Response:
    """A session that did not happen, and why."""
    day = _asked_day()
    form = open_form(MissedForm, data={"held_on": day})
    card = group_of(group_id, form.held_on.data or day)
    if request.method == "POST" and form.validate():
        services.log_session(group_id, form.session(card.minutes))
        return done(
            "do.sessions",
            f"{card.name} on {long_date(form.held_on.data)} is logged as not held.",
            group_id=group_id,
        )
    status = 422 if request.method == "POST" else 200
    return page("do/missed.html", status=status, title=f"{card.name}: did not happen", card=card, form=form)


@bp.get("/groups/<int:group_id>/sessions")
@guard(actions.SESSIONS_READ)
def sessions(group_id: int) -> Response:
    """A group's log, newest first, corrections in sight."""
    card = group_of(group_id)
    since = today() - timedelta(days=400)
    return page(
        "do/sessions.html",
        title=f"{card.name}: log",
        card=card,
        lines=sessions_of(group_id, since),
        since=since,
        can_log=may(actions.SESSIONS_LOG),
        today=today(),
    )


@bp.route("/sessions/<int:session_id>/correct", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def correct(session_id: int) -> Response:
    """Put a right entry in the place of a wrong one; both are kept."""
    line = session_of(session_id)
    day = line.held_on
    if request.method == "POST":
        day = WhenForm().held_on.data or day
    card = group_of(line.group_id, day)
    form_class = log_form(card)
    if request.method == "GET":
        kind = card.measure_kind
        filled = filled_log(card, line, lambda one: _reading_words(one, kind))
        return _log_page(card, open_form(form_class, data=filled), day, correcting=line)
    form = form_class()
    if not (form.validate() and _pupils_agree(form) and form.someone_is_marked() and form.validate_readings()):
        return _log_page(card, form, day, status=422, correcting=line)
    services.correct_session(session_id, form.session())
    return done("do.sessions", "The entry is corrected. The earlier one is kept below it.", group_id=line.group_id)


def _reading_words(one: PresenceLine, kind: MeasureKind | None) -> str:
    if one.reading is None or kind is None:
        return ""
    return format_value(Value(one.reading, one.reading_censor), kind)


@bp.post("/sessions/<int:session_id>/undo")
@guard(actions.SESSIONS_LOG)
def undo(session_id: int) -> Response:
    """Take an entry back; the log keeps that it stood there."""
    line = session_of(session_id)
    services.withdraw_session(session_id)
    return done("do.sessions", "The entry is withdrawn and no longer counts.", group_id=line.group_id)


@bp.route("/groups/<int:group_id>/cover", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def cover(group_id: int) -> Response:
    """Somebody else takes the group on a day."""
    card = group_of(group_id)
    form = open_form(CoverForm, data={"on": today()})
    people = staff_choices()
    form.user_id.choices = chosen([("", "Choose"), *people])
    if request.method == "POST" and form.validate():
        services.cover_group(group_id, int(form.user_id.data), form.on.data)
        name = dict(people).get(form.user_id.data or "", "")
        return done("do.groups", f"{name} takes {card.name} on {long_date(form.on.data)} and may log it.")
    status = 422 if request.method == "POST" else 200
    return page("do/cover.html", status=status, title=f"Cover for {card.name}", card=card, form=form)


@bp.route("/ticks", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def ticks() -> Response:
    """Support in class, week by week: one tap for each."""
    actor = require_actor()
    day = _asked_day("week")
    if request.method == "POST":
        day = TicksForm().week_of.data or day
    monday = monday_of(day)
    lines = weekly_support(day)
    form_class = ticks_form((line.provision_id, f"{line.pupil_name}: {line.name}") for line in lines)
    filled: dict[str, object] = {"week_of": monday}
    for line in lines:
        filled[f"happened-{line.provision_id}"] = {True: "yes", False: "no", None: None}[line.happened]
        filled[f"why-{line.provision_id}"] = line.reason
    form = open_form(form_class, data=filled)
    if request.method == "POST" and form.validate():
        services.tick_week(day, form.ticks())
        return done("do.groups", f"Support in class for the week of {long_date(monday)} is saved.")
    return page(
        "do/ticks.html",
        status=422 if request.method == "POST" else 200,
        title="Support in class",
        form=form,
        monday=monday,
        is_this_week=monday == monday_of(today()),
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7),
        rows=[(line, form[f"happened-{line.provision_id}"], form[f"why-{line.provision_id}"]) for line in lines],
        who=actor.name,
    )


from graduated.do import views_week  # noqa: E402, F401  # it hangs its page into the blueprint
