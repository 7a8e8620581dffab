"""Giving an adult of the family a sign-in: a link or a code that is good once, shown once; and who has one."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import Any

from flask import Response, current_app, render_template, request, url_for
from markupsafe import Markup
from wtforms import SelectChoice

from graduated.access import entry
from graduated.access.actions import REGISTER_WRITE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import local, now
from graduated.people.invitations import GOOD_FOR, AddressTaken, Letter, OpensMore, find, new_token
from graduated.people.sign_in import hash_token
from graduated.people.tokens import as_printed, new_code
from graduated.pupils import services
from graduated.pupils.forms_family import BY_HAND, BY_MAIL, ON_PAPER, InviteForm
from graduated.pupils.queries import FamilyAdult
from graduated.pupils.queries_ways import sign_in_name
from graduated.pupils.services_family import NoLook, NotYet, Offer
from graduated.pupils.views import around, bp
from graduated.pupils.views_family import one_of
from graduated.rules.vocabulary import Relationship
from graduated.web.forms import open_form
from graduated.web.languages import Language, code_of_name, current, reading
from graduated.web.page import done, page


@bp.route("/pupils/<int:pupil_id>/family/<int:family_link_id>/invite", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def invite(pupil_id: int, family_link_id: int) -> Response:
    """Make a link or a code for one adult and one child, and show it once; only its hash is kept."""
    adult = one_of(pupil_id, family_link_id)
    sends = bool(current_app.config["SETTINGS"].smtp_url)
    form = open_form(InviteForm, {"email": adult.email, "how": BY_MAIL if sends else BY_HAND})
    renews = adult.has_sign_in
    if renews:
        del form.email
    form.how.choices = _ways(sends and (not renews or "@" in sign_in_name(adult.adult_id)))
    context: dict[str, Any] = {**around(pupil_id, "pupils.family"), "adult": adult, "on_paper": ON_PAPER}
    context |= {"title": f"{'A new password' if renews else 'A sign-in'} for {adult.name}", "renews": renews}
    context |= {"is_self": adult.relationship is Relationship.SELF}
    if request.method == "GET":
        return page("pupils/invite.html", form=form, **context)
    if not form.validate() or not form.is_of(context["head"].born_on):
        return page("pupils/invite.html", status=422, form=form, **context)
    school_id, printed = require_actor().school_id, form.how.data == ON_PAPER
    token = new_code(school_id) if printed else new_token(school_id)
    name = sign_in_name(adult.adult_id) if renews else form.email.data or _name_for(adult)
    offer = Offer(name, printed, _letter(token) if form.how.data == BY_MAIL else None)
    try:
        act = services.renew_sign_in if renews else services.invite_adult
        act(family_link_id, offer, hash_token(token))
    except (AddressTaken, NoLook, NotYet, OpensMore) as error:
        (form.how if renews else form.email).errors = [str(error)]
        return page("pupils/invite.html", status=422, form=form, **context)
    if find(token) is None:
        # The form was sent twice: the link of the first time is good, and is not shown again.
        return done(
            "pupils.family", "A link was made a moment ago. Make another if you have lost it.", pupil_id=pupil_id
        )
    if offer.letter is not None:
        return done("pupils.family", f"The invitation goes to {offer.name} by email.", pupil_id=pupil_id)
    context |= {"until": now() + GOOD_FOR, "until_day": local(now() + GOOD_FOR).date()}
    context |= {"code": as_printed(token), "name": offer.name, "school": require_actor().school_name}
    context |= {"address": url_for("people.invitation_code", _external=True)}
    context |= {"link": "" if printed else url_for("people.invitation", token=token, _external=True)}
    context |= {"letters": _letters(adult.language, context) if printed else []}
    return page("pupils/invited.html", **context)


def _letters(language: str, context: dict[str, Any]) -> list[tuple[Markup, Language]]:
    """What the letter says: in English, and in the adult's own language where the program has it."""
    found = []
    for code in dict.fromkeys(("en", code_of_name(language) or "en")):
        with reading(code):
            found.append((Markup(render_template("pupils/_letter.html", **context)), current()))  # noqa: S704  # escaped
    return found


def _ways(sends: bool) -> list[SelectChoice]:
    ways = [(BY_HAND, "A link that you give them yourself"), (ON_PAPER, "A letter on paper with a code")]
    return [SelectChoice(*way) for way in ([(BY_MAIL, "By email"), *ways] if sends else ways)]


def _letter(token: str) -> Letter:
    """The e-mail. It may have gone to a wrong address, so it names no child, and its link asks who the child is."""
    school = require_actor().school_name
    return Letter(
        f"An invitation from {school}"[:200],
        f"{school} invites you to read a plan in Graduated, the school’s own program.\n\n"
        "Set your password here. The link works once, and for seven days. You will be asked for the child’s date of "
        f"birth:\n\n{url_for('people.invitation', token=token, _external=True)}\n\n"
        "If this was not meant for you, delete it and tell the school.\n",
    )


def _name_for(adult: FamilyAdult) -> str:
    """A name to sign in with for who has no e-mail address: "halina.nowak.4821"."""
    plain = unicodedata.normalize("NFKD", f"{adult.forename} {adult.surname}".replace("ł", "l").replace("Ł", "L"))
    words = re.findall(r"[a-z]+", plain.encode("ascii", "ignore").decode().lower()) or ["family"]
    while True:
        name = f"{'.'.join(words)}.{secrets.randbelow(9000) + 1000}"
        if entry.user_id_of(name) is None:
            return name


@bp.post("/pupils/<int:pupil_id>/family/<int:family_link_id>/withdraw")
@guard(REGISTER_WRITE)
def withdraw_invitation(pupil_id: int, family_link_id: int) -> Response:
    """An invitation that waits works no more."""
    adult = one_of(pupil_id, family_link_id)
    services.withdraw_invitation(family_link_id)
    return done("pupils.families", f"No invitation of {adult.name} works any more.")
