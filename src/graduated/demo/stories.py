"""The stories in `data/stories/*.toml`, read strictly: a name that is not known, or a row too short, is an error.

One `[[pupil]]` is one child of the roll. `due` is when the present plan is reviewed: up to 8 in days from today (so
that some are late and some are this week), above that in school days. `threads` name an outcome that runs through
several cycles, with its area of need and its measure (empty for none). `series` are further measures, one figure for
each start of a cycle, and one more for now. `known` are strengths (+) and difficulties (-): area, text, source.
A `cycle` with a `step` was reviewed; the one without is the present plan, its meeting held but not yet sealed where
it has `begun` (what was said); with `proposed` the next step is written too and it waits for its seal. An outcome is
[thread, statement, plain words, success, from, to, got, judgement, why]; a provision [name, who, dose, threads,
impact, verdict, why], where a dose "15x4" is minutes and times a week and "class" marks help in lessons; "@key" is a
group of `groups.py`, which brings its own adult and dose.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from graduated.rules.vocabulary import Judgement, NeedArea, NextStep, ProvisionVerdict, Relationship

FOLDER = Path(__file__).with_name("data") / "stories"


class BadStory(ValueError):
    """A story that cannot be told as it is written."""


@dataclass(frozen=True, slots=True)
class Thread:
    """An outcome that runs through several cycles; without a measure it is judged by words alone."""

    area: NeedArea
    measure: str


@dataclass(frozen=True, slots=True)
class Aim:
    """One outcome in one cycle. `got` is the figure at the review, or now."""

    thread: str
    statement: str
    plain: str
    success: str
    start: Decimal
    target: Decimal
    got: Decimal | None = None
    judgement: Judgement | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """One provision in one cycle; `group` is the key of a shared group, else `who`, `minutes` and `times` count."""

    name: str
    threads: tuple[str, ...]
    impact: str
    group: str = ""
    who: str = ""
    minutes: int = 0
    times: int = 0
    in_class: bool = False
    verdict: ProvisionVerdict | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One cycle as it is told."""

    assess: str
    pupil: str
    parent: str
    teacher: str
    aims: tuple[Aim, ...]
    help: tuple[Help, ...]
    step: NextStep | None
    why: str
    refer: tuple[str, ...]
    request: str
    without: str
    actions: tuple[tuple[str, str, str], ...]
    begun: str
    proposed: NextStep | None


@dataclass(frozen=True, slots=True)
class Kin:
    """An adult of the family; flags are home, pr, view, barred."""

    title: str
    forename: str
    surname: str
    relationship: Relationship
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Agency:
    """A service: who came, what was asked, in which cycle (from 1), what was found, and each piece of advice."""

    service: str
    person: str
    question: str
    cycle: int
    found: str
    advice: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything told about one pupil."""

    name: str
    due: int
    turns: tuple[Turn, ...]
    threads: dict[str, Thread]
    family: tuple[Kin, ...]
    series: dict[str, tuple[Decimal, ...]]
    known: tuple[tuple[bool, NeedArea, str, str], ...]
    ordinary: tuple[str, ...]
    additional: tuple[str, ...]
    tasks: tuple[tuple[str, str], ...]
    profile: dict[str, str]
    agencies: tuple[Agency, ...]
    health: tuple[tuple[str, str], ...]
    concern: tuple[str, ...]
    suspension: tuple[str, ...]
    earlier_request: tuple[Any, ...]
    paper: int
    state: str
    request: str
    began: int
    type: str
    language: str
    interpreter: str
    silent: str
    came: str
    attendance_note: str
    address_withheld: bool

    @property
    def came_off(self) -> bool:
        """Whether the last review ended SEN support."""
        return self.turns[-1].step is not None


_PUPIL = {one.name for one in fields(Story)} - {"turns"} | {"cycle"}
_CYCLE = {
    "assess", "pupil", "parent", "pupil_now", "parent_now", "teacher", "outcomes", "provision", "step", "why",
    "refer", "request", "without", "actions", "begun", "proposed",
}  # fmt: skip


def all_stories() -> list[Story]:
    """Every story, in the order of the files' names and of their writing."""
    return [
        _story(raw) for path in sorted(FOLDER.glob("*.toml")) for raw in tomllib.loads(path.read_text("utf-8"))["pupil"]
    ]


