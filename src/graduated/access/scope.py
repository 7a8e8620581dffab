"""The one filter that narrows every query to what the person acting may see.

Criteria are built once for each kind of viewer, with bound parameters, and hung on every ORM statement. What
goes round the ORM (text, bare tables) is refused here on first sight; an AST test keeps it out of the code.
A class that does not say how it is scoped, and a query that nobody signed in makes, are refused.
"""

from __future__ import annotations

import itertools
import weakref
from typing import Any

from sqlalchemy import Executable, Result, Select, Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import TextClause
from sqlalchemy.sql.schema import Column

from graduated.access.criteria import Viewer, criterion
from graduated.access.identity import current_actor, require_actor
from graduated.access.policy import Hat
from graduated.db import wall
from graduated.db.base import Base
from graduated.db.clock import today
from graduated.rules.vocabulary import Role

_WHOLE = frozenset({Role.SENCO, Role.SEN_ASSISTANT, Role.HEAD, Role.SAFEGUARDING})
_scopes: dict[Viewer, _Scope] = {}
_narrowed: dict[tuple[int, Viewer], tuple[weakref.ref[Executable], Executable, bool]] = {}
"""What a statement became for a kind of viewer, and whether it asks for columns alone; for as long as it is there."""
_numbers = itertools.count(1)


class _Criteria(LoaderCriteriaOption):
    """The library's option, which leaves an aliased class that is joined by an ON clause of its own unnarrowed.

    Here the condition is always moved onto the alias that it is asked for. `tests/access` holds each shape of
    query against this; the methods are the library's own, so SQLAlchemy is pinned.

    A statement carries the conditions of every class, and the library keeps what it compiled under all that a statement
    is made of: a quarter of a megabyte for each. Ours are made once for the process and never change, so a number of
    their own stands for them there.
    """

    __slots__ = ("number",)
    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.number = next(_numbers)  # an address in memory could be that of another one later

    def _gen_cache_key(self, _anon_map: Any, _bindparams: Any) -> tuple[Any, ...]:
        return type(self), self.number

    def _resolve_where_criteria(self, ext_info: Any) -> Any:
        where = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(where) if ext_info.is_aliased_class else where


class _Scope(CriteriaOption):
    """The conditions of every class as one option: the library walks a statement's options each time it is sent."""

    __slots__ = ("conditions", "number")
    _traverse_internals: Any = []
    propagate_to_loaders = True

    def __init__(self, conditions: list[_Criteria]) -> None:
        self.conditions = conditions
        self.number = next(_numbers)

    def _gen_cache_key(self, _anon_map: Any, _bindparams: Any) -> tuple[Any, ...]:
        return type(self), self.number

    def process_compile_state(self, compile_state: Any) -> None:
        """Hang each condition on its class, wherever the statement names it."""
        for one in self.conditions:
            one.process_compile_state(compile_state)

    def process_compile_state_replaced_entities(self, compile_state: Any, _mapper_entities: Any) -> None:
        """The same for a statement whose columns were replaced."""
        self.process_compile_state(compile_state)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """The same for a statement that changes rows."""
        for one in self.conditions:
            one.get_global_criteria(attributes)


class OutsideScope(RuntimeError):
    """A statement that the scope filter cannot narrow, or a row of another school."""


def viewer_of_current() -> Viewer:
    """Which kind of viewer the person acting is."""
    actor = require_actor()
    if actor.is_system:
        return Viewer("system")
    if actor.hat is Hat.FAMILY:
        return Viewer("family")
    if actor.on_device:
        return Viewer("device", 0, actor.is_parent_here)
    roles = actor.roles
    if Role.SAFEGUARDING in roles:
        level = 2
    elif roles & {Role.SENCO, Role.HEAD}:
        level = 1
    else:
        level = 0
    if roles & _WHOLE or (actor.reads_all_cards and Role.TEACHER in roles):
        kind = "whole"
    elif roles & {Role.TEACHER, Role.SUPPORT}:
        kind = "own"
    elif Role.ADMIN in roles:
        kind = "office"
    else:
        kind = "audit"
    return Viewer(kind, level, actor.is_parent_here)


def _scoped_classes() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers]


def _scope_for(viewer: Viewer) -> _Scope:
    found = _scopes.get(viewer)
    if found is None:
        conditions = []
        for cls in _scoped_classes():
            if cls.scope_by == "":
                raise OutsideScope(f"{cls.__name__} does not say how it is scoped")
            where = criterion(cls, viewer)
            if where is not None:
                conditions.append(_Criteria(cls, where, include_aliases=True))
        found = _scopes[viewer] = _Scope(conditions)
    return found


def bypasses(statement: Any) -> set[str]:
    """What in a statement goes round the filter: text, or a scoped table that no mapped class stands behind."""
    scoped = {cls.__table__ for cls in _scoped_classes() if cls.scope_by != "none"}
    found: set[str] = set()
    for element in visitors.iterate(statement):
        if isinstance(element, TextClause):
            found.add("text")
        if isinstance(element, Column) and "parententity" not in element._annotations and element.table in scoped:
            found.add(str(element.table.name))
        for source in getattr(element, "_from_obj", ()):
            if "parententity" in source._annotations:  # a mapped class or an alias of one, which is narrowed
                continue
            for inner in visitors.iterate(source):
                if isinstance(inner, Table) and "parententity" not in inner._annotations and inner in scoped:
                    found.add(inner.name)
        for join in getattr(element, "_setup_joins", ()):
            if isinstance(join[0], Table) and "parententity" not in join[0]._annotations and join[0] in scoped:
                found.add(join[0].name)
    return found


