"""The log of one's own groups of today on a school device: all that a sign-in by PIN opens (docs/decisions/032)."""

from __future__ import annotations

from flask import Response, abort

from graduated.access import actions
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.do import services, sheets
from graduated.do.forms import QUICK_REASONS, MissedForm, WhenForm, log_form
from graduated.do.queries import GroupCard, group_of, groups_of_staff
from graduated.do.queries_device import is_own_of_today
from graduated.do.views import bp, standing_words
from graduated.do.views_groups import sheet_of
from graduated.rules.pins import IDLE_SECONDS
from graduated.rules.vocabulary import CancelReason
from graduated.web.page import done, page


@bp.get("/device/groups")
@guard(actions.DEVICE_LOG)
def on_device() -> Response:
    """The groups that the person runs or covers today, as sheets to tap."""
    actor, day = require_actor(), today()
    cards = [card for card in groups_of_staff(actor.user_id) if card.today and card.members]
    own = [sheet_of(card) for card in cards]
    return page(
        "do/device.html",
        title="My groups today",
        day=day,
        device=actor.on_device or "this device",
        idle=IDLE_SECONDS,
        sheets=own,
        next_sheet=next((sheet.reference for sheet in own if not sheet.logged), ""),
        owner=sheets.person_reference(),
        reasons=[(reason.value, reason.label) for reason in QUICK_REASONS],
        cancels=CancelReason.choices(),
    )


_NOT_TODAY = "That was not logged: here only your groups of today are. Open the page again."


def _card_of_today(group_id: int) -> GroupCard | None:
    """The group of a form, when it is one of today's and the page was opened today."""
    card = group_of(group_id, today())
    return card if card.today and WhenForm().held_on.data == today() else None


@bp.post("/device/groups/<int:group_id>/log")
@guard(actions.DEVICE_LOG)
def log_on_device(group_id: int) -> Response:
    """Who was there, for a browser without JavaScript: no note and no reading is taken here."""
    card = _card_of_today(group_id)
    if card is None:
        return done("do.on_device", _NOT_TODAY)
    form = log_form(card)()
    if not (form.validate() and form.someone_is_marked() and form.validate_readings()):
        return done("do.on_device", f"{card.name} is not logged: say of each pupil whether they were here.")
    return _logged(card, form.session())


def _logged(card: GroupCard, new: services.NewSession) -> Response:
    try:
        services.log_session(card.group_id, new)
    except services.AlreadyLogged:
        stands = group_of(card.group_id, today()).logged
        words = standing_words(card.name, stands, today()) if stands else f"{card.name} is logged already."
        return done("do.on_device", words)
    except services.FullSignIn as error:
        return done("do.on_device", f"{card.name} is not logged. {error}")
    return done("do.on_device", f"{card.name} is logged.")


@bp.post("/device/groups/<int:group_id>/missed")
@guard(actions.DEVICE_LOG)
def missed_on_device(group_id: int) -> Response:
    """Today's session did not happen, and why."""
    card = _card_of_today(group_id)
    if card is None:
        return done("do.on_device", _NOT_TODAY)
    form = MissedForm()
    if not form.validate():
        return done("do.on_device", f"{card.name} is not logged: say why it did not happen, and try again.")
    return _logged(card, form.session(card.minutes))


@bp.post("/device/sessions/<int:session_id>/undo")
@guard(actions.DEVICE_LOG)
def undo_on_device(session_id: int) -> Response:
    """Take one's own entry of today back; somebody else's, or an earlier day's, is not there."""
    if not is_own_of_today(session_id, require_actor().user_id):
        abort(404)
    services.withdraw_session(session_id)
    return done("do.on_device", "The entry is withdrawn and no longer counts.")
