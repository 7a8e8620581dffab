"""Single sign-on against a real OpenID provider: who comes in, and everything that does not let anybody in."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from graduated import config
from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people import second_factor
from graduated.people.models import Membership, ProviderLink, User
from graduated.school.models import School
from tests.support.client import PageClient
from tests.support.provider import Provider, query_of, running
from tests.support.world import PASSWORD, World, email_of

DOMAIN = "purbeck.example"
LIST = "/account/providers"


@pytest.fixture(scope="module")
def google() -> Iterator[Provider]:
    """Somebody who runs accounts."""
    with running() as provider:
        yield provider


@pytest.fixture
def ours(google: Provider, app: Flask) -> config.Provider:
    """That provider, set up for this installation."""
    made = config.Provider("google", "Google", google.issuer, "graduated", "secret of ours", domain=DOMAIN)
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], providers=(made,))
    google.asked.clear()
    return made


def told(who: str = "senco", **other: object) -> dict[str, object]:
    """What the provider says of a member of staff."""
    return {"email": email_of(who), "email_verified": True, "hd": DOMAIN, **other}


def browser(client: PageClient) -> PageClient:
    """Another browser."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    return other


def go(client: PageClient, path: str = "/sign-in/with/google?next=/register") -> str:
    """To the provider: the address there."""
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def back(client: PageClient, url: str) -> Any:
    """Back from the provider, as the browser is sent."""
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}")


def come(client: PageClient, google: Provider, sub: str = "s-1", status: int = 303) -> Any:
    """Sign in by the provider."""
    answer = back(client, google.agrees(go(client), sub))
    assert answer.status_code == status, answer.text
    return answer


def tie(client: PageClient, google: Provider, sub: str = "s-1") -> Any:
    """Connect one's account, as the page leads."""
    link = next(
        one.attrib["href"]
        for one in client.page(LIST).iter()
        if one.attrib.get("href", "").startswith("/sign-in/with/google?tie=")
    )
    return back(client, google.agrees(go(client, link), sub))


@pytest.fixture
def tied(client: PageClient, google: Provider, ours: config.Provider) -> config.Provider:
    """The SENCO has connected her account there."""
    google.knows("s-1", **told())
    hers = browser(client).sign_in("senco")
    assert tie(hers, google).headers["Location"] == LIST
    assert "Connected" in hers.text(LIST)
    return ours


def refused(client: PageClient, answer: Any) -> None:
    """Nobody is in, and the page says that the password is still a way."""
    assert answer.status_code == 422
    assert "opened no account here. Sign in with your email address and your password" in answer.text
    assert client.status("/register") == 303


# In ---------------------------------------------------------------------------------------------------------------


def test_a_connected_account_comes_in_where_it_wanted_to_go(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    assert come(client, google).headers["Location"] == "/register"
    assert "Zofia" in client.text("/register")


def test_the_request_asks_for_a_code_with_pkce_state_and_nonce(client: PageClient, tied: config.Provider) -> None:
    asked = query_of(go(client))
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["hd"] == DOMAIN
    assert asked["redirect_uri"] == "http://localhost/sign-in/from/google"
    assert len(asked["state"]) > 40
    assert len(asked["nonce"]) > 40
    assert "secret of ours" not in str(asked)


def test_the_setting_of_our_address_is_where_the_provider_answers_to(client: PageClient, tied: config.Provider) -> None:
    app = client.application
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], public_url="https://sen.school.example")
    assert query_of(go(client))["redirect_uri"] == "https://sen.school.example/sign-in/from/google"


