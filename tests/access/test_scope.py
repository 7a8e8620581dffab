"""Every query is narrowed in one place, and what goes round that place is refused."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, exists, func, literal_column, select, text, true, union_all, update
from sqlalchemy.orm import aliased

from graduated.access import entry
from graduated.access.identity import Actor, acting, system_actor
from graduated.access.policy import Hat
from graduated.access.scope import OutsideScope
from graduated.db.base import Base
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import User
from graduated.pupils.models import Document, FamilyLink, Need, Pupil, SenStatusSpell
from graduated.rules.vocabulary import DocumentKind, NeedType, Role, Visibility
from graduated.school.models import School
from tests.support.world import World

SOURCE = Path(__file__).parents[2] / "src" / "graduated"


@contextmanager
def person(app: Flask, world: World, who: str, *roles: Role, family: bool = False) -> Iterator[None]:
    """Act as a person of the world, as the guard would have it."""
    doors = {door.hat: door for door in entry.doors(world.users[who])}
    hat = Hat.FAMILY if family else Hat.STAFF
    actor = Actor(
        world.users[who], doors[hat].school_id, who, frozenset(roles), hat, is_parent_here=who == "staff_parent"
    )
    with acting(actor):
        yield


def seen(app: Flask, world: World, who: str, *roles: Role, family: bool = False) -> set[str]:
    """The names of the world's pupils that a person can find."""
    with app.app_context(), person(app, world, who, *roles, family=family):
        found = set(db.session.scalars(select(Pupil.id)))
    names = {number: name for name, number in world.pupils.items()}
    return {names[number] for number in found}


HERE = {"zofia", "reuben", "poppy", "jude", "ivy", "idris"}
WHO_SEES_WHOM: list[tuple[str, Role, bool, set[str]]] = [
    ("senco", Role.SENCO, False, HERE),
    ("assistant", Role.SEN_ASSISTANT, False, HERE),
    ("head", Role.HEAD, False, HERE),
    ("safeguarding", Role.SAFEGUARDING, False, HERE),
    ("admin", Role.ADMIN, False, HERE),
    ("lead", Role.TEACHER, False, {"zofia", "idris"}),
    ("teacher", Role.TEACHER, False, {"zofia", "idris"}),
    ("ta", Role.SUPPORT, False, {"zofia", "idris"}),
    ("other_teacher", Role.TEACHER, False, {"reuben"}),
    ("staff_parent", Role.TEACHER, False, set()),
    ("dpo", Role.DPO, False, set()),
    ("parent", Role.PARENT, True, {"zofia"}),
    ("other_parent", Role.PARENT, True, {"reuben"}),
    ("barred_parent", Role.PARENT, True, set()),
    ("young_person", Role.YOUNG_PERSON, True, {"idris"}),
    ("staff_parent", Role.PARENT, True, {"poppy"}),
    ("other_school", Role.SENCO, False, {"elsewhere"}),
]


@pytest.mark.parametrize(("who", "role", "family", "names"), WHO_SEES_WHOM)
def test_each_person_finds_only_the_pupils_that_are_theirs_to_see(
    app: Flask, world: World, who: str, role: Role, family: bool, names: set[str]
) -> None:
    assert seen(app, world, who, role, family=family) == names


def test_a_senco_with_a_child_at_the_school_does_not_find_that_child_on_staff_pages(app: Flask, world: World) -> None:
    assert seen(app, world, "staff_parent", Role.SENCO) == HERE - {"poppy"}


def test_an_administrator_sees_no_plans(app: Flask, world: World) -> None:
    from graduated.plan.models import Cycle

    with app.app_context(), person(app, world, "admin", Role.ADMIN):
        assert db.session.scalar(select(func.count()).select_from(Cycle)) == 0
        assert db.session.scalar(select(func.count()).select_from(SenStatusSpell)) == len(HERE)


