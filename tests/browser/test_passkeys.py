"""Passkeys in a browser, with a device that Chromium plays: made, used with a password and alone, removed, refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.browser.conftest import PASSWORD, Server, Window, free_port, open_window
from tests.support.databases import by_hand

URN = "137002"
SENCO, TEACHER = "r.akhtar@hill.example", "t.moore@hill.example"


class ByName(Server):
    """The same server by its name: keys belong to a name, never to a number."""

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A new school with a SENCO and a teacher."""
    place = tmp_path_factory.mktemp("passkeys")
    started = ByName(place, free_port())
    started.run("db", "upgrade")
    started.run("create-school", "--urn", URN, "--name", "Hill Primary", "--authority", "dorset")
    for email, name, role in ((SENCO, "Rubina Akhtar", "senco"), (TEACHER, "Tom Moore", "teacher")):
        started.run(
            "create-user", "--urn", URN, "--email", email, "--name", name, "--role", role, "--password-stdin",
            typed=PASSWORD,
        )  # fmt: skip
    started.start()
    yield started
    started.stop()


class Phone:
    """A window with a device that keeps passkeys."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.window: Window = open_window(browser, server)
        self.page = self.window.page
        self.cdp: CDPSession = self.window.context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        made = self.cdp.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        self.device: str = made["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        """What the device keeps."""
        found = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.device})
        return list(found["credentials"])

    def take(self, key: dict[str, Any]) -> None:
        """Put a copy of another device's key here."""
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.device, "credential": key})

    def is_in(self) -> None:
        """The browser is signed in."""
        expect(self.page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()

    def out(self) -> None:
        """Sign out."""
        self.page.get_by_role("button", name="Sign out", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Sign in")

    def use(self) -> None:
        """Press the button for passkeys."""
        self.page.get_by_role("button", name="Use a passkey").click()

    def make(self, email: str) -> None:
        """Come in by the password, and make a passkey of the second step that a new school asks for."""
        self.window.sign_in(email, PASSWORD)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
        self.page.get_by_role("link", name="Make a passkey").click()
        self.page.get_by_label("Name of this passkey").fill("Office computer")
        self.window.axe()
        self.page.get_by_role("button", name="Make the passkey").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")

    def close(self) -> None:
        """Close the window; nothing went wrong in it that the test did not mean to."""
        self.window.context.close()


def test_a_passkey_is_made_and_opens_after_the_password_and_alone(browser: Browser, server: Server) -> None:
    phone = Phone(browser, server)
    phone.make(SENCO)
    assert len(phone.keys()) == 1
    phone.page.get_by_text("I have them").click()
    phone.out()
    phone.window.sign_in(SENCO, PASSWORD)
    expect(phone.page.get_by_role("heading", level=1)).to_have_text("The second step")
    phone.window.axe()
    phone.use()
    phone.is_in()
    phone.out()
    phone.window.axe()
    phone.use()
    phone.is_in()
    phone.window.go("/account/passkeys")
    expect(phone.page.locator("main")).to_contain_text("Office computer")
    phone.window.reads_well("/account/passkeys")
    assert phone.window.faults == []
    phone.close()


def test_over_a_page_whose_sign_in_ended_a_passkey_brings_back_what_was_typed(browser: Browser, server: Server) -> None:
    phone = Phone(browser, server)
    phone.make(TEACHER)
    phone.window.go("/account/passkeys")
    phone.page.get_by_role("link", name=re.compile("^Rename")).click()
    phone.page.get_by_label("Name of this passkey").fill("The one in room 4")
    end_sign_ins(server.home)
    phone.page.evaluate("htmx.ajax('GET', '/account', '#problem')")
    dialog = phone.page.get_by_role("dialog", name="Sign in again")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Use a passkey").click()
    expect(dialog).to_be_hidden()
    phone.page.get_by_role("button", name="Save").click()
    expect(phone.page.locator("main")).to_contain_text("The one in room 4")
    phone.close()


def end_sign_ins(home: Path) -> None:
    """Every sign-in ends on the server."""
    with by_hand(home) as hand:
        hand.execute("update sign_in_session set ended_at = '2026-01-01 00:00:00.000000' where ended_at is null")


def test_a_removed_key_and_another_persons_are_refused_in_words(browser: Browser, server: Server) -> None:
    phone = Phone(browser, server)
    senco, teacher = "a.second@hill.example", "b.second@hill.example"
    for email in (senco, teacher):
        server.run(
            "create-user", "--urn", URN, "--email", email, "--name", "Ama Second", "--role", "teacher",
            "--password-stdin", typed=PASSWORD,
        )  # fmt: skip
    phone.make(senco)
    hers = phone.keys()[0]
    phone.page.get_by_text("I have them").click()
    phone.out()
    other = Phone(browser, server)
    other.make(teacher)
    other.page.get_by_text("I have them").click()
    other.out()
    other.window.sign_in(teacher, PASSWORD)
    other.cdp.send("WebAuthn.clearCredentials", {"authenticatorId": other.device})
    other.take(hers)
    other.use()  # the device has none of the teacher's: the browser itself says no
    expect(other.page.locator("[data-passkey-says]")).to_contain_text("Nothing was done")
    server.run("remove-second-step", "--urn", URN, "--email", senco)
    phone.use()
    expect(phone.page.get_by_role("alert").first).to_contain_text("This passkey did not work here")
    for one in (phone, other):
        one.close()


def test_without_scripts_the_button_is_not_there_and_the_password_is(browser: Browser, server: Server) -> None:
    window = open_window(browser, server, javascript=False)
    window.go("/sign-in")
    expect(window.page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    expect(window.page.get_by_role("button", name="Sign in")).to_be_visible()
    window.context.close()


def test_before_a_sign_in_goes_idle_a_press_keeps_it(browser: Browser, server: Server) -> None:
    idle = "c.idle@hill.example"
    server.run(
        "create-user", "--urn", URN, "--email", idle, "--name", "Cara Idle", "--role", "teacher", "--password-stdin",
        typed=PASSWORD,
    )  # fmt: skip
    phone = Phone(browser, server)
    phone.make(idle)
    phone.page.clock.install()
    phone.window.go("/account")
    note = phone.page.get_by_text("you will be signed out in about two minutes")
    expect(note).to_be_hidden()
    phone.page.clock.fast_forward("27:30")
    expect(note).to_be_visible()
    phone.window.axe()
    phone.page.get_by_role("button", name="Stay signed in").click()
    expect(note).to_be_hidden()
    assert phone.window.faults == []
    phone.close()
