"""The ratios of speed: what the main pages and acts cost beside the bare driver, and how that grows. See README.md.

    python benchmarks/ratios.py FOLDER [--only P1 P7] [--django PYTHON] [--schools trust-50 authority-100] [--write]

The data sets lie in FOLDER (each is made when it is not there yet); what is written to is a copy. `--write` puts the
table into RESULTS.md and draws ratios.svg.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)]

from datasets import app_of, build
from flask import Flask
from measuring import CALLS, Held, Person, heard, held, questions
from plot import bars
from writes import Written, held_import, held_post, review_forms, session_forms

from graduated.school.queries import bank_holidays

STATIC = Path(__file__).parents[1] / "static"
PLANS = {"the running plan": "/cycles/301", "progress": "/pupils/1/progress", "the story so far": "/pupils/1/history"}
GROWING = ("/register", "/cycles/{running}", "/today", "/insight", "/insight/impact", "/groups", "/class-card")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: the figure of the quality goals, what was looked at, what came out, and what was asked."""

    goal: str
    what: str
    found: float
    gate: float
    ambition: float
    unit: str
    more: str

    @property
    def verdict(self) -> str:
        """Met or missed, in words."""
        if self.found <= self.ambition:
            return "gate and ambition met"
        return "gate met, ambition missed" if self.found <= self.gate else "**gate missed**"

    @property
    def row(self) -> str:
        """The line as Markdown."""
        digits = 2 if self.unit == "exponent" else 1
        found = f"{self.found:.{digits}f}" if self.unit != "statements" else f"{self.found:.0f}"
        return (f"| {self.goal} | {self.what} | {found} {self.unit} | {self.gate:g} | {self.ambition:g} | {self.verdict} | "
                f"{self.more} |")  # fmt: skip


class Run:
    """One run over the data sets of a folder."""

    def __init__(self, folder: Path, schools: list[str]) -> None:
        self.folder, self.schools = folder, schools
        self._apps: dict[str, Flask] = {}

    def home(self, name: str) -> Path:
        """Where a data set lies, made if need be."""
        return build(self.folder / name, name)

    def person(self, name: str, who: str = "senco", place: int = 1) -> Person:
        """Somebody who has signed in on a data set."""
        app = self._apps.get(name) or self._apps.setdefault(name, app_of(self.home(name)))
        return Person(app, who, place)


def said(one: Held) -> str:
    """What stands beside the ratio of a page."""
    return (f"{one.page.least:.1f} ms (median {one.page.median:.1f}) against {one.floor.least:.2f}, "
            f"{one.statements} statements, {one.bytes / 1000:.0f} kB")  # fmt: skip


def said_act(one: Written) -> str:
    """What stands beside the ratio of an act."""
    return (f"{one.act.least:.1f} ms (median {one.act.median:.1f}) against {one.floor.least:.2f}, "
            f"{one.statements} statements, {one.commits} commit{'' if one.commits == 1 else 's'}; {one.proof}")  # fmt: skip


def check(right: bool, words: str) -> None:
    """A figure of a page that shows something else is worth nothing."""
    if not right:
        raise SystemExit(f"not measured: {words}")


def p1(run: Run) -> Iterator[Line]:
    """The SENCO's list."""
    person = run.person("primary")
    found = len(re.findall('<tr><th scope="row">', person.page("/register").body.decode()))
    check(found == 100, f"the register shows {found} rows, not the first 100 of 150")
    one = held(person, "/register")
    yield Line("P1", "Register, 150 pupils", one.ratio, 8, 5, "F", said(one))


def p2(run: Run) -> Iterator[Line]:
    """One pupil's plan, and the pages that show all of the pupil's plans, outcomes and reviews."""
    person = run.person("primary")
    check(
        person.page(PLANS["the running plan"]).body.count(b'class="outcome ') == 4, "the plan does not show 4 outcomes"
    )
    for what, path in PLANS.items():
        one = held(person, path)
        yield Line("P2", f"A pupil: {what}", one.ratio, 8, 5, "F", said(one))


def asked_at(person: Person, path: str) -> int:
    """How many statements a page sends once everything is known that is learnt once."""
    for _ in range(2):
        person.page(path)
    with heard() as asked:
        person.page(path)
    return len(questions(asked))


def p3(run: Run) -> Iterator[Line]:
    """Statements of a page, and whether they grow with the pupils."""
    sizes = {"small": 31, "primary": 301, "large": 3001}
    people = {name: run.person(name) for name in sizes}
    for path in GROWING:
        counts = [asked_at(people[name], path.format(running=first)) for name, first in sizes.items()]
        gate, ambition = (9, 7) if "running" in path else (6, 4)
        what = "The running plan" if "running" in path else f"`{path}`"
        grown = "the same" if len(set(counts)) == 1 else "**grown**"
        yield Line("P3", what, max(counts), gate, ambition, "statements",
                   f"{' / '.join(map(str, counts))} at 15 / 150 / 1,500 pupils: {grown}")  # fmt: skip


