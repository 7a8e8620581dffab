"""A page of another site that puts the program inside itself shows nothing of it, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool

LURE = "<!doctype html><title>A prize</title><h1>Press here</h1><iframe src='{}' width='900' height='700'></iframe>"


@pytest.fixture
def lure(demo_server: Server) -> Iterator[str]:
    """The address of a stranger's page that holds Today in a frame; `/mirror` holds a page of its own."""

    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            inside = "/plain" if self.path == "/mirror" else f"{demo_server.url}/today"
            text = "<!doctype html><title>Own</title><p>Own words</p>" if self.path == "/plain" else LURE.format(inside)
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    # The same host by another port: the browser sends the sign-in along, as it would to a site that SameSite trusts.
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_page_of_ours_in_a_strangers_frame_shows_nothing(
    browser: Browser, demo_server: Server, demo_school: DemoSchool, lure: str
) -> None:
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    page = window.page
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.goto(f"{lure}/mirror", wait_until="load")
    assert "Own words" in page.frames[1].locator("body").inner_text(), "a frame that may be shown is"
    page.goto(f"{lure}/today", wait_until="load")
    shown = ""
    for frame in page.frames[1:]:
        try:
            shown += frame.locator("body").inner_text(timeout=2000)
        except Error:  # the browser lets nobody into its own page of refusal
            continue
    assert "Today" not in shown and "Zofia" not in shown
    assert any("frame-ancestors" in fault or "Refused to" in fault or "frame" in fault for fault in window.faults)
    window.context.close()
