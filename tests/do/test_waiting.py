"""Entries that waited on a device: counted once, sent by nobody else, dated for when they happened, naming no child."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from graduated.db.clock import held
from graduated.db.session import db
from graduated.do.models import GroupCover
from graduated.do.waiting import NotAnEntry, TakenBack, WaitingEntry, read_entry
from graduated.plan.models import Group, Place
from graduated.rules.vocabulary import AbsenceReason, CancelReason, SessionState
from tests.do.devices import YESTERDAY, Device, School, device
from tests.review.scene import NOW, TODAY


def test_an_entry_is_counted_once_however_often_it_is_sent(school: School) -> None:
    phone = device(school)
    entry = phone.entry(away=0)
    assert [phone.send(entry)["came"] for _ in range(3)] == ["saved"] * 3
    assert len(school.lines()) == 1


def _correct(school: School, phone: Device) -> None:
    (line,) = school.in_force()
    school.window("ta").send(f"/sessions/{line.session_id}/correct", minutes="10")


def _undo(school: School, phone: Device) -> None:
    (line,) = school.in_force()
    client = school.window("ta")
    client.post(f"/sessions/{line.session_id}/undo", data={"csrf_token": client.token()})


@pytest.mark.parametrize(
    ("between", "minutes"), [(None, 15), (_correct, 10), (_undo, 0)], ids=["nothing", "a correction", "an undo"]
)
def test_a_replay_leaves_what_was_done_since(
    school: School, between: Callable[[School, Device], None] | None, minutes: int
) -> None:
    phone = device(school)
    entry = phone.entry()
    phone.send(entry)
    if between is not None:
        between(school, phone)
    rows = len(school.lines())
    assert phone.send(entry)["came"] == "saved"
    assert (len(school.lines()), school.delivered()) == (rows, minutes)


def test_the_second_device_sees_what_stands_and_is_asked(school: School) -> None:
    first, second = device(school), device(school, "senco")
    first.send(first.entry())
    answer = second.send(second.entry(away=0))
    assert answer["came"] == "asks"
    assert "is logged already, by Sheila Tuck at 3.30 pm: 2 here." in answer["words"]
    assert answer["instead"] == "Mine is right: 1 here, 1 away"
    assert (len(school.lines()), school.delivered()) == (1, 15)


@pytest.mark.parametrize(
    ("settle", "in_force", "rows"), [("instead", 1, 2), ("another", 2, 2)], ids=["the same session", "another session"]
)
def test_the_second_device_settles_it_once(school: School, settle: str, in_force: int, rows: int) -> None:
    first, second = device(school), device(school)
    first.send(first.entry())
    entry = second.entry(away=0)
    stands = second.send(entry)["stands"]
    settled = {**entry, "settle": settle, "stands": stands}
    assert [second.send(settled)["came"] for _ in range(3)] == ["saved"] * 3
    assert (len(school.in_force()), len(school.lines())) == (in_force, rows)


def test_an_answer_to_an_entry_that_has_been_replaced_is_asked_again(school: School) -> None:
    first, second, third = device(school), device(school, "senco"), device(school)
    first.send(first.entry())
    entry, other = second.entry(away=0), third.entry(away=1)
    stands = second.send(entry)["stands"]
    third.send({**other, "settle": "instead", "stands": stands})
    answer = second.send({**entry, "settle": "instead", "stands": stands})
    assert answer["came"] == "asks" and answer["stands"] != stands
    assert len(school.in_force()) == 1


def test_delivered_and_not_held_do_not_both_count(school: School) -> None:
    phone = device(school)
    phone.send(phone.entry())
    answer = phone.send(phone.entry(state="cancelled", reason="trip", marks=[]))
    assert (answer["came"], answer["instead"]) == ("asks", "Mine is right: did not happen: trip or event")
    assert school.delivered() == 15


def test_an_entry_is_taken_from_nobody_but_who_made_it(school: School) -> None:
    phone = device(school)
    entry = phone.entry()
    assert phone.send(entry, who="senco")["came"] == "other"
    assert school.lines() == ()
    assert phone.send(entry)["came"] == "saved"
    assert school.in_force()[0].recorded_by == "Sheila Tuck"


def test_what_waits_is_of_no_use_to_anybody_else(school: School) -> None:
    phone, senco = device(school), device(school, "senco")
    assert phone.send({**phone.entry(), "owner": senco.owner}, who="senco")["came"] == "refused"
    assert school.lines() == ()


def test_references_differ_by_person_day_and_pupil_and_are_the_same_on_two_devices(school: School) -> None:
    mine, again, senco = device(school), device(school), device(school, "senco")
    yesterday = device(school, day=YESTERDAY)
    assert (mine.owner, mine.sheet, mine.places) == (again.owner, again.sheet, again.places)
    known = [mine.owner, mine.sheet, *mine.places, senco.owner, senco.sheet, *senco.places]
    assert len({*known, yesterday.sheet, *yesterday.places}) == len(known) + 3
    assert all(re.fullmatch(r"[0-9a-f]{24}", one) for one in known)


def test_an_entry_sent_late_has_the_day_it_happened_and_the_moment_it_was_recorded(school: School) -> None:
    with school.day_before():
        phone = device(school, day=YESTERDAY)
    phone.send(phone.entry())
    (line,) = school.in_force()
    assert (line.held_on, line.recorded_at.date(), line.days_late) == (YESTERDAY, TODAY, 1)
    assert "entered 1 day later" in school.window("ta").text(f"/groups/{school.scene.group_id}/sessions")


def test_who_covered_a_group_may_send_the_day_after_what_happened_on_that_day(school: School) -> None:
    with school.day_before():
        other = school.world.users["other_teacher"]
        school.window("ta").send(f"/groups/{school.scene.group_id}/cover", user_id=str(other))
        phone = device(school, "other_teacher", YESTERDAY)
    assert school.window("other_teacher").status(f"/groups/{school.scene.group_id}/log") == 404
    assert phone.send(phone.entry(away=1))["came"] == "saved"
    (line,) = school.in_force()
    assert (line.held_on, line.recorded_by, line.here) == (YESTERDAY, "Nadia Begum", 1)
    assert phone.send({**phone.entry(), "on": TODAY.isoformat()})["came"] == "refused"


def test_who_covered_and_corrects_leaves_pupils_out_of_their_sight_as_they_were(school: School) -> None:
    first = device(school, day=YESTERDAY)
    first.send(first.entry(away=1))
    with school.day_before():
        other = school.world.users["other_teacher"]
        school.window("ta").send(f"/groups/{school.scene.group_id}/cover", user_id=str(other))
        phone = device(school, "other_teacher", YESTERDAY)
    entry = phone.entry()
    entry["marks"] = entry["marks"][:1]
    stands = phone.send(entry)["stands"]
    phone.send({**entry, "settle": "instead", "stands": stands})
    (line,) = school.in_force()
    assert len(line.presences) == 2


def test_who_no_longer_runs_the_group_is_told_so(school: School) -> None:
    phone = device(school)

    def move() -> None:
        db.session.query(Group).filter(Group.id == school.scene.group_id).one().staff_id = school.world.users["lead"]

    school.change(move)
    answer = phone.send(phone.entry())
    assert answer["came"] == "refused" and "You no longer log this group" in answer["words"]
    assert school.lines() == ()


def test_a_pupil_who_had_no_place_that_day_after_all_stops_the_entry(school: School) -> None:
    phone = device(school)

    def leave() -> None:
        place = db.session.query(Place).filter(Place.pupil_id == school.world.pupils["idris"]).one()
        place.ends = TODAY - timedelta(days=3)

    school.change(leave)
    assert "have changed since" in phone.send(phone.entry())["words"]
    assert school.lines() == ()


def test_a_day_to_come_is_refused(school: School) -> None:
    with held(NOW + timedelta(days=1)):
        phone = device(school, day=TODAY + timedelta(days=1))
        entry = phone.entry()
    school.windows.clear()
    assert "The date lies ahead" in phone.send(entry)["words"]


def test_a_note_sent_with_the_entry_stays_when_the_entry_is_replayed_without_it(school: School) -> None:
    phone = device(school)
    entry = phone.entry()
    phone.send({**entry, "note": "Zofia led the game."})
    phone.send(entry)
    (line,) = school.in_force()
    assert line.note == "Zofia led the game."


def test_a_note_that_comes_after_its_entry_is_added(school: School) -> None:
    phone = device(school)
    entry = phone.entry()
    phone.send(entry)
    phone.send({**entry, "note": "Zofia led the game."})
    assert [line.note for line in school.in_force()] == ["Zofia led the game."]


@pytest.mark.parametrize("arrived", [True, False], ids=["it had arrived", "it never arrived"])
def test_what_was_taken_back_on_the_device_does_not_count(school: School, arrived: bool) -> None:
    phone = device(school)
    entry = phone.entry()
    if arrived:
        phone.send(entry)
    back = {"undo": True, "owner": phone.owner, "reference": entry["reference"]}
    assert [phone.send(back)["came"] for _ in range(2)] == ["saved"] * 2
    assert school.in_force() == []


def test_nobody_takes_back_the_entry_of_somebody_else(school: School) -> None:
    phone, senco = device(school), device(school, "senco")
    entry = phone.entry()
    phone.send(entry)
    senco.send({"undo": True, "owner": senco.owner, "reference": entry["reference"]})
    assert len(school.in_force()) == 1


def test_no_answer_names_a_child_or_is_kept_by_the_browser(school: School) -> None:
    phone = device(school)
    client = school.window("ta")
    token = client.get("/entries/mine")
    first = client.post("/entries", json=phone.entry(), headers={"X-CSRFToken": token.json["token"]})
    second = client.post("/entries", json=phone.entry(), headers={"X-CSRFToken": token.json["token"]})
    for answer in (token, first, second):
        assert answer.headers["Cache-Control"] == "no-store"
        assert not any(name in answer.text for name in ("Zofia", "Szyma", "Idris", "Hussain"))


def test_a_signed_out_device_and_a_stale_token_are_told_apart(school: School) -> None:
    phone = device(school)
    client, stranger = school.window("ta"), school.app.test_client()
    assert stranger.get("/entries/mine", headers={"HX-Request": "true"}).status_code == 401
    stale = client.post("/entries", json=phone.entry(), headers={"X-CSRFToken": "stale", "HX-Request": "true"})
    assert stale.status_code == 419
    assert school.lines() == ()


GOOD: dict[str, Any] = {
    "owner": "a" * 24,
    "reference": "b" * 24,
    "sheet": "c" * 24,
    "on": "2026-11-24",
    "state": "delivered",
    "minutes": 30,
    "marks": [{"place": "d" * 24, "here": False, "why": "withdrew"}],
}


def test_an_entry_is_read_into_codes() -> None:
    entry = read_entry(GOOD)
    assert isinstance(entry, WaitingEntry)
    assert (entry.state, entry.on, entry.marks[0].why) == (
        SessionState.DELIVERED, date(2026, 11, 24), AbsenceReason.WITHDREW
    )  # fmt: skip
    cancelled = read_entry({**GOOD, "state": "cancelled", "reason": "room", "marks": []})
    assert isinstance(cancelled, WaitingEntry) and cancelled.reason is CancelReason.ROOM
    assert read_entry({"owner": "a" * 24, "reference": "b" * 24, "undo": True}) == TakenBack("a" * 24, "b" * 24)


@pytest.mark.parametrize(
    "wrong",
    [
        {"owner": "Sheila"},
        {"reference": 7},
        {"sheet": None},
        {"on": "tomorrow"},
        {"on": None},
        {"state": "withdrawn"},
        {"minutes": "30"},
        {"minutes": True},
        {"minutes": 0},
        {"minutes": 601},
        {"marks": "all"},
        {"marks": 0},
        {"marks": {}},
        {"minutes": 30.5},
        {"marks": [GOOD["marks"][0]] * 2},
        {"marks": [{"place": "d" * 24, "here": "yes"}]},
        {"marks": [{"place": "d" * 24, "here": False, "why": "dentist"}]},
        {"marks": [{"place": "d" * 24, "here": True, "reading": "much better"}]},
        {"marks": [{"place": "d" * 24, "here": True, "note": "x" * 501}]},
        {"reason": "rain"},
        {"note": "x" * 1001},
        {"note": 5},
        {"settle": "both"},
        {"stands": "1"},
        {"state": ["delivered"]},
        {"settle": ["another"]},
        {"settle": {}},
        {"settle": False},
        {"reason": ["trip"]},
        {"reason": 0},
        {"note": "half a character \ud800"},
        {"on": "２０２６-11-24"},
        {"marks": [{"place": "d" * 24, "here": True, "reading": "٣"}]},
    ],
    ids=str,
)
def test_anything_else_is_no_entry(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotAnEntry):
        read_entry({**GOOD, **wrong})


def test_a_number_of_json_may_be_written_with_a_point() -> None:
    entry = read_entry({**GOOD, "minutes": 30.0, "stands": None})
    assert isinstance(entry, WaitingEntry) and entry.minutes == 30 and entry.stands is None


def test_a_note_has_no_nul() -> None:
    entry = read_entry({**GOOD, "note": "Led\0 the game"})
    assert isinstance(entry, WaitingEntry) and entry.note == "Led the game"


def test_what_is_nested_without_end_is_no_entry(school: School) -> None:
    client = school.window("ta")
    token = client.get("/entries/mine").json["token"]
    for body in ("[" * 30_000, "not json", "\xff"):
        answer = client.post("/entries", data=body, content_type="application/json", headers={"X-CSRFToken": token})
        assert answer.status_code == 400


def test_a_reference_that_stands_for_another_entry_is_not_taken_again(school: School) -> None:
    phone, senco = device(school), device(school, "senco")
    entry = phone.entry()
    phone.send(entry)
    assert senco.send(senco.entry(reference=entry["reference"]))["came"] == "refused"
    assert len(school.lines()) == 1


@pytest.mark.parametrize("sent", [None, [], "entry", 5])
def test_what_is_not_even_an_object_is_no_entry(sent: Any) -> None:
    with pytest.raises(NotAnEntry):
        read_entry(sent)


def test_cover_of_another_day_opens_nothing(school: School) -> None:
    def cover() -> None:
        row = GroupCover(group_id=school.scene.group_id, user_id=school.world.users["other_teacher"], on=YESTERDAY)
        db.session.add(row)

    school.change(cover)
    phone = device(school)
    assert (
        phone.send({**phone.entry(), "owner": _owner(school, "other_teacher")}, who="other_teacher")["came"]
        == "refused"
    )
    assert school.lines() == ()


def _owner(school: School, who: str) -> str:
    return str(school.window(who).get("/entries/mine").json["owner"])
