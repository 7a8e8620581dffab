"""Groups, the log of a session, its corrections, cover, and the weekly tick of support in class."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, Response, request

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.db.clock import local, today
from graduated.do import services, sheets
from graduated.do.forms import (
    QUICK_REASONS,
    CoverForm,
    LogForm,
    MissedForm,
    TicksForm,
    WhenForm,
    blank_log,
    chosen,
    day_sent,
    filled_log,
    log_form,
    ticks_form,
)
from graduated.do.queries import (
    GroupCard,
    Logged,
    PresenceLine,
    SessionLine,
    group_of,
    log_sheet,
    session_of,
    sessions_of,
    weekly_support,
)
from graduated.people.queries import staff_choices
from graduated.rules.calendar import monday_of
from graduated.rules.progress import Value, format_value
from graduated.rules.vocabulary import MeasureKind, inside
from graduated.web import nav
from graduated.web.filters import clock_time, long_date, weekday_date
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


def standing_words(group: str, logged: Logged, day: date) -> str:
    """What stands already for a group and day, and who wrote it: "… by Marcus Bell at 2.04 pm: 6 here"."""
    who = f", by {'you' if logged.by == require_actor().name else logged.by}" if logged.by else ""
    when = ""
    if logged.at is not None:
        recorded = local(logged.at).date()
        when = f" at {clock_time(logged.at)}" + (f" on {weekday_date(recorded)}" if recorded != day else "")
    said = inside(logged.words)
    return f"{group} on {weekday_date(day)} is logged already{who}{when}: {said}."


def _after(group_id: int, words: str) -> Response:
    """Back to where the entry was made: today's groups, or the group's own log."""
    if request.form.get("back") == "groups":
        return done("do.groups", words)
    return done("do.sessions", words, group_id=group_id)


@bp.route("/groups/<int:group_id>/log", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def log(group_id: int) -> Response:
    """Who was there: all here unless tapped otherwise."""
    if request.method == "GET":
        day = _asked_day()
        card = group_of(group_id, day)
        stands = {"stands": card.logged.session_id} if card.logged else {}
        form = open_form(log_form(card), data=blank_log(card, day) | stands)
        return _log_page(card, form, day)
    day = day_sent() or today()
    sheet = log_sheet(group_id, day)
    form = log_form(sheet)()
    good = form.validate() and _pupils_agree(form) and form.someone_is_marked() and form.validate_readings()
    if not good:
        return _log_page(group_of(group_id, day), form, day, status=422)
    new = form.session()
    try:
        services.log_session(group_id, new)
    except services.AlreadyLogged as stood:
        card = _ask_which(form, stood.session_id, group_id, day)
        return _log_page(card, form, day, status=422)
    here = sum(1 for one in new.presences if one.present)
    away = len(new.presences) - here
    words = f"{here} here" + (f", {away} away" if away else "")
    return _after(group_id, f"{sheet.name} on {long_date(day)} is logged: {words}.")


def _ask_which(form: WhenForm, session_id: int, group_id: int, day: date) -> GroupCard:
    """Say beside the form what stands already, and ask whether this is the same session."""
    card = group_of(group_id, day)
    stands = standing_words(card.name, card.logged, day) if card.logged else "An entry stands for that day."
    form.second.errors = [f"{stands} Only one entry counts for one session: say which it is."]
    form.stands.data = str(session_id)
    return card


def _pupils_agree(form: LogForm) -> bool:
    """Whether the pupils shown were those of the date that was sent."""
    asked = {f"presence-{member.pupil_id}" for member in form.members}
    sent = {name for name in request.form if name.startswith("presence-")}
    if sent <= asked:
        return True
    form.held_on.errors = ["The group was not the same on that date. These are its pupils of that day: check them."]
    return False


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
                "place": sheets.place_reference(card.group_id, day, key),
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
        stands=standing_words(card.name, card.logged, day) if card.logged else "",
        asks=correcting is None and (card.logged is not None or bool(form.second.errors)),
        open_when=bool(form.held_on.errors or form.minutes.errors),
        waits=_what_waits(card, day) if correcting is None else None,
    )


def _what_waits(card: GroupCard, day: date) -> dict[str, object]:
    """What a device must know to keep an entry of this group while there is no connection."""
    return {
        "owner": sheets.person_reference(),
        "sheet": sheets.sheet_reference(card.group_id, day),
        "day": day.isoformat(),
        "today_date": today(),
    }


@bp.route("/groups/<int:group_id>/missed", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def missed(group_id: int) -> Response:
    """A session that did not happen, and why."""
    day = _asked_day()
    form = open_form(MissedForm, data={"held_on": day})
    day = form.held_on.data or day
    card = group_of(group_id, day)
    if request.method == "POST" and form.validate():
        try:
            services.log_session(group_id, form.session(card.minutes))
        except services.AlreadyLogged as stood:
            card = _ask_which(form, stood.session_id, group_id, form.held_on.data)
        else:
            return _after(group_id, f"{card.name} on {long_date(form.held_on.data)} is logged as not held.")
    return page(
        "do/missed.html",
        status=422 if request.method == "POST" else 200,
        title=f"{card.name}: did not happen",
        card=card,
        form=form,
        waits=_what_waits(card, day),
    )


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
        day = day_sent() or day
    card = group_of(line.group_id, day)
    form_class = log_form(card)
    if request.method == "GET":
        kind = card.measure_kind
        filled = filled_log(card, line, lambda one: _reading_words(one, kind))
        return _log_page(card, open_form(form_class, data=filled), day, correcting=line)
    form = form_class()
    if not (form.validate() and _pupils_agree(form) and form.someone_is_marked() and form.validate_readings()):
        return _log_page(card, form, day, status=422, correcting=line)
    try:
        services.correct_session(session_id, form.session())
    except services.AlreadyLogged:
        form.held_on.errors = [f"Another entry stands for {long_date(day)}. Undo it first if this is the right one."]
        return _log_page(card, form, day, status=422, correcting=line)
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
    said = "The entry is withdrawn and no longer counts."
    if line.replaces_id is not None:
        said += " The entry in whose place it stood does not come back by itself: log the session again if it was held."
    return _after(line.group_id, said)


@bp.route("/groups/<int:group_id>/cover", methods=["GET", "POST"])
@guard(actions.SESSIONS_LOG)
def cover(group_id: int) -> Response:
    """Somebody else takes the group on a day."""
    card = group_of(group_id)
    form = open_form(CoverForm, data={"on": today()})
    people = staff_choices()
    form.user_id.choices = chosen([("", "Choose"), *people])
    if request.method == "POST" and form.validate():
        try:
            services.cover_group(group_id, int(form.user_id.data), form.on.data)
        except ValueError as refused:
            form.on.errors = [str(refused)]
        else:
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


from graduated.do import (  # noqa: E402
    views_device,  # noqa: F401  # they hang their pages in
    views_entries,  # noqa: F401
    views_group_pages,  # noqa: F401
    views_groups,  # noqa: F401
    views_week,  # noqa: F401
)
