"""Reviews of a whole school are read from the reviews' side, however many they are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.review import queries
from tests.support.databases import sqlite_only

MANY = list(range(1, 201))


@sqlite_only("how SQLite finds rows without figures about its tables")
@pytest.mark.parametrize(
    ("statement", "table"),
    [("_JUDGEMENTS", "judgement"), ("_VERDICTS", "provision_judgement"), ("_ACTIONS", "action_item")],
)
@pytest.mark.parametrize("many", [MANY, [1]], ids=["many", "one"])
def test_what_stands_beside_reviews_is_found_by_the_reviews(
    as_system: Actor, many: list[int], statement: str, table: str
) -> None:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, words: str, given: Any, *_more: Any) -> None:
        sent.append((words, given))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        db.session.execute(getattr(queries, statement), {"review_ids": many}).all()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    words, given = sent[-1]
    plan = [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", given)]
    assert plan[0].startswith(f"SEARCH {table} USING")
    assert "review_id=?)" in plan[0]
    assert table == "action_item" or "USING INTEGER PRIMARY KEY" in plan[1]
