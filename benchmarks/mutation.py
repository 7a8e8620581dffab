"""How many small faults in our code the tests notice: authorisation, audit, dates and locking.

    python -m venv /tmp/mut && /tmp/mut/bin/pip install cosmic-ray
    python benchmarks/mutation.py /tmp/mut/bin [--sample 60] [--only rules/calendar.py]

Each mutant is one change that cosmic-ray makes to one place of a module (a comparison turned round, a number off by
one, a decorator gone …), in a copy of this checkout; the tests named below run until one fails. A sample is drawn by a
fixed seed, so that the same commit gives the same mutants. What cannot be noticed is left out: what stands for `|`,
which our modules have in types alone; `==` for `is`, which stands before none and members of enumerations alone; and
another flag of a dataclass. Survivors are printed with what was changed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SEED = 20261123
TESTS = {
    "rules/calendar.py": "tests/rules/test_calendar.py tests/rules/test_three_a_year.py tests/rules/test_clock.py",
    "rules/clock.py": "tests/rules/test_clock.py tests/rules/test_clock_cases.py tests/rules/test_advice.py",
    "rules/next_step.py": "tests/rules/test_next_step.py",
    "rules/dosage.py": "tests/rules/test_dosage.py",
    "rules/dose_counting.py": "tests/rules/test_dosage.py",
    "audit/chain.py": "tests/audit",
    "audit/capture.py": "tests/audit tests/access/test_together.py",
    "db/writing.py": "tests/db/test_writing.py",
    "db/keys.py": "tests/db/test_keys.py",
    "access/scope.py": "tests/access/test_scope.py",
    "access/policy.py": "tests/access/test_policy.py tests/access/test_kin.py",
}
"""By module the tests that are there for it. Other tests might notice more."""
CONFIG = """
[cosmic-ray]
module-path = "src/graduated/{module}"
timeout = 300.0
excluded-modules = []
test-command = "{python} -m pytest -q -x -n0 -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
"""


@dataclass(frozen=True)
class Score:
    """What came of one module: how many mutants there are, were tried, and lived, with what they were."""

    module: str
    there: int
    tried: int
    lived: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share that was noticed."""
        return 1 - len(self.lived) / self.tried if self.tried else 0.0


def _goes_unnoticed(operator: str, line: str) -> bool:
    """Whether no test can notice a change that an operator makes to a line."""
    same = ("_BitOr_", "Operator_Is_Eq", "Operator_IsNot_NotEq")
    return any(one in operator for one in same) or line.lstrip().startswith("@dataclass")


def _draw(session: Path, sample: int, lines: list[str]) -> int:
    """Leave a sample of the mutants to be tried; how many there are."""
    with closing(sqlite3.connect(session)) as file, file:
        jobs = [row[0] for row in file.execute("SELECT job_id FROM work_items ORDER BY job_id")]
        where = [
            (row[0], tuple(row[1:]))
            for row in file.execute(
                "SELECT job_id, operator_name, start_pos_row, start_pos_col, occurrence FROM mutation_specs"
            )
        ]
        where = [one for one in where if not _goes_unnoticed(one[1][0], lines[int(one[1][1]) - 1])]
        order = sorted(where, key=lambda one: [str(part) for part in one[1]])
        kept = {job for job, _where in random.Random(SEED).sample(order, min(sample, len(order)))}  # noqa: S311  (a draw, no secret)
        for table in ("mutation_specs", "work_items"):
            file.executemany(
                f"DELETE FROM {table} WHERE job_id = ?",  # noqa: S608  (two names of our own)
                [(job,) for job in jobs if job not in kept],
            )
    return len(where)


def _lines(tools: Path, session: Path) -> Iterator[tuple[dict[str, object], dict[str, object] | None]]:
    dumped = subprocess.run([tools / "cosmic-ray", "dump", session], capture_output=True, text=True, check=True).stdout  # noqa: S603
    for line in dumped.splitlines():
        item, result = json.loads(line)
        yield item, result


def try_out(tools: Path, copy: Path, module: str, sample: int) -> Score:
    """Try a sample of one module's mutants."""
    config, session = copy / "mutation.toml", copy / "mutation.sqlite"
    session.unlink(missing_ok=True)
    config.write_text(CONFIG.format(module=module, python=sys.executable, tests=TESTS[module]))
    environment = {"PYTHONPATH": str(copy / "src"), "PATH": "/usr/bin:/bin"}
    for words in (("init", config.name, session.name), ("baseline", config.name)):
        subprocess.run([tools / "cosmic-ray", *words], cwd=copy, env=environment, check=True, capture_output=True)  # noqa: S603
    there = _draw(session, sample, (copy / "src" / "graduated" / module).read_text(encoding="utf-8").splitlines())
    subprocess.run(  # noqa: S603
        [tools / "cosmic-ray", "exec", config.name, session.name], cwd=copy, env=environment, check=True,
        capture_output=True,
    )  # fmt: skip
    lived, tried = [], 0
    for item, result in _lines(tools, session):
        tried += result is not None
        if result is not None and result["test_outcome"] == "survived":
            first = item["mutations"][0]  # type: ignore[index]
            lived.append(f"line {first['start_pos'][0]}: {first['operator_name'].removeprefix('core/')}")
    return Score(module, there, tried, tuple(sorted(lived)))


def main() -> None:
    """Try each module and print a table, then what lived."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("tools", type=Path, help="the folder of cosmic-ray's programs")
    given.add_argument("--sample", type=int, default=60)
    given.add_argument("--only", nargs="+", choices=sorted(TESTS))
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "instance"))
        print("| Module | Mutants | Tried | Noticed |\n|---|---|---|---|")
        for module in asked.only or TESTS:
            score = try_out(asked.tools, copy, module, asked.sample)
            print(f"| `{score.module}` | {score.there} | {score.tried} | {score.share:.0%} |", flush=True)
            for one in score.lived:
                print(f"    lived: {one}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