SHAPES: dict[str, Callable[[], Any]] = {
    "columns": lambda: select(Pupil.id),
    "entity": lambda: select(Pupil),
    "join": lambda: select(Pupil.id).join(Need, Need.pupil_id == Pupil.id),
    "alias": lambda: select(aliased(Pupil).id),
    "subquery": lambda: select(select(Pupil.id).subquery().c.id),
    "cte": lambda: select(select(Pupil.id).cte().c.id),
    "union": lambda: union_all(select(Pupil.id), select(Need.pupil_id)),
    "window": lambda: select(Pupil.id, func.row_number().over(order_by=Pupil.id)),
    "in": lambda: select(Need.pupil_id).where(Need.pupil_id.in_(select(Pupil.id))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_query_is_narrowed(app: Flask, world: World, shape: str) -> None:
    with app.app_context(), person(app, world, "other_teacher", Role.TEACHER):
        rows = db.session.execute(SHAPES[shape]()).all()
        first = {row[0].id if isinstance(row[0], Pupil) else row[0] for row in rows}
    assert first == {world.pupils["reuben"]}


def test_exists_and_count_are_narrowed(app: Flask, world: World) -> None:
    with app.app_context(), person(app, world, "other_school", Role.SENCO):
        assert db.session.scalar(select(func.count()).select_from(Pupil)) == 1
        found = db.session.scalars(select(School.id).where(exists().where(Pupil.school_id == School.id))).all()
        assert found == [world.other_school_id]


def test_fetching_by_key_alone_is_refused_in_favour_of_a_query(app: Flask, world: World) -> None:
    with app.app_context(), person(app, world, "other_school", Role.SENCO), pytest.raises(OutsideScope):
        db.session.get(Pupil, world.pupils["zofia"])


OTHER = aliased(Pupil)
THIRD = aliased(Pupil)
JOINED: dict[str, Callable[[], Any]] = {
    "alias joined by its own clause": lambda: select(OTHER.id).select_from(School).join(OTHER, OTHER.id > 0),
    "alias outer joined": lambda: select(OTHER.id).select_from(School).outerjoin(OTHER, OTHER.id > 0),
    "alias joined to its class": lambda: select(OTHER.id).select_from(Pupil).join(OTHER, OTHER.id != -Pupil.id),
    "two aliases": lambda: select(THIRD.id).select_from(OTHER).join(THIRD, THIRD.id != -OTHER.id),
    "alias joined in a subquery": lambda: select(
        select(OTHER.id).select_from(School).outerjoin(OTHER, OTHER.id > 0).subquery().c.id
    ),
    "alias in a scalar subquery": lambda: select(
        select(func.max(OTHER.id)).select_from(School).join(OTHER, OTHER.id > 0).scalar_subquery()
    ),
    "alias in exists": lambda: select(Pupil.id).where(
        exists().where(OTHER.id == Pupil.id, OTHER.school_id == Pupil.school_id)
    ),
    "alias joined through exists": lambda: (
        select(School.id, Pupil.id)
        .join(Pupil, Pupil.id > 0)
        .where(select(OTHER.id).join(THIRD, THIRD.id == OTHER.id).where(OTHER.id == Pupil.id).exists())
        .with_only_columns(Pupil.id)
    ),
}


@pytest.mark.parametrize("shape", JOINED)
def test_an_alias_is_narrowed_wherever_it_is_joined(app: Flask, world: World, shape: str) -> None:
    with app.app_context(), person(app, world, "other_teacher", Role.TEACHER):
        found = {row[0] for row in db.session.execute(JOINED[shape]())}
    assert found == {world.pupils["reuben"]}


@pytest.mark.parametrize("shape", [*SHAPES, *JOINED])
def test_a_query_that_is_asked_again_is_narrowed_for_whoever_asks_it(app: Flask, world: World, shape: str) -> None:
    """From the second time on a statement for columns alone goes past the session."""
    statement = (SHAPES | JOINED)[shape]()
    people = {
        "other_teacher": (Role.TEACHER, {world.pupils["reuben"]}),
        "other_school": (Role.SENCO, {world.pupils["elsewhere"]}),
    }
    with app.app_context():
        for who in (*people, *people, *people):
            role, pupils = people[who]
            with person(app, world, who, role):
                rows = db.session.execute(statement).all()
                assert {row[0].id if isinstance(row[0], Pupil) else row[0] for row in rows} == pupils
                db.session.rollback()


ROUND_ABOUT: dict[str, Callable[[], Any]] = {
    "text": lambda: text("select id from pupil"),
    "core table": lambda: select(Pupil.__table__.c.id),
    "core table in a join": lambda: select(School.id).join(
        Pupil.__table__,
        Pupil.__table__.c.school_id == School.id,  # type: ignore[arg-type]
    ),
    "core table in a subquery": lambda: select(School.id).where(School.id.in_(select(Pupil.__table__.c.school_id))),
    "count of a core table": lambda: select(func.count()).select_from(Pupil.__table__),
    "core table joined for its rows alone": lambda: select(School.id).join(Pupil.__table__, true()),
    "literal column": lambda: select(literal_column("id")).select_from(text("pupil")),
    "from_statement": lambda: select(Pupil).from_statement(text("select * from pupil")),
}


@pytest.mark.parametrize("way", ROUND_ABOUT)
def test_a_query_that_goes_round_the_filter_is_refused(app: Flask, world: World, way: str) -> None:
    with app.app_context(), person(app, world, "senco", Role.SENCO), pytest.raises(OutsideScope):
        db.session.execute(ROUND_ABOUT[way]()).all()


def test_a_bulk_update_of_audited_rows_is_refused(app: Flask, world: World) -> None:
    refused = pytest.raises(OutsideScope, match="written one by one")
    with app.app_context(), person(app, world, "senco", Role.SENCO), refused:
        db.session.execute(update(Pupil).values(known_as="Everybody"))


PAPERS_READ = [
    ("lead", Role.TEACHER, {Visibility.FAMILY, Visibility.STAFF}),
    ("senco", Role.SENCO, {Visibility.FAMILY, Visibility.STAFF, Visibility.RESTRICTED}),
    ("head", Role.HEAD, {Visibility.FAMILY, Visibility.STAFF, Visibility.RESTRICTED}),
    ("safeguarding", Role.SAFEGUARDING, set(Visibility)),
]


@pytest.mark.parametrize(("who", "role", "levels"), PAPERS_READ, ids=[one[0] for one in PAPERS_READ])
def test_a_paper_is_found_by_those_of_its_level(
    app: Flask, world: World, who: str, role: Role, levels: set[Visibility]
) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Papers came"):
        for level in Visibility:
            db.session.add(
                Document(pupil_id=zofia, kind=DocumentKind.REPORT, title="A paper", dated=today(), sha256="0" * 64,
                         size=1, media_type="application/pdf", visibility=level)
            )  # fmt: skip
    with app.app_context(), person(app, world, who, role):
        found = db.session.scalars(select(Document.visibility).where(Document.pupil_id == zofia)).all()
    assert set(found) == levels and len(found) == len(levels)


def test_a_row_says_who_wrote_it_unless_somebody_else_is_named(app: Flask, world: World) -> None:
    zofia, head = world.pupils["zofia"], world.users["head"]
    with app.app_context(), person(app, world, "senco", Role.SENCO), write("Needs"):
        own = Need(pupil_id=zofia, type=NeedType.MLD, rank=2)
        of_another = Need(pupil_id=zofia, type=NeedType.SPLD, rank=3, recorded_by_id=head)
        db.session.add_all([own, of_another])
        db.session.flush()
        assert (own.recorded_by_id, of_another.recorded_by_id) == (world.users["senco"], head)


def test_nobody_signed_in_reads_nothing(app: Flask) -> None:
    with app.app_context(), pytest.raises(PermissionError):
        db.session.execute(select(Pupil.id)).all()


def test_a_row_of_another_school_cannot_be_written(app: Flask, world: World) -> None:
    with app.app_context(), person(app, world, "senco", Role.SENCO), pytest.raises(OutsideScope), write("Test"):
        db.session.add(
            Need(
                school_id=world.other_school_id, pupil_id=world.pupils["elsewhere"], type=NeedType.MLD, rank=2
            )
        )  # fmt: skip


def test_the_database_refuses_a_need_of_one_school_under_a_pupil_of_another(app: Flask, world: World) -> None:
    from sqlalchemy.exc import IntegrityError

    with app.app_context(), person(app, world, "senco", Role.SENCO), pytest.raises(IntegrityError), write("Test"):
        db.session.add(Need(pupil_id=world.pupils["elsewhere"], type=NeedType.MLD, rank=2))


def test_a_parent_reads_only_their_own_link_and_staff_names(app: Flask, world: World) -> None:
    with app.app_context(), person(app, world, "parent", Role.PARENT, family=True):
        assert db.session.scalars(select(FamilyLink.adult_id)).all() == [world.adults["parent"]]
        names = set(db.session.scalars(select(User.id)))
    assert world.users["senco"] in names
    assert world.users["other_parent"] not in names
    assert world.users["barred_parent"] not in names


def test_a_statement_of_every_class_of_a_school_is_narrowed(app: Flask, world: World) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    classes = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_.scope_by != "none"]
    assert {cls.scope_by for cls in classes} > {"school", "pupil", "audit", "group"}
    with app.app_context(), person(app, world, "senco", Role.SENCO):
        event.listen(db.engine, "before_cursor_execute", note)
        try:
            for cls in classes:
                sent.clear()
                db.session.execute(select(cls.id).limit(1)).all()
                assert any("WHERE" in one and f"{cls.__table__.name}" in one for one in sent), cls.__name__
        finally:
            event.remove(db.engine, "before_cursor_execute", note)


def test_every_class_says_how_it_is_scoped() -> None:
    silent = [mapper.class_.__name__ for mapper in Base.registry.mappers if not mapper.class_.scope_by]
    assert silent == []


FORBIDDEN_NAMES = {"text", "from_statement", "bulk_insert_mappings", "bulk_update_mappings", "bulk_save_objects"}
MAY_GO_ROUND = ("access/", "ops/", "db/", "audit/views_log.py")


def _strays(path: Path) -> list[str]:
    found = []
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sqlalchemy"):
            banned = FORBIDDEN_NAMES & {alias.name for alias in node.names}
            found += [f"{path.relative_to(SOURCE)}:{node.lineno} {name}()" for name in sorted(banned)]
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of_session = isinstance(node.func, ast.Attribute) and "session" in ast.unparse(node.func.value)
            if name in FORBIDDEN_NAMES - {"text"} or (name == "connection" and of_session):
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno} {name}()")
        if isinstance(node, ast.Attribute) and node.attr in {"__table__", "engine"} and isinstance(node.ctx, ast.Load):
            found.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.attr}")
    return found


def test_no_code_above_the_scope_goes_round_it() -> None:
    # Partial indexes name their condition by text(); a statement never may.
    strays = [
        stray
        for path in sorted(SOURCE.rglob("*.py"))
        if not str(path.relative_to(SOURCE)).startswith(MAY_GO_ROUND)
        for stray in _strays(path)
        if not (path.name == "models.py" and stray.endswith("text()"))
    ]
    assert strays == []


@pytest.mark.parametrize(
    "code",
    ["db.session.connection()", "from sqlalchemy import text", "Pupil.__table__.c.id", "db.engine.connect()"],
)
def test_the_look_for_strays_finds_them(tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.access.test_scope.SOURCE", tmp_path)
    path = tmp_path / "stray.py"
    path.write_text(code)
    assert _strays(path)
