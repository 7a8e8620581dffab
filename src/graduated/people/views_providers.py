"""Single sign-on: to the provider and back, and tying one's account to it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, abort, current_app, make_response, redirect, request, session, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from graduated.access import entry, keyring
from graduated.access.actions import OWN_ACCOUNT, PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import Actor, current_actor, require_actor
from graduated.access.policy import Hat
from graduated.config import Provider
from graduated.db.clock import now
from graduated.people import providers, services_passkeys, services_providers
from graduated.people import sign_in as signing
from graduated.people.forms import SignInForm
from graduated.people.providers import Away, Person, Refused
from graduated.people.queries import own_email
from graduated.people.views import (
    Steps,
    bp,
    come_in,
    is_private_line,
    prove_first,
    proved_just_now,
    safe_next,
    sign_in_page,
    signed_in_again,
)
from graduated.web.languages import gettext as _
from graduated.web.page import done, page

MINUTES = 10
"""How long somebody may take at the provider."""
_TIE_SECONDS = 300


def _provider(name: str) -> Provider:
    """A provider that this installation has; any other name leads nowhere."""
    found: Provider | None = next((one for one in current_app.config["SETTINGS"].providers if one.name == name), None)
    if found is None:
        abort(404)
    return found


def _back(provider: Provider) -> str:
    """The one address that the provider answers to, by this installation's setting of its own address."""
    place = url_for("people.provider_back", provider=provider.name)
    return (current_app.config["SETTINGS"].public_url or request.host_url.rstrip("/")) + place


def _away(provider: Provider) -> str:
    return _(
        "%(provider)s cannot be reached just now. Sign in with your password, or try again later.",
        provider=provider.label,
    )


def _refused(provider: Provider) -> str:
    return _(
        "%(provider)s opened no account here. Sign in with your email address and your password. "
        "School staff can then connect %(provider)s on the page of their account. Families cannot.",
        provider=provider.label,
    )


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), "provider-tie")


@bp.get("/sign-in/with/<provider>")
@guard(PUBLIC)
def provider_go(provider: str) -> Response:
    """To the provider. A link and no form, for a page's policy lets forms go to this site alone."""
    chosen = _provider(provider)
    actor = current_actor()
    ties = "tie" in request.args
    if ties and not _may_tie(actor, chosen):
        return make_response(redirect(url_for("people.provider_list" if actor else "people.sign_in"), 303))
    if not is_private_line():
        return _sign_in_problem("Signing in needs a secure address (https). Ask your administrator for it.", 403)
    try:
        begun = providers.begin(chosen, _back(chosen))
    except (Away, Refused):
        return _problem(_away(chosen), ties)
    session["provider"] = {
        "name": chosen.name, "state": begun.state, "nonce": begun.nonce, "verifier": begun.verifier,
        "user": actor.user_id if ties and actor else None, "next": safe_next(request.args.get("next")),
        "until": now().timestamp() + MINUTES * 60,
    }  # fmt: skip
    return make_response(redirect(begun.url, 303))


def _may_tie(actor: Actor | None, provider: Provider) -> bool:
    """Whether the link was made for this very sign-in, a moment ago, on the page that asks who one is."""
    try:
        made_for = _signer().loads(request.args.get("tie", ""), max_age=_TIE_SECONDS)
    except BadSignature:
        return False
    return actor is not None and made_for == [actor.session_id, provider.name]


def _problem(words: str, ties: bool) -> Response:
    if ties and current_actor() is not None:
        return _list_page(words)
    return _sign_in_problem(words, 422)


def _sign_in_problem(words: str, status: int) -> Response:
    form = SignInForm(formdata=None)
    form.form_errors = [words]
    return sign_in_page(form, status)


@bp.get("/sign-in/from/<provider>")
@guard(PUBLIC)
def provider_back(provider: str) -> Response:
    """Back from the provider: in, or the account is tied to it, or a sentence that says what to do instead."""
    chosen = _provider(provider)
    asked: dict[str, Any] = session.pop("provider", None) or {}
    ties = asked.get("user") is not None
    address = request.remote_addr or ""
    try:
        signing.refuse_busy_place(address)
        person = _person(chosen, asked)
    except Away:
        return _problem(_away(chosen), ties)
    except signing.Throttled:
        return _sign_in_problem("Too many wrong tries from where you are. Wait an hour, or ask your school.", 429)
    except Refused:
        signing.note_passkey(None, "", address=address, succeeded=False)
        return _problem(_refused(chosen), ties)
    if ties:
        return _tie(chosen, person, asked["user"])
    return _come_in(chosen, person, asked["next"], address)


