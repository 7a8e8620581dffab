"""Behind the scope filter stands a second wall: PostgreSQL itself gives a school's rows to nobody who acts in another.

Here the program is gone round, with plain SQL and as the role that the program has; and the filter is taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, event, func, select
from sqlalchemy.exc import DBAPIError, ProgrammingError

from graduated.access import scope
from graduated.access.identity import acting, system_actor
from graduated.app import load_models
from graduated.db import migrate, wall
from graduated.db.base import Base, PupilOwned, SchoolOwned
from graduated.db.raising import LOOKED_UP, TAKEN_UP
from graduated.db.session import db, looking
from graduated.pupils.models import Pupil
from graduated.school.models import School
from tests.conftest import settings_in
from tests.support.databases import by_hand, postgresql_only, url_of
from tests.support.world import World

pytestmark = postgresql_only
PUPIL_THERE = (
    "INSERT INTO pupil SELECT (jsonb_populate_record(p, jsonb_build_object('id', 4711, 'school_id', ?::int,"
    " 'upn', NULL))).* FROM pupil p LIMIT 1"
)


@pytest.fixture
def there(home: Path, world: World) -> int:
    """A pupil of the other school, put there by hand."""
    with by_hand(home) as file:
        file.execute(PUPIL_THERE, (world.other_school_id,))
    return 4711


@pytest.fixture
def bare(home: Path, there: int) -> Iterator[Connection]:
    """The program's role in the database, without the program."""
    engine = create_engine(url_of(home))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def set_to(connection: Connection, **values: object) -> None:
    for name, value in values.items():
        connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (f"graduated.{name}", str(value)))


