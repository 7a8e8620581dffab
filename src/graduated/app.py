"""The app: every floor hung together."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from graduated.access import entry, guards, scope
from graduated.access.actions import PUBLIC
from graduated.access.identity import Actor, _current
from graduated.audit import capture, chain, refusals, views_log
from graduated.config import MAX_UPLOAD_BYTES, Settings, resource_folder, settings_from_environment
from graduated.db import hooks, keys, numbering, standing, wall, writing
from graduated.db.clock import now
from graduated.db.files import FileStore
from graduated.db.session import attach, db
from graduated.ops import observe
from graduated.people import passwords, second_factor
from graduated.people.device_cookie import device_here
from graduated.people.sign_in import hash_token
from graduated.people.views import FRESH_SECONDS, sign_in_fragment
from graduated.rules.pins import IDLE_SECONDS
from graduated.uploads import viruses
from graduated.web import addresses, assets, closed, errors, filters, headers, languages, nav
from graduated.web.forms import sent_key
from graduated.web.incoming import RowNumber, TextRequest
from graduated.web.page import htmx

PACKAGES = (
    "web",
    "people",
    "school",
    "pupils",
    "assess",
    "plan",
    "do",
    "request",
    "review",
    "ehcna",
    "planning",
    "imports",
    "exports",
    "erasure",
    "disclosure",
    "transfer",
    "retention",
    "backup",
    "register",
    "today",
    "insight",
    "family",
    "ops",
)
MODEL_PACKAGES = (
    "school",
    "people",
    "pupils",
    "assess",
    "plan",
    "do",
    "review",
    "request",
    "ehcna",
    "planning",
    "imports",
    "register",
    "audit",
    "erasure",
    "disclosure",
    "transfer",
    "retention",
)
_REFUSED = frozenset({303, 401, 403, 404})
_NOBODYS = frozenset({"static", "web.health", "ops.ready", "ops.figures"})
"""What is answered without looking at who asks: no session is opened for it."""
_ASKED_BY_ITSELF = frozenset({"do.my_entries", "review.others"})
csrf = CSRFProtect()


class _App(Flask):
    """Flask, whose whole addresses (in letters, on paper, in diaries) begin where the school says that it answers.

    A request's Host is what a browser claims; where GRADUATED_URL is set, no link is made of it.
    """

    def url_for(self, /, endpoint: str, *, _external: bool | None = None, **values: Any) -> str:
        """The address of a page; with `_external` a whole one."""
        public: str = self.config["SETTINGS"].public_url
        if _external and public:
            return public + super().url_for(endpoint, _external=False, **values)
        return super().url_for(endpoint, _external=_external, **values)


def load_models() -> None:
    """Import every table, so that the metadata is whole."""
    for name in (
        "db.keys",
        "db.machinery",
        "ehcna.models_papers",
        "pupils.models_restricted",
        "people.models_devices",
        *(f"{package}.models" for package in MODEL_PACKAGES),
    ):
        importlib.import_module(f"graduated.{name}")


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """The app of one installation."""
    settings = settings or settings_from_environment()
    app = _App(
        "graduated",
        template_folder=str(resource_folder("templates")),
        static_folder=str(resource_folder("static")),
    )
    app.request_class = TextRequest
    app.url_map.converters["int"] = RowNumber
    _configure(app, settings, testing)
    load_models()
    attach(app, settings)
    observe.install(app)
    _hang_hooks(app, settings)
    htmx.init_app(app)
    _identity(app, settings)
    csrf.init_app(app)  # after the identity: who sends a stale form decides what becomes of its words
    _lock(app)
    errors.install(app)
    headers.install(app, https=settings.https)
    closed.watch_version(app)
    _templates(app, settings)
    for package in PACKAGES:
        app.register_blueprint(importlib.import_module(f"graduated.{package}.views").bp)
    _record_views(app)
    return app


def _configure(app: Flask, settings: Settings, testing: bool) -> None:
    app.testing = testing
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
        SESSION_COOKIE_NAME="__Host-graduated" if settings.https else "graduated",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["files"] = FileStore(settings.home / "files")
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )


def _hang_hooks(app: Flask, settings: Settings) -> None:
    scope.install(db.session)
    numbering.install(db.session)
    capture.install(db.session)
    chain.configure(settings.audit_key, settings.home)
    views_log.configure(app, settings)
    passwords.set_cost(settings.sign_in_cost)
    second_factor.configure(settings.secret_key)
    viruses.configure(settings.scanner)
    keys.owner_lookup[:] = [scope.key_owner]
    wall.acting_school[:] = [scope.school_in_force]
    hooks.once(hooks.write_opened, standing.refuse_outgrown)
    hooks.once(hooks.write_opened, guards.recheck)
    hooks.once(hooks.before_commit, chain.append)
    hooks.once(hooks.after_commit, chain.anchor)
    errors.sign_in_again[:] = [sign_in_fragment]


def _identity(app: Flask, settings: Settings) -> None:
    manager = LoginManager(app, add_context_processor=False)
    longest, idle = timedelta(hours=settings.absolute_hours), timedelta(minutes=settings.idle_minutes)

    def load(_request: object) -> Actor | None:
        session_id, token = session.get("sid"), session.get("token")
        if not isinstance(session_id, int) or not isinstance(token, str):
            return None
        if "nobody_can_say" in g:  # the database did not answer: the page that says so must not ask it again
            return None
        moment, differ = now().timestamp(), entry.CLOCKS_DIFFER.total_seconds()
        # What happened in the future happened by a clock that was put right since: it makes nothing last longer.
        if not -differ <= moment - session.get("seen", moment) <= idle.total_seconds():
            return None
        is_fresh = -differ <= moment - session.get("proved", 0) <= FRESH_SECONDS
        try:
            actor = entry.identify(session_id, hash_token(token), longest, is_fresh=is_fresh)
        except DBAPIError:
            g.nobody_can_say = True
            raise
        if actor is not None and actor.on_device and moment - session.get("seen", 0) > IDLE_SECONDS:
            return None
        # Once a minute is enough: a cookie for every click would undo the browser's own caching of nothing.
        # What a page asks by itself is no sign that anybody sits before it.
        if actor is not None and request.endpoint not in _ASKED_BY_ITSELF and moment - session.get("seen", 0) > 60:
            session["seen"] = moment
        return actor

    manager.request_loader(load)
    _places(app, load)


def _places(app: Flask, load: Callable[[object], Actor | None]) -> None:
    """Who acts in a request, from before its first look at anything until it is over."""

    @app.before_request
    def take_place() -> None:
        if request.endpoint in _NOBODYS:
            return
        actor = load(request)  # not signed in anew each time: that would write a cookie with every answer
        g.actor_token = _current.set(actor)
        g.key_token = writing.form_key.set(sent_key())

    @app.teardown_request
    def leave(_error: BaseException | None) -> None:
        if "actor_token" in g:
            _current.reset(g.pop("actor_token"))
        if "key_token" in g:  # not there when reading the form itself was refused, as for a file of 60 MB
            writing.form_key.reset(g.pop("key_token"))


def _lock(app: Flask) -> None:
    @app.before_request
    def locked_by_default() -> None:
        if request.endpoint is None or request.endpoint == "static":
            return
        if getattr(app.view_functions[request.endpoint], "action", None) is None:
            abort(403)

    @app.get("/")
    @guards.guard(PUBLIC)
    def first_page() -> Response:
        """Where a person starts: the family's page, Today, or the way in."""
        actor = _current.get()
        if actor is None:
            way_in = "people.device" if device_here() is not None else "people.sign_in"
            return redirect(url_for(way_in), 303)  # type: ignore[return-value]
        if actor.on_device:
            return redirect(url_for("do.on_device"), 303)  # type: ignore[return-value]
        return redirect(url_for("family.home" if actor.is_family else "today.today"), 303)  # type: ignore[return-value]


