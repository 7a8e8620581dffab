"""Staff on the School page: who works here, who is new, who leaves, and whose pupils are whose."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, current_app, flash, make_response, redirect, session, url_for

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.people import queries_staff as queries
from graduated.people import services_proposals, services_second_step
from graduated.people import services_staff as services
from graduated.people.forms import EndRoleForm, GroupForm, PersonForm, RoleForm
from graduated.people.giving import BY_TWO, NotYoursToGive, is_by_two, may_give, needs_second, staff_roles
from graduated.people.invitations import Letter, new_token
from graduated.people.queries_devices import pin_tries
from graduated.people.queries_movers import held_by_leavers
from graduated.people.queries_proposals import waiting as waiting_proposals
from graduated.people.queries_tries import tries_of_week
from graduated.people.sign_in import hash_token
from graduated.rules.vocabulary import AssignmentSource, Role
from graduated.school.panels import Link, Panel, offer_panel
from graduated.web.filters import long_date
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

staff_bp = Blueprint("staff", __name__)


def staff_panel() -> Panel:
    """How many work here, by role, for the School page."""
    here = [one for one in queries.members() if not one.has_left]
    counts = {role: sum(role in {held.role for held in one.current} for one in here) for role in Role}
    lines = tuple(f"{role.label}: {count}" for role, count in counts.items() if count)
    waiting = sum(one.link_until is not None for one in here)
    if waiting:
        lines = (*lines, f"Invited and not yet in: {waiting}")
    proposed = len(waiting_proposals())
    if proposed:
        lines = (*lines, f"Waiting for a second person: {proposed}")
    lines = (*lines, f"With a second step to sign in: {sum(one.has_second_step for one in here)} of {len(here)}")
    held = held_by_leavers()
    if held:
        lines = (*lines, f"Plans and groups still in the hands of people who left: {held}")
    links = (
        Link("Staff list", url_for("people.staff.staff")),
        Link("Joiners, movers and leavers", url_for("people.staff.changes")),
        Link("School devices", url_for("people.staff.school_devices")),
        Link("Wrong tries", url_for("people.staff.tries")),
    )
    return Panel("Staff", lines, links)


offer_panel(10, "staff", staff_panel)


@staff_bp.get("/school/staff")
@guard(SCHOOL_READ)
def staff() -> Response:
    """Everybody who works here, and who did."""
    everybody = queries.members()
    return page(
        "people/staff.html",
        title="Staff",
        here=[one for one in everybody if not one.has_left],
        left=[one for one in everybody if one.has_left],
        waiting=waiting_proposals(),
        can_edit=may(SCHOOL_WRITE),
    )


@staff_bp.route("/school/staff/add", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add() -> Response:
    """Add a person: an account without a password, and a link by which they set one."""
    form = open_form(PersonForm)
    if not form.is_submitted() or not form.validate():
        return _add_page(form, 422 if form.is_submitted() else 200)
    role = Role(form.role.data)
    token = new_token(require_actor().school_id)
    try:
        if needs_second(role):
            return _proposed(form.email.data, form.name.data, role)
        user_id = services.add_person(form.email.data, form.name.data, role, hash_token(token), letter(token))
    except NotYoursToGive as error:
        form.email.errors = [str(error)]
        return _add_page(form, 422)
    return show_link_or("They can sign in with the password that they have.", token, user_id)


def _proposed(email: str, name: str, role: Role) -> Response:
    number = services_proposals.propose(email, name, role)
    return done(
        "people.staff.second_person", f"Proposed. {name.strip()} waits for a second person.", proposal_id=number
    )


def _add_page(form: PersonForm, status: int) -> Response:
    return page("people/staff_add.html", None, status, title="Add a person", form=form)


def letter(token: str) -> Letter | None:
    """The e-mail, when the installation can send any; it names no child."""
    if not current_app.config["SETTINGS"].smtp_url:
        return None
    school = require_actor().school_name
    return Letter(
        f"Your account at {school}",
        f"You have been given an account at {school} in Graduated.\n\n"
        f"Set your password here. The link works once, and for seven days:\n\n{_address(token)}\n",
    )


def _address(token: str) -> str:
    return url_for("people.invitation", token=token, _external=True)


def show_link_or(message: str, token: str, user_id: int) -> Response:
    """To the page that shows the link once; or, when no link was needed, to the person's page.

    A second click on the button sends the form again with a token of its own, which is not taken: the first one's
    answer has put the link into this browser's session, and that is shown.
    """
    invitation_id = queries.invitation_of(hash_token(token))
    if invitation_id is not None:
        session["link"] = {"id": invitation_id, "token": token}
        return done("people.staff.link", invitation_id=invitation_id)
    kept = session.get("link")
    if kept is not None and queries.email_of(user_id) == queries.link_made(kept["id"]).email:
        return done("people.staff.link", invitation_id=kept["id"])
    return done("people.staff.member", message, member_id=user_id)


@staff_bp.get("/school/staff/links/<int:invitation_id>")
@guard(SCHOOL_READ)
def link(invitation_id: int) -> Response:
    """The link, once: to print, or to copy into a message."""
    kept = session.pop("link", None)
    shown = kept["token"] if kept is not None and kept["id"] == invitation_id else None
    return page(
        "people/link.html",
        title="A link to set a password",
        made=queries.link_made(invitation_id),
        address=_address(shown) if shown else None,
        is_sent=bool(current_app.config["SETTINGS"].smtp_url),
        school_name=require_actor().school_name,
    )


@staff_bp.get("/school/staff/<int:member_id>")
@guard(SCHOOL_READ)
def member(member_id: int) -> Response:
    """One member of staff: roles, groups, and how they get in."""
    person = queries.member(member_id)
    yours = all(may_give(held.role) for held in person.current)
    is_other = person.user_id != require_actor().user_id
    by_two = is_by_two({held.role for held in person.current})
    return page(
        "people/staff_member.html",
        title=person.name,
        member=person,
        endable={held.membership_id for held in person.current if may_give(held.role)} if is_other else set(),
        can_edit=may(SCHOOL_WRITE),
        can_give=may(SCHOOL_WRITE) and is_other,
        can_renew=may(SCHOOL_WRITE) and yours and not by_two and not person.has_left and is_other,
        by_two=BY_TWO if may(SCHOOL_WRITE) and by_two and is_other else None,
    )


@staff_bp.route("/school/staff/<int:member_id>/link", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def renew_link(member_id: int) -> Response:
    """A new link for somebody who cannot get in; their password stops working."""
    person = queries.member(member_id)
    form = open_form(Form)
    wrong = None
    if form.is_submitted() and form.validate():
        token = new_token(require_actor().school_id)
        try:
            services.renew_link(member_id, hash_token(token), letter(token))
        except (NotYoursToGive, services.NotForALink) as error:
            wrong = str(error)
        else:
            return show_link_or("A link was made already.", token, member_id)
    return page(
        "people/renew_link.html", None, 422 if wrong else 200, title="A new link", form=form, member=person, wrong=wrong
    )


@staff_bp.route("/school/staff/<int:member_id>/second-step", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def second_step(member_id: int) -> Response:
    """Take the second step away from somebody who has lost phone and recovery codes."""
    person = queries.member(member_id)
    form = open_form(Form)
    wrong = None
    if form.is_submitted() and form.validate():
        try:
            services_second_step.take_away_for(member_id)
        except (NotYoursToGive, services_second_step.NotYourPhone) as error:
            wrong = str(error)
        else:
            return done("people.staff.member", "Taken away, and they are signed out everywhere.", member_id=member_id)
    status = 422 if wrong else 200
    return page(
        "people/second_step_staff.html", None, status, title="Take the second step away", form=form, member=person,
        wrong=wrong,
    )  # fmt: skip


@staff_bp.get("/school/staff/wrong-tries")
@guard(SCHOOL_READ)
def tries() -> Response:
    """Wrong tries to sign in of the last seven days, by account: somebody who guesses is seen here."""
    return page("people/tries.html", title="Wrong tries to sign in", told=tries_of_week(), pins=pin_tries())


@staff_bp.route("/school/staff/<int:member_id>/role", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def give_role(member_id: int) -> Response:
    """Give somebody who works here, or did, a role from today."""
    person = queries.member(member_id)
    form = open_form(RoleForm)
    form.offer([role for role in staff_roles() if role not in {held.role for held in person.current}])
    if form.is_submitted() and form.validate() and _first_day_is_right(form):
        try:
            if needs_second(Role(form.role.data)):
                return _proposed(person.email, person.name, Role(form.role.data))
            services.give_role(member_id, Role(form.role.data), _first_day(form))
        except NotYoursToGive as error:
            form.role.errors = [str(error)]
        else:
            return done("people.staff.member", f"Role given {_from_when(form)}.", member_id=member_id)
    status = 422 if form.is_submitted() else 200
    return page("people/give_role.html", None, status, title="Give a role", form=form, member=person)


def _first_day(form: RoleForm) -> date | None:
    day: date | None = form.starts.data
    return day if day is not None and day > today() else None


def _from_when(form: RoleForm) -> str:
    day = _first_day(form)
    return f"from {long_date(day)}" if day else "from today"


def _first_day_is_right(form: RoleForm) -> bool:
    day = form.starts.data
    if day is not None and day < today():
        form.starts.errors = ["A role begins today or later"]
    elif day is not None and day > today() and needs_second(Role(form.role.data)):
        form.starts.errors = ["This role begins when a second person approves it. Propose it nearer the day"]
    return not form.starts.errors


@staff_bp.route("/school/staff/roles/<int:membership_id>/end", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def end_role(membership_id: int) -> Response:
    """End a role: at once, or after the last day."""
    person, held = queries.holder_of(membership_id)
    form = open_form(EndRoleForm)
    if form.is_submitted() and form.validate() and _last_day_is_right(form):
        try:
            services.end_role(membership_id, _last_day(form))
        except (services.OwnRole, NotYoursToGive) as error:
            form.when.errors = [str(error)]
        else:
            return done("people.staff.member", "Role ended.", member_id=person.user_id)
    status = 422 if form.is_submitted() else 200
    return page("people/end_role.html", None, status, title="End a role", form=form, member=person, held=held)


def _last_day(form: EndRoleForm) -> date | None:
    day: date | None = form.last_day.data
    return day if form.when.data == "after" else None


def _last_day_is_right(form: EndRoleForm) -> bool:
    if form.when.data != "after":
        return True
    if form.last_day.data is None:
        form.last_day.errors = ["Enter the last day"]
    elif form.last_day.data < today():
        form.last_day.errors = ["The last day has passed. Choose “Now, at once”"]
    return not form.last_day.errors


@staff_bp.route("/school/staff/<int:member_id>/groups", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def groups(member_id: int) -> Response:
    """Whose class, tutor group and teaching groups these are: their pupils become this person's own."""
    person = queries.member(member_id)
    known = queries.group_names()
    form = open_form(GroupForm)
    if form.is_submitted() and form.validate() and _is_known(form, known):
        services.add_group(member_id, AssignmentSource(form.kind.data), form.name.data)
        return done("people.staff.groups", f"{form.name.data.strip()} added.", member_id=member_id)
    status = 422 if form.is_submitted() else 200
    names = sorted({name for some in known.values() for name in some})
    return page(
        "people/staff_groups.html", None, status, title="Classes and groups", form=form, member=person, names=names
    )


def _is_known(form: GroupForm, known: dict[str, tuple[str, ...]]) -> bool:
    """A slip in a name would give nobody any pupils; so the name must be one that pupils have, where that is known."""
    names = known.get(form.kind.data)
    typed = form.name.data.strip()
    if not names:
        return True
    same = next((name for name in names if name.casefold() == typed.casefold()), None)
    if same is None:
        form.name.errors = [f"No pupil is in a group called {typed}. Check how the information system writes it"]
        return False
    form.name.data = same
    return True


@staff_bp.post("/school/staff/groups/<int:staff_group_id>/remove")
@guard(SCHOOL_WRITE)
def remove_group(staff_group_id: int) -> Response:
    """Take a class or group away again."""
    user_id = services.remove_group(staff_group_id)
    # Not `done`: it writes once more, and what this view is about is no longer there to be looked up.
    flash("Taken away.", "success")
    return make_response(redirect(url_for("people.staff.groups", member_id=user_id), 303))


from graduated.people import views_movers  # noqa: E402, F401  # it hangs its pages in
