"""A shared tablet: a PIN logs one's own groups of today on that device, and opens nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from graduated.access import devices, entry
from graduated.access.criteria import _ON_DEVICE
from graduated.access.identity import acting, system_actor
from graduated.audit.models import ChangeDetail
from graduated.db.base import Base
from graduated.db.clock import held
from graduated.db.session import db
from graduated.do.models import GroupCover
from graduated.people import services_devices
from graduated.people.models import Membership
from graduated.people.models_devices import SchoolDevice
from graduated.people.sign_in import hash_token
from graduated.plan.models import Group
from tests.access.stage import rules_of
from tests.do.devices import School
from tests.register.counting import counted
from tests.review.scene import NOW, TODAY
from tests.support.client import PageClient
from tests.support.world import PASSWORD, email_of

PIN = "739462"
OPEN_BY_PIN = {
    "do.on_device",
    "do.log_on_device",
    "do.missed_on_device",
    "do.undo_on_device",
    "do.my_entries",
    "do.hand_in",
}


def browser(app: Flask) -> PageClient:
    """Another browser."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


def set_pin(tablet: PageClient, who: str, pin: str = PIN) -> None:
    """Sign in fully on the tablet, set a PIN, and sign out."""
    tablet.sign_in(who)
    tablet.send("/account/pin", pin=pin, again=pin)
    sign_out(tablet)


def sign_out(tablet: PageClient) -> str:
    """Out, by the button of the page; where it leads."""
    text = tablet.get("/account").text if tablet.status("/account") == 200 else tablet.get("/device/groups").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', text)
    assert token is not None
    return tablet.post("/sign-out", data={"csrf_token": token.group(1)}).headers["Location"]


def by_pin(tablet: PageClient, pin: str = PIN, status: int = 303, **typed: Any) -> str:
    """Initials and PIN; what the answer says."""
    return tablet.send("/device", status=status, pin=pin, **typed).text


@pytest.fixture
def tablet(school: School) -> Iterator[PageClient]:
    """A tablet that the office registered while signed in on it; the group's adult has a PIN on it."""
    client = browser(school.app).sign_in("admin")
    client.send("/school/devices/add", name="Tablet, Year 3", which="here")
    sign_out(client)
    set_pin(client, "ta")
    yield client


def test_a_pin_opens_the_group_of_today_with_short_names_and_logs_it(school: School, tablet: PageClient) -> None:
    text = tablet.text("/device")
    assert "ST" in text and "Sheila" not in text and "Tuck" not in text
    by_pin(tablet)
    page = tablet.text("/")
    assert "My groups today" in page and "Zofia S" in page and "Szymańska" not in page and "Both here" in page
    assert "Add a note" not in page and "See the log" not in page
    tablet.send("/device/groups", 0)
    (line,) = school.in_force()
    assert (line.here, line.recorded_by) == (2, "Sheila Tuck")
    assert "2 here, by you" in tablet.text("/device/groups")
    tablet.send("/device/groups", 0)
    assert school.in_force() == []


def test_a_pin_opens_no_other_route_of_the_app(school: School, tablet: PageClient) -> None:
    by_pin(tablet)
    groups = tablet.get("/device/groups").text
    assert 'href="/account"' not in groups, "the name in the header leads nowhere from a tablet that many use"
    token = re.search(r'name="csrf-token" content="([^"]+)"', groups)
    assert token is not None
    values: dict[str, Any] = {
        "pupil_id": school.world.pupils["zofia"],
        "group_id": school.scene.group_id,
        "cycle_id": school.scene.cycle_id,
    }
    opened, asked = set(), 0
    for rule in rules_of(school.app):
        action = getattr(school.app.view_functions[rule.endpoint], "action")  # noqa: B009
        if action.is_public:  # as for somebody who is not signed in
            continue
        with school.app.test_request_context():
            path = school.app.url_for(rule.endpoint, **{name: values.get(name, 1) for name in rule.arguments})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            asked += 1
            answer = tablet.open(path, method=method, data={"csrf_token": token.group(1)} if method == "POST" else None)
            if answer.status_code != 404:
                opened.add(rule.endpoint)
            answer.close()
    assert asked > 300
    assert opened <= OPEN_BY_PIN, sorted(opened - OPEN_BY_PIN)
    assert {"do.on_device", "do.log_on_device", "do.my_entries"} <= opened


