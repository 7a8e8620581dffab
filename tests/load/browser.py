"""A small browser over a kept line: cookies, forms as they stand, times; cheap, so that the server is measured."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode

from tests.load.book import Book


class NoAnswer(Exception):
    """The server went away before an answer came."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str


Values = list[tuple[str, str]]


class Forms(HTMLParser):
    """The forms of a page that post: address, and what each would send as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, Values]] = []
        self._text = self._select = ""
        self._in = False
        self._chosen = True
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form or take a field."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = given.get("method", "").lower() == "post"
            if self._in:
                self.found.append((given.get("action", ""), []))
        elif self._in and "name" in given and "disabled" not in given:
            self._field(tag, given)
        elif self._in and tag == "option" and self._select and ("selected" in given or not self._chosen):
            values = self.found[-1][1]
            if self._chosen and values and values[-1][0] == self._select:
                values.pop()
            values.append((self._select, given.get("value", "")))
            self._chosen = True

    def _field(self, tag: str, given: dict[str, str]) -> None:
        values, name, kind = self.found[-1][1], given["name"], given.get("type", "text")
        if tag == "textarea":
            values.append((name, ""))
            self._text = name
        elif tag == "select":
            self._select, self._chosen = name, False
        elif tag == "input" and kind in {"radio", "checkbox"}:
            if "checked" in given:
                values.append((name, given.get("value", "on")))
        elif tag == "input" and kind not in {"submit", "button", "file"}:
            values.append((name, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        """Take the words of a text field."""
        if self._text:
            name, before = self.found[-1][1].pop()
            self.found[-1][1].append((name, before + data))

    def handle_endtag(self, tag: str) -> None:
        """End a form or a field."""
        if tag == "form":
            self._in = False
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""


def filled(values: Values, **typed: str) -> Values:
    """A form with some of its fields filled in."""
    return [(name, value) for name, value in values if name not in typed] + list(typed.items())


class Browser:
    """One person's browser without JavaScript."""

    def __init__(self, port: int, book: Book, timeout: float = 60) -> None:
        self.port, self.book, self.timeout = port, book, timeout
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None

    def close(self) -> None:
        """Let the line go."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def ask(self, kind: str, path: str, data: Values | None = None) -> Answer:
        """One request; its time is written down under its kind."""
        fresh = self._line is None
        began = time.monotonic()
        try:
            answer = self._asked(path, data)
        except NoAnswer:
            if fresh or data is not None:
                self.book.cut()
                raise
            answer = self._asked(path, data)  # a kept line that the server had closed meanwhile
        self.book.answered(kind, answer.status, time.monotonic() - began)
        return answer

    def _asked(self, path: str, data: Values | None) -> Answer:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None if data is None else urlencode(data)
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._line.request("GET" if body is None else "POST", path, body, sent)
            answer = self._line.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswer from error
        for one in answer.headers.get_all("Set-Cookie") or ():
            name, _is, value = one.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.will_close:
            self.close()
        return Answer(answer.status, answer.getheader("Location") or "", text)

    def page(self, kind: str, path: str) -> Answer:
        """A page, followed to where it leads."""
        answer = self.ask(kind, path)
        for _step in range(3):
            if answer.status not in {301, 302, 303}:
                break
            answer = self.ask(kind, answer.location)
        return answer

    def sign_in(self, email: str, password: str) -> None:
        """Come in by the form."""
        _action, values = Forms(self.ask("sign-in page", "/sign-in").text).found[0]
        answer = self.ask("sign in", "/sign-in", filled(values, email=email, password=password))
        if answer.status != 303:
            self.book.fault(f"{email} cannot sign in: {answer.status}")
