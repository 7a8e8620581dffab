"""What `graduated doctor` looks at in the records: database, worker, jobs, post, backup, files, audit."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, select
from sqlalchemy.engine import Row

from graduated.audit import chain
from graduated.audit.models import ChainHead, ChangeEvent
from graduated.config import Settings
from graduated.db import standing
from graduated.db.engine import options, prepare
from graduated.db.files import FileStore
from graduated.db.machinery import Job, JobState, Post, PostState
from graduated.db.wall import DOOR, ENTRY, SCHOOL, WORKER
from graduated.ops import heartbeat
from graduated.ops.doctor import Check, State, look, mend, ok
from graduated.school.models import School

Found = list[tuple[State, str]]
CHECK_PATIENCE = 120.0
STUCK_AFTER = timedelta(hours=1)
LAST_EVENTS = 50
SAMPLE, READ_WHOLE = 500, 20
FRESH = 86400
READ_AND_GONE = frozenset({"import_file"})
"""What was brought in from these was read, and the file itself is not kept."""
_LINK = tuple(getattr(ChangeEvent, name) for name in (*chain.Link.__slots__, "mac"))


@contextmanager
def _reading(settings: Settings, **told: str | int) -> Iterator[Connection]:
    """A look at the records; `told`: the door or the school that PostgreSQL's wall shows, which else shows nothing."""
    path = standing.database_file(settings)
    if path is not None and not path.exists():
        raise FileNotFoundError(path)  # to open it would make it
    engine = create_engine(settings.database_url, **options(settings.database_url))
    if not settings.is_sqlite:  # a file is left in the mode that it has
        prepare(engine)
    try:
        with engine.connect() as connection:
            yield connection.execution_options(**told)
    finally:
        engine.dispose()


def _parts(settings: Settings) -> list[dict[str, int]]:
    """What to tell, one after the other, to see all records: nothing of a file, each school behind the wall."""
    if settings.is_sqlite:
        return [{}]
    with _reading(settings, **{DOOR: ENTRY}) as connection:
        return [{SCHOOL: school_id} for school_id in connection.scalars(select(School.id).order_by(School.id))]


def database(settings: Settings) -> Found:
    """Whether the database is there, is read, and has this program's version."""
    path = standing.database_file(settings)
    if path is not None and not path.exists():
        return mend(
            f"There is no database at {path} yet. Run: graduated db upgrade (or set GRADUATED_HOME to its folder)."
        )
    trouble = standing.version_trouble(settings)
    return mend(trouble) if trouble else ok(f"The database at {standing.where(settings)} has this program's version.")


def soundness(settings: Settings) -> Found:
    """Whether the files of the database read well, and no row points at nothing."""
    path = standing.database_file(settings)
    if path is None:
        return ok("The database server looks after its own files.")
    wrong = standing.damage(settings, CHECK_PATIENCE)
    if wrong:
        return mend(wrong)
    if not path.exists() or path.stat().st_size == 0:
        return look("There is no database to look at.")
    if not standing.look(path, CHECK_PATIENCE).is_whole:
        return look(f"The database is too large to check whole in {CHECK_PATIENCE:.0f} seconds. Check a backup of it.")
    with _reading(settings) as connection:
        broken = len(connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall())
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if broken:
        return mend(
            f"{broken} rows of the database point at rows that are gone. Run graduated verify, and keep a copy."
        )
    if mode != "wal":
        return look(f"The database is in mode {mode}, so that readers wait for writers. Starting Graduated mends it.")
    return ok("The database reads well.")


def role(settings: Settings) -> Found:
    """On PostgreSQL, whether the account may more than it needs to."""
    if settings.is_sqlite:
        return ok("The database is a file; it has no accounts.")
    with _reading(settings) as connection:
        statement = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        if connection.exec_driver_sql(statement).scalar():
            return mend("DATABASE_URL names an account that may do anything. Use one of its own (docs/deploy.md).")
    return ok("The account in DATABASE_URL may do what Graduated needs.")


