"""How long a child's whole record takes to be put together for who asked for it (budget: 60 seconds). See README.md.

    python benchmarks/bundle.py [--pupils 5]

The demo school is made in a folder of its own. Of the pupils with the most entries in the audit a request is recorded,
every paper and entry that waits for a decision is let in, and the bundle is built as the worker builds it: the document,
the data, the papers, one ZIP, kept.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from sqlalchemy import func, select

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.audit.models import ChangeEvent
from graduated.config import settings_from_environment
from graduated.db.clock import today
from graduated.db.session import db
from graduated.disclosure.build import build
from graduated.disclosure.queries import request_of
from graduated.disclosure.queries_build import bundles_of
from graduated.disclosure.services import NewRequest, record_request
from graduated.disclosure.services_build import Choice, decide
from graduated.disclosure.weighing import weigh
from graduated.rules.vocabulary import DecidedOn, Disclosing, InformationBy, InformationHow, InformationKind
from tests.support.demo import ENVIRONMENT, loaded

_MOST = (
    select(ChangeEvent.pupil_id, func.count())
    .where(ChangeEvent.pupil_id.is_not(None))
    .group_by(ChangeEvent.pupil_id)
    .order_by(func.count().desc())
)


def measure(pupil_id: int) -> tuple[float, float, int, int, int, int]:
    """Seconds by the clock and of the processor; records, papers and pages of the bundle, and its bytes."""
    asked = NewRequest(InformationKind.SUBJECT_ACCESS, today(), InformationHow.EMAIL, InformationBy.PARENT, "A parent")
    request_id = record_request(pupil_id, asked)
    waiting = weigh(request_of(request_id)).items
    decide(request_id, [Choice(DecidedOn.ITEM, one.key, Disclosing.GOES, "It is about the child") for one in waiting])
    clock, work = time.monotonic(), time.process_time()
    build(request_id, "Benchmark")
    taken = time.monotonic() - clock, time.process_time() - work
    made = bundles_of(request_id)[0]
    return *taken, made.records, made.papers, made.pages, made.size


def main() -> None:
    """Make the school and say it for the pupils with the most in their record."""
    parser = argparse.ArgumentParser(description="\n\n".join(__doc__.split("\n\n")[::2]))
    parser.add_argument("--pupils", type=int, default=5)
    given = parser.parse_args()
    os.environ.update(ENVIRONMENT)
    print("| Entries of the audit | Records | Papers | Pages | ZIP | Built in | Work |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_from_environment(loaded(Path(folder)).home, demo=True))
        with app.app_context(), acting(system_actor(1, "Benchmark")):
            for pupil_id, entries in db.session.execute(_MOST).fetchmany(given.pupils):
                clock, work, records, papers, pages, size = measure(pupil_id)
                print(
                    f"| {entries:,} | {records:,} | {papers} | {pages} | {size / 1e6:.1f} MB | {clock:.1f} s | {work:.1f} s |"
                )


if __name__ == "__main__":
    main()