def _narrow(statement: Executable, viewer: Viewer) -> Executable:
    known = _known(statement, viewer)
    if known is not None:
        return known[0]
    round_about = bypasses(statement)
    if round_about:
        raise OutsideScope(f"a statement goes round the scope filter by {', '.join(sorted(round_about))}")
    narrowed = statement.options(_scope_for(viewer))
    # Statements of a module are kept for good; one that was made for this request goes with it.
    key = (id(statement), viewer)
    _narrowed[key] = (weakref.ref(statement, lambda gone: _forget(key, gone)), narrowed, _is_plain(statement))
    return narrowed


def _is_plain(statement: Executable) -> bool:
    """Whether a statement asks for columns alone: no row of it becomes an entity, so the session has no part in it."""
    if not isinstance(statement, Select) or statement._execution_options:
        return False
    return all(one["expr"] is not one["entity"] for one in statement.column_descriptions)


def _forget(key: tuple[int, Viewer], gone: weakref.ref[Executable]) -> None:
    seen = _narrowed.get(key)
    if seen is not None and seen[0] is gone:  # else another statement has that address by now
        _narrowed.pop(key, None)


def _known(statement: Executable, viewer: Viewer) -> tuple[Executable, bool] | None:
    """What a statement was narrowed to before for this kind of viewer: then it is none of the machinery's."""
    seen = _narrowed.get((id(statement), viewer))
    return seen[1:] if seen is not None and seen[0]() is statement else None


def _only_machinery(state: ORMExecuteState) -> bool:
    return bool(state.all_mappers) and all(mapper.class_.scope_by == "none" for mapper in state.all_mappers)


def _on_execute(state: ORMExecuteState) -> Result[Any] | None:
    wall.follow(state.session)
    if state.is_column_load:
        return None
    viewer = viewer_of_current() if current_actor() is not None else None
    known = _known(state.statement, viewer) if viewer is not None else None
    if known is None and _only_machinery(state) and not bypasses(state.statement):
        return None
    if state.is_update or state.is_delete or state.is_insert:
        mapper = state.bind_mapper
        if mapper is None or mapper.class_.audited:
            raise OutsideScope("audited rows are written one by one, so that the audit sees them")
    actor = require_actor()
    state.statement = _narrow(state.statement, viewer or viewer_of_current())
    if not state.is_executemany:
        given = state.parameters if isinstance(state.parameters, dict) else {}
        state.parameters = {
            **given,
            "_scope_school": actor.school_id,
            "_scope_user": actor.user_id,
            "_scope_today": today(),
        }
    if known is not None and known[1] and _is_clean(state.session):
        # Columns alone need nothing of what the session does for entities, which takes longer than the statement.
        return state.session.connection(bind_arguments=state.bind_arguments).execute(known[0], state.parameters)
    return None


def _is_clean(session: Session) -> bool:
    """Whether nothing waits to be written, which a statement would have to find in the database."""
    return not (session.new or session.deleted or session.dirty)


def _on_flush(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    wall.follow(session)
    new, dirty = session.new, session.dirty  # each is gathered anew whenever it is asked for
    for row in [*new, *dirty, *session.deleted]:
        if not hasattr(type(row), "school_id") or type(row).scope_by == "none":
            continue
        actor = require_actor()
        if row.school_id is None:
            row.school_id = actor.school_id
        # Only the command line that makes a school acts for none (0).
        makes_school = actor.is_system and actor.school_id == 0
        if row.school_id != actor.school_id and not makes_school:
            raise OutsideScope("a row of another school cannot be written")
        if row in new and hasattr(type(row), "recorded_by_id") and row.recorded_by_id is None:
            row.recorded_by_id = actor.user_id
        if row in dirty and "school_id" in (state := inspect(row)).committed_state and _moves(state):
            raise OutsideScope("a row cannot move to another school")


def _moves(state: Any) -> bool:
    return bool(state.attrs["school_id"].history.has_changes())


def install(session_class: type[Session] | Any) -> None:
    """Hang the filter into a session class or a scoped session's maker, once."""
    if not event.contains(session_class, "do_orm_execute", _on_execute):
        event.listen(session_class, "do_orm_execute", _on_execute)
        event.listen(session_class, "before_flush", _on_flush)


def school_in_force() -> int | None:
    """In which school somebody acts, for the wall in the database."""
    actor = current_actor()
    return actor.school_id if actor is not None else None


def key_owner() -> str:
    """Whose form a form key belongs to."""
    actor = current_actor()
    return f"user:{actor.user_id}" if actor is not None else "nobody"


def forget() -> None:
    """Drop what is remembered, for tests that add classes."""
    _scopes.clear()
    _narrowed.clear()


__all__ = [
    "OutsideScope",
    "Select",
    "bypasses",
    "forget",
    "install",
    "key_owner",
    "school_in_force",
    "viewer_of_current",
]
