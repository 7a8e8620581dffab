"""What each kind of viewer may see of each class, as SQL conditions with bound parameters.

Tables are named through the metadata, so that this floor need not import those above it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, Select, Table, and_, bindparam, exists, false, or_, select, true

from graduated.db.base import Base
from graduated.rules.vocabulary import CycleStatus, Relationship, ReviewStatus, Visibility

SCHOOL = bindparam("_scope_school", type_=Integer)
USER = bindparam("_scope_user", type_=Integer)
TODAY: Any = bindparam("_scope_today", type_=Date)


class Viewer(NamedTuple):
    """A kind of viewer; people of one kind share their conditions and differ in the bound values.

    kind: system, whole (the school), own (pupils), office (no plans), family, audit, device (a PIN: the own groups).
    level: 0 no restricted papers, 1 restricted, 2 also those kept to the safeguarding lead.
    """

    kind: str
    level: int = 0
    is_parent_here: bool = False


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _current(table: Table, starts: str = "starts", ends: str = "ends") -> ColumnElement[bool]:
    return and_(table.c[starts] <= TODAY, or_(table.c[ends].is_(None), table.c[ends] >= TODAY))


@cache
def own_pupils() -> Select[Any]:
    """Pupils assigned to the person today, by whatever reason."""
    assignment = _table("assignment")
    return select(assignment.c.pupil_id).where(
        assignment.c.user_id == USER, assignment.c.school_id == SCHOOL, _current(assignment)
    )


@cache
def linked_children() -> Select[Any]:
    """Children that a member of staff is an adult of: never to be seen on the staff pages."""
    link, adult = _table("family_link"), _table("adult")
    return (
        select(link.c.pupil_id)
        .join(adult, adult.c.id == link.c.adult_id)
        .where(adult.c.user_id == USER, link.c.school_id == SCHOOL)
    )


@cache
def family_children() -> Select[Any]:
    """Children whose plan this adult may read today: may view, no bar in force, the young person's wish kept."""
    link, adult, bar, pupil = _table("family_link"), _table("adult"), _table("bar"), _table("pupil")
    barred = exists().where(bar.c.family_link_id == link.c.id, _current(bar))
    return (
        select(link.c.pupil_id)
        .join(adult, adult.c.id == link.c.adult_id)
        .join(pupil, pupil.c.id == link.c.pupil_id)
        .where(
            adult.c.user_id == USER,
            link.c.school_id == SCHOOL,
            link.c.may_view.is_(True),
            ~barred,
            or_(
                and_(link.c.relationship == Relationship.SELF.value, pupil.c.rights_pass_on <= TODAY),
                and_(
                    link.c.relationship != Relationship.SELF.value,
                    or_(pupil.c.rights_pass_on > TODAY, link.c.young_person_agrees.is_(True)),
                ),
            ),
        )
    )


@cache
def _sent_cycles() -> Select[Any]:
    cycle = _table("cycle")
    return select(cycle.c.id).where(
        cycle.c.school_id == SCHOOL,
        or_(
            cycle.c.sent_on.is_not(None),
            cycle.c.status.in_([CycleStatus.AGREED.value, CycleStatus.REVIEWED.value]),
        ),
    )


@cache
def _sealed_reviews() -> Select[Any]:
    review = _table("review")
    return select(review.c.id).where(review.c.school_id == SCHOOL, review.c.status == ReviewStatus.SEALED.value)


@cache
def _replaced_decisions() -> Select[Any]:
    """Decisions of planning meetings that were corrected: the family reads the newer one, or none."""
    newer = _table("planning_decision").alias("newer_decision")
    return select(newer.c.replaces_id).where(newer.c.school_id == SCHOOL, newer.c.replaces_id.is_not(None))


@cache
def _staff_users(family: bool) -> Any:
    member, adult = _table("membership"), _table("adult")
    staff = select(member.c.user_id).where(
        member.c.school_id == SCHOOL, member.c.role.not_in(["parent", "young-person"])
    )
    if family:
        return staff
    both: Any = select(member.c.user_id).where(member.c.school_id == SCHOOL)
    return both.union(select(adult.c.user_id).where(adult.c.school_id == SCHOOL, adult.c.user_id.is_not(None)))


