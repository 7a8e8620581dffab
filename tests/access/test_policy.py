"""The table and the one function that reads it: who may do what, asked of the function itself."""

from __future__ import annotations

import pytest

from graduated.access import actions
from graduated.access.policy import (
    LEAD,
    TABLE,
    Action,
    Answer,
    Area,
    Cell,
    Column,
    Hat,
    Power,
    Reach,
    Subject,
    cell_for,
    decide,
)
from graduated.rules.vocabulary import Role

ALLOW, REFUSE, HIDE = Answer.ALLOW, Answer.REFUSE, Answer.HIDE
ME, SOMEBODY = 7, 8
MY_GROUP, THEIR_GROUP = Subject(staff_ids=frozenset({ME, SOMEBODY})), Subject(staff_ids=frozenset({SOMEBODY}))
I_LEAD, THEY_LEAD = Subject(lead_id=ME), Subject(lead_id=SOMEBODY)


def test_more_power_includes_less_and_each_column_has_a_cell_in_each_row() -> None:
    assert [(one.name, int(one)) for one in Power] == [("NONE", 0), ("READ", 1), ("CONTRIBUTE", 2), ("WRITE", 3)]
    assert set(TABLE) == set(Area)
    assert {frozenset(row) for row in TABLE.values()} == {frozenset({*Role, LEAD})}


@pytest.mark.parametrize(
    ("area", "column", "cell"),
    [
        (Area.SESSIONS, Role.SENCO, Cell(Power.WRITE)),
        (Area.SESSIONS, Role.TEACHER, Cell(Power.WRITE, Reach.GROUPS)),
        (Area.SESSIONS, Role.PARENT, Cell(Power.READ, Reach.CHILD)),
        (Area.PLAN_DRAFT, LEAD, Cell(Power.WRITE, Reach.OWN)),
        (Area.PLAN_DRAFT, Role.TEACHER, Cell(Power.CONTRIBUTE, Reach.OWN)),
        (Area.INSIGHT, Role.TEACHER, Cell(Power.NONE)),
        (Area.RESTRICTED, Role.SAFEGUARDING, Cell(Power.WRITE)),
        (Area.REQUEST, Role.SENCO, Cell(Power.WRITE, Reach.ALL, frozenset({"build", "sign"}))),
        (Area.REQUEST, Role.YOUNG_PERSON, Cell(Power.READ, Reach.CHILD, frozenset({"consent"}))),
        (
            Area.AUDIT,
            Role.HEAD,
            Cell(Power.READ, also=frozenset({"erase", "authorise", "disclose", "decide", "leave"})),
        ),
        (Area.AUDIT, Role.DPO, Cell(Power.READ)),
    ],
)
def test_a_cell_says_the_power_how_far_it_reaches_and_the_special_acts(area: Area, column: Column, cell: Cell) -> None:
    assert TABLE[area][column] == cell


