"""The copy-out sheet: an authority's own form or portal, question by question, with the words and figures to paste.

It is made from the pack's own content by the pack's own writers, so it never says anything that the pack does not say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial

from graduated.pack.content import PackContent, Section
from graduated.pack.flow import Flow
from graduated.pack.plain import PlainFlow, titles_of
from graduated.pack.press import Furniture, Rendered, press
from graduated.pack.sections import front, needs
from graduated.pack.sections.common import narratives, views
from graduated.pack.sections.writers import WRITERS, Writer
from graduated.pack.wording import NOT_RECORDED, day, yes_no
from graduated.rules.vocabulary import Limb, ViewOf

_MOST_ROWS = 8
_SAYS_NOTHING = re.compile(
    rf"(?:[^:]+: )?(?:{NOT_RECORDED}|Nothing is recorded\.|No [^.]+ (?:is|are|were) (?:recorded|attached|given)\.)"
)
_IN_BRACKETS = re.compile(r"\([^()]*(?:\([^()]*\))?[^()]*\)")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of an authority's form, and the sources whose words answer it; none where a person has to."""

    question: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the words to paste; no words where no record answers it."""

    question: str
    words: str

    @property
    def rows(self) -> int:
        """How high a field for the words is, in lines: they are taken whole, so a long one scrolls."""
        return min(_MOST_ROWS, max(2, self.words.count("\n") + len(self.words) // 100 + 1))


def _only(content: PackContent, section: Section) -> Callable[[Flow], None]:
    """A whole section, as the pack has it."""
    writers: dict[Section, Writer] = {
        **WRITERS,
        Section.INDEX: _index,
        # The picture is not copied out; every event stands in the table beneath it.
        Section.CHRONOLOGY: lambda flow, told, title: needs.chronology(flow, replace(told, cycles=()), title, date.min),
    }
    return lambda flow: writers[section](flow, content, "")


def _index(flow: Flow, content: PackContent, title: str) -> None:
    """The evidence index: a form has no pages of ours, so each line names the section that it stands in."""
    narratives(flow, content, Section.INDEX)
    for limb in Limb:
        flow.heading(2, limb.label)
        _criterion(content, limb, flow)


def _detail(content: PackContent, name: str) -> str:
    child = content.pupil
    known = {
        "legal-name": child.legal_name,
        "known-as": child.known_as,
        "born": day(child.born) if child.born else "",
        "upn": child.upn,
        "sex": child.sex,
        "year": child.year,
        "address": "Kept confidential by the school" if child.address_withheld else child.address,
        "nhs-number": child.nhs_number,
        "ethnicity": child.ethnicity,
        "religion": child.religion,
        "first-language": child.first_language,
        "interpreter": child.interpreter,
        "care": child.care_status,
        "service-family": yes_no(child.service_family),
        "admitted": day(child.admitted) if child.admitted else "",
        "previous-schools": "\n".join(child.previous_schools),
        "school": "\n".join(
            part for part in (content.school.name, content.school.address, content.school.telephone) if part
        ),
        "school-number": content.school.establishment,
        "urn": content.school.urn,
        "head": content.declaration.headteacher,
        "senco": content.declaration.senco,
    }
    return known[name] or NOT_RECORDED


_CAPITALS = {"upn": "UPN", "nhs": "NHS", "urn": "URN", "senco": "SENCO"}


def _named(source: str) -> str:
    """A detail as forms call it: "NHS number", "First language"."""
    first, *others = (_CAPITALS.get(word, word) for word in source.split("-"))
    return " ".join((first[:1].upper() + first[1:], *others))


def _of(content: PackContent, whose: ViewOf) -> Callable[[Flow], None]:
    at_reviews = (view for cycle in content.cycles for review in cycle.reviews for view in review.views)
    found = tuple(view for view in (*content.views, *at_reviews) if view.whose.startswith(whose.label))
    return lambda flow: views(flow, tuple(sorted(found, key=lambda one: one.on)))


def _profile(content: PackContent, flow: Flow) -> None:
    for part in content.profile.parts if content.profile else ():
        flow.labelled(part.label, part.text)


def _seen(content: PackContent, *, strengths: bool, flow: Flow) -> None:
    for area in content.areas:
        entries = area.strengths if strengths else area.difficulties
        if entries:
            flow.heading(2, area.area)
        for entry in entries:
            flow.text(entry.text)
            flow.small(" · ".join(part for part in (entry.source, day(entry.on) if entry.on else "") if part))


def _beyond(content: PackContent, flow: Flow) -> None:
    flow.text(content.provision_sought)


def _health(content: PackContent, flow: Flow) -> None:
    flow.facts((fact.label, fact.text) for fact in content.health)


def _criterion(content: PackContent, limb: Limb, flow: Flow) -> None:
    for line in content.gaps:
        if line.limb == limb.label:
            where = flow.pages_of(line.anchors)
            words = f"{line.line}: {line.state.inside}. {line.words}"
            flow.text(f"{words} In the pack under: {where}." if where else words)


def _of_limb(limb: Limb) -> Callable[[PackContent], Callable[[Flow], None]]:
    return lambda content: partial(_criterion, content, limb)


_DETAILS = (
    "legal-name", "known-as", "born", "upn", "sex", "year", "address", "nhs-number", "ethnicity", "religion",
    "first-language", "interpreter", "care", "service-family", "admitted", "previous-schools", "school",
    "school-number", "urn", "head", "senco",
)  # fmt: skip
_PARTS: dict[str, Callable[[PackContent], Callable[[Flow], None]]] = {
    "pupil-views": lambda content: _of(content, ViewOf.PUPIL),
    "parent-views": lambda content: _of(content, ViewOf.PARENT),
    "profile": lambda content: partial(_profile, content),
    "strengths": lambda content: lambda flow: _seen(content, strengths=True, flow=flow),
    "difficulties": lambda content: lambda flow: _seen(content, strengths=False, flow=flow),
    "earlier-requests": lambda content: lambda flow: front.earlier_requests(flow, content),
    "health": lambda content: partial(_health, content),
    "beyond-school": lambda content: partial(_beyond, content),
    **{f"criterion-{limb.value}": _of_limb(limb) for limb in Limb},
}
_SECTIONS = tuple(section.value for section in Section if section is not Section.SUMMARY)
SOURCES: tuple[str, ...] = (*_DETAILS, *_SECTIONS, *_PARTS)
"""What a question of a form may be answered from: details, whole sections of the pack, and parts of them."""


def answers(content: PackContent, form: Iterable[Question]) -> tuple[Answer, ...]:
    """Each question of a form with its words; without a form the sections of the pack, in the profile's order."""
    asked = tuple(form) or tuple(Question(entry.title, (entry.section.value,)) for entry in content.sections)
    return tuple(Answer(one.question, _or_nothing(_words(content, one.sources))) for one in asked)


