"""Every table with a way to a pupil goes to the next school, or stays for a reason that is written down."""

from __future__ import annotations

from flask import Flask

from graduated.db.base import Base
from graduated.transfer.tables import EXEMPT, LEFT_OUT, OF_PUPIL, OF_SCHOOL, SEALS, TOLD, in_order, links_of, models


def _with_a_way_to_a_pupil() -> set[str]:
    """Tables below a pupil, and those of the school that one of them points at or that point at a group."""
    below = {one.name for one in Base.metadata.tables.values() if "pupil_id" in one.columns}
    pointed_at = {
        key.column.table.name
        for name in below
        for column in Base.metadata.tables[name].columns
        for key in column.foreign_keys
    }
    return (below | pointed_at) - {"pupil", "school", "user", "job"}


def test_every_table_goes_or_stays_for_a_reason(app: Flask) -> None:
    known = {*OF_PUPIL, *OF_SCHOOL, *SEALS, *TOLD, *EXEMPT}
    assert _with_a_way_to_a_pupil() - known == set()


def test_no_list_names_a_table_that_is_not_there_or_is_in_two(app: Flask) -> None:
    named = [*OF_PUPIL, *OF_SCHOOL, *SEALS, *TOLD, *EXEMPT]
    assert len(named) == len(set(named))
    assert set(named) - set(models()) == set()
    assert all(reason for reason in (*EXEMPT.values(), *LEFT_OUT.values(), *TOLD.values()))


def test_every_row_that_goes_comes_after_those_it_points_at(app: Flask) -> None:
    seen = {"user"}
    for table in in_order():
        assert set(links_of(table).values()) - {table} <= seen, table
        seen.add(table)


def test_no_secret_of_an_account_goes(app: Flask) -> None:
    going = {*OF_PUPIL, *OF_SCHOOL, *SEALS, *TOLD}
    assert not going & {"user", "credential", "second_factor", "recovery_code", "membership", "sign_in_session"}