def test_a_pin_sees_no_row_that_the_log_does_not_need(school: School, tablet: PageClient) -> None:
    with school.app.app_context():
        ta = entry.member_of_staff(school.world.users["ta"], school.world.school_id)
        assert ta is not None
        seen = {}
        with acting(replace(ta, on_device="Tablet, Year 3")):
            for mapper in Base.registry.mappers:
                if mapper.class_.scope_by != "none":
                    seen[mapper.class_.__tablename__] = db.session.scalar(
                        select(func.count()).select_from(mapper.class_)
                    )
    assert {name for name, count in seen.items() if count} <= _ON_DEVICE
    assert seen["pupil"] == 2 and seen["group"] == 1


def test_five_wrong_pins_close_it_on_that_device_until_a_full_sign_in_there(school: School, tablet: PageClient) -> None:
    for _number in range(4):
        assert "not the PIN of these initials" in by_pin(tablet, "408175", status=422)
    assert "Too many wrong PINs" in by_pin(tablet, "408175", status=429)
    assert "Too many wrong PINs" in by_pin(tablet, PIN, status=429)
    office = school.window("senco")
    told = office.text("/school/staff/wrong-tries")
    assert "Sheila Tuck5" in told and "Tablet, Year 3" in told
    assert "Locked after wrong PINs" in office.text("/school/devices")
    browser(school.app).sign_in("ta")  # elsewhere: the tablet stays closed
    assert "Too many wrong PINs" in by_pin(tablet, PIN, status=429)
    tablet.sign_in("ta")
    sign_out(tablet)
    by_pin(tablet)


def test_a_right_pin_forgives_the_wrong_ones_before_it(tablet: PageClient) -> None:
    for _round in range(2):
        for _number in range(4):
            by_pin(tablet, "408175", status=422)
        by_pin(tablet)
        assert sign_out(tablet) == "/device"


def test_a_pin_works_on_that_device_alone(school: School, tablet: PageClient) -> None:
    other = browser(school.app)
    assert other.get("/device").headers["Location"] == "/sign-in"
    assert other.post("/device", data={"who": "1", "pin": PIN}).status_code in {303, 400, 419}
    second = browser(school.app).sign_in("admin")
    second.send("/school/devices/add", name="Laptop, library", which="here")
    sign_out(second)
    assert "Nobody has a PIN on this device yet" in second.text("/device")


def test_a_device_that_is_forgotten_ends_sign_ins_and_pins_with_the_next_click(
    school: School, tablet: PageClient
) -> None:
    by_pin(tablet)
    office = school.window("senco")
    office.send("/school/devices", 0)
    assert tablet.get("/device/groups").headers["Location"].startswith("/sign-in")
    assert tablet.get("/device").headers["Location"] == "/sign-in"
    assert "No longer remembered" in office.text("/school/devices")


def test_a_device_is_forgotten_after_its_last_day(tablet: PageClient) -> None:
    with held(NOW + timedelta(days=400)):
        assert tablet.get("/device").headers["Location"] == "/sign-in"


def test_five_minutes_without_a_click_end_it(tablet: PageClient) -> None:
    by_pin(tablet)
    with held(NOW + timedelta(minutes=4, seconds=50)):
        assert tablet.status("/device/groups") == 200
    with held(NOW + timedelta(minutes=9, seconds=49)):
        assert tablet.status("/device/groups") == 200
    with held(NOW + timedelta(minutes=14, seconds=52)):
        answer = tablet.get("/entries/mine", headers={"HX-Request": "true"})
        assert answer.status_code == 401 and "Your PIN again" in answer.text and "Email" not in answer.text


