"""By PIN an entry says who was here today and who was away, for the usual length; all else needs a full sign-in."""

from __future__ import annotations

from typing import Any

import pytest

from graduated.db.clock import held
from tests.do.devices import YESTERDAY, Device, School, device
from tests.do.test_on_a_device import by_pin, tablet
from tests.review.scene import NOW, TODAY
from tests.support.client import PageClient

__all__ = ["tablet"]


def hand_in(tablet: PageClient, entry: dict[str, Any]) -> dict[str, Any]:
    """What the tablet says of an entry."""
    token = tablet.get("/entries/mine").json["token"]
    answer = tablet.post("/entries", json=entry, headers={"X-CSRFToken": token})
    assert answer.status_code == 200
    return dict(answer.json)


def settled(tablet: PageClient, phone: Device, how: str, stands: int) -> dict[str, Any]:
    """Hand in an entry that says what is to become of the one that stands."""
    return hand_in(tablet, phone.entry(away=0, settle=how, stands=stands))


def with_marks(phone: Device, **more: Any) -> dict[str, Any]:
    """An entry of which every mark says more than here or away."""
    plain = phone.entry()
    return {**plain, "marks": [{**mark, **more} for mark in plain["marks"]]}


def test_who_was_here_and_why_somebody_was_away_is_taken(school: School, tablet: PageClient) -> None:
    phone = device(school)
    by_pin(tablet)
    assert hand_in(tablet, phone.entry(away=0))["came"] == "saved"
    (line,) = school.in_force()
    assert (line.here, line.minutes) == (1, 15)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"note": "A PIN wrote this"}, "No notes are written with a PIN"),
        ({"minutes": 600}, "usual length, here 15 minutes"),
    ],
)
def test_a_note_or_another_length_is_refused(
    school: School, tablet: PageClient, more: dict[str, Any], says: str
) -> None:
    entry = device(school).entry(**more)
    by_pin(tablet)
    answer = hand_in(tablet, entry)
    assert answer["came"] == "refused"
    assert says in answer["words"] and "sign in with your email address and password" in answer["words"]
    assert school.lines() == ()


@pytest.mark.parametrize("more", [{"note": "Tearful"}, {"reading": "12"}, {"took": "high"}])
def test_words_and_figures_of_a_pupil_are_refused(school: School, tablet: PageClient, more: dict[str, Any]) -> None:
    entry = with_marks(device(school), **more)
    by_pin(tablet)
    assert hand_in(tablet, entry)["came"] == "refused"
    assert school.lines() == ()


def test_an_entry_of_yesterday_waits_for_a_full_sign_in(school: School, tablet: PageClient) -> None:
    with held(NOW.replace(day=YESTERDAY.day)):
        entry = device(school, day=YESTERDAY).entry()
    school.windows.clear()
    by_pin(tablet)
    assert "of another day" in hand_in(tablet, entry)["words"]
    assert school.lines() == ()
    assert device(school).send(entry)["came"] == "saved"


def test_another_adults_entry_is_neither_replaced_nor_doubled(school: School, tablet: PageClient) -> None:
    school.window("senco").send(f"/groups/{school.scene.group_id}/log", note="He read to me")
    (line,) = school.in_force()
    phone = device(school)
    by_pin(tablet)
    plain = hand_in(tablet, phone.entry(away=0))
    assert plain["came"] == "refused" and "is logged already" in plain["words"]
    for how in ("instead", "another"):
        answer = settled(tablet, phone, how, line.session_id)
        assert answer["came"] == "refused" and "Somebody else has logged this session" in answer["words"]
    assert [one.note for one in school.lines()] == ["He read to me"]


@pytest.mark.parametrize(("how", "count"), [("instead", 1), ("another", 2)])
def test_ones_own_entry_is_settled(school: School, tablet: PageClient, how: str, count: int) -> None:
    phone = device(school)
    by_pin(tablet)
    assert hand_in(tablet, phone.entry())["came"] == "saved"
    (line,) = school.in_force()
    assert hand_in(tablet, phone.entry(away=0))["came"] == "asks"
    assert settled(tablet, phone, how, line.session_id)["came"] == "saved"
    assert len(school.in_force()) == count


def test_an_earlier_days_entry_is_not_moved_or_taken_back_by_its_number(school: School, tablet: PageClient) -> None:
    with held(NOW.replace(day=YESTERDAY.day)):
        earlier = device(school, day=YESTERDAY)
        sent = earlier.entry()
        earlier.send(sent)
    school.windows.clear()
    phone = device(school)
    by_pin(tablet)
    assert hand_in(tablet, phone.entry(away=0, reference=sent["reference"]))["came"] == "saved"  # as sent before
    tablet.send("/device/groups", 0, client_reference=sent["reference"])
    assert "That entry is of another day" in tablet.text("/device/groups")
    back = hand_in(tablet, {"owner": phone.owner, "reference": sent["reference"], "undo": True})
    assert back["came"] == "other"
    (line,) = school.in_force()
    assert line.held_on == YESTERDAY


@pytest.mark.parametrize("typed", [{"note": "A PIN wrote this"}, {"minutes": "600"}])
def test_the_form_without_a_script_takes_no_more(school: School, tablet: PageClient, typed: dict[str, str]) -> None:
    by_pin(tablet)
    tablet.send("/device/groups", 0, **typed)
    assert school.lines() == ()
    assert "is not logged" in tablet.text("/device/groups")
    assert TODAY not in {line.held_on for line in school.lines()}