def test_our_second_step_is_asked_for_also_after_the_provider(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    secret = with_app(client)
    google.knows("s-1", **told(amr=["pwd", "mfa"]))
    assert come(client, google).headers["Location"] == "/sign-in/code"
    assert client.status("/register") == 303
    client.send("/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    assert client.status("/register") == 200


def with_app(client: PageClient) -> str:
    """The SENCO sets up an app for codes; its secret."""
    hers = browser(client).sign_in("senco")
    action, values = hers.form("/account/second-step")
    secret = second_factor.deciphered(values["kept"]) or ""
    earlier = pyotp.TOTP(secret).at(int(now().timestamp()) - 30)
    assert hers.post(action, data={**values, "code": earlier, "password": PASSWORD}).status_code == 200
    return secret


def set_school(app: Flask, world: World, **settings: bool) -> None:
    """What the school has decided."""
    with app.app_context(), acting(system_actor(world.school_id, "test")), write("Set"):
        school = db.session.scalars(select(School)).one()
        for name, value in settings.items():
            setattr(school, name, value)


@pytest.mark.parametrize(
    ("trusts", "amr", "then"),
    [
        (True, ["pwd", "mfa"], "/register"),
        (True, ["pwd"], "/sign-in/code"),
        (True, None, "/sign-in/code"),
        (True, "mfa", "refused"),
        (False, ["pwd", "mfa"], "/sign-in/code"),
    ],
)
def test_a_second_step_taken_there_will_do_only_where_the_school_says_so(
    client: PageClient, app: Flask, world: World, google: Provider, tied: config.Provider,
    trusts: bool, amr: object, then: str,
) -> None:  # fmt: skip
    with_app(client)
    set_school(app, world, trusts_provider_step=trusts)
    google.knows("s-1", **told(**({"amr": amr} if amr else {})))
    if then == "refused":
        refused(client, come(client, google, status=422))
    else:
        assert come(client, google).headers["Location"] == then


def test_where_that_will_do_nobody_is_led_to_set_up_ours(
    client: PageClient, app: Flask, world: World, google: Provider, tied: config.Provider
) -> None:
    set_school(app, world, trusts_provider_step=True, staff_need_second_step=True)
    google.knows("s-1", **told(amr=["mfa"]))
    come(client, google)
    assert client.status("/register") == 200
    google.knows("s-1", **told(amr=["pwd"]))
    other = browser(client)
    come(other, google)
    assert other.get("/register").headers["Location"] == "/account/second-step"


def test_the_school_decides_it_under_its_details(client: PageClient) -> None:
    client.sign_in("senco").send("/school/details", trusts_provider_step="y")
    assert client.form("/school/details")[1]["trusts_provider_step"] == "y"


def test_signing_out_ends_our_session(client: PageClient, google: Provider, tied: config.Provider) -> None:
    come(client, google)
    client.post("/sign-out", data={"csrf_token": client.token()})
    assert client.status("/register") == 303


# Not in -----------------------------------------------------------------------------------------------------------


def test_who_is_not_connected_does_not_come_in_and_no_account_is_made(
    client: PageClient, app: Flask, google: Provider, ours: config.Provider
) -> None:
    google.knows("s-1", **told())
    google.knows("new", **told(email="new@purbeck.example"))
    for sub in ("s-1", "new"):
        refused(client, come(client, google, sub, 422))
    with app.app_context():
        assert entry.user_id_of("new@purbeck.example") is None
        assert db.session.scalars(select(ProviderLink)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another nonce"},
        {"aud": "somebody else"},
        {"aud": ["graduated", "somebody else"], "azp": "graduated"},
        {"iss": "https://accounts.evil.example"},
        {"exp": 1_700_000_000},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "no"},
        {"hd": "another.example"},
        {"hd": None},
        {"email": "somebody.else@purbeck.example"},
        {"email": None},
    ],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items())[:50],
)
def test_a_token_that_is_not_what_it_must_be_opens_nothing(
    client: PageClient, google: Provider, tied: config.Provider, wrong: dict[str, object]
) -> None:
    google.knows("s-1", **told(**wrong))
    refused(client, come(client, google, status=422))
    google.knows("s-1", **told())
    come(client, google)


def test_another_account_there_with_the_same_address_is_another_person(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    google.knows("s-2", **told())
    refused(client, come(client, google, "s-2", 422))
    assert come(client, google).status_code == 303


def test_an_answer_comes_back_once_and_to_the_browser_that_asked(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    url = google.agrees(go(client), "s-1")
    cookie = client.get_cookie("graduated")
    assert cookie is not None
    refused(other := browser(client), back(other, url))
    assert back(client, url).status_code == 303
    thief = browser(client)
    thief.set_cookie("graduated", cookie.value)
    refused(thief, back(thief, url))


@pytest.mark.parametrize("part", ["state", "code"])
@pytest.mark.parametrize("value", ["", "wrong", "é\u202e"])
def test_a_changed_answer_opens_nothing(
    client: PageClient, google: Provider, tied: config.Provider, part: str, value: str
) -> None:
    parts = urlsplit(google.agrees(go(client), "s-1"))
    asked = {**query_of(urlunsplit(parts)), part: value}
    refused(client, client.get(f"{parts.path}?{urlencode(asked)}"))


def test_who_thinks_better_of_it_there_is_told_of_the_password(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    refused(client, back(client, google.declines(go(client))))


def test_a_code_asked_for_with_another_question_is_not_taken(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    theirs, mine = query_of(google.agrees(go(browser(client)), "s-1")), query_of(go(client))
    answer = client.get("/sign-in/from/google?" + urlencode({"code": theirs["code"], "state": mine["state"]}))
    refused(client, answer)  # its nonce is of another question


def test_a_leaver_and_a_closed_account_do_not_come_in(
    client: PageClient, app: Flask, world: World, google: Provider, tied: config.Provider
) -> None:
    with app.app_context():
        senco = entry.user_id_of(email_of("senco"))
        with acting(system_actor(world.school_id, "test")):
            with write("Closed"):
                db.session.scalars(select(User).where(User.id == senco)).one().active = False
            refused(client, come(client, google, status=422))
            with write("Left"):
                db.session.scalars(select(User).where(User.id == senco)).one().active = True
                for row in db.session.scalars(select(Membership).where(Membership.user_id == senco)).all():
                    row.ends = today().replace(year=2020)
    refused(client, come(client, google, status=422))


def test_where_the_provider_is_down_the_password_is_still_a_way(
    client: PageClient, app: Flask, ours: config.Provider
) -> None:
    gone = dataclasses.replace(ours, issuer="http://localhost:9")
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], providers=(gone,))
    answer = client.get("/sign-in/with/google")
    assert answer.status_code == 422
    assert "Google cannot be reached just now. Sign in with your password" in answer.text
    client.sign_in("senco").page("/register")


def test_one_that_goes_down_half_way_says_so(
    client: PageClient, app: Flask, google: Provider, tied: config.Provider
) -> None:
    url = google.agrees(go(client), "s-1")
    gone = dataclasses.replace(tied, issuer="http://localhost:9")
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], providers=(gone,))
    answer = back(client, url)
    assert "Google cannot be reached just now" in answer.text


