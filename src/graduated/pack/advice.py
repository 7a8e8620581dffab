"""The school's educational advice for an assessment: a document of its own from the same records (reg 6(1)(b))."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial

from graduated.pack import wording
from graduated.pack.content import PackContent, Section
from graduated.pack.flow import Flow
from graduated.pack.press import Furniture, Rendered, press
from graduated.pack.sections import front
from graduated.pack.sections.writers import WRITERS
from graduated.pack.wording import day, joined
from graduated.pack.wording import moment as moment_words

NEW = "advice-new"
"""Where the records that came since the request stand."""
_RECORDS = (
    (Section.VIEWS, "From the records: views"),
    (Section.CYCLES, "From the records: the latest cycle"),
    (Section.MEASURES, "From the records: measures"),
    (Section.PROFESSIONALS, "From the records: professionals and their advice"),
    (Section.ATTENDANCE, "From the records: attendance"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvicePart:
    """One section of the advice as it was written; `brought` says what of it stood in the request.

    `empty` is said where nothing is written.
    """

    anchor: str
    title: str
    text: str = ""
    by: str = ""
    on: date | None = None
    brought: tuple[str, ...] = ()
    empty: str = "Nothing is written."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A record that came since the request: its day, what it is, and what it says."""

    on: date | None
    what: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceContent:
    """Everything in the advice; `base` holds the pupil, the school and the records that are printed behind it.

    `since` is the day on which the authority got the request, `since_words` what went that day: what came later is
    `new`.
    """

    base: PackContent
    parts: tuple[AdvicePart, ...]
    asked_on: date | None = None
    asked_by: str = ""
    due: date | None = None
    since: date | None = None
    since_words: str = ""
    new: tuple[NewRecord, ...] = field(default_factory=tuple)


def render_advice(content: AdviceContent, moment: datetime, builder: str, manifest_hash: str) -> Rendered:
    """The advice as a PDF; the same content, moment, builder and hash give the same bytes."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    name, for_family = content.base.pupil.legal_name, content.base.for_family
    furniture = Furniture(
        title=f"Educational advice: {name}",
        author=content.base.school.name,
        subject="The school’s advice for an education, health and care needs assessment",
        running=f"{name} · Educational advice" + (" · copy for the family" if for_family else ""),
        mark="Confidential",
        foot=f"Built {moment_words(moment)} · manifest {manifest_hash[:12]}",
        moment=moment,
        fingerprint=manifest_hash,
    )
    return press(furniture, partial(_write, content, moment, builder, manifest_hash))


def _write(content: AdviceContent, moment: datetime, builder: str, manifest_hash: str, flow: Flow) -> None:
    _cover(flow, content, moment, builder, manifest_hash)
    front.contents(flow)
    flow.new_page()
    for part in content.parts:
        _part(flow, part)
    _new(flow, content)
    for section, title in _RECORDS:
        WRITERS[section](flow, content.base, title)
    WRITERS[Section.DECLARATION](flow, content.base, "Who gives this advice")
    flow.small("The headteacher gives the advice, or the SENCO on the headteacher’s behalf.")


def _cover(flow: Flow, content: AdviceContent, moment: datetime, builder: str, manifest_hash: str) -> None:
    pupil, school, request = content.base.pupil, content.base.school, content.base.request
    flow.gap(70)
    flow.text("Educational advice", flow.styles.lead)
    flow.title(pupil.legal_name)
    if pupil.known_as and pupil.known_as != pupil.legal_name:
        flow.text(f"Known as {pupil.known_as}", flow.styles.lead)
    flow.gap(16)
    words = "Advice for an education, health and care needs assessment, regulation 6(1)(b)"
    flow.text(words, flow.styles.strong)
    asked = joined([day(content.asked_on) if content.asked_on else "", content.asked_by])
    flow.facts(
        [
            ("Authority", request.authority if request else ""),
            ("Asked for", asked),
            ("Due by", day(content.due) if content.due else ""),
            ("Date of birth", day(pupil.born) if pupil.born else ""),
            ("UPN", pupil.upn),
            ("Year", pupil.year),
            ("Needs", "\n".join(need.label for need in sorted(pupil.needs, key=lambda need: need.rank))),
            ("SEN status", pupil.status),
        ],
        0.32,
    )
    if content.base.for_family:
        flow.text("Copy for the family", flow.styles.strong)
    flow.facts(
        [
            ("School", school.name),
            ("URN", school.urn),
            ("Address", school.address),
            ("Telephone", school.telephone),
            ("E-mail", school.email),
            ("Built", f"{wording.moment(moment)}, by {builder}"),
            ("Manifest", " ".join(manifest_hash[i : i + 16] for i in range(0, len(manifest_hash), 16))),
        ],
        0.32,
    )


def _part(flow: Flow, part: AdvicePart) -> None:
    """One section: words, who wrote them and when, and what of them stood in the request."""
    flow.gap(8)
    flow.heading(1, part.title, part.anchor)
    if not part.text.strip():
        flow.text(part.empty)
        return
    flow.text(part.text)
    flow.small(" · ".join(one for one in (part.by, day(part.on) if part.on else "") if one))
    for words in part.brought:
        flow.small(f"{words}.")


def _new(flow: Flow, content: AdviceContent) -> None:
    """What came since the request, the newest first."""
    flow.section("New since the request", NEW)
    if content.since is None:
        flow.text("It is not recorded when the authority got the request, so nothing is called new.")
        return
    if not content.new:
        flow.text(f"Nothing has been recorded since {day(content.since)}, when {content.since_words}.")
        return
    flow.small(f"Recorded since {day(content.since)}, when {content.since_words}.", leads=True)
    rows = [(day(one.on) if one.on else "", one.what, one.words) for one in content.new]
    flow.table(("Date", "What", "What it says"), rows, (18, 24, 58))
