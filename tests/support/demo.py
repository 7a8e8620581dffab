"""The demo school for tests: loaded once for all workers, copied for who writes; its sign-ins and some of its pages."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support import databases

SECRET, AUDIT_KEY = "tests only", "tests only"  # those of `settings_in`, so that one process can use both
ENVIRONMENT = {
    "GRADUATED_SECRET_KEY": SECRET,
    "GRADUATED_AUDIT_KEY": AUDIT_KEY,
    "GRADUATED_SIGN_IN_COST": "low",
}
KEYS = {
    "SENCO": "senco",
    "Headteacher": "head",
    "SEN assistant": "assistant",
    "Safeguarding lead": "safeguarding",
    "Teacher": "teacher",
    "Support staff": "ta",
    "School administrator": "admin",
    "Data protection officer": "dpo",
    "Parent or carer": "parent",
    "Young person": "young_person",
}
ZOFIA = "Zofia Szymańska"


@dataclass(frozen=True)
class DemoSchool:
    """A loaded demo school: where it lives, who may sign in, and pages worth a look."""

    home: Path
    accounts: dict[str, tuple[str, str]]
    paths: dict[str, str]

    def paths_for(self, role: str) -> tuple[str, ...]:
        """Addresses that a person of this role may open, besides what their own links lead to."""
        writers = ("pupil", "plan", "draft", "log", "review", "record", "request")
        sealing = (*writers, "seal")
        readers = ("pupil", "plan", "record", "request")
        kept = {"senco": sealing, "assistant": writers, "head": readers, "safeguarding": readers,
                "lead": ("pupil", "plan"), "ta": ("pupil", "plan")}.get(role, ())  # fmt: skip
        return tuple(self.paths[name] for name in kept if name in self.paths)


def loaded(place: Path) -> DemoSchool:
    """The demo school in a folder that all workers share; the first to come makes it."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = place / "demo.json"
        if not made.exists():
            made.write_text(_make(place / "home"))
        facts = json.loads(made.read_text())
    accounts = {key: (email, password) for key, email, password in facts["accounts"]}
    return DemoSchool(place / "home", accounts, facts["paths"])


def _make(home: Path) -> str:
    """Load it in a process of its own: an app changes what a whole process goes by."""
    path = os.pathsep.join(one for one in sys.path if one)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.demo", str(home)],
        env={
            **os.environ,
            **ENVIRONMENT,
            **databases.environment_of(home),
            "GRADUATED_HOME": str(home),
            "PYTHONPATH": path,
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    databases.weigh(home)
    return done.stdout


def main(home: Path) -> None:
    """Make the demo school and say, as JSON, who may sign in and where to look."""
    from graduated.app import create_app
    from graduated.config import settings_from_environment
    from graduated.db import migrate
    from graduated.demo import load

    settings = settings_from_environment(home, demo=True)
    migrate.upgrade(settings)
    app = create_app(settings)
    with app.app_context():
        accounts = load.ensure(lambda words: print(words, file=sys.stderr))
        facts = {"accounts": _keyed(accounts), "paths": _paths()}
    json.dump(facts, sys.stdout)


def _keyed(accounts: list[object]) -> list[tuple[str, str, str]]:
    """The first of each role under its short name; the second parent, and the barred one, under theirs."""
    found: dict[str, tuple[str, str]] = {}
    for one in accounts:
        role, name, sees = (str(getattr(one, part)) for part in ("role", "name", "sees"))
        key = KEYS[role]
        if "Zofia" in sees and role == "Teacher":
            key = "lead"
        elif key == "teacher" and "family view" in sees:
            key = "staff_parent"
        elif key == "parent" and "barred" in sees:
            key = "barred_parent"
        elif key in found and key == "parent":
            key = "other_parent"
        found.setdefault(key, (str(getattr(one, "email")), str(getattr(one, "password"))))  # noqa: B009
        assert name
    return [(key, *pair) for key, pair in found.items()]


def _paths() -> dict[str, str]:
    """Pages of Zofia Szymańska, of whom the pictures are, and of others where she has none."""
    from sqlalchemy import func, select

    from graduated.access import entry
    from graduated.access.identity import acting, system_actor
    from graduated.db.session import db
    from graduated.demo.load import URN
    from graduated.do.models import DeliveredSession
    from graduated.plan.models import Cycle
    from graduated.pupils.models import Pupil
    from graduated.request.models import AssessmentRequest
    from graduated.review.models import Review
    from graduated.rules.vocabulary import CycleStatus, ReviewStatus

    school = entry.school_by_urn(URN)
    assert school is not None
    forename, surname = ZOFIA.split()
    with acting(system_actor(school[0], "Tests")):

        def one(statement: object) -> int | None:
            found = db.session.scalar(statement)  # type: ignore[call-overload]
            return int(found) if found is not None else None

        pupil = one(select(Pupil.id).where(Pupil.legal_surname == surname, Pupil.legal_forename == forename))
        agreed = select(Cycle.id).where(Cycle.status == CycleStatus.AGREED)
        ids = {
            "/pupils/{}": pupil,
            "/cycles/{}": one(agreed.where(Cycle.pupil_id == pupil).order_by(Cycle.id.desc())) or one(agreed),
            "/cycles/{}/edit": one(select(Cycle.id).where(Cycle.status == CycleStatus.DRAFT)),
            "/groups/{}/log": one(
                select(DeliveredSession.group_id)
                .group_by(DeliveredSession.group_id)
                .order_by(func.max(DeliveredSession.held_on).desc())
            ),
            "/reviews/{}": one(select(Review.id).where(Review.status == ReviewStatus.OPEN)),
            "/reviews/{}/seal": one(select(Review.id).where(Review.status == ReviewStatus.OPEN)),
            "/reviews/{}/record": one(select(Review.id).where(Review.status == ReviewStatus.SEALED)),
            "/requests/{}": one(select(AssessmentRequest.id).order_by(AssessmentRequest.id.desc())),
            "/family/children/{}": pupil,
        }
    names = ("pupil", "plan", "draft", "log", "review", "seal", "record", "request", "family")
    paths = {
        name: pattern.format(key) for name, (pattern, key) in zip(names, ids.items(), strict=True) if key is not None
    }
    return {"today": "/today", "register": "/register", **paths}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