def _person(provider: Provider, asked: dict[str, Any]) -> Person:
    """Who came back. Raises Refused for an answer to no question of this browser, or to one answered before."""
    state = request.args.get("state", "")
    fresh = asked.get("name") == provider.name and asked.get("until", 0) >= now().timestamp()
    if not fresh or not secrets.compare_digest(state.encode(), str(asked["state"]).encode()):
        raise Refused("an answer to no question")
    if request.args.get("iss", provider.issuer) != provider.issuer or not request.args.get("code"):
        raise Refused("no code, or of another provider")
    if not services_passkeys.spend(state, signing.proof_ends()):
        raise Refused("answered before")
    return providers.finish(provider, _back(provider), request.args["code"], asked["nonce"], asked["verifier"])


def _come_in(provider: Provider, person: Person, target: str, address: str) -> Response:
    """In as staff, when the account is tied, open, and has the very address that the provider has verified."""
    tied = keyring.tied(person.issuer, person.sub)
    doors = [door for door in entry.doors(tied.user_id) if door.hat is Hat.STAFF] if tied else []
    if tied is None or not doors or tied.email.strip().lower() != person.email:
        signing.note_passkey(tied.user_id if tied else None, "", address=address, succeeded=False)
        return _sign_in_problem(_refused(provider), 422)
    signing.note_passkey(tied.user_id, tied.email, address=address, succeeded=True)
    services_providers.note_use(person)
    return come_in(tied.user_id, doors[0], safe_next(target), Steps(provider=person.stepped))


def _tie(provider: Provider, person: Person, user_id: int) -> Response:
    actor = current_actor()
    if actor is None or actor.user_id != user_id or actor.hat is not Hat.STAFF:
        return _sign_in_problem(_refused(provider), 422)
    try:
        services_providers.tie(user_id, own_email(actor), person)
    except services_providers.NotYours as error:
        return _list_page(str(error))
    return done("people.provider_list", f"Connected. From now on {provider.label} signs you in here.")


@bp.get("/sign-in/again")
@guard(PUBLIC)
def signed_in_elsewhere() -> Response:
    """Asked by the dialog over a page whose sign-in has ended: whether its owner has signed in in another window."""
    actor = current_actor()
    if actor is not None and actor.user_id is not None:
        return signed_in_again(actor.user_id, actor.hat)
    form = SignInForm(formdata=None)
    form.form_errors = ["You are not signed in yet. Sign in in the other window, or here."]
    return sign_in_page(form, 422, again=True)


@bp.get("/account/back")
@guard(OWN_ACCOUNT)
def signed_in_here() -> Response:
    """In another window than the one that waits: it can be closed."""
    return page("people/signed_in.html", title="You are signed in")


@bp.get("/account/providers")
@guard(OWN_ACCOUNT)
def provider_list() -> Response:
    """Which providers could sign me in here, and which do."""
    return _list_page()


def _list_page(wrong: str = "") -> Response:
    actor = require_actor()
    issuers = keyring.issuers_of(actor.user_id or 0)
    offered = [
        (one, one.issuer in issuers, _signer().dumps([actor.session_id, one.name]) if proved_just_now() else "")
        for one in current_app.config["SETTINGS"].providers
        if actor.hat is Hat.STAFF
    ]
    status = 422 if wrong else 200
    return page("people/providers.html", None, status, title="Single sign-on", offered=offered, wrong=wrong)


@bp.get("/account/providers/prove")
@guard(OWN_ACCOUNT)
def provider_prove() -> Response:
    """Before an account is tied: who one is, and back to the list."""
    if proved_just_now():
        return make_response(redirect(url_for("people.provider_list"), 303))
    return prove_first()


@bp.post("/account/providers/disconnect")
@guard(OWN_ACCOUNT)
def provider_untie() -> Response:
    """The provider's word opens nothing here any more."""
    actor = require_actor()
    name = request.form.get("which", "")
    for one in current_app.config["SETTINGS"].providers:
        if one.name == name and actor.user_id is not None:
            services_providers.untie(actor.user_id, one.issuer)
    return done("people.provider_list", "Disconnected.")