@cache
def _groups_of(children_only: bool) -> Select[Any]:
    place = _table("place")
    pupils = family_children() if children_only else own_pupils()
    return select(place.c.group_id).where(place.c.school_id == SCHOOL, place.c.pupil_id.in_(pupils))


@cache
def _groups_i_run() -> Select[Any]:
    group = _table("group")
    return select(group.c.id).where(group.c.school_id == SCHOOL, group.c.staff_id == USER)


@cache
def _groups_on_device() -> Select[Any]:
    """Groups that the person runs, or covers today."""
    group, cover = _table("group"), _table("group_cover")
    covered = select(cover.c.group_id).where(cover.c.school_id == SCHOOL, cover.c.user_id == USER, cover.c.on == TODAY)
    return select(group.c.id).where(group.c.school_id == SCHOOL, or_(group.c.staff_id == USER, group.c.id.in_(covered)))


@cache
def _pupils_on_device() -> Select[Any]:
    """Pupils who have a place in such a group today."""
    place = _table("place")
    return select(place.c.pupil_id).where(
        place.c.school_id == SCHOOL, place.c.group_id.in_(_groups_on_device()), _current(place)
    )


_ON_DEVICE = frozenset(
    {
        "pupil", "group", "place", "group_cover", "delivered_session", "presence",
        "intervention", "measure", "user", "term", "school",
    }
)  # fmt: skip
"""Tables of which a sign-in by PIN sees anything at all: what the log of one's own groups needs, and no more."""


@cache
def _released(table: str) -> Select[Any]:
    """Restricted rows of a table that somebody released to this person by name, for today."""
    release = _table("restricted_release")
    column = release.c[f"{table}_id"]
    return select(column).where(
        release.c.school_id == SCHOOL, release.c.user_id == USER, column.is_not(None), _current(release)
    )


_MARKED = {
    "observation": (("observation", "id"), ("observation", "replaces_id")),
    "concern": (("concern", "id"),),
    "concern_note": (("concern", "concern_id"),),
    "concern_action": (("concern", "concern_id"),),
}
"""Tables whose rows can be marked as restricted, or belong to a row that can: of which table, by which column."""


def _readable(level: int) -> list[Visibility]:
    """What somebody may read who sees nothing, what is restricted, or all of it."""
    return [Visibility.FAMILY, Visibility.STAFF, Visibility.RESTRICTED, Visibility.KEPT][: 2 + level]


@cache
def _shut(table: str, level: int) -> Select[Any]:
    """Rows of a table that carry a mark above what somebody of this level may read."""
    mark = _table("restriction")
    column = mark.c[f"{table}_id"]
    closed = [one.value for one in Visibility if one not in _readable(level)]
    return select(column).where(mark.c.school_id == SCHOOL, column.is_not(None), mark.c.level.in_(closed))


def _marked(cls: Any, level: int, *, released: bool) -> list[ColumnElement[bool]]:
    """Without entries that are marked, but for those that were released to the person by name."""
    found: list[ColumnElement[bool]] = []
    for table, name in _MARKED.get(cls.__tablename__, ()) if level < 2 else ():
        column = getattr(cls, name)
        ways = [column.is_(None), column.not_in(_shut(table, level))]
        found.append(or_(*ways, *([column.in_(_released(table))] if released else ())))
    return found


def criterion(cls: Any, viewer: Viewer) -> ColumnElement[bool] | None:
    """The condition that narrows a class for a kind of viewer; none for the tables of the machinery."""
    if cls.scope_by == "none":
        return None
    if viewer.kind == "system":
        return _school_only(cls)
    if viewer.kind == "family":
        return _family(cls)
    if viewer.kind == "audit" and cls.scope_by in {"pupil", "pupil-itself", "group", "by-group"}:
        return false()
    if viewer.kind == "office" and not cls.office:
        return false()
    if viewer.kind == "device" and cls.__tablename__ not in _ON_DEVICE:
        return false()
    return _staff(cls, viewer)