def _story(raw: dict[str, Any]) -> Story:
    name = raw["name"]
    _known(raw, _PUPIL, name)
    threads = {key: Thread(NeedArea(area), measure) for key, (area, measure) in raw["threads"].items()}
    measures = [thread.measure for thread in threads.values() if thread.measure]
    if len(measures) != len(set(measures)):
        raise BadStory(f"{name}: two threads share a measure, so their figures would run into one line")
    texts = ("state", "request", "type", "language", "interpreter", "silent", "came", "attendance_note")
    return Story(
        name=name,
        due=raw.get("due", 0),
        turns=tuple(_turn(one, threads, name) for one in raw["cycle"]),
        threads=threads,
        family=tuple(_kin(one) for one in raw["family"]),
        series={key: tuple(map(_number, values)) for key, values in raw.get("series", {}).items()},
        known=tuple(_observation(one) for one in raw["known"]),
        ordinary=tuple(raw["ordinary"]),
        additional=tuple(raw["additional"]),
        tasks=tuple((one.split("|")[0], one.split("|")[1]) for one in raw["tasks"]),
        profile=raw["profile"],
        agencies=tuple(_agency(one) for one in raw.get("agencies", ())),
        health=tuple((one.split("|")[0], one.split("|")[1]) for one in raw.get("health", ())),
        concern=tuple(raw.get("concern", ())),
        suspension=tuple(raw.get("suspension", ())),
        earlier_request=tuple(raw.get("earlier_request", ())),
        paper=raw.get("paper", 0),
        began=raw.get("began", 0),
        address_withheld=raw.get("address_withheld", False),
        **{key: raw.get(key, "") for key in texts},
    )


def _kin(row: list[str]) -> Kin:
    title, forename, surname, relationship, flags = row
    return Kin(title, forename, surname, Relationship(relationship), frozenset(flags.split()))


def _known(raw: dict[str, Any], allowed: set[str], where: str) -> None:
    strange = set(raw) - allowed
    if strange:
        raise BadStory(f"{where}: not known: {', '.join(sorted(strange))}")


def _turn(raw: dict[str, Any], threads: dict[str, Thread], where: str) -> Turn:
    _known(raw, _CYCLE, where)
    step = NextStep(raw["step"]) if "step" in raw else None
    aims = tuple(_aim(row) for row in raw["outcomes"])
    helps = tuple(_help(row) for row in raw["provision"])
    unknown = ({aim.thread for aim in aims} | {key for one in helps for key in one.threads}) - set(threads)
    if unknown:
        raise BadStory(f"{where}: no thread called {', '.join(sorted(unknown))}")
    if step and not (all(aim.judgement for aim in aims) and all(one.verdict for one in helps)):
        raise BadStory(f"{where}: a reviewed cycle judges every outcome and every provision")
    return Turn(
        assess=raw["assess"],
        pupil=raw.get("pupil_now") or raw["pupil"],
        parent=raw.get("parent_now") or raw["parent"],
        teacher=raw.get("teacher", ""),
        aims=aims,
        help=helps,
        step=step,
        why=raw.get("why", ""),
        refer=tuple(raw.get("refer", ())),
        request=raw.get("request", ""),
        without=raw.get("without", ""),
        actions=tuple((row[0], row[1], row[2]) for row in raw.get("actions", ())),
        begun=raw.get("begun", ""),
        proposed=NextStep(raw["proposed"]) if "proposed" in raw else None,
    )


def _number(value: float) -> Decimal:
    return Decimal(str(value))


def _aim(row: list[Any]) -> Aim:
    thread, statement, plain, success, start, target = row[:6]
    got = _number(row[6]) if len(row) > 6 else None
    judgement = Judgement(row[7]) if len(row) > 7 else None
    why = row[8] if len(row) > 8 else ""
    return Aim(thread, statement, plain, success, _number(start), _number(target), got, judgement, why)


def _help(row: list[str]) -> Help:
    if row[0].startswith("@"):
        verdict = ProvisionVerdict(row[3]) if len(row) > 3 else None
        return Help("", tuple(row[1].split()), row[2], group=row[0][1:], verdict=verdict, why="".join(row[4:5]))
    name, who, dose, threads, impact = row[:5]
    minutes, times = dose.split()[0].split("x")
    verdict = ProvisionVerdict(row[5]) if len(row) > 5 else None
    return Help(
        name, tuple(threads.split()), impact, "", who, int(minutes), int(times), "class" in dose, verdict,
        "".join(row[6:7]),
    )  # fmt: skip


def _observation(text: str) -> tuple[bool, NeedArea, str, str]:
    area, words, source = text[1:].split("|")
    return text[0] == "+", NeedArea(area), words, source


def _agency(row: list[Any]) -> Agency:
    service, person, question, cycle, found, advice = row
    rows = []
    for one in advice:
        what, status, words = one.split("|")
        rows.append((what, status, words))
    return Agency(service, person, question, cycle, found, tuple(rows))
