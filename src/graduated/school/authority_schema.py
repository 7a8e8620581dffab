"""The schema of an authority profile: from what a TOML file gives to a profile, or to every fault with its mending.

The files of `src/graduated/authorities` and the files that schools add themselves are read by the same checks.
`docs/authority-profiles.md` is the guide for whoever writes one.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from graduated.pack.content import Section, SectionTitle
from graduated.pack.copy_out import SOURCES, Question
from graduated.rules.readiness import LINES
from graduated.rules.readiness_asks import DETAILS, Asked
from graduated.rules.readiness_evidence import Thresholds
from graduated.rules.vocabulary import ConsentKind, DocumentKind, Role
from graduated.school.models import PRICED

T = TypeVar("T")
_TEXTS = ("code", "name", "council", "where_to_send", "declaration")
_KEYS = {
    *_TEXTS, "la_codes", "sections", "thresholds", "rate_card", "sendiass", "asks", "annexes", "form", "facts",
    "unconfirmed",
}  # fmt: skip
LONGEST_FILE = 100_000
"""Bytes. The largest profile that is here has a fifteenth of it."""
_LONGEST, _LONGEST_TITLE, _LONGEST_QUESTION, _MOST, _LARGEST = 2_000, 120, 300, 100, 120
_LONGEST_SOURCE, _WEEKS = 200, 52
_SHOWN = 40
_MOST_DOTS, _LONGEST_KEY = 20, 200
_WORDS_OR_REMARK = re.compile(
    r'''"""(?:\\.|[^\\])*?(?:"{3,5}|\\?\Z)|'{3}.*?(?:'{3,5}|\Z)|"(?:\\[^\n]|[^"\\\n])*"?|'[^'\n]*'?|#[^\n]*''',
    re.DOTALL,
)
"""A text between quotation marks, open to its end or the line's, or a remark; in one pass, whatever is sent."""
_CODE = re.compile(r"[a-z][a-z0-9-]{1,29}")
_UNPRINTED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


class ProfileFault(ValueError):
    """A profile that cannot be used; each of `faults` is a sentence that names the entry and how to mend it."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(f"{one}." for one in faults))
        self.faults = faults


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

    @property
    def site(self) -> str:
        """The address of its website in full; a profile may name it as people say it, without https."""
        return self.website if not self.website or "://" in self.website else f"https://{self.website}"


@dataclass(frozen=True, slots=True)
class PublishedRates:
    """The hourly rates with on-costs that an authority has published, in pounds to four places by role."""

    source: str
    valid_from: date
    weeks_a_year: int
    rates: Mapping[Role, Decimal]


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """One fact of a profile with its source and the source's date."""

    what: str
    source: str
    on: date


@dataclass(frozen=True, slots=True)
class AuthorityProfile:
    """One authority's way of asking.

    `asks` and `annexes` are what it has published that it asks for and wants attached; `form` is its own form or
    portal, question by question, empty where it has none or none is known.
    """

    code: str
    name: str
    council: str
    la_codes: tuple[str, ...]
    where_to_send: str
    declaration: str
    sections: tuple[SectionTitle, ...]
    thresholds: Thresholds
    sendiass: AdviceService | None
    asks: tuple[Asked, ...]
    annexes: tuple[Asked, ...]
    form: tuple[Question, ...]
    rate_card: PublishedRates | None
    facts: tuple[ProfileFact, ...]
    unconfirmed: tuple[str, ...]

    @property
    def council_words(self) -> str:
        """The council's name, or the words that stand for it where none is known."""
        return self.council or "your local authority"

    @property
    def not_shown(self) -> tuple[Section, ...]:
        """Sections of the pack that this profile leaves out."""
        named = {entry.section for entry in self.sections}
        return tuple(section for section in Section if section not in named and section is not Section.SUMMARY)


def read_text(text: str) -> AuthorityProfile:
    """A profile from the text of a file. Raises ProfileFault with every fault that was found."""
    _parsed_soon(text)
    try:
        given = tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise ProfileFault("The file is nested too deeply; a profile has tables in lists and nothing below") from error
    except ValueError as error:  # a fault of TOML, or a number too long to be one
        raise ProfileFault(f"This is not TOML: {error}") from error
    return _Reader(given).profile()


def _parsed_soon(text: str) -> None:
    """Refuse names that the parser would need more than a moment for: its work grows with the square of their parts."""
    for number, line in enumerate(_WORDS_OR_REMARK.sub(_newlines, text).split("\n"), 1):
        name, equals, _value = line.partition("=")
        if line.count(".") > _MOST_DOTS or (equals and len(name) > _LONGEST_KEY):
            raise ProfileFault(
                f"Line {number} has more than {_MOST_DOTS} dots outside quotation marks, or a name of more than "
                f"{_LONGEST_KEY} characters; no entry of a profile needs that"
            )


def _newlines(found: re.Match[str]) -> str:
    """What stands for a text, so that lines keep their numbers."""
    return "\n" * found[0].count("\n")


@dataclass(slots=True)
class _Reader:
    """Reads entry by entry and keeps each fault, so that all of them are said at once."""

    given: dict[str, Any]
    faults: list[str] = field(default_factory=list)

    def profile(self) -> AuthorityProfile:
        for key in sorted(set(self.given) - _KEYS):
            self.faults.append(f"{_shown(key)} is not an entry of a profile; they are {_list(sorted(_KEYS))}")
        texts = {name: self._kept(partial(_text, self.given, name), "") for name in _TEXTS}
        for name in ("code", "name", "declaration"):
            if not texts[name] and isinstance(self.given.get(name), str):
                self.faults.append(f"{name} is empty; write something between its quotation marks")
        if len(texts["name"]) > _LONGEST_TITLE or "\n" in texts["name"]:
            self.faults.append(f"name must stand in one line of at most {_LONGEST_TITLE} characters; shorten it")
        if texts["code"] and not _CODE.fullmatch(texts["code"]):
            self.faults.append("code must be 2 to 30 small letters, digits and hyphens, such as wessex")
        read = AuthorityProfile(
            **texts,
            la_codes=self._kept(lambda: _texts(self.given, "la_codes"), ()),
            sections=self._kept(lambda: _sections(self.given.get("sections")), ()),
            thresholds=self._kept(lambda: _thresholds(self.given.get("thresholds", {})), Thresholds()),
            sendiass=self._kept(lambda: _service(self.given["sendiass"]) if "sendiass" in self.given else None, None),
            asks=self._kept(lambda: _asked(self.given, "asks"), ()),
            annexes=self._kept(lambda: _asked(self.given, "annexes"), ()),
            rate_card=self._kept(lambda: _rates(self.given["rate_card"]) if "rate_card" in self.given else None, None),
            form=self._kept(lambda: _form(self.given), ()),
            facts=self._kept(lambda: _facts(self.given.get("facts")), ()),
            unconfirmed=self._kept(lambda: _texts(self.given, "unconfirmed"), ()),
        )
        if self.faults:
            raise ProfileFault(*self.faults)
        return read

    def _kept(self, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except ValueError as error:
            self.faults.append(str(error))
            return instead


def _shown(value: Any) -> str:
    """What was given, short enough for a sentence."""
    words = str(value)
    return f"“{words[:_SHOWN]}…”" if len(words) > _SHOWN else f"“{words}”"


def _list(names: Collection[str]) -> str:
    return ", ".join(names)


def _clean(value: str, where: str, longest: int = _LONGEST) -> str:
    if len(value) > longest:
        raise ValueError(f"{where} is longer than {longest:,} characters; shorten it")
    if any(unicodedata.category(one) in _UNPRINTED and one not in "\n\t" for one in value):
        raise ValueError(f"{where} has a character that cannot be printed; type it again by hand")
    return value.strip()


def _text(given: dict[str, Any], name: str, where: str = "", longest: int = _LONGEST) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{where}{name} must be there, in quotation marks; it may be empty")
    return _clean(value, f"{where}{name}", longest)


def _texts(given: dict[str, Any], name: str, where: str = "") -> tuple[str, ...]:
    value = given.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        raise ValueError(f"{where}{name} must be a list of texts, each in quotation marks; it may be empty: []")
    if len(value) > _MOST:
        raise ValueError(f"{where}{name} has more than {_MOST} entries; put some together")
    return tuple(_clean(one, f"{where}{name}") for one in value)


def _tables(value: Any, name: str, keys: set[str], may: Collection[str] = ()) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise ValueError(f"{name} must have at least one entry with {_list(sorted(keys))}")
    if len(value) > _MOST:
        raise ValueError(f"{name} has more than {_MOST} entries; put some together")
    for number, one in enumerate(value, 1):
        if not keys <= set(one) <= keys | set(may):
            more = f", may have {_list(sorted(may))}," if may else ""
            raise ValueError(f"entry {number} of {name} must have {' and '.join(sorted(keys))}{more} and nothing else")
    return value


def _sections(value: Any) -> tuple[SectionTitle, ...]:
    entries = _tables(value, "sections", {"key", "title"})
    known = [section.value for section in Section if section is not Section.SUMMARY]
    for entry in entries:
        if entry["key"] not in known:
            raise ValueError(f"{_shown(entry['key'])} is not a section of the pack; they are {_list(known)}")
    keys = [entry["key"] for entry in entries]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"section {twice[0]} stands twice; take one away")
    found = []
    for number, entry in enumerate(entries, 1):
        title = _text(entry, "title", f"entry {number} of sections: ", _LONGEST_TITLE)
        if not title or "\n" in title:
            raise ValueError(f"entry {number} of sections needs a title in one line")
        found.append(SectionTitle(Section(entry["key"]), title))
    return tuple(found)


def _thresholds(value: Any) -> Thresholds:
    names = {one.name for one in fields(Thresholds)}
    if not isinstance(value, dict) or set(value) - names:
        raise ValueError(f"thresholds may have {_list(sorted(names))} and nothing else")
    for name, number in value.items():
        _whole(number, f"threshold {name}")
    return Thresholds(**value)


def _whole(number: Any, where: str, largest: int = _LARGEST) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= largest:
        raise ValueError(f"{where} must be a whole number from 1 to {largest}, without quotation marks")
    return number


def _service(value: Any) -> AdviceService:
    names = {one.name for one in fields(AdviceService)}
    if not isinstance(value, dict) or set(value) - names or not value.get("name"):
        raise ValueError("sendiass must have a name, and may have phone, website and email")
    return AdviceService(**{name: _text(value, name, "sendiass: ") for name in value})


_KNOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "lines": ("a line of evidence", tuple(line.id for line in LINES)),
    "details": ("a detail of the pupil", tuple(DETAILS)),
    "documents": ("a kind of paper", tuple(kind.value for kind in DocumentKind)),
    "consents": ("a question of agreement", tuple(kind.value for kind in ConsentKind)),
}


