"""The languages of the family's side: our words from a catalogue, dates and numbers by locale.

A catalogue is `languages/<code>/LC_MESSAGES/graduated.po`, read when the program starts: there is no build step.
English is in the code itself. Staff read English whatever they chose as parents. What the school wrote
into a plan is never translated by us, but marked with the language it is written in, so that a device can.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_month_names
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_request_context, request, session
from markupsafe import Markup

from graduated.access.identity import current_actor
from graduated.db.clock import local
from graduated.rules.vocabulary import (
    DocumentKind,
    GivenHow,
    Judgement,
    Relationship,
    RequestBy,
    RequestStatus,
    Role,
    inside,
)
from graduated.web import filters

FOLDER = Path(__file__).resolve().parent.parent / "languages"
KEY = "language"
WRITTEN_IN = "en-GB"
"""The language in which schools in England write their plans."""

TRANSLATED = frozenset(
    {
        "people.account", "people.invitation", "people.invitation_code", "people.language", "people.passkey_add",
        "people.passkey_prove", "people.passkey_remove", "people.passkey_rename", "people.passkey_sign_in",
        "people.passkey_step", "people.passkeys_page", "people.password", "people.prove_again", "people.second_step",
        "people.second_step_code", "people.second_step_new_codes", "people.second_step_remove", "people.sign_in",
        "people.sign_in_post", "pupils.another_child", "web.accessibility", "web.help_page", "web.privacy",
    }
)  # fmt: skip
"""The pages beside the family's own that are said in every language."""

LABELS: tuple[Any, ...] = (DocumentKind, GivenHow, Judgement, Relationship, RequestBy, RequestStatus, Role)
"""The vocabularies whose labels a family reads; every catalogue holds them."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language that a family can choose: its code, how a page names it to browsers, its own name, its direction."""

    code: str
    tag: str
    name: str
    direction: str


ENGLISH = Language("en", "en-GB", "English", "ltr")


@lru_cache
def _language(code: str) -> Language:
    locale = Locale.parse(code, sep="-")
    return Language(code, code, (locale.get_display_name() or code).capitalize(), locale.text_direction)


@lru_cache
def codes() -> tuple[str, ...]:
    """The languages with a catalogue, English first."""
    return "en", *sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/graduated.po"))


def offered() -> tuple[Language, ...]:
    """The languages to choose from."""
    more: Iterable[str] = current_app.config.get("MORE_LANGUAGES", ())
    return tuple(language_of(code) for code in (*codes(), *more))


def language_of(code: str) -> Language:
    """A language by its code; English for any that we don't know."""
    if code == "en":
        return ENGLISH
    try:
        return _language(code)
    except (ValueError, UnknownLocaleError):
        return ENGLISH


def is_offered(code: str | None) -> bool:
    """Whether a family can choose it."""
    return code is not None and any(code == one.code for one in offered())


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """The words of a language; a word that it lacks is said in English."""
    path = FOLDER / code / "LC_MESSAGES" / "graduated.po"
    if code == "en" or not path.is_file():
        return NullTranslations()
    with path.open("rb") as source:
        words = read_po(source, locale=code.replace("-", "_"), domain="graduated", abort_invalid=True)
    made = BytesIO()
    write_mo(made, words)
    made.seek(0)
    return Translations(made, domain="graduated")


# -- which language ------------------------------------------------------------------------------------------------


def current() -> Language:
    """The language of the page: what the family chose, and until then what the device says; English for staff."""
    if not has_request_context():
        return ENGLISH
    if g.get("reading"):
        return language_of(g.reading)
    actor = current_actor()
    if actor is not None and not actor.is_family:
        return ENGLISH
    asked = request.args.get("lang") if actor is None else None
    if is_offered(asked):
        session[KEY] = asked
    for code in (asked, session.get(KEY), request.cookies.get(cookie_name())):
        if code is not None and is_offered(code):
            return language_of(code)
    return language_of(request.accept_languages.best_match([one.code for one in offered()]) or "en")


def cookie_name() -> str:
    """The cookie in which a device remembers the language; behind TLS no other address may set it."""
    return f"{'__Host-' if current_app.config['SESSION_COOKIE_SECURE'] else ''}graduated-language"


def chosen_here() -> str | None:
    """The language that somebody chose in this visit, if they did."""
    code = session.get(KEY)
    return code if isinstance(code, str) and is_offered(code) else None


def empty_session() -> None:
    """Empty the browser's session but for the language: who chose one before signing in keeps it."""
    code = chosen_here()
    session.clear()
    if code is not None:
        session[KEY] = code


def way_back() -> str:
    """Where the language was changed: the page in hand, never with a language in its address."""
    if request.endpoint in (None, "static") or request.method != "GET":
        return request.path
    rest = "&".join(f"{quote(key)}={quote(one)}" for key, one in request.args.items(multi=True) if key != "lang")
    return f"{request.path}?{rest}" if rest else request.path


