"""Figures for a monitor (Prometheus): requests by the name of their route, and how things stand.

Nothing of a person is in them: no address, no id, no name; the labels are names of our own code. Several processes that
answer write into files of one folder (PROMETHEUS_MULTIPROC_DIR), and whichever is asked adds them up.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from graduated.config import Settings
from graduated.db.base import Base
from graduated.db.machinery import JobState, PostState
from graduated.db.session import db, looking
from graduated.db.wall import WORKER
from graduated.ops import heartbeat, readiness

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SIGN_INS = frozenset(
    {
        "people.sign_in_post", "people.second_step_code", "people.passkey_sign_in", "people.passkey_step",
        "people.device", "people.device_code",
    }
)  # fmt: skip
"""The routes at which somebody proves who they are."""
_REFUSED = frozenset({401, 403, 422, 429})
_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """What one process has counted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "graduated_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "graduated_request_seconds", "How long answers took.", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self._refused = Counter(
            "graduated_sign_ins_refused", "Tries to sign in that were refused.", registry=self.registry
        )

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        if route in SIGN_INS and method == "POST" and status in _REFUSED:
            self._refused.inc()

    def text(self, settings: Settings) -> bytes:
        """All figures as Prometheus reads them."""
        counted = counted_together() if os.environ.get(FOLDER) else generate_latest(self.registry)
        standing = CollectorRegistry()
        standing.register(_Standing(settings))
        return counted + generate_latest(standing)


def counted_together() -> bytes:
    """What all processes that answer have counted."""
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return generate_latest(together)


class _Standing(Collector):
    """How things stand at the moment when somebody asks."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing beforehand: looking costs statements."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure; one that cannot be had is left out, and a monitor sees that it is missing."""
        found = readiness.look(self._settings)
        yield _one("graduated_ready", "Whether people can work.", float(readiness.is_ready(found)))
        try:
            yield from _rows()
            yield _one("graduated_database_bytes", "How large the records are.", _size(self._settings))
        except (SQLAlchemyError, OSError):
            pass
        silent, age = heartbeat.silent_for(self._settings), readiness.backup_age(self._settings)
        if silent is not None:
            yield _one("graduated_worker_silent_seconds", "Since the worker's last sign of life.", silent)
        if age is not None:
            yield _one("graduated_backup_age_seconds", "Since the last good backup.", age.total_seconds())
        free = shutil.disk_usage(self._settings.home).free
        yield _one("graduated_disc_free_bytes", "Room on the disc of the records.", float(free))


def _one(name: str, says: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, says, value=value)


def _rows() -> Iterator[GaugeMetricFamily]:
    """How much long work and post stands where."""
    for name, says, states in (("job", "Long work", JobState), ("post", "Letters", PostState)):
        table = Base.metadata.tables[name]
        with looking(WORKER) as connection:
            rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
        counted = {state.value: number for state, number in rows}
        family = GaugeMetricFamily(f"graduated_{name}s", f"{says} by where it stands.", labels=["state"])
        for state in states:
            if state.value not in {"done", "sent"}:
                family.add_metric([state.value], counted.get(state.value, 0))
        yield family


def _size(settings: Settings) -> float:
    if settings.is_sqlite:
        kept = Path(db.engine.url.database or "")
        return float(sum(path.stat().st_size for path in kept.parent.glob(f"{kept.name}*")))
    with db.engine.connect() as connection:
        return float(connection.scalar(text("select pg_database_size(current_database())")) or 0)
