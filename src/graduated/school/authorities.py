"""Authority profiles: what an evidence pack's order, headings and thresholds are in one area, as data.

Every file of `src/graduated/authorities` is read and checked when the program starts; a fault names the file and the
field. Schema (TOML):

    code, name          short name of the file, and what people call it
    council             the authority's name, or "" where the profile is nobody's in particular
    la_codes            three-digit LA codes, for suggesting a profile
    where_to_send       where a request goes, in words, or ""
    declaration         what the head and the SENCO sign
    sections            [{key, title}, …] in the pack's order; keys of graduated.pack.content.Section
    thresholds          fields of graduated.rules.readiness_evidence.Thresholds; they warn and never block
    sendiass            optional: name, and phone, website, email where they are known
    asks                optional: [{what, lines}, …]: what the authority has published that it asks for, with the
                        lines of graduated.rules.readiness that say whether it is on record; [] where none can
    facts               [{what, source, on}, …]: where each fact comes from and its date
    unconfirmed         what could not be confirmed, said as such
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from graduated.config import PACKAGE
from graduated.pack.content import Section, SectionTitle
from graduated.rules.readiness import LINES
from graduated.rules.readiness_evidence import Thresholds

FOLDER = PACKAGE / "authorities"
DEFAULT = "code"
_TEXTS = ("code", "name", "council", "where_to_send", "declaration")
_KEYS = {*_TEXTS, "la_codes", "sections", "thresholds", "sendiass", "asks", "facts", "unconfirmed"}


class ProfileFault(ValueError):
    """A profile that cannot be used; the sentence names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AdviceService:
    """The area's impartial information, advice and support service (SENDIASS); "" is not known."""

    name: str
    phone: str = ""
    website: str = ""
    email: str = ""

    @property
    def words(self) -> str:
        """The service and how to reach it, in a line."""
        return ", ".join(part for part in (self.name, self.phone, self.email, self.website) if part)


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """One fact of a profile with its source and the source's date."""

    what: str
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that an authority has published that it asks for, and the lines of evidence that speak of it."""

    what: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuthorityProfile:
    """One authority's way of asking."""

    code: str
    name: str
    council: str
    la_codes: tuple[str, ...]
    where_to_send: str
    declaration: str
    sections: tuple[SectionTitle, ...]
    thresholds: Thresholds
    sendiass: AdviceService | None
    asks: tuple[Ask, ...]
    facts: tuple[ProfileFact, ...]
    unconfirmed: tuple[str, ...]

    @property
    def council_words(self) -> str:
        """The council's name, or the words that stand for it where none is known."""
        return self.council or "your local authority"


def read_profile(path: Path) -> AuthorityProfile:
    """A profile from its file. Raises ProfileFault with a sentence that says what is wrong."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        return _profile(given, path.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileFault(f"{path.name} is not TOML: {error}") from error
    except ValueError as error:
        raise ProfileFault(f"{path.name}: {error}") from error


def read_folder(folder: Path) -> dict[str, AuthorityProfile]:
    """Every profile of a folder by its code."""
    found = {profile.code: profile for profile in map(read_profile, sorted(folder.glob("*.toml")))}
    if DEFAULT not in found:
        raise ProfileFault(f"{DEFAULT}.toml is missing from {folder}")
    return found


def _profile(given: dict[str, Any], stem: str) -> AuthorityProfile:
    unknown = sorted(set(given) - _KEYS)
    if unknown:
        raise ValueError(f"{unknown[0]} is not a field of a profile; the fields are {', '.join(sorted(_KEYS))}")
    texts = {name: _text(given, name) for name in _TEXTS}
    if texts["code"] != stem:
        raise ValueError(f'code must be the name of the file, "{stem}"')
    if not texts["name"] or not texts["declaration"]:
        raise ValueError("name and declaration must say something")
    return AuthorityProfile(
        **texts,
        la_codes=_texts(given, "la_codes"),
        sections=_sections(given.get("sections")),
        thresholds=_thresholds(given.get("thresholds", {})),
        sendiass=_service(given["sendiass"]) if "sendiass" in given else None,
        asks=_asks(given["asks"]) if "asks" in given else (),
        facts=_facts(given.get("facts")),
        unconfirmed=_texts(given, "unconfirmed"),
    )


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be there, in quotation marks")
    return value.strip()


def _texts(given: dict[str, Any], name: str) -> tuple[str, ...]:
    value = given.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"{name} must be a list of texts; it may be empty")
    return tuple(value)


def _tables(value: Any, name: str, keys: set[str]) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name} must have at least one entry")
    for number, one in enumerate(value, 1):
        if set(one) != keys:
            raise ValueError(f"entry {number} of {name} must have {' and '.join(sorted(keys))}, and nothing else")
    return value


def _sections(value: Any) -> tuple[SectionTitle, ...]:
    entries = _tables(value, "sections", {"key", "title"})
    known = [section.value for section in Section if section is not Section.SUMMARY]
    for entry in entries:
        if entry["key"] not in known:
            raise ValueError(f"“{entry['key']}” is not a section of the pack; they are {', '.join(known)}")
    keys = [entry["key"] for entry in entries]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"section {twice[0]} stands twice")
    return tuple(SectionTitle(Section(entry["key"]), _text(entry, "title")) for entry in entries)


def _thresholds(value: Any) -> Thresholds:
    names = {field.name for field in fields(Thresholds)}
    if not isinstance(value, dict) or set(value) - names:
        raise ValueError(f"thresholds may have {', '.join(sorted(names))}")
    for name, number in value.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise ValueError(f"threshold {name} must be a whole number from 1")
    return Thresholds(**value)


def _service(value: Any) -> AdviceService:
    names = {field.name for field in fields(AdviceService)}
    if not isinstance(value, dict) or set(value) - names or not value.get("name"):
        raise ValueError("sendiass must have a name, and may have phone, website and email")
    return AdviceService(**{name: _text(value, name) for name in value})


def _asks(value: Any) -> tuple[Ask, ...]:
    entries = _tables(value, "asks", {"what", "lines"})
    known = [line.id for line in LINES]
    for entry in entries:
        if not isinstance(entry["lines"], list):
            raise ValueError(f"lines of “{entry['what']}” must be a list; it may be empty")
        for line in entry["lines"]:
            if line not in known:
                raise ValueError(f"“{line}” is not a line of evidence; they are {', '.join(known)}")
    return tuple(Ask(_text(entry, "what"), tuple(entry["lines"])) for entry in entries)


def _facts(value: Any) -> tuple[ProfileFact, ...]:
    entries = _tables(value, "facts", {"what", "source", "on"})
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry["on"], date):
            raise ValueError(f"fact {number} needs a date, such as on = 2026-11-21")
    return tuple(ProfileFact(_text(entry, "what"), _text(entry, "source"), entry["on"]) for entry in entries)


# Read when the program starts, so that a fault is met by whoever installs it and not by whoever builds a pack.
_PROFILES = read_folder(FOLDER)


def authority_codes() -> tuple[str, ...]:
    """The codes of the profiles that are here, the Code's own first."""
    return (DEFAULT, *(code for code in sorted(_PROFILES) if code != DEFAULT))


def authority(code: str) -> AuthorityProfile:
    """A profile by its code; a school whose profile was taken away is given the Code's own order."""
    return _PROFILES.get(code) or _PROFILES[DEFAULT]


def authority_choices() -> list[tuple[str, str]]:
    """(code, name) pairs for a list to choose from."""
    return [(code, _PROFILES[code].name) for code in authority_codes()]