def test_a_one_time_code_registers_another_device_once(school: School) -> None:
    office = school.window("admin")
    made = office.send("/school/devices/add", name="Tablet, Year 5", which="code")
    text = office.text(made.headers["Location"])
    found = re.search(r"\b([A-Z2-9]{5}) ([A-Z2-9]{5})\b", text)
    assert found is not None
    assert "shown once" in office.text(made.headers["Location"])
    device = browser(school.app)
    device.send("/device/code", status=422, code="ABCDE FGHJK")
    device.send("/device/code", code=f"{found[1].lower()}-{found[2]}")
    assert "Tablet, Year 5" in device.text("/device")
    browser(school.app).send("/device/code", status=422, code=found[0])


def test_a_code_is_good_for_a_quarter_of_an_hour(school: School) -> None:
    office = school.window("admin")
    made = office.send("/school/devices/add", name="Tablet, Year 5", which="code")
    code = re.search(r"\b[A-Z2-9]{5} [A-Z2-9]{5}\b", office.text(made.headers["Location"]))
    assert code is not None
    with held(NOW + timedelta(minutes=16)):
        browser(school.app).send("/device/code", status=422, code=code[0])


def test_a_senco_with_a_pin_logs_no_group_of_somebody_else(school: School, tablet: PageClient) -> None:
    set_pin(tablet, "senco", "408175")
    page = tablet.page("/device")
    senco = next(
        one.attrib["value"] for one in page.iter() if one.attrib.get("name") == "who" and one.attrib["value"] != "1"
    )
    by_pin(tablet, "408175", who=senco)
    text = tablet.get("/device/groups").text
    assert "None of your groups is set for today" in text
    token = re.search(r'name="csrf-token" content="([^"]+)"', text)
    assert token is not None
    answer = tablet.post(f"/device/groups/{school.scene.group_id}/log", data={"csrf_token": token.group(1)})
    assert answer.status_code == 404
    assert tablet.status("/today") == 404 and tablet.status("/register") == 404


def test_who_covers_a_group_today_logs_it_by_pin(school: School, tablet: PageClient) -> None:
    school.change(
        lambda: db.session.add(
            GroupCover(group_id=school.scene.group_id, user_id=school.world.users["other_teacher"], on=TODAY)
        )
    )
    set_pin(tablet, "other_teacher", "408175")
    page = tablet.page("/device")
    who = [one.attrib["value"] for one in page.iter() if one.attrib.get("name") == "who"]
    by_pin(tablet, "408175", who=min(who, key=lambda one: one == "1"))
    assert "Both here" in tablet.text("/device/groups")
    tablet.send("/device/groups", 0)
    (line,) = school.in_force()
    assert line.recorded_by == "Nadia Begum"
    sign_out(tablet)
    by_pin(tablet, who="1")
    text = tablet.text("/device/groups")
    assert "2 here, by Nadia Begum" in text and "Undo" not in text
    token = re.search(r'name="csrf-token" content="([^"]+)"', tablet.get("/device/groups").text)
    assert token is not None
    undo = tablet.post(f"/device/sessions/{line.session_id}/undo", data={"csrf_token": token.group(1)})
    assert undo.status_code == 404 and len(school.in_force()) == 1


def test_an_entry_that_waited_is_handed_in_after_the_pin(school: School, tablet: PageClient) -> None:
    by_pin(tablet)
    text = tablet.get("/device/groups").text
    (owner,), (sheet,) = re.findall(r'data-owner="(\w+)"', text), set(re.findall(r'data-sheet="(\w+)"', text))
    places = re.findall(r'data-place="(\w+)"', text)
    marks = [{"place": place, "here": True, "why": ""} for place in places]
    entry_made = {
        "reference": "0e5fd7a2-8f0b-4a10-9d58-2f6a0c0f4f10", "owner": owner, "sheet": sheet, "on": TODAY.isoformat(),
        "state": "delivered", "minutes": 15, "marks": marks,
    }  # fmt: skip
    sign_out(tablet)
    with held(NOW + timedelta(minutes=40)):
        by_pin(tablet)
        token = tablet.get("/entries/mine").json["token"]
        answer = tablet.post("/entries", json=entry_made, headers={"X-CSRFToken": token})
        assert answer.json["came"] == "saved"
    assert len(school.in_force()) == 1


