"""A school's own authority profile: added, checked, looked at, taken into use, kept from other schools."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pack.content import Section
from graduated.pack.copy_out import SOURCES
from graduated.request.models import AssessmentRequest
from graduated.request.services import open_request
from graduated.rules.readiness import LINES
from graduated.rules.readiness_asks import DETAILS
from graduated.rules.vocabulary import ConsentKind, DocumentKind
from graduated.school import services_authority as services
from graduated.school.authorities import ProfileFault, authority_codes
from graduated.school.authority_schema import LONGEST_FILE, read_text
from graduated.school.models import School
from graduated.school.queries_authority import own_profiles, profile_for, school_profile
from tests.support.client import PageClient
from tests.support.world import World

GUIDE = Path(__file__).parents[2] / "docs" / "authority-profiles.md"
EXAMPLE = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
MARKUP = "<b>&{{7*7}}</b> <script>alert(1)</script>"


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(ProfileFault) as error:
        services.checked(text)
    return error.value.faults


def test_the_guide_names_every_word_that_a_profile_may_use() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    words = [section.value for section in Section if section is not Section.SUMMARY]
    words += [line.id for line in LINES] + list(DETAILS) + list(SOURCES)
    words += [kind.value for kind in (*DocumentKind, *ConsentKind)]
    assert [word for word in words if f"`{word}`" not in guide] == []


def test_the_look_at_a_profile_leaves_nothing_of_it_out(client: PageClient, app: Flask, world: World) -> None:
    profile = read_text(EXAMPLE)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        file_id = services.add_profile(EXAMPLE)
    said = client.sign_in("senco").text(f"/school/authority/own/{file_id}")
    limits = profile.thresholds
    told = [
        f"{limits.cycles}; with {limits.stronger_cycles} it is stronger",
        f"looked at again from {limits.report_months} months, old from {limits.old_report_months}",
        f"{limits.attendance_months} months",
        f"not older than {limits.views_months} months",
        f"{limits.meetings} in the last 12 months",
        profile.where_to_send,
        *(" ".join(line.split()) for line in profile.declaration.splitlines()),
        *(one.question for one in profile.form),
        *(one.what for one in (*profile.asks, *profile.annexes)),
        *(part for fact in profile.facts for part in (fact.what, fact.source)),
        *profile.unconfirmed,
    ]
    assert [words for words in told if words not in said] == []


def test_every_fault_is_said_at_once_with_its_entry_and_how_to_mend_it() -> None:
    text = EXAMPLE.replace("cycles = 3", 'cycles = "three"', 1).replace('"nhs-number"', '"nhs"')
    text = text.replace('key = "sought"', 'key = "hopes"').replace("on = 2026-09-01", "on = 2026-09-01T10:00:00")
    assert [one.split(";")[0] for one in refused(text)] == [
        "“hopes” is not a section of the pack",
        "threshold cycles must be a whole number from 1 to 120, without quotation marks",
        "entry 1 of asks: “nhs” is not a detail of the pupil",
        "entry 1 of facts needs a date without quotation marks, such as on = 2026-11-21",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("this is no profile", "not TOML"),
        ("a = " + "[" * 40_000, "nested too deeply"),
        ("a = " + "9" * 90_000, "not TOML"),
        ('code = "a"\n' * 2, "not TOML"),
        ('name = "a\\u0000b"', "cannot be printed"),
        ('name = "a\\u202eb"', "cannot be printed"),
        (f'name = "{"a" * 3000}"', "longer than 2,000 characters"),
        ("la_codes = [" + '"1",' * 200 + "]", "more than 100 entries"),
        ("sections = [" + '{ key = "reason", title = "x" },' * 101 + "]", "more than 100 entries"),
        ('sections = [{ key = { a = 1 }, title = "x" }]', "is not a section of the pack"),
        ('sections = [{ key = "reason", title = "  " }]', "needs a title in one line"),
        ('sections = [{ key = "reason", title = "a\\nb" }]', "needs a title in one line"),
        ('[[facts]]\nwhat = "a"\nsource = "b"\non = 2026', "needs a date"),
        ("thresholds = { cycles = 99999999999999999999 }", "whole number from 1 to 120"),
        ("sendiass = 3", "sendiass must have a name"),
        ("rate_card = 3", "rate_card must have"),
        (EXAMPLE.replace("17.2368", '"17"'), "the rate of support must be pounds"),
        (EXAMPLE.replace("17.2368", "nan"), "the rate of support must be pounds"),
        (EXAMPLE.replace("17.2368", "17.23681"), "the rate of support must be pounds"),
        (EXAMPLE.replace("17.2368", "true"), "the rate of support must be pounds"),
        (EXAMPLE.replace("support = 17.2368", "parent = 17.2368"), "the roles are support, teacher"),
        (EXAMPLE.replace("weeks_a_year = 38", "weeks_a_year = 53"), "whole number from 1 to 52"),
        (EXAMPLE.replace("valid_from = 2026-04-01", 'valid_from = "1 April"'), "needs a source, and a date"),
        ("asks = 3", "asks must have at least one entry"),
        (EXAMPLE.replace('"wessex"', '"essex"'), "of a profile that comes with the program"),
        (EXAMPLE.replace('"wessex"', '"Wessex County"'), "small letters"),
        (f'name = "{"a" * 121}"', "name must stand in one line of at most 120 characters"),
        ('name = "Wessex\\nCounty"', "name must stand in one line"),
        ("a" + ".a" * 21 + " = 1", "Line 1 has more than 20 dots outside quotation marks"),
        ('a = """\n\n"""\n[' + '"a".' * 21 + "a]", "Line 4 has more than 20 dots"),
        ('a = {b = """x"""", ' + "a." * 21 + "a = 1}", "Line 1 has more than 20 dots"),
        ("a = {b = '''x''''', " + "a." * 21 + "a = 1}", "Line 1 has more than 20 dots"),
        ("a" * 201 + " = 1", "a name of more than 200 characters"),
    ],
)
def test_a_hostile_or_careless_file_is_refused_with_a_sentence(text: str, says: str) -> None:
    assert any(says in one for one in refused(text)), refused(text)


def test_dots_between_quotation_marks_and_in_remarks_are_words() -> None:
    dots = "." * 60
    for text in (f'"""\n{dots}\\"""{dots}"""', f"'''\n{dots}'''", f'"\\"{dots}"', f"'{dots}'"):
        assert read_text(EXAMPLE.replace('council = "Wessex Council"', f'council = {text} # {dots} "')).council
    assert read_text(EXAMPLE).council


@pytest.mark.parametrize("part", ["a.", '"a".', '"""\\', "'''", '"\\', 'a = {a.a.a = """'])
def test_no_profile_holds_a_worker(part: str) -> None:
    began = time.process_time()
    refused((part * LONGEST_FILE)[:LONGEST_FILE])
    assert time.process_time() - began < 2


def test_a_profile_is_looked_at_before_it_is_used_and_taken_back_again(client: PageClient) -> None:
    client.sign_in("senco")
    place = client.send("/school/authority/add", text=EXAMPLE).headers["Location"]
    said = client.text(place)
    for words in ("Not in use", "Part A: About the child", "Three reviewed cycles", "Whether a scan of a signature"):
        assert words in said
    assert "Dorset" in client.text("/school/authority")
    client.send(place)
    assert "Authority profile: Wessex" in client.text("/school/authority")
    assert "Wessex SENDIASS" in client.text("/school/authority")
    client.send("/school/details", authority="dorset")
    assert "Authority profile: Dorset" in client.text("/school/authority")
    client.send(place, 1)
    assert client.status(place) == 200
    assert "Wessex" not in client.text("/school/authority")


def test_a_file_is_uploaded_and_what_is_wrong_is_said_beside_its_text(client: PageClient) -> None:
    client.sign_in("admin")

    def upload(data: bytes, status: int) -> str:
        file = (io.BytesIO(data), "wessex.toml")
        return client.send("/school/authority/add", status=status, file=file).text

    page = upload(EXAMPLE.replace("cycles = 3", "circles = 3", 1).encode(), 422)
    assert "thresholds may have" in page
    assert "Part A: About the child" in page  # the text stays, to be mended here
    assert "not UTF-8" in upload("council = “Łódź”".encode("utf-16"), 422)
    assert "larger than 100 kB" in upload(b"# a\n" * LONGEST_FILE, 422)
    assert "Choose a file" in upload(b"", 422)
    upload(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode(), 303)


def test_markup_in_a_profile_is_words(client: PageClient) -> None:
    client.sign_in("senco")
    text = EXAMPLE.replace("Part A: About the child", MARKUP).replace("Wessex Council", MARKUP)
    place = client.send("/school/authority/add", text=text).headers["Location"]
    client.send(place)
    for path in (place, "/school/authority", "/school"):
        assert "<script>alert" not in client.get(path).text
    assert MARKUP in client.text(place)


def test_the_same_text_again_is_the_same_version_and_another_is_the_next(as_system: Actor) -> None:
    first = services.add_profile(EXAMPLE)
    assert services.add_profile(EXAMPLE) == first
    second = services.add_profile(EXAMPLE.replace("Part K", "Part L"))
    assert [(one.file_id, one.number) for one in own_profiles()] == [(second, 2), (first, 1)]
    assert "declaration" in EXAMPLE


def test_a_request_keeps_the_version_it_was_opened_with_until_it_is_let_follow(
    client: PageClient, app: Flask, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.take_into_use(services.add_profile(EXAMPLE))
        request_id = open_request(world.pupils["zofia"])
        services.take_into_use(services.add_profile(EXAMPLE.replace('name = "Wessex"', 'name = "Wessex anew"')))
    client.sign_in("senco")
    path = f"/pupils/{world.pupils['zofia']}/evidence"
    said = client.text(path)
    assert "The school follows Wessex anew now" in said
    client.send(path)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()
        assert (row.authority, row.authority_version) == ("own:wessex", "2")
    assert "keeps the profile" not in client.text(path)


def test_no_other_school_sees_it_nor_follows_it_by_its_code(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        file_id = services.add_profile(EXAMPLE)
        services.take_into_use(file_id)
        assert school_profile().council == "Wessex Council"
    with app.app_context(), acting(system_actor(world.other_school_id, "Tests")):
        assert own_profiles() == ()
        assert profile_for("own:wessex", "1").code == "code"
        with write("Another school's code typed"):
            db.session.scalars(select(School)).one().authority = "own:wessex"
        assert school_profile().code == "code"
    client.sign_in("other_school")
    assert client.status(f"/school/authority/own/{file_id}") == 404
    assert client.status(f"/school/authority/own/{file_id}/try") == 404


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 400, "²"])
def test_a_version_that_is_none_gives_way_to_the_codes_own_order(as_system: Actor, version: str) -> None:
    services.add_profile(EXAMPLE)
    assert profile_for("own:wessex", version).code == "code"


def test_one_in_use_stays_offered(as_system: Actor) -> None:
    file_id = services.add_profile(EXAMPLE)
    services.take_into_use(file_id)
    assert services.withdraw_profile(file_id) is None
    assert len(own_profiles()) == 1


def test_no_version_of_one_offered_no_more_is_taken_into_use(client: PageClient, as_system: Actor) -> None:
    old = services.add_profile(EXAMPLE)
    services.add_profile(EXAMPLE.replace("Part A: About the child", "Part A: The child"))
    services.withdraw_profile(old)
    with pytest.raises(ValueError, match="offered no more"):
        services.take_into_use(old)
    client.sign_in("senco")
    assert "Take it into use" not in client.text(f"/school/authority/own/{old}")
    data = {"csrf_token": client.token()}
    assert client.status(f"/school/authority/own/{old}/use", "POST", data=data) == 422
    services.take_into_use(services.add_profile(EXAMPLE))


def test_a_pupil_is_chosen_to_try_it_on(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    place = client.send("/school/authority/add", text=EXAMPLE).headers["Location"]
    assert "Zofia" in client.text(f"{place}/try")
    said = client.text(f"{place}/try?pupil={world.pupils['zofia']}")
    assert "Held against Wessex, to compare" in said
    assert "3 are most often expected" in said or "No cycle has been completed" in said
    assert "An educational psychologist has been consulted" in said
    assert client.status(f"/pupils/{world.pupils['zofia']}/evidence?against=essex") == 200
    assert client.status(f"/pupils/{world.pupils['zofia']}/evidence?against=nowhere") == 404


def test_published_rates_fill_in_the_form_of_a_new_card_and_cost_nothing_by_themselves(client: PageClient) -> None:
    client.sign_in("senco")
    client.send(client.send("/school/authority/add", text=EXAMPLE).headers["Location"])
    said = client.text("/school/authority")
    assert "Support staff: £17.2368" in said
    assert "Take them as a rate card" in said
    client.send("/school/rates/new?from=authority")
    assert "Wessex Council, costing rates 2026/27" in client.text("/school/rates")


def test_the_example_of_the_guide_leaves_nothing_out() -> None:
    profile = read_text(EXAMPLE)
    assert profile.not_shown == ()
    assert profile.code not in authority_codes()


def test_a_file_of_200_mb_is_not_read_at_all(client: PageClient) -> None:
    client.sign_in("senco")
    size = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = client.post("/school/authority/add", data={"text": "x"}, environ_overrides=size)
    assert answer.status_code == 413
