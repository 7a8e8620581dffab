"""The roll of the demo school: the file of 209 pupils, moved by whole years so that it is this year's."""

from __future__ import annotations

import csv
import tempfile
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from sqlalchemy import select

from graduated.db.session import db
from graduated.db.writing import write
from graduated.demo.stage import Stage
from graduated.demo.stories import Story
from graduated.imports.command import run_import
from graduated.pupils.models import Assignment, Need, SenStatusSpell
from graduated.rules.calendar import academic_year_starts
from graduated.rules.vocabulary import NeedType, SenStatus, StatusSource

FILE = Path(__file__).with_name("data") / "roll.csv"
YEAR_OF_FILE = 2026
_ASSIGNMENTS = select(Assignment).order_by(Assignment.id)
_DATES = ("Date of birth", "SEN Status start date")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _moved(text: str, years: int, latest: date) -> str:
    if not text:
        return text
    day, month, year = text.split()
    number = _MONTHS.index(month) + 1
    # 29 February has no like in most years.
    place = min(int(day), 28) if number == 2 else int(day)
    moved = min(date(int(year) + years, number, place), latest)
    return f"{moved.day:02d} {_MONTHS[moved.month - 1]} {moved.year}"


def roll_for(today: date) -> str:
    """The file as it would be exported this year; a start that would lie ahead is today's."""
    years = academic_year_starts(today).year - YEAR_OF_FILE
    rows = list(csv.DictReader(StringIO(FILE.read_text("utf-8"))))
    out = StringIO()
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    for row in rows:
        for name in _DATES:
            row[name] = _moved(row[name], years, today)
        writer.writerow(row)
    return out.getvalue()


def take(stage: Stage) -> None:
    """Import the roll as the school administrator would, on the day after the last start in it."""
    text = roll_for(stage.today)
    latest = max(_dates_of_starts(text))
    day = stage.calendar.on_or_before(min(stage.today, latest + timedelta(days=1)))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roll.csv"
        path.write_text(text, "utf-8")
        with stage.on(max(day, latest), 8, 0), stage.system():
            run_import(path, "pupils", dry_run=False, accept_status=True)
            with write("Classes of this year dated"):
                for row in db.session.scalars(_ASSIGNMENTS).all():
                    row.starts = academic_year_starts(stage.today)
                    db.session.flush()  # one by one, so that the audit has them in this order each time


def _dates_of_starts(text: str) -> list[date]:
    found = []
    for row in csv.DictReader(StringIO(text)):
        if row[_DATES[1]]:
            day, month, year = row[_DATES[1]].split()
            found.append(date(int(year), _MONTHS.index(month) + 1, int(day)))
    return found


def was_supported(stage: Stage, story: Story, since: date) -> None:
    """A pupil who is not on SEN support today, and was: the spell that the file of that time would have given."""
    child = stage.children[story.name]
    with stage.act("rowsell", since, "SEN support of an earlier year entered", 10, 0):
        spell = db.session.scalars(select(SenStatusSpell).where(SenStatusSpell.pupil_id == child.pupil_id)).one()
        spell.status, spell.starts, spell.source = SenStatus.SUPPORT, since, StatusSource.PAPER
        db.session.add(Need(pupil_id=child.pupil_id, type=NeedType(story.type), rank=1, starts=since))
        db.session.flush()