def test_one_that_names_another_issuer_is_not_asked(
    client: PageClient, app: Flask, google: Provider, ours: config.Provider
) -> None:
    other = dataclasses.replace(ours, issuer=f"{google.issuer}/.")  # which says of itself that it has none
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], providers=(other,))
    assert client.get("/sign-in/with/google").status_code == 422


def test_nothing_is_asked_of_anybody_before_somebody_signs_in_there(
    client: PageClient, google: Provider, ours: config.Provider
) -> None:
    assert "Continue with Google" in client.text("/sign-in")
    client.post("/language", data={"language": "pl", "csrf_token": client.token()})
    assert "Dalej przez Google" in client.text("/sign-in")
    assert "Tylko dla pracowników szkoły" in client.text("/sign-in")
    client.sign_in("senco").page(LIST)
    assert google.asked == []


def test_where_none_is_set_up_there_is_no_such_way(client: PageClient) -> None:
    assert "Continue with" not in client.text("/sign-in")
    assert client.status("/sign-in/with/google") == 404
    assert client.status("/sign-in/from/google?code=x&state=y") == 404
    assert "Single sign-on" not in client.sign_in("senco").text("/account")


# Connecting -------------------------------------------------------------------------------------------------------


def test_connecting_is_for_who_proved_who_they_are_just_now(
    client: PageClient, google: Provider, ours: config.Provider
) -> None:
    google.knows("s-1", **told())
    client.sign_in("senco")
    with client.session_transaction() as session:
        session["proved"] -= 400
    assert not any("tie=" in one.attrib.get("href", "") for one in client.page(LIST).iter())
    place = client.get(f"{LIST}/prove").headers["Location"]
    assert place == f"/account/prove?next={LIST}/prove"
    client.send(place, password=PASSWORD)
    assert tie(client, google).headers["Location"] == LIST


def test_a_link_made_for_another_sign_in_connects_nothing(
    client: PageClient, google: Provider, ours: config.Provider
) -> None:
    senco, teacher = client.sign_in("senco"), browser(client).sign_in("teacher")
    link = next(one.attrib["href"] for one in teacher.page(LIST).iter() if "tie=" in one.attrib.get("href", ""))
    assert senco.get(link).headers["Location"] == LIST
    assert browser(client).get(link).headers["Location"] == "/sign-in"


def test_an_account_with_another_address_or_of_somebody_else_is_not_connected(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    teacher = browser(client).sign_in("teacher")
    google.knows("s-3", **told("senco"))
    assert "has another email address than yours" in tie(teacher, google, "s-3").text
    google.knows("s-1", **told("teacher"))  # the senco's, renamed there
    assert "connected already" in tie(teacher, google).text


def test_disconnected_it_opens_nothing_any_more(client: PageClient, google: Provider, tied: config.Provider) -> None:
    hers = browser(client)
    come(hers, google)
    hers.send(LIST)
    assert "Connected" not in hers.text(LIST)
    refused(client, come(client, google, status=422))


def test_a_family_is_offered_none(client: PageClient, ours: config.Provider) -> None:
    assert "There is none for you here" in client.sign_in("parent").text(LIST)


def test_who_signed_in_in_another_window_goes_on_in_the_first(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    htmx = {"HX-Request": "true"}
    before = client.get("/sign-in/again", headers=htmx)
    assert before.status_code == 422
    assert "You are not signed in yet" in before.text
    assert "/sign-in/with/google?next=/account/back" in before.text
    back(client, google.agrees(go(client, "/sign-in/with/google?next=/account/back"), "s-1"))
    assert "Close this window" in client.text("/account/back")
    after = client.get("/sign-in/again", headers=htmx)
    assert after.status_code == 204
    assert "signed-in" in after.headers["HX-Trigger"]