def _templates(app: Flask, settings: Settings) -> None:
    app.jinja_options = {**app.jinja_options, "cache_size": -1}  # all are ours: none has to go for another
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["asset"] = assets.asset
    app.jinja_env.globals["scripts_for"] = assets.scripts_for
    addresses.install(app)
    filters.install(app)
    languages.install(app)

    @app.context_processor
    def around_every_page() -> dict[str, object]:
        actor = _current.get()
        has_place = request.endpoint is not None and request.endpoint != "static"
        return {
            "actor": actor,
            "demo": settings.demo,
            "idle_minutes": settings.idle_minutes,
            "nav": nav.items() if actor is not None and has_place and not actor.needs_factor else [],
        }


def _record_views(app: Flask) -> None:
    @app.after_request
    def note(response: Response) -> Response:
        actor, subject = _current.get(), g.get("subject")
        if actor is None or subject is None or request.method != "GET" or response.status_code != 200:
            return response
        # A list of many pupils that leaves the program is a look at each of them.
        if subject.pupil_id is not None or g.guard[0].asks_again:
            views_log.record_view(actor.school_id, subject.pupil_id, actor.user_id, actor.name, request.endpoint or "")
        return response

    @app.after_request
    def note_refusal(response: Response) -> Response:
        # "guard" stands there once a view that is not open to everybody was asked for.
        if "guard" not in g or response.status_code not in _REFUSED:
            return response
        is_look = request.method == "GET"
        if is_look and not any(name.endswith("_id") for name in g.guard[1]):
            return response  # about no record
        who = _refused_person(response.status_code)
        if who is not None and (not is_look or _current.get() is not None):
            refusals.record(*who, request.endpoint or "", response.status_code, look=is_look)
        return response


def _refused_person(status: int) -> tuple[int, int | None, str] | None:
    """(school, user, name) of who was refused; nobody for a stranger, and for who only has to sign in again."""
    actor = _current.get()
    if actor is not None:
        return (actor.school_id, actor.user_id, actor.name) if status in {403, 404} else None
    session_id, token = session.get("sid"), session.get("token")
    if not isinstance(session_id, int) or not isinstance(token, str):
        return None
    return entry.gone(session_id, hash_token(token))