def worker(settings: Settings) -> Found:
    """Whether the worker has given a sign of life."""
    silent = heartbeat.silent_for(settings)
    if silent is None:
        return look(
            "No worker has run here yet. graduated serve starts one; nothing long (packs, post) is done without."
        )
    if silent > heartbeat.SILENT_FOR:
        return mend(f"The worker has given no sign for {_ago(silent)}. Start Graduated again, and read its log.")
    return ok("The worker is at work.")


def jobs(settings: Settings) -> Found:
    """Whether long work is stuck or was given up."""
    moment = datetime.now(UTC)
    with _reading(settings, **{DOOR: WORKER}) as connection:
        rows = connection.execute(
            select(Job.kind, Job.state, Job.run_after, Job.beat_at).where(Job.state != JobState.DONE)
        ).all()
    waits = [row for row in rows if row.state is JobState.WAITING and row.run_after < moment - STUCK_AFTER]
    waits += [row for row in rows if row.state is JobState.RUNNING and (row.beat_at or moment) < moment - STUCK_AFTER]
    failed = [row for row in rows if row.state is JobState.FAILED]
    found: Found = []
    if waits:
        found += mend(f"{_pieces(waits)} has waited for more than an hour. Is the worker running?")
    if failed:
        found += look(
            f"{_pieces(failed)} did not work. The log of those days says where; ask for it again on its page."
        )
    return found or ok("No long work is stuck.")


def _pieces(rows: Sequence[Any]) -> str:
    kinds = ", ".join(sorted({str(row.kind) for row in rows}))
    return f"{len(rows)} {'piece' if len(rows) == 1 else 'pieces'} of long work ({kinds})"


def post(settings: Settings) -> Found:
    """Whether letters wait or could not be sent; to whom is not said."""
    moment = datetime.now(UTC)
    with _reading(settings, **{DOOR: WORKER}) as connection:
        rows = connection.execute(
            select(Post.state, Post.written_at, Post.error).where(Post.state != PostState.SENT)
        ).all()
    failed = [row for row in rows if row.state is PostState.FAILED]
    late = [row for row in rows if row.state is PostState.WAITING and row.written_at < moment - STUCK_AFTER]
    found: Found = []
    if failed:
        found += mend(
            f"{_letters(failed)} could not be sent. {failed[-1].error} See the line about mail.".replace("  ", " ")
        )
    if late:
        found += look(f"{_letters(late)} waited more than an hour, and still will be tried. See the line about mail.")
    return found or ok("No letter waits or failed.")


def _letters(rows: Sequence[Any]) -> str:
    return f"{len(rows)} {'letter' if len(rows) == 1 else 'letters'}"


def backup(settings: Settings) -> Found:
    """Whether there is a good backup that is not too old."""
    from graduated.backup.errors import LEFT_TO_SERVER
    from graduated.ops.backup_state import backup_age, is_left_to_server, warnings

    said = warnings(settings)
    if said:
        return mend(*said)
    if is_left_to_server(settings) and not settings.demo:
        return look(LEFT_TO_SERVER)
    age = backup_age(settings)
    return ok("A good backup is there." if age is None else f"The last good backup is {_ago(age.total_seconds())} old.")