@pytest.mark.parametrize(
    ("roles", "action", "about", "answer"),
    [
        # The power of the cell against what is needed.
        ({Role.SENCO}, actions.PLAN_DRAFT, Subject(), ALLOW),
        ({Role.HEAD}, actions.PLAN_READ, Subject(), ALLOW),
        ({Role.HEAD}, actions.PLAN_CONTRIBUTE, Subject(), REFUSE),
        ({Role.TEACHER}, actions.PLAN_CONTRIBUTE, Subject(), ALLOW),
        ({Role.TEACHER}, actions.PLAN_DRAFT, Subject(), REFUSE),
        ({Role.ADMIN}, actions.PLAN_READ, Subject(), HIDE),
        ({Role.ADMIN}, actions.REVIEW_SEAL, Subject(), HIDE),
        (set(), actions.TODAY, Subject(), HIDE),
        (set(), actions.PUBLIC, Subject(), ALLOW),
        # Special acts: no power stands for them.
        ({Role.SENCO}, actions.REVIEW_SEAL, Subject(), ALLOW),
        ({Role.SEN_ASSISTANT}, actions.REVIEW_SEAL, Subject(), REFUSE),
        ({Role.HEAD}, actions.REQUEST_SIGN, Subject(), ALLOW),
        ({Role.HEAD}, actions.REQUEST_BUILD, Subject(), REFUSE),
        ({Role.DPO}, actions.ERASE, Subject(), REFUSE),
        # Leading a cycle counts for a teacher, and for nobody else.
        ({Role.TEACHER}, actions.PLAN_DRAFT, I_LEAD, ALLOW),
        ({Role.TEACHER}, actions.PLAN_DRAFT, THEY_LEAD, REFUSE),
        ({Role.SUPPORT}, actions.PLAN_DRAFT, I_LEAD, REFUSE),
        # Groups: one's own are written, others' are read.
        ({Role.TEACHER}, actions.SESSIONS_LOG, MY_GROUP, ALLOW),
        ({Role.TEACHER}, actions.SESSIONS_LOG, THEIR_GROUP, REFUSE),
        ({Role.TEACHER}, actions.SESSIONS_LOG, Subject(), ALLOW),
        ({Role.TEACHER}, actions.SESSIONS_READ, THEIR_GROUP, ALLOW),
        ({Role.SENCO}, actions.SESSIONS_LOG, THEIR_GROUP, ALLOW),
        ({Role.SENCO, Role.TEACHER}, actions.SESSIONS_LOG, THEIR_GROUP, ALLOW),
        # The row is that of what the page is about, within one kin.
        ({Role.SENCO}, actions.REVIEW_WRITE, Subject(area=Area.REVIEW_OPEN), ALLOW),
        ({Role.SENCO}, actions.REVIEW_WRITE, Subject(area=Area.REVIEW_SEALED), REFUSE),
        ({Role.SUPPORT}, actions.ASSESS_READ, Subject(area=Area.ASSESS), ALLOW),
        ({Role.SUPPORT}, actions.ASSESS_READ, Subject(area=Area.RESTRICTED), HIDE),
        ({Role.TEACHER}, actions.COST_READ, Subject(area=Area.PLAN_AGREED), HIDE),
        ({Role.SENCO}, actions.COST_WRITE, Subject(area=Area.REVIEW_SEALED), ALLOW),
        # Several roles: the strongest cell, and the special acts of all.
        ({Role.HEAD, Role.TEACHER}, actions.REQUEST_CONTRIBUTE, Subject(), ALLOW),
        ({Role.HEAD, Role.TEACHER}, actions.REQUEST_SIGN, Subject(), ALLOW),
        ({Role.ADMIN, Role.TEACHER}, actions.PLAN_READ, Subject(), ALLOW),
    ],
)
def test_the_answer_to_each_kind_of_wish(roles: set[Role], action: Action, about: Subject, answer: Answer) -> None:
    assert decide(frozenset(roles), ME, action, about) is answer


def test_nobody_leads_a_cycle_that_nobody_leads() -> None:
    assert decide(frozenset({Role.TEACHER}), None, actions.PLAN_DRAFT, Subject()) is REFUSE


def test_of_two_cells_alike_in_power_the_one_that_reaches_further_counts() -> None:
    both = frozenset({Role.SENCO, Role.TEACHER, Role.SUPPORT})
    assert cell_for(both, Area.SESSIONS) == Cell(Power.WRITE, Reach.ALL)
    assert cell_for(frozenset(), Area.SESSIONS) == Cell(Power.NONE)
    assert cell_for(frozenset({Role.TEACHER}), Area.PLAN_DRAFT, leads=True) == Cell(Power.WRITE, Reach.OWN)
    assert cell_for(frozenset({Role.TEACHER}), Area.PLAN_DRAFT) == Cell(Power.CONTRIBUTE, Reach.OWN)


def test_an_action_is_for_staff_known_people_and_no_device_unless_it_says_otherwise() -> None:
    plain = Action("plain", Area.SELF, Power.READ)
    assert (plain.special, plain.hat) == ("", Hat.STAFF)
    assert not any((plain.is_public, plain.any_power_will_do, plain.asks_again, plain.on_device))
    assert (Subject().pupil_id, Subject().lead_id, Subject().staff_ids, Subject().area) == (None, None, None, None)


@pytest.mark.parametrize(
    ("action", "writes"),
    [
        (actions.PLAN_READ, False),
        (actions.PLAN_CONTRIBUTE, True),
        (actions.PLAN_DRAFT, True),
        (actions.REQUEST_SIGN, True),
        (actions.PUBLIC, False),
    ],
)
def test_who_only_reads_is_refused_what_writes_or_is_special(action: Action, writes: bool) -> None:
    assert action.writes is writes