# -- words ---------------------------------------------------------------------------------------------------------


def N_(words: str) -> str:  # the name by which extraction knows it
    """Words to be said later in the language of the page; marked here so that every catalogue holds them."""
    return words


def gettext(words: str, **values: object) -> str:
    """Our words in the language of the page, with their values."""
    said = catalogue(current().code).ugettext(words)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    """Our words for a number of things; the languages differ in how many forms they have."""
    said = catalogue(current().code).ungettext(one, many, number)
    return said % {"num": number, **values}


def in_language(words: object) -> str:
    """Words that stand in the code, such as a field's label or a form's error, in the language of the page."""
    text = str(words)
    return catalogue(current().code).ugettext(text) if text else text


def in_parts(words: str) -> str:
    """Words with a name before the comma, such as a school and how one enters it: only ours change."""
    name, comma, ours = words.rpartition(", ")
    return f"{name}{comma}{in_language(ours)}"


def label(word: Any) -> str:
    """The label of a word of the vocabulary in the language of the page."""
    return in_language(word.label)


def label_inside(word: Any) -> str:
    """The same inside a sentence: languages that need no change of capitals keep their own."""
    return inside(word.label) if current() is ENGLISH else label(word)


def written() -> Markup:
    """The attributes of words that the school wrote: a device can then translate them or read them aloud rightly."""
    return Markup(' lang="en-GB" dir="ltr"') if current().direction == "rtl" else Markup(' lang="en-GB"')


def main_language() -> Markup:
    """Said of a page that is in English within another language: not every page of an account is translated."""
    if current() is ENGLISH or (request.endpoint or "") in TRANSLATED or request.blueprint == "family":
        return Markup("")
    return written()


@lru_cache
def _codes_by_name() -> dict[str, str]:
    """The code of each language by its English name, as a school writes it down."""
    return {name.casefold(): code for code, name in Locale("en").languages.items() if "_" not in code}


def say_language(words: str) -> str:
    """A language that the school wrote down in English, as the reader calls it; other words stand as they are."""
    text = words.strip()
    if current() is ENGLISH or not text:
        return words
    code = _codes_by_name().get(text.casefold())
    return (code and _locale().languages.get(code)) or in_language(text)


def code_of_name(words: str) -> str | None:
    """The code of a language that we have words in, by the name that the school wrote down; none where we have none."""
    code = _codes_by_name().get(words.strip().casefold())
    return code if code in codes() else None


@contextmanager
def reading(code: str) -> Iterator[None]:
    """Our words in one language whatever the page is in: what is printed for somebody who reads another."""
    earlier = g.get("reading")
    g.reading = code
    try:
        yield
    finally:
        g.reading = earlier


# -- dates and numbers ---------------------------------------------------------------------------------------------


def say_date(day: dt.date | None) -> str:
    """A date in full."""
    if day is None or current() is ENGLISH:
        return filters.long_date(day)
    return format_date(day, "long", locale=_locale())


def say_day(day: int, month: int) -> str:
    """A day and month as typed, though there may be no such day."""
    return f"{day} {get_month_names('wide', locale=_locale())[month]}"


def say_weekday(day: dt.date | None) -> str:
    """A date with its weekday."""
    if day is None or current() is ENGLISH:
        return filters.weekday_date(day)
    return format_date(day, "full", locale=_locale())


def say_time(moment: dt.datetime | None) -> str:
    """The time of day at school."""
    if moment is None or current() is ENGLISH:
        return filters.clock_time(moment)
    return format_time(local(moment).time(), "short", locale=_locale())


def say_moment(moment: dt.datetime | None) -> str:
    """A moment at the school's wall clock."""
    return f"{say_date(local(moment).date())}, {say_time(moment)}" if moment else ""


def say_number(number: int | Decimal) -> str:
    """A number; Polish writes 3,5 where English writes 3.5."""
    return format_decimal(number, locale=_locale(), decimal_quantization=False)


def _locale() -> Locale:
    code = current().code
    return Locale.parse("en-GB" if code == "en" else code, sep="-")


def install(app: Flask) -> None:
    """Give templates the words, the filters and what the page says of its language."""
    for code in codes():
        catalogue(code)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda words: catalogue(current().code).ugettext(words),
        lambda one, many, number: catalogue(current().code).ungettext(one, many, number),
        newstyle=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        page_language=current,
        languages_offered=offered,
        language_back=way_back,
        written=written,
        main_language=main_language,
        N_=N_,
    )
    env.filters.update(
        say_date=say_date, say_weekday=say_weekday, say_time=say_time, say_moment=say_moment, say_number=say_number,
        in_language=in_language, label=label, label_inside=label_inside, in_parts=in_parts,
        say_language=say_language,
    )  # fmt: skip