def files(settings: Settings) -> Found:
    """Whether files that records name are there and whole (a sample), and none lies there that no record names."""
    store = FileStore(settings.home / "files")
    kept, named = _files_named(settings)
    sample = sorted(kept)[:: max(1, len(kept) // SAMPLE)]
    gone = [one for one in sample if not store.path(one).is_file()]
    spoilt = [
        one for one in sample[:: max(1, len(sample) // READ_WHOLE)] if one not in gone and not _is_whole(store, one)
    ]
    if gone or spoilt:
        return mend(
            f"Of {len(sample)} papers looked at, {len(gone)} are missing and {len(spoilt)} are not what they were. "
            f"Bring them back from the last backup into {store.folder}; graduated verify names the records."
        )
    there = [one for one in store.folder.rglob("*") if one.is_file()] if store.folder.is_dir() else []
    late = time.time() - FRESH
    lone = [one for one in there if len(one.name) == 64 and one.name not in named and one.stat().st_mtime < late]
    if lone:
        return look(f"{len(lone)} files in {store.folder} belong to no record. graduated verify names them.")
    return ok(f"{len(sample)} of {len(kept)} papers were looked at, and are there.")


def _files_named(settings: Settings) -> tuple[set[str], set[str]]:
    """The hashes of files that must be there, and of all that some record names."""
    kept, named = set[str](), set[str]()
    for told in _parts(settings):
        with _reading(settings, **told) as connection:
            for table, column in _columns_of_hashes(connection):
                values = connection.exec_driver_sql(f'SELECT DISTINCT "{column}" FROM "{table}"')  # noqa: S608
                found = {str(value) for (value,) in values if value}
                named |= found
                kept |= found if table not in READ_AND_GONE else set()
    return kept, named


def _columns_of_hashes(connection: Connection) -> list[tuple[str, str]]:
    looker = inspect(connection)
    columns = [(table, one["name"]) for table in looker.get_table_names() for one in looker.get_columns(table)]
    return [(table, column) for table, column in columns if column in {"sha256", "preview_sha256"}]


def _is_whole(store: FileStore, sha256: str) -> bool:
    with store.path(sha256).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def audit(settings: Settings) -> Found:
    """Whether the last entries of each school's audit follow on from each other, up to the head noted outside."""
    chain.configure(settings.audit_key, settings.home)
    anchored, checked = chain.anchored(), 0
    for school_id, sequence, mac, events in _ends_of_chains(settings):
        checked += len(events)
        wrong = _wrong_with(events, sequence, mac, settings.audit_key)
        if not wrong and anchored.get(school_id, (0, ""))[0] > sequence:
            wrong = "its end was cut off"
        if wrong:
            return mend(
                f"The audit of school {school_id} does not verify: {wrong}. If secrets/audit-key was changed, put "
                "the old one back; else keep everything as it is, and run: graduated verify"
            )
    return ok(f"The last {checked} entries of the audit verify." if checked else "The audit is empty.")


def _ends_of_chains(settings: Settings) -> Iterator[tuple[int, int, str, list[Row[Any]]]]:
    """Of each school the number and seal of its head, and its last entries."""
    for told in _parts(settings):
        with _reading(settings, **told) as connection:
            heads = connection.execute(select(ChainHead.school_id, ChainHead.sequence, ChainHead.mac)).all()
            for school_id, sequence, mac in heads:
                last = select(*_LINK).where(ChangeEvent.school_id == school_id).order_by(ChangeEvent.sequence.desc())
                yield school_id, sequence, mac, list(connection.execute(last.limit(LAST_EVENTS)).all())


def _wrong_with(events: list[Row[Any]], sequence: int, mac: str, key: bytes) -> str:
    expected = (sequence, mac)
    for event in events:
        link = chain.Link(**{name: getattr(event, name) for name in chain.Link.__slots__})
        if (event.sequence, event.mac) != expected:
            return f"entry {expected[0]} is missing or another"
        if not hmac.compare_digest(link.mac(key), event.mac):
            return f"entry {event.sequence} is not sealed with this installation's key"
        expected = (event.sequence - 1, event.previous_mac)
    return "" if events or not sequence else "its entries are gone"


def _ago(seconds: float) -> str:
    if seconds < 7200:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours" if seconds < 172_800 else f"{round(seconds / 86400)} days"


CHECKS: dict[str, Check] = {
    "database": database,
    "soundness": soundness,
    "role": role,
    "worker": worker,
    "jobs": jobs,
    "post": post,
    "backup": backup,
    "files": files,
    "audit": audit,
}
