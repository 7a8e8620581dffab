"""Walking through the product by its own links, one page for each kind of address."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Error
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, RequestRedirect

from tests.browser.conftest import Window

FILES = (".pdf", ".csv", ".xlsx", ".ics", "/file")
SKELETON = """() => {
  const words = new Set();
  for (const one of document.querySelectorAll('body *')) {
    words.add([one.tagName, one.className.baseVal ?? one.className, one.getAttribute('role') ?? ''].join(' '));
  }
  return [...words].sort().join('|');
}"""
"""What a page is built of: every combination of element, class and role on it."""


@dataclass
class Walk:
    """One person's walk: from their first page along every link, one address for each endpoint."""

    window: Window
    addresses: Map
    seen: set[str] = field(default_factory=set)

    def endpoint(self, path: str) -> str | None:
        """The endpoint behind an address, if a page answers there."""
        try:
            return str(self.addresses.bind("localhost").match(path, method="GET")[0])
        except (HTTPException, RequestRedirect):
            return None

    def _opens(self, path: str) -> bool:
        try:
            self.window.go(path)
        except Error as error:
            if "Download is starting" not in str(error):
                raise
            self.window.faults.clear()
            return False
        return True

    def pages(self, *starts: str) -> Iterator[str]:
        """Open page after page; each is in front of the window while its endpoint is handed out."""
        waiting = deque(starts or ("/",))
        while waiting:
            path = waiting.popleft()
            name = self.endpoint(urlsplit(path).path)
            if name is None or name == "static" or name in self.seen:
                continue
            self.seen.add(name)
            if not self._opens(path):
                continue
            links = self.window.page.locator("a[href]:not([download])").evaluate_all(
                "links => links.map(link => link.getAttribute('href'))"
            )
            waiting.extend(link for link in links if is_page(link))
            yield name


def is_page(href: str) -> bool:
    """Whether a link leads to a page of this site; not a file, a part of the page, or somewhere else."""
    return href.startswith("/") and not urlsplit(href).path.endswith(FILES)
