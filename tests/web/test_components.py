"""The pieces of a page hang together: names, hints, errors and links that lead somewhere, and nothing inline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Flask, flash, render_template
from werkzeug.datastructures import MultiDict
from wtforms.validators import InputRequired, Optional

from graduated.access.policy import Hat
from graduated.pack.ribbon import RibbonCycle, ribbon
from graduated.web import assets, languages
from graduated.web.fields import DatePartsField, MoneyField

TEMPLATES = Path(__file__).parents[2] / "templates"
STATIC = TEMPLATES.parent / "static"
ERRORS = (400, 401, 403, 404, 409, 413, 419, 422, 500, 503, 507)


def choices(*pairs: tuple[str, str]) -> list[Any]:
    """Choices of a field, as value and words."""
    return [wtforms.SelectChoice(value, words) for value, words in pairs]


class Sample(wtforms.Form):
    """The form of the style guide."""

    version = wtforms.HiddenField(default="3")
    held = DatePartsField("When was it held?", [InputRequired("Enter the date held")], noun="The date held")
    name = wtforms.StringField("Known as", [InputRequired("Enter the name")])
    email = wtforms.EmailField("Email address", [Optional()])
    cost = MoneyField("Cost", [InputRequired("Enter the cost")])
    notes = wtforms.TextAreaField("What was said", [InputRequired("Enter what was said")])
    measure = wtforms.SelectField("Measure", choices=choices(("y", "York Assessment of Reading")))
    status = wtforms.RadioField(
        "SEN status",
        [InputRequired("Choose a status")],
        choices=choices(("N", "No SEN"), ("K", "SEN support"), ("E", "EHC plan")),
    )
    needs = wtforms.SelectMultipleField(
        "Needs", [InputRequired("Choose a need")], choices=choices(("slcn", "Speech and language"), ("hi", "Hearing"))
    )
    agreed = wtforms.BooleanField("The parents agreed", [InputRequired("Say that the parents agreed")])
    scan = wtforms.FileField("Scan of the form", [Optional()])
    judgement = wtforms.RadioField(
        "How far was it met?",
        [InputRequired("Judge the outcome")],
        choices=choices(("-1", "Less than expected"), ("0", "As expected")),
    )
    next_step = wtforms.RadioField(
        "Next step",
        [InputRequired("Choose the next step")],
        choices=choices(("good", "Good progress"), ("some", "Some progress")),
    )


class SignIn(wtforms.Form):
    """Email address and password."""

    email = wtforms.EmailField("Email address", [InputRequired("Enter your email address")])
    password = wtforms.PasswordField("Password", [InputRequired("Enter your password")])
    next = wtforms.HiddenField()


@dataclass(frozen=True)
class Actor:
    """Who is signed in, as every page is told."""

    name: str = "Hannah Legg"
    role_label: str = "SENCO"
    school_name: str = "Purbeck Road Primary"
    is_family: bool = False
    user_id: int = 1
    hat: Hat = Hat.STAFF


class Page(HTMLParser):
    """The tags of a page, with their attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def values(self, name: str, *tags: str) -> list[str]:
        """Every value of an attribute, on these tags or on all."""
        return [attrs[name] for tag, attrs in self.tags if name in attrs and (not tags or tag in tags)]


@pytest.fixture
def app() -> Iterator[Flask]:
    """Templates alone: no database, no accounts."""
    app = Flask("pieces", template_folder=str(TEMPLATES))
    app.secret_key = "for flashed messages"
    languages.install(app)
    app.url_build_error_handlers.append(lambda _error, endpoint, _values: f"/{endpoint}")  # no pages are hung in here
    app.jinja_env.globals.update(
        asset=lambda path: f"/static/{path}",
        scripts_for=lambda _shown: assets.Scripts([f"/static/js/{one}.js" for one in assets.ASKED.values()], {}),
        csrf_token=lambda: "token",
    )
    with app.test_request_context("/"):
        yield app


def wrong_form() -> Any:
    """A form sent empty but for a date that is none."""
    form = Sample(MultiDict({"held-day": "31", "held-month": "2", "held-year": "2026", "measure": "x"}))
    form.validate()
    return form


def guide(form: Any, **more: Any) -> Page:
    """The style guide with this form."""
    begun = dt.date(2026, 9, 14)
    chart = ribbon([RibbonCycle(name="Cycle 6", start=begun)], [], [], begun, dt.date(2026, 11, 21), 1080.0, 13.0)
    return Page(render_template("web/styleguide.html", form=form, actor=Actor(), chart=chart, **more))