def test_a_leavers_pin_opens_nothing_and_their_button_is_gone(school: School, tablet: PageClient) -> None:
    by_pin(tablet)
    user = school.world.users["ta"]
    school.change(lambda: _end(user))
    assert tablet.get("/device/groups").headers["Location"].startswith("/sign-in")
    assert "Nobody has a PIN" in tablet.text("/device")
    answer = tablet.post("/device", data={"who": "1", "pin": PIN})
    assert answer.headers["Location"].startswith("/sign-in") and tablet.status("/device/groups") == 303


def _end(user: int) -> None:
    for row in db.session.scalars(select(Membership).where(Membership.user_id == user)).all():
        row.ends = TODAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("pin", "again", "says"),
    [("123456", "123456", "Digits in a row"), ("739462", "739461", "not the same"), ("7394", "7394", "six digits")],
)
def test_a_pin_that_is_guessed_first_is_refused(tablet: PageClient, pin: str, again: str, says: str) -> None:
    tablet.sign_in("ta")
    assert says in tablet.send("/account/pin", status=422, pin=pin, again=again).text


def test_two_buttons_never_read_alike(tablet: PageClient) -> None:
    tablet.sign_in("lead")
    assert "is ST already" in tablet.send("/account/pin", status=422, initials="st", pin=PIN, again=PIN).text


def test_a_pin_is_set_only_a_while_after_proving_who_one_is(tablet: PageClient) -> None:
    tablet.sign_in("ta")
    with held(NOW + timedelta(minutes=20)):
        assert tablet.status("/account") == 200
    with held(NOW + timedelta(minutes=31)):
        assert tablet.get("/account/pin").headers["Location"].startswith("/account/prove")


def test_elsewhere_the_page_says_where_a_pin_is_set(school: School) -> None:
    assert "works on that device alone" in school.window("ta").text("/account/pin")
    assert school.window("admin").status("/account/pin") == 404


def test_a_group_runs_elsewhere_without_the_device(school: School, tablet: PageClient) -> None:
    school.change(lambda: setattr(db.session.scalars(select(Group)).one(), "weekdays", [4]))
    by_pin(tablet)
    assert "None of your groups is set for today" in tablet.text("/device/groups")


def test_the_full_sign_in_is_one_link_away_and_sees_everything(tablet: PageClient) -> None:
    assert "Sign in with email address and password" in tablet.text("/device")
    tablet.send("/sign-in", email=email_of("senco"), password=PASSWORD)
    assert tablet.status("/register") == 200 and tablet.status("/device") == 303


def test_of_many_wrong_pins_at_once_no_more_than_five_are_looked_at(school: School, tablet: PageClient) -> None:
    cookie = tablet.get_cookie("graduated-device")
    assert cookie is not None
    with school.app.app_context():
        here = devices.by_token(hash_token(cookie.value))
        assert here is not None
        (kept,) = devices.pins(here)
        db.session.remove()

    def one_try(_number: int) -> str:
        with held(NOW), school.app.app_context():
            try:
                came = services_devices.come_in(here, kept.id, "408175", address="127.0.0.1", browser="tests")
            except services_devices.PinLocked:
                return "locked"
            finally:
                db.session.remove()
            return "wrong" if came is None else "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one_try, range(16)))
    assert answers.count("wrong") == 4 and answers.count("locked") == 12
    assert "Too many wrong PINs" in by_pin(tablet, status=429)


def test_thirty_devices_are_listed_with_as_many_queries_as_one(school: School, tablet: PageClient) -> None:
    office = school.window("senco")
    office.text("/school/devices")
    with counted(school.app) as few:
        office.text("/school/devices")
    school.change(
        lambda: db.session.add_all(
            SchoolDevice(name=f"Tablet {number}", token_hash=f"{number:064}", expires_on=TODAY) for number in range(30)
        )
    )
    with counted(school.app) as many:
        office.text("/school/devices")
    assert len(few) == len(many)


def test_no_pin_stands_in_the_audit(school: School, tablet: PageClient) -> None:
    with school.app.app_context(), acting(system_actor(school.world.school_id, "Tests")):
        payloads = str(db.session.scalars(select(ChangeDetail.payload)).all())
    assert "device_pin" in payloads and PIN not in payloads and "argon2" not in payloads
