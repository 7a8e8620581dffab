"""Somebody who works at the real server over HTTP, and knows which saves were answered."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import html5lib

from tests.support.client import XHTML, form_values, words
from tests.support.world import PASSWORD, email_of

SAVED = 303


class NoAnswer(Exception):
    """The server went away, or the line was cut, before an answer came."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def tree(self) -> Any:
        """The page as a browser reads it."""
        return html5lib.parse(self.text)

    @property
    def said(self) -> str:
        """The words of its main part."""
        return words(next(one for one in self.tree.iter() if one.tag == f"{XHTML}main"))

    def forms(self) -> list[tuple[str, dict[str, Any]]]:
        """(address, values) of each form in its main part."""
        main = next(one for one in self.tree.iter() if one.tag == f"{XHTML}main")
        found = [one for one in main.iter() if one.tag == f"{XHTML}form"]
        return [(one.attrib.get("action") or "", form_values(one)) for one in found]


class Visitor:
    """A browser without JavaScript, with the cookie of one sign-in."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie

    def at(self, port: int) -> Visitor:
        """The same browser with the same cookie, by another way."""
        return Visitor(port, self.cookie)

    def ask(self, path: str, data: dict[str, Any] | None = None, timeout: float = 60, **headers: str) -> Answer:
        """One request on a connection of its own. A saved form's message is not taken into the cookie."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Cookie": self.cookie, **headers}
        body = None if data is None else urlencode(data, doseq=True)
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if body is None else "POST", path, body, sent)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.getheader("Content-Length") is None and answer.status != 204:
                raise NoAnswer  # cut off within its head
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        finally:
            connection.close()
        if body is None or path.startswith("/sign-in"):
            self.cookie = (answer.getheader("Set-Cookie") or self.cookie).split(";")[0]
        return Answer(answer.status, answer.getheader("Location") or "", text)

    def form(self, path: str) -> dict[str, Any]:
        """The values of a page's first form as it stands."""
        answer = self.ask(path)
        assert answer.status == 200, (path, answer.status)
        return answer.forms()[0][1]

    def sign_in(self, who: str) -> Visitor:
        """Come in as a person of the world."""
        values = self.form("/sign-in")
        answer = self.ask("/sign-in", {**values, "email": email_of(who), "password": PASSWORD})
        assert answer.status == SAVED, answer.said
        return self
