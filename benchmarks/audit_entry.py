"""What an entry of the audit costs, in microseconds of the processor. See README.md.

    python benchmarks/audit_entry.py [--calls 2000]

An act changes something of so many pupils, each of which is an entry. It is made in a database of its own with the audit
and without; the rest of the act is the same, so the difference is the audit's: gathering what changed, digest, MAC,
and the three statements that write it. Beside it stands what the chain alone computes: digest and MAC, nothing written.
"""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parent)]

from datasets import app_of, build
from flask import Flask
from measuring import batch, in_turn
from sqlalchemy import event, select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Observation
from graduated.audit import capture, chain
from graduated.db import hooks
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Pupil
from graduated.rules.vocabulary import NeedArea, ObservationKind

SIZES = (1, 6, 100)
WHAT = {"kind": ObservationKind.STRENGTH, "area": NeedArea.COGNITION, "seen_on": date(2026, 11, 2)}


def act(pupils: list[int]) -> None:
    """One observation of each pupil, in one act."""
    with write("Observed"):
        for pupil_id in pupils:
            db.session.add(Observation(pupil_id=pupil_id, text="Reads on alone.", source="Tess Aiden", **WHAT))


def without_audit(pupils: list[int]) -> None:
    """The same act with nothing gathered and nothing chained."""
    event.remove(db.session, "after_flush", capture._after_flush)
    hooks.before_commit.remove(chain.append)
    try:
        act(pupils)
    finally:
        event.listen(db.session, "after_flush", capture._after_flush)
        hooks.before_commit.append(chain.append)


def computed() -> None:
    """Digest and MAC of one entry."""
    payload = [["observation", 1, "added", {"text": [None, "Reads on alone."], "pupil_id": [None, 1]}]]
    told = chain.digest(payload, secrets.token_hex(16))
    chain.Link(1, 2, datetime.now(UTC), 1, 1, "Tess Aiden", "Observed", told, "0" * 64).mac(chain.key())


def measure(app: Flask, calls: int) -> None:
    """Say it for acts of one, six and a hundred entries."""
    print("| Entries of the act | Act | Without audit | An entry costs |\n|---|---|---|---|")
    with app.app_context(), acting(system_actor(1, "Benchmark")):
        everybody = list(db.session.scalars(select(Pupil.id).order_by(Pupil.id)))
        for size in SIZES:
            pupils, times = everybody[:size], max(3, calls // (20 * size))
            for _ in range(3):
                act(pupils)
                without_audit(pupils)
            whole, rest = in_turn([lambda some=pupils: act(some), lambda some=pupils: without_audit(some)], times)
            cost = 1000 * (whole.least - rest.least) / size
            print(f"| {size} | {whole.least:.2f} ms | {rest.least:.2f} ms | {cost:.0f} µs |")
        print(f"\nDigest and MAC alone: {1000 * min(batch(computed, calls) for _ in range(5)):.1f} µs an entry")


def main() -> None:
    """Make a small school and measure there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(app_of(build(Path(folder) / "home", "small", loud=False)), given.calls)


if __name__ == "__main__":
    main()