def _asked(given: dict[str, Any], name: str) -> tuple[Asked, ...]:
    if name not in given:
        return ()
    entries = _tables(given[name], name, {"what"}, (*_KNOWN, "months", "services"))
    return tuple(_one_asked(entry, f"entry {number} of {name}: ") for number, entry in enumerate(entries, 1))


def _one_asked(entry: dict[str, Any], where: str) -> Asked:
    named: dict[str, tuple[str, ...]] = {}
    for key, (what, known) in _KNOWN.items():
        named[key] = _texts(entry, key, where) if key in entry else ()
        for one in named[key]:
            if one not in known:
                raise ValueError(f"{where}{_shown(one)} is not {what}; they are {_list(known)}")
    if "months" in entry and not named["documents"]:
        raise ValueError(f"{where}months says how old a paper may be, so documents must say which paper")
    return Asked(
        _text(entry, "what", where),
        lines=named["lines"],
        details=named["details"],
        documents=tuple(DocumentKind(one) for one in named["documents"]),
        months=_whole(entry["months"], f"{where}months") if "months" in entry else None,
        consents=tuple(ConsentKind(one) for one in named["consents"]),
        services=_texts(entry, "services", where) if "services" in entry else (),
    )


def _form(given: dict[str, Any]) -> tuple[Question, ...]:
    if "form" not in given:
        return ()
    found = []
    for number, entry in enumerate(_tables(given["form"], "form", {"question", "from"}), 1):
        where = f"entry {number} of form: "
        question, sources = _text(entry, "question", where, _LONGEST_QUESTION), _texts(entry, "from", where)
        if not question:
            raise ValueError(f"{where}question is empty; write it as the form does")
        for one in sources:
            if one not in SOURCES:
                raise ValueError(f"{where}{_shown(one)} is not a source of words; they are {_list(SOURCES)}")
        found.append(Question(question, sources))
    return tuple(found)


