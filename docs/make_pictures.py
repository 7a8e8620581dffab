"""Make the pictures of the README from the demo school: a pupil's page, and a page of the evidence pack.

Needs Debian's chromium and poppler-utils. From the root of the checkout: .venv/bin/python docs/make_pictures.py
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))  # in a checkout the product is not installed
PICTURES = ROOT / "docs" / "pictures"
NAME = "Zofia Szymańska"
MOST_BYTES = 250_000
COLOURS = 128
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Serve a fresh demo school, and take both pictures."""
    missing = [name for name in ("chromium", "pdftoppm", "pdftotext") if shutil.which(name) is None]
    if missing:
        sys.exit(f"Install {', '.join(missing)} first: apt-get install chromium poppler-utils")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        port = _free_port()
        environment = {**os.environ, "GRADUATED_HOME": home, "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-m", "graduated", "demo", "--port", str(port)]
        server = subprocess.Popen(command, env=environment, cwd=home, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", server)
            upn = _photograph_pupil(f"http://127.0.0.1:{port}")
            _photograph_pack(environment, upn, Path(home) / "pack.pdf")
        finally:
            server.terminate()
            server.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310  # this machine's own server
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("The demo school did not start.")


def _photograph_pupil(url: str) -> str:
    """The overview of one pupil as the SENCO sees it; gives the pupil's UPN."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="en-GB", timezone_id="Europe/London")
        page.goto(f"{url}/sign-in")
        _sign_in(page)
        page.goto(f"{url}/register?status=all&name={NAME.split()[0]}")
        page.get_by_role("link", name=NAME).click()
        page.get_by_role("heading", level=1, name=NAME).wait_for()
        _keep(page.screenshot(full_page=True), PICTURES / "pupil.png")
        page.get_by_role("link", name="Details").click()
        upn = page.get_by_label("UPN", exact=False).first.input_value()
        browser.close()
    return upn


def _sign_in(page: Page) -> None:
    """With the SENCO's sign-in, which the demo shows on the page."""
    row = page.locator("main tr, main li").filter(has_text="SENCO").first.inner_text()
    email = next(word for word in row.split() if "@" in word)
    from graduated.demo.people import PASSPHRASE

    page.get_by_label("Email address").fill(email)
    page.locator("#password").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()


def _photograph_pack(environment: dict[str, str], upn: str, pack: Path) -> None:
    """The page of the pack on which the last cycle begins."""
    build = [sys.executable, "-m", "graduated", "pack", "--urn", "100001", "--upn", upn, "--out", str(pack)]
    subprocess.run(build, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    number = _page_of_a_cycle(pack)
    draw = ["pdftoppm", "-png", "-r", "110", "-f", str(number), "-l", str(number), str(pack)]
    drawn = subprocess.run(draw, check=True, capture_output=True)  # noqa: S603
    _keep(drawn.stdout, PICTURES / "pack.png")


def _page_of_a_cycle(pack: Path) -> int:
    """The fullest page that starts with the heading of a cycle, after the contents."""
    read = [shutil.which("pdftotext") or "pdftotext", "-layout", str(pack), "-"]
    pages = subprocess.run(read, check=True, capture_output=True, text=True).stdout.split("\f")  # noqa: S603
    found = [
        (len(words), number)
        for number, words in enumerate(pages, 1)
        if number > 4 and "Cycle " in "\n".join(words.strip().splitlines()[:6])
    ]
    return max(found)[1]


def _keep(png: bytes, place: Path) -> None:
    """Fewer colours, so that a clone stays small; fewer still when it is too large."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (COLOURS, COLOURS // 2, COLOURS // 4):
        picture.quantize(colours, dither=Image.Dither.NONE).save(place, optimize=True)
        if place.stat().st_size <= MOST_BYTES:
            break
    print(f"{place.relative_to(ROOT)}: {place.stat().st_size // 1000} kB, {picture.width} x {picture.height}")  # noqa: T201


if __name__ == "__main__":
    main()