def schools_of_pupils(connection: Connection) -> set[int]:
    return {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT school_id FROM pupil")}


def refused(connection: Connection, words: str) -> str:
    with pytest.raises(DBAPIError) as error, connection.begin_nested():
        connection.exec_driver_sql(words)
    return str(error.value.orig)


def test_the_programs_role_may_go_past_nothing_and_owns_nothing(bare: Connection) -> None:
    asked = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    assert tuple(bare.exec_driver_sql(asked).one()) == (False, False, False, False)
    owned = "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
    assert bare.exec_driver_sql(owned).scalar() == 0


def test_every_table_of_a_school_is_behind_the_wall(bare: Connection) -> None:
    load_models()
    walled = {
        str(row[0])
        for row in bare.exec_driver_sql("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    }
    classes = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, SchoolOwned | PupilOwned)]
    assert len(classes) > 90
    assert {one.__tablename__ for one in classes} - walled == set()
    assert {"school", "chain_head", "view_event", "refused_write", "refused_look"} - walled == set()


def test_nothing_of_a_pupil_is_seen_when_no_school_is_told(bare: Connection) -> None:
    assert schools_of_pupils(bare) == set()
    for door in ("entry", "worker", "migration", "", "any"):
        set_to(bare, door=door)
        assert schools_of_pupils(bare) == set()


def test_plain_sql_sees_the_pupils_of_the_one_school_alone(bare: Connection, world: World) -> None:
    for school in (world.school_id, world.other_school_id):
        set_to(bare, school=school)
        assert schools_of_pupils(bare) == {school}


def test_plain_sql_changes_nothing_in_another_school(bare: Connection, world: World, there: int, home: Path) -> None:
    set_to(bare, school=world.school_id)
    for words in (f"UPDATE pupil SET known_as = 'x' WHERE id = {there}", f"DELETE FROM pupil WHERE id = {there}"):
        assert bare.exec_driver_sql(words).rowcount == 0
    moved = f"UPDATE pupil SET school_id = {world.other_school_id} WHERE id = {world.pupils['zofia']}"
    assert "row-level security" in refused(bare, moved)
    put = PUPIL_THERE.replace("4711", "4712").replace("?::int", str(world.other_school_id))
    assert "row-level security" in refused(bare, put)


def test_a_door_opens_its_own_tables_and_no_others(bare: Connection) -> None:
    load_models()
    tables = [str(name) for name, table in Base.metadata.tables.items() if "school_id" in table.c]
    for door, open_tables in (("entry", set(LOOKED_UP)), ("worker", set(TAKEN_UP))):
        set_to(bare, door=door)
        seen = {
            name
            for name in tables
            if name != "sign_in_session" and bare.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar()
        }
        assert seen <= open_tables, door
    set_to(bare, door="entry")
    assert bare.exec_driver_sql("SELECT count(*) FROM membership").scalar()
    assert bare.exec_driver_sql("SELECT count(*) FROM adult WHERE user_id IS NULL").scalar() == 0
    assert bare.exec_driver_sql("UPDATE membership SET role = 'senco'").rowcount == 0


@pytest.mark.parametrize(
    "words",
    [
        "ALTER TABLE pupil DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE pupil NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY of_the_school ON pupil",
        "CREATE POLICY mine ON pupil USING (true)",
        "ALTER TABLE observation DISABLE TRIGGER USER",
        "DROP TRIGGER keep_observation ON observation",
        "TRUNCATE change_event",
        "SET ROLE graduated_owner",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE TABLE mine (id integer)",
        "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_programs_role_cannot_take_the_wall_or_the_triggers_down(bare: Connection, words: str) -> None:
    said = refused(bare, words)
    assert "must be owner" in said or "permission denied" in said


def test_without_the_filter_another_schools_pupil_is_still_not_read(app: Flask, world: World, there: int) -> None:
    everybody = select(Pupil.school_id).distinct()
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        event.remove(db.session, "do_orm_execute", scope._on_execute)
        try:
            unnarrowed: set[Any] = set(db.session.scalars(everybody))
            one = db.session.get(Pupil, there)
            schools = db.session.scalar(select(func.count(School.id)))
        finally:
            event.listen(db.session, "do_orm_execute", scope._on_execute)
            db.session.remove()
    assert (unnarrowed, one, schools) == ({world.school_id}, None, 1)


def test_who_acts_in_another_school_from_now_on_sees_that_one(app: Flask, world: World, there: int) -> None:
    """Within one open transaction too, as with the filter."""
    with app.app_context():
        for school in (world.school_id, world.other_school_id, world.school_id):
            with acting(system_actor(school, "Tests")):
                assert set(db.session.scalars(select(Pupil.school_id))) == {school}
                assert schools_of_pupils(db.session.connection()) == {school}


def test_the_school_of_one_transaction_is_forgotten_by_the_next(app: Flask, world: World) -> None:
    told = "current_setting('graduated.school', true), current_setting('graduated.door', true)"
    asked = f"SELECT pg_backend_pid(), {told}"
    with app.app_context():
        with acting(system_actor(world.school_id, "Tests")), db.engine.connect() as connection:
            first = connection.exec_driver_sql(asked).one()
        with looking(wall.ENTRY) as connection:
            second = connection.exec_driver_sql(asked).one()
        with db.engine.connect() as connection:
            third = connection.exec_driver_sql(asked).one()
    assert first[0] == second[0] == third[0]
    assert [tuple(one[1:]) for one in (first, second, third)] == [(str(world.school_id), ""), ("", "entry"), ("", "")]


def test_a_table_that_a_later_version_brings_is_behind_the_wall_at_once(home: Path, bare: Connection) -> None:
    """Also when nothing is to be migrated: what stands in the database is looked at, not a list."""
    bare.rollback()
    with by_hand(home) as file:
        file.execute("CREATE TABLE later (id integer PRIMARY KEY, school_id integer)")
        file.execute("ALTER TABLE later OWNER TO graduated_owner")
        file.execute("INSERT INTO later VALUES (1, 1), (2, 2)")
    with pytest.raises(ProgrammingError):
        bare.exec_driver_sql("SELECT * FROM later")
    bare.rollback()
    migrate.upgrade(settings_in(home))
    set_to(bare, school=2)
    assert bare.exec_driver_sql("SELECT id FROM later").scalars().all() == [2]


def test_the_owner_sees_nothing_either_but_while_it_migrates(home: Path, there: int) -> None:
    engine = create_engine(settings_in(home).migration_url)
    with engine.connect() as connection:
        assert schools_of_pupils(connection) == set()
        set_to(connection, door="migration")
        assert len(schools_of_pupils(connection)) == 2
    engine.dispose()