def count(home: Path, table: str) -> int:
    """Rows of a table."""
    with closing(sqlite3.connect(home / "graduated.db")) as driver:
        return int(driver.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 (our own words)


def on_copy(run: Run, act: Callable[[Path, Flask], Written]) -> Written:
    """An act that writes, on a copy of the primary."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(run.home("primary"), home)
        return act(home, app_of(home))


def p4(run: Run) -> Iterator[Line]:
    """A group session of six."""

    def act(home: Path, app: Flask) -> Written:
        before = count(home, "presence")
        person = Person(app, "ta1")
        forms = session_forms(person, 25, datetime.now(UTC).date())
        return held_post(person, forms, lambda: f"{(count(home, 'presence') - before) // 6} sessions of 6 there", 10)

    one = on_copy(run, act)
    check(one.commits == 1 and one.proof.startswith("53 "), one.proof)
    yield Line("P4", "Session of a group of six", one.ratio, 6, 3, "F", said_act(one))


def p5(run: Run) -> Iterator[Line]:
    """A review saved with its four judgements."""

    def act(home: Path, app: Flask) -> Written:
        before = count(home, "judgement")
        person = Person(app, "senco")
        forms = review_forms(person, list(range(302, 450)))
        return held_post(person, forms, lambda: f"{(count(home, 'judgement') - before) // 4} reviews of 4 there", 10)

    one = on_copy(run, act)
    check(one.commits == 1 and one.proof.startswith("53 "), one.proof)
    yield Line("P5", "Review with four judgements saved", one.ratio, 6, 3, "F", said_act(one))
    yield Line("P5", "Statements of it", one.statements, 12, 12, "statements", "")


def p7(run: Run) -> Iterator[Line]:
    """The whole school's provision map, and its impact."""
    person = run.person("primary")
    for what, path in {"Provision map": "/insight", "Impact": "/insight/impact"}.items():
        check(b"150" in person.page(path).body, f"{path} does not tell of 150 pupils")
        one = held(person, path, calls=5)
        yield Line("P7", f"{what}, 150 pupils", one.ratio, 6, 4, "F", said(one))


def p8(run: Run) -> Iterator[Line]:
    """A roll of 2,000."""
    one = held_import(run.home("primary"), app_of)
    check(one.proof == "1000 pupils in 4Y, 1000 pupils in 4Z", one.proof)
    yield Line("P8", "Import of 2,000 rows", one.ratio, 4, 2, "F", said_act(one))
    yield Line("P8", "Statements of it", one.statements, 12, 12, "statements", "")


def exponent(sizes: list[int], costs: list[float]) -> float:
    """The slope of log time on log size, by least squares."""
    xs, ys = [log(size) for size in sizes], [log(cost) for cost in costs]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def running_plan(home: Path, place: int) -> int:
    """The first running plan of a school."""
    asked = """SELECT min(cycle.id) FROM cycle JOIN school ON school.id = cycle.school_id
    WHERE school.urn = ? AND cycle.status = 'agreed'"""
    with closing(sqlite3.connect(home / "graduated.db")) as driver:
        return int(driver.execute(asked, (str(200_000 + place),)).fetchone()[0])


def p9(run: Run) -> Iterator[Line]:
    """A school's own pages, the more schools there are in the database."""
    names = ["primary", *run.schools]
    sizes = [int(name.rpartition("-")[2]) if "-" in name else 1 for name in names]
    for what, path in {"Register": "/register", "The running plan": "/cycles/{running}", "Groups": "/groups"}.items():
        costs = []
        for name, size in zip(names, sizes, strict=True):
            place = size // 2 + 1
            person = run.person(name, place=place)
            costs.append(held(person, path.format(running=running_plan(run.home(name), place))).page.least)
        told = " / ".join(f"{cost:.1f}" for cost in costs)
        yield Line("P9", f"{what}: growth with schools", exponent(sizes, costs), 0.05, 0.02, "exponent",
                   f"{told} ms at {' / '.join(map(str, sizes))} schools")  # fmt: skip


def p10(run: Run) -> Iterator[Line]:
    """Pages of a whole school, the more pupils on SEN support it has. (There is no page across schools.)"""
    sizes, names = [15, 150, 1500], ["small", "primary", "large"]
    for path in ("/register", "/insight", "/insight/impact", "/today"):
        costs = [held(run.person(name), path, calls=3 if size > 150 else 10).page.least
                 for name, size in zip(names, sizes, strict=True)]  # fmt: skip
        told = " / ".join(f"{cost:.0f}" for cost in costs)
        yield Line("P10", f"`{path}`: growth with pupils", exponent(sizes[1:], costs[1:]), 1.1, 1.0, "exponent",
                   f"{told} ms at 15 / 150 / 1,500 pupils; from 150 on")  # fmt: skip


def rows_of(page: str) -> list[str]:
    """The rows of the register's table as they stand in a page, without what is only space."""
    return re.findall(r'<tr><th scope="row">.*?</tr>', page, re.DOTALL)


def p11(run: Run, python: Path) -> Iterator[Line]:
    """The same page in Django, on the same file."""
    script = Path(__file__).with_name("django_list.py")
    person = run.person("primary")
    ours = held(person, "/register").page.least
    rows = rows_of(person.page("/register").body.decode())
    holidays = json.dumps(sorted(day.isoformat() for day in bank_holidays()))
    told = subprocess.run(  # noqa: S603
        [python, script, run.home("primary") / "graduated.db", holidays], capture_output=True, text=True, check=True
    )
    theirs = json.loads(told.stdout)
    for kind in ("values", "entities"):
        check(rows_of(theirs[kind]["page"]) == rows, f"Django ({kind}) does not show the same rows")
        cost = theirs[kind]["ms"]
        more = f"{ours:.1f} ms against {cost:.1f} of Django {theirs['version']} ({theirs[kind]['bytes'] / 1000:.0f} kB)"
        yield Line("P11", f"Register beside Django, {kind}", ours / cost, 0.5, 0.25, "of it", more)


def p13(run: Run) -> Iterator[Line]:
    """What a page weighs on the wire."""
    person = run.person("primary")
    paths = {
        "Register": "/register",
        "The running plan": "/cycles/301",
        "The story so far": "/pupils/1/history",
        "Reviews": "/reviews",
    }
    for what, path in paths.items():
        body = person.page(path).body
        check(
            not re.search(rb'(?:src|href)="https?://(?!www\.gov\.uk|assets)', body.split(b"<main")[0]), "a foreign host"
        )
        yield Line(
            "P13",
            f"{what}, HTML compressed",
            len(gzip.compress(body)) / 1000,
            15,
            15,
            "kB",
            f"{len(body) / 1000:.0f} kB raw",
        )
    page = person.page("/register").body.decode()
    tag = r'<(?:script[^>]* src|link rel="modulepreload"[^>]* href)="/static/([^"?]*)'  # a preloaded module is one, too
    scripts = [STATIC / name for name in re.findall(tag, page)]
    weight = sum(len(gzip.compress(one.read_bytes())) for one in scripts) / 1000
    yield Line(
        "P13", "Scripts of the register, compressed", weight, 30, 30, "kB", f"{len(scripts)} files, kept by the browser"
    )


PARTS: dict[str, Callable[[Run], Iterator[Line]]] = {
    "P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P7": p7, "P8": p8, "P9": p9, "P10": p10, "P13": p13,
}  # fmt: skip
HEAD = "| Goal | What | Found | Gate | Ambition | Verdict | How |\n|---|---|---|---|---|---|---|"
BEGIN, END = "<!-- ratios -->", "<!-- /ratios -->"


def keep(lines: list[Line]) -> None:
    """Put the table into RESULTS.md and draw it."""
    here = Path(__file__).parent
    path = here / "RESULTS.md"
    table = "\n".join([f"Run of {datetime.now(UTC):%d %B %Y, %H:%M} UTC.", "", HEAD, *(line.row for line in lines)])
    text = path.read_text()
    before, _, rest = text.partition(BEGIN)
    path.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.partition(END)[2]}")
    drawn = [(f"{one.goal} {one.what}", one.found, one.gate, one.ambition) for one in lines if one.unit == "F"]
    (here / "ratios.svg").write_text(bars("Times the bare driver's time (F)", drawn))


def main() -> None:
    """Measure, say it, and keep it if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", choices=[*PARTS, "P11"], default=[*PARTS, "P11"])
    parser.add_argument("--schools", nargs="*", default=["trust-10", "trust-50"], help="the sets that P9 is held on")
    parser.add_argument("--django", type=Path, help="the Python of an environment that has Django")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--calls", type=int, default=30, help="calls of a page in a batch; fewer on a busy machine")
    given = parser.parse_args()
    CALLS[:] = [given.calls]
    run, lines = Run(given.folder, given.schools), list[Line]()
    print(HEAD)
    for name in given.only:
        if name == "P11" and given.django is None:
            continue
        for line in p11(run, given.django) if name == "P11" else PARTS[name](run):
            lines.append(line)
            print(line.row, flush=True)
    if given.write:
        keep(lines)


if __name__ == "__main__":
    main()