def _school_only(cls: Any) -> ColumnElement[bool] | None:
    if cls.scope_by == "school-itself":
        return cls.id == SCHOOL  # type: ignore[no-any-return]
    if cls.scope_by == "people":
        return cls.id.in_(_staff_users(False))  # type: ignore[no-any-return]
    if cls.scope_by == "user":
        return cls.user_id == USER  # type: ignore[no-any-return]
    return cls.school_id == SCHOOL  # type: ignore[no-any-return]


def _groups_in_sight(group: Any, viewer: Viewer) -> Any:
    if viewer.kind == "device":
        return group.in_(_groups_on_device())
    return or_(group.in_(_groups_i_run()), group.in_(_groups_of(False))) if viewer.kind == "own" else true()


def _staff(cls: Any, viewer: Viewer) -> ColumnElement[bool] | None:
    where = _school_only(cls)
    if cls.scope_by in {"school", "school-itself", "people", "user", "audit"}:
        if cls.scope_by == "audit" and viewer.kind in {"own", "office"}:
            return false()
        return where
    if where is None:
        return None
    if cls.scope_by in {"group", "by-group"}:
        group = cls.id if cls.scope_by == "group" else cls.group_id
        return and_(where, _groups_in_sight(group, viewer))
    pupil = cls.id if cls.scope_by == "pupil-itself" else cls.pupil_id
    if viewer.kind in {"own", "device"}:
        where = and_(where, pupil.in_(own_pupils() if viewer.kind == "own" else _pupils_on_device()))
    if viewer.is_parent_here:
        where = and_(where, pupil.not_in(linked_children()))
    if hasattr(cls, "visibility") and viewer.level < 2:
        readable = cls.visibility.in_(_readable(viewer.level))
        where = and_(where, or_(readable, cls.id.in_(_released(cls.__tablename__))))
    if cls.__tablename__ == "restriction" and viewer.level < 2:  # who may not know of an entry does not of its mark
        of = [cls.observation_id.in_(_released("observation")), cls.concern_id.in_(_released("concern"))]
        where = and_(where, or_(cls.level.in_(_readable(viewer.level)), *of))
    return and_(where, *_marked(cls, viewer.level, released=True))


def _family(cls: Any) -> ColumnElement[bool] | None:
    rule = cls.family
    if rule == "never":
        return false()
    if cls.scope_by in {"school-itself", "user"}:
        return _school_only(cls)
    if rule == "staff-names":
        return or_(cls.id.in_(_staff_users(True)), cls.id == USER)
    where = cls.school_id == SCHOOL
    if rule == "staff-rows":
        return and_(where, cls.user_id.in_(_staff_users(True)))
    if rule == "own-user":
        return and_(where, cls.user_id == USER)
    if cls.scope_by == "school":
        return where  # type: ignore[no-any-return]
    children = family_children()
    if cls.scope_by in {"group", "by-group"}:
        group = cls.id if cls.scope_by == "group" else cls.group_id
        return and_(where, group.in_(_groups_of(True)))
    pupil = cls.id if cls.scope_by == "pupil-itself" else cls.pupil_id
    return and_(where, pupil.in_(children), *_marked(cls, 0, released=False), *_family_rule(cls, rule))


def _family_rule(cls: Any, rule: str) -> list[ColumnElement[bool]]:
    adult = _table("adult")
    me = select(adult.c.id).where(adult.c.user_id == USER, adult.c.school_id == SCHOOL)
    rules: dict[str, Callable[[], list[ColumnElement[bool]]]] = {
        "always": list,
        "mine": list,
        "sent": lambda: [cls.id.in_(_sent_cycles())],
        "in-sent-cycle": lambda: [cls.cycle_id.in_(_sent_cycles())],
        "sealed": lambda: [cls.id.in_(_sealed_reviews())],
        "in-sealed-review": lambda: [cls.review_id.in_(_sealed_reviews())],
        "visible": lambda: [cls.visibility == Visibility.FAMILY],
        "own-link": lambda: [cls.adult_id.in_(me)],
        "own-or-shared-view": lambda: [
            or_(cls.adult_id.is_(None), cls.adult_id.in_(me), cls.shared_with_family.is_(True))
        ],
        "shared-decision": lambda: [cls.shared_with_family.is_(True), cls.id.not_in(_replaced_decisions())],
    }
    if rule not in rules:
        raise LookupError(f"no family rule is called {rule!r}")
    return rules[rule]()
