"""`graduated doctor`: what is wrong with an installation, one line for each check, in words that can be acted on.

Nothing is changed, nothing is sent but a greeting to the mail server, and a check that cannot be made says so and
hides no other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from graduated.config import Settings, default_home, settings_from_environment

NOT_THERE = "this secret is not there"
SECRETS = {"secret-key": "GRADUATED_SECRET_KEY", "audit-key": "GRADUATED_AUDIT_KEY"}


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    LOOK = "look"  # it works; somebody should look at it
    MEND = "mend"  # it does not work, or is not safe, until somebody mends it


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it is, and what to do."""

    check: str
    state: State
    says: str


def ok(says: str) -> list[tuple[State, str]]:
    """A check that found nothing."""
    return [(State.OK, says)]


def look(says: str) -> list[tuple[State, str]]:
    """A check after which somebody should look."""
    return [(State.LOOK, says)]


def mend(*says: str) -> list[tuple[State, str]]:
    """A check after which somebody has to mend something."""
    return [(State.MEND, one) for one in says]


Check = Callable[[Settings], list[tuple[State, str]]]


@dataclass(frozen=True, slots=True)
class Examined:
    """All lines; whole when nothing has to be mended."""

    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing has to be mended."""
        return all(one.state is not State.MEND for one in self.findings)

    def as_text(self) -> str:
        """For a person."""
        lines = [f"{one.state:<5} {one.check:<10} {one.says}" for one in self.findings]
        count = {state: sum(one.state is state for one in self.findings) for state in State}
        if self.whole and not count[State.LOOK]:
            return "\n".join([*lines, "", "All is well."])
        return "\n".join([*lines, "", f"To mend: {count[State.MEND]}. To look at: {count[State.LOOK]}."])

    def as_json(self) -> dict[str, Any]:
        """For a script."""
        listed = [{"check": one.check, "state": one.state.value, "says": one.says} for one in self.findings]
        return {"whole": self.whole, "findings": listed}


def examine(settings: Settings) -> Examined:
    """Make every check, whatever the others find."""
    from graduated.ops import doctor_machine, doctor_records

    return Examined(tuple(_found({**doctor_machine.CHECKS, **doctor_records.CHECKS}, settings)))


def _found(checks: dict[str, Check], settings: Settings) -> Iterator[Finding]:
    for name, check in checks.items():
        try:
            found = check(settings)
        except Exception as error:  # a doctor who faints helps nobody
            found = look(f"This could not be checked ({type(error).__name__}). See the lines marked mend first.")
        for state, says in found:
            yield Finding(name, state, says)


def home_of_environment() -> Path:
    """Where the installation keeps its things; it is not made."""
    return Path(os.environ.get("GRADUATED_HOME") or default_home()).resolve()


def settings_to_look(home: Path) -> Settings:
    """The settings as they are. A secret that is missing is not made: a new one would not fit the records."""
    missing = {
        variable: NOT_THERE
        for name, variable in SECRETS.items()
        if not os.environ.get(variable) and not os.path.isfile(home / "secrets" / name)
    }
    with _environment(missing):
        return settings_from_environment(home)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name, None)
