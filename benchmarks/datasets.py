"""Schools of the sizes that the figures are asked for, made the same each time, in a folder that `graduated` can serve.

    python benchmarks/datasets.py SET FOLDER [--seed 1] [--day 2026-11-23]

The database is brought up by the product's own migrations, schools and accounts are made by its services, the rows
are written in bulk, and the audit chain and the seals over them by the product's own functions: `graduated verify`
holds. Everybody signs in with PASSWORD; who there is says `email_of`. See README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)]

from book import Book
from flask import Flask
from school_rows import School, Size, write_school
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.config import Settings, settings_from_environment
from graduated.db import migrate
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.demo.calendar import SchoolCalendar, moment
from graduated.people.passwords import hash_password
from graduated.people.services import NewAccount, open_account
from graduated.review.models import Seal, SealParts
from graduated.review.queries import sealed_records
from graduated.review.queries_seals import sealed_record
from graduated.review.seal_parts import newly_salted
from graduated.rules.seals import FIRST, canonical, digest
from graduated.rules.vocabulary import Phase, Role
from graduated.school.models import Intervention, Measure
from graduated.school.services import NewSchool, make_school

PASSWORD = "sturdy-otter-lantern"  # noqa: S105 (of schools that are made up)
PRIMARY = Size(1000, 150)
SETS: dict[str, tuple[Size, int]] = {
    "small": (Size(100, 15), 1),
    "primary": (PRIMARY, 1),
    "large": (Size(10_000, 1500), 1),
    "secondary": (Size(2000, 280, Phase.SECONDARY), 1),
    "trust-10": (PRIMARY, 10),
    "trust-50": (PRIMARY, 50),
    "authority-100": (PRIMARY, 100),
    "authority-180": (PRIMARY, 180),
}
"""By name: the size of each school, and how many there are. `small` and `large` are for what grows with the pupils."""
STAFF = {
    "senco": ("Sandra Coe", Role.SENCO),
    "head": ("Helen Head", Role.HEAD),
    "teacher": ("Theo Chandler", Role.TEACHER),
    "admin": ("Ada Minster", Role.ADMIN),
    "safeguarding": ("Saul Garde", Role.SAFEGUARDING),
    **{f"ta{number}": (f"Tess Aiden {number}", Role.SUPPORT) for number in range(1, 6)},
    "parent": ("Alex Parent", Role.PARENT),
}


def email_of(who: str, place: int = 1) -> str:
    """The address with which the senco, head, teacher, admin, safeguarding, ta1 to ta5 or parent of a school signs in.

    "trust" is one person who is the headteacher of every school of the set.
    """
    return "trust@data.example" if who == "trust" else f"{who}@s{place:03d}.data.example"


def build(home: Path, name: str, *, seed: int = 1, day: date | None = None, loud: bool = True) -> Path:
    """Make a data set in a folder, or leave it as it is when it is there already, made alike. Gives the folder."""
    size, schools = SETS[name]
    day = day or datetime.now(UTC).date()
    made = {"set": name, "seed": seed, "day": day.isoformat()}
    note = home / "data-set.json"
    if note.is_file() and json.loads(note.read_text()) == made:
        migrate.upgrade(settings_of(home))
        return home
    if home.is_dir() and any(home.iterdir()):
        raise SystemExit(f"{home} holds something else: name a folder that is empty or not there yet.")
    settings = settings_of(home)
    migrate.upgrade(settings)
    app = create_app(settings)
    with app.app_context():
        _fill(size, schools, seed, day, loud)
        db.session.remove()
        with db.engine.connect() as connection:
            if settings.is_sqlite:
                wrong = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if wrong:
                    raise SystemExit(f"rows that point at nothing: {wrong[:5]}")
                connection.exec_driver_sql("PRAGMA optimize")
        db.engine.dispose()
    note.write_text(json.dumps(made))
    return home


def settings_of(home: Path) -> Settings:
    """The settings of a data set's folder; signing in costs as little as in the tests."""
    os.environ.setdefault("GRADUATED_SIGN_IN_COST", "low")
    return replace(settings_from_environment(home), demo=False)


def app_of(home: Path) -> Flask:
    """The app on a data set."""
    return create_app(settings_of(home), testing=True)


def _fill(size: Size, schools: int, seed: int, day: date, loud: bool) -> None:
    began, hashed, calendar = time.monotonic(), hash_password(PASSWORD), SchoolCalendar(day)
    book, seals = Book(), Book()
    for place in range(1, schools + 1):
        with held(moment(calendar.terms[0].starts, 8)):
            school = _open(place, size, hashed, calendar)
        write_school(book, school, seed)
        with held(moment(day, 7)):
            _seal(seals, school)
        if loud:
            print(f"{place:4} of {schools} schools, {book.written + seals.written:9,} rows, "
                  f"{time.monotonic() - began:6.1f} s", flush=True)  # fmt: skip


def _open(place: int, size: Size, hashed: str, calendar: SchoolCalendar) -> School:
    name = f"{'Primary' if size.phase is Phase.PRIMARY else 'Secondary'} school {place}"
    school_id = make_school(
        NewSchool(f"{200_000 + place}", name, phase=size.phase, la_code="838", staff_need_second_step=False)
    )
    users: dict[str, int] = {}
    with acting(system_actor(school_id, "Data set")), write("Accounts opened"):
        for who, (called, role) in STAFF.items():
            users[who] = open_account(NewAccount(email_of(who, place), called, role, hashed))
        open_account(NewAccount(email_of("trust"), "Tara Ust", Role.HEAD, hashed if place == 1 else None))
    with acting(system_actor(school_id, "Data set")):
        measure = db.session.scalars(select(Measure.id).where(Measure.code == "standard-score")).one()
        library = db.session.scalars(select(Intervention.id).order_by(Intervention.id).limit(1)).one()
    db.session.rollback()
    return School(place, school_id, users, measure, library, size, calendar)


def _seal(rows: Book, school: School) -> None:
    """Seal every review as it stands, in the order in which they were held: the product's digests, chained."""
    senco, previous = STAFF["senco"][0], FIRST
    rows.school_id = school.school_id
    with acting(system_actor(school.school_id, "Data set")):
        records = sorted(sealed_records(), key=lambda one: (str(one.held_on), one.review_id))
    db.session.rollback()
    for sequence, record in enumerate(records, 1):
        parts: dict[str, str] = {}
        at, salt = moment(record.held_on or school.calendar.today, 17), secrets.token_bytes(32)
        held_record = sealed_record(record, sequence, senco, at, newly_salted(parts))
        own = digest(canonical(held_record), salt, previous)
        rows.add(
            Seal, pupil_id=record.pupil_id, review_id=record.review_id, sequence=sequence, salt=salt.hex(), digest=own,
            previous_digest=previous, signer_id=school.users["senco"], signer_name=senco, sealed_at=at, details={},
        )  # fmt: skip
        rows.add(SealParts, pupil_id=record.pupil_id, review_id=record.review_id, part_salts=parts)
        previous = own
    rows.keep("Reviews sealed", moment(school.calendar.today, 7))


def main() -> None:
    """Make one data set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--day", type=date.fromisoformat, help="the day that the data lead up to (default: today)")
    given = parser.parse_args()
    home = build(given.folder, given.set, seed=given.seed, day=given.day)
    size = sum(one.stat().st_size for one in home.glob("graduated.db*"))
    print(f"{given.set} in {home}: {size / 1e6:.1f} MB. Sign in as {email_of('senco')} with {PASSWORD}")


if __name__ == "__main__":
    main()