def _or_nothing(words: str) -> str:
    """The words, or none where every line of them says only that nothing is recorded: that answers no question."""
    lines = [line for line in words.splitlines() if line.strip() and not _IN_BRACKETS.fullmatch(line)]
    return "" if all(_SAYS_NOTHING.fullmatch(line) for line in lines) else words


def _words(content: PackContent, sources: tuple[str, ...]) -> str:
    if len(sources) == 1 and sources[0] in _DETAILS:
        return _detail(content, sources[0])
    return "\n\n".join(words for words in (_from(content, source) for source in sources) if words)


def _from(content: PackContent, source: str) -> str:
    if source in _DETAILS:
        return f"{_named(source)}: {_detail(content, source)}"
    flow = PlainFlow(titles_of(content))
    write = _PARTS[source](content) if source in _PARTS else _only(content, Section(source))
    write(flow)
    return flow.words()


def render_copy_out(content: PackContent, form: Iterable[Question], moment: datetime, builder: str) -> Rendered:
    """The sheet on paper, for whoever fills in a form by hand; the same content and moment give the same bytes."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    title = f"Copy-out sheet: {content.pupil.legal_name}"
    furniture = Furniture(
        title=title,
        author=content.school.name,
        subject="Words and figures for an authority’s own form",
        running=title,
        mark="Confidential",
        foot=f"Made by {builder}",
        moment=moment,
    )
    return press(furniture, partial(_sheet, title, answers(content, form)))


def _sheet(title: str, found: tuple[Answer, ...], flow: Flow) -> None:
    flow.heading(1, title)
    flow.text(
        "The questions of the authority’s form in their order, with what is on record. It says what the pack says."
    )
    for one in found:
        flow.heading(2, one.question)
        flow.text(one.words or "No record answers this question. A person has to.")
