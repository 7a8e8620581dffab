"""Adding a paper in a browser: one that is too large is never sent, and a picture is seen small."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.conftest import Server, open_window
from tests.support.demo import DemoSchool
from tests.uploads import files


def test_a_file_that_is_too_large_is_said_at_once_and_a_good_one_is_shown(
    browser: Browser, demo_server: Server, demo_school: DemoSchool, tmp_path: Path
) -> None:
    (tmp_path / "scan.jpg").write_bytes(files.with_places((1200, 900)))
    (tmp_path / "large.pdf").write_bytes(bytes(26 * 1024 * 1024))
    window = open_window(browser, demo_server)
    window.sign_in(*demo_school.accounts["senco"])
    expect(window.page.get_by_role("button", name="Sign out")).to_be_visible()
    page = window.go(f"{demo_school.paths['pupil']}/papers/add")
    page.get_by_label("Title").fill("Drawing of the harbour")
    page.get_by_label("The file").set_input_files(tmp_path / "large.pdf")
    expect(page.get_by_role("alert").filter(has_text="larger than 25 MB")).to_be_visible()
    assert page.get_by_label("The file").input_value() == ""
    page.get_by_label("The file").set_input_files(tmp_path / "scan.jpg")
    expect(page.get_by_text("larger than 25 MB")).to_have_count(0)
    page.get_by_role("button", name="Keep the paper").click()
    row = page.get_by_role("row").filter(has_text="Drawing of the harbour")
    expect(row).to_contain_text(re.compile("JPEG picture, 900 × 1,200 pixels, .* KB"))
    small = row.locator("img")
    small.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth === 360", arg=small.element_handle())
    window.context.close()
