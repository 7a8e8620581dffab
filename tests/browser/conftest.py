"""A real server with its worker, and Debian's Chromium driven by Playwright."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.support.demo import ENVIRONMENT, DemoSchool
from tests.support.served import Server, free_port

CHROMIUM = shutil.which("chromium")
LATE_CHECK = re.compile(r"htmx:oobErrorNoTarget, #[\w-]+-check")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PASSWORD = "sturdy otter lantern"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one server, so they stay on one worker; without Chromium they are skipped by name."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.xdist_group("browser"))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="needs the Debian package chromium"))


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """A busy machine is no fault of the page."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="session")
def demo_server(demo_school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`graduated demo` on a copy of the loaded demo school."""
    home = tmp_path_factory.mktemp("demo") / "home"
    shutil.copytree(demo_school.home, home)
    server = Server(home, free_port(), settings=ENVIRONMENT)
    server.start("demo")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@dataclass
class Window:
    """A browser window that notes everything that goes wrong in it."""

    context: BrowserContext
    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the server."""
        self.page.goto(f"{self.url}{path}")
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """Sign in as anybody does."""
        self.go("/sign-in")
        self.page.get_by_label("Email address").fill(email)
        self.page.locator("#password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self.page

    def axe(self) -> None:
        """No violation of WCAG 2.2 AA or of good practice on the page as it stands."""
        results: dict[str, Any] = Axe().run(self.page).response
        found = [
            f"{one['id']}: {one['help']} ({', '.join(str(node['target']) for node in one['nodes'][:3])})"
            for one in results["violations"]
        ]
        assert found == [], f"{self.page.url}: {found}"

    def reads_well(self, path: str) -> Page:
        """A page is clean for axe and fits, on a desk and on a phone, with what it folds away unfolded."""
        page = self.go(path)
        page.wait_for_load_state("networkidle")
        for details in page.locator("main details").all()[:3]:
            details.evaluate("one => one.open = true")
        for size in (PHONE, DESK):
            page.set_viewport_size(size)
            self.axe()
            self.no_sideways_scroll()
        return page

    def no_sideways_scroll(self) -> None:
        """Nothing is wider than the window."""
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} scrolls sideways by {wider} px"


def note_failure(window: Window, request: Request, javascript: bool) -> None:
    """A request that failed is a fault. One that the person left behind by going on is none, nor is a download, nor a
    script that a browser without JavaScript refuses to fetch."""
    is_script = request.url.partition("?")[0].endswith(".js")
    if request.failure != "net::ERR_ABORTED" and (javascript or not is_script):
        window.faults.append(f"failed: {request.url}: {request.failure}")


def note_error(window: Window, message: ConsoleMessage) -> None:
    """An error in the console is a fault; the answer to a check of what was typed may come when its form was left."""
    if message.type == "error" and not LATE_CHECK.fullmatch(message.text):
        window.faults.append(message.text)


def open_window(browser: Browser, server: Server, *, phone: bool = False, javascript: bool = True) -> Window:
    """A fresh window on a server; console errors and policy violations become faults."""
    context = browser.new_context(
        viewport=PHONE if phone else DESK, java_script_enabled=javascript, locale="en-GB", timezone_id="Europe/London"
    )
    page = context.new_page()
    window = Window(context, page, server.url)
    page.on("console", lambda message: note_error(window, message))
    page.on("pageerror", lambda error: window.faults.append(str(error)))
    page.on("requestfailed", lambda request: note_failure(window, request, javascript))
    return window