def _rates(value: Any) -> PublishedRates:
    keys = {one.name for one in fields(PublishedRates)}
    if not isinstance(value, dict) or set(value) != keys:
        raise ValueError(f"rate_card must have {_list(sorted(keys))} and nothing else")
    source = _text(value, "source", "rate_card: ", _LONGEST_SOURCE)
    known, rates = [role.value for role in PRICED], value["rates"]
    if not isinstance(rates, dict) or not rates or set(rates) - set(known):
        raise ValueError(f"rate_card: rates must be pounds an hour by role; the roles are {_list(known)}")
    if not source or type(value["valid_from"]) is not date:
        raise ValueError("rate_card needs a source, and a date such as valid_from = 2026-04-01")
    return PublishedRates(
        source=source,
        valid_from=value["valid_from"],
        weeks_a_year=_whole(value["weeks_a_year"], "rate_card: weeks_a_year", _WEEKS),
        rates={Role(name): _pounds(pounds, name) for name, pounds in rates.items()},
    )


def _pounds(value: Any, role: str) -> Decimal:
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else Decimal("NaN")
    if not number.is_finite() or not Decimal("0.01") <= number <= 500 or number != round(number, 4):
        raise ValueError(f"rate_card: the rate of {role} must be pounds an hour to four places, such as 17.2368")
    return number


def _facts(value: Any) -> tuple[ProfileFact, ...]:
    entries = _tables(value, "facts", {"what", "source", "on"})
    for number, entry in enumerate(entries, 1):
        if type(entry["on"]) is not date:  # a moment is a date to Python
            raise ValueError(f"entry {number} of facts needs a date without quotation marks, such as on = 2026-11-21")
    return tuple(
        ProfileFact(
            _text(entry, "what", f"entry {number} of facts: "),
            _text(entry, "source", f"entry {number} of facts: "),
            entry["on"],
        )
        for number, entry in enumerate(entries, 1)
    )