@pytest.mark.parametrize("form", [Sample(), wrong_form()], ids=["as it comes", "with errors"])
def test_every_id_is_used_once_and_every_reference_finds_its_own(app: Flask, form: Any) -> None:
    flash("The review is sealed.", "success")
    page = guide(form)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    named = page.values("for", "label") + [
        one
        for name in ("aria-describedby", "aria-labelledby", "aria-controls")
        for value in page.values(name)
        for one in value.split()
    ]
    assert len(named) > 30
    assert set(named) <= set(ids)


def test_every_control_has_a_label(app: Flask) -> None:
    page = guide(Sample())
    labelled = set(page.values("for", "label"))
    controls = [
        attrs
        for tag, attrs in page.tags
        if tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "submit")
    ]
    assert len(controls) > 20
    assert [attrs for attrs in controls if attrs.get("id") not in labelled] == []


def test_every_error_stands_in_the_summary_and_its_link_leads_to_a_control(app: Flask) -> None:
    form = wrong_form()
    text = render_template("web/styleguide.html", form=form, actor=Actor())
    summary = text[
        text.index("govuk-error-summary__list") : text.index("</ul>", text.index("govuk-error-summary__list"))
    ]
    page = Page(text)
    controls = {attrs["id"] for tag, attrs in page.tags if tag in ("input", "select", "textarea") and "id" in attrs}
    assert summary.count("<li>") == sum(len(errors) for errors in form.errors.values()) == 10
    assert {href.removeprefix("#") for href in Page(summary).values("href")} <= controls
    assert text.count('<p class="govuk-error-message"') == 10
    assert "<title>Error: " in text


def test_what_was_typed_is_escaped_and_kept(app: Flask) -> None:
    form = Sample(MultiDict({"name": '"><script>alert(1)</script>', "notes": "</textarea><b>"}))
    form.validate()
    text = render_template("web/styleguide.html", form=form, actor=Actor())
    assert "<script>alert" not in text and "</textarea><b>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_nothing_is_inline_so_that_the_strict_policy_holds(app: Flask) -> None:
    page = guide(wrong_form(), demo=True)
    assert [tag for tag, attrs in page.tags if tag == "style" or "style" in attrs] == []
    assert [tag for tag, attrs in page.tags if tag == "script" and not attrs.get("src")] == []
    assert [key for _, attrs in page.tags for key in attrs if key.startswith("on")] == []


def test_every_form_that_posts_carries_a_token_or_its_own_hidden_fields(app: Flask) -> None:
    text = render_template("web/styleguide.html", form=Sample(), actor=Actor())
    sign_out = text[text.index('action="/sign-out"') :]
    assert 'name="csrf_token" value="token"' in sign_out[: sign_out.index("</form>")]
    assert 'name="version" value="3"' in text


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_needs_nobody_signed_in_and_says_what_to_do(app: Flask, code: int) -> None:
    text = render_template(f"errors/{code}.html", reference="7F3K-22")
    assert "7F3K-22" in text
    assert Page(text).values("href")
    fragment = render_template("errors/_error.html", code=code, reference="7F3K-22")
    title = text[text.index("<title>") + 7 : text.index(" – Graduated")]
    assert title in fragment and "<html" not in fragment


def test_errors_of_different_kinds_do_not_share_their_words(app: Flask) -> None:
    pages = {render_template("errors/_error.html", code=code) for code in ERRORS}
    assert len(pages) == len(ERRORS)


def test_demo_sign_ins_are_shown_only_when_given(app: Flask) -> None:
    account = {"role": "SENCO", "name": "Hannah Legg", "email": "legg@purbeck.example", "password": "purbeck-demo"}
    assert "legg@purbeck.example" in render_template("people/sign_in.html", form=SignIn(), demo_accounts=[account])
    assert "demo school" not in render_template("people/sign_in.html", form=SignIn())


def test_a_wrong_sign_in_never_shows_the_password_again(app: Flask) -> None:
    form = SignIn(MultiDict({"email": "", "password": "a secret thing"}))
    form.validate()
    assert "a secret thing" not in render_template("people/sign_in.html", form=form)


def test_a_family_sees_its_own_kind_of_page(app: Flask) -> None:
    family = Actor("Mrs Szymańska", "Parent", is_family=True)
    text = render_template("web/styleguide.html", form=Sample(), actor=family)
    assert 'class="govuk-template parent"' in text
    assert ", Parent" not in text


def test_every_stylesheet_and_script_that_a_page_names_exists(app: Flask) -> None:
    page = guide(Sample())
    named = {
        value
        for value in page.values("href", "link") + page.values("src", "script")
        if value.startswith("/static/") and "/vendor/" not in value
    }
    assert len(named) > 10
    assert [value for value in named if not (STATIC / value.removeprefix("/static/")).is_file()] == []
    unused = {f"/static/{kind}/{file.name}" for kind in ("css", "js") for file in (STATIC / kind).iterdir()} - named
    assert unused == set()
