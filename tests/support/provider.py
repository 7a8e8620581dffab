"""A real OpenID provider on this machine, which also insists on PKCE as Google and Microsoft do."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

WsgiApp = Any
Forger = Callable[[str], str]
"""Makes of a provider's good token another one, as who stands between the two, or knows half a secret, would."""


@dataclass
class Provider:
    """Where it answers, and what it was asked."""

    issuer: str
    asked: list[str] = field(default_factory=list)
    forgers: list[Forger] = field(default_factory=list)

    def knows(self, sub: str, **claims: object) -> None:
        """Somebody has an account there."""
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()

    def agrees(self, url: str, sub: str) -> str:
        """Somebody signs in there: the address that their browser is sent back to."""
        answer = requests.post(url, data={"sub": sub}, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def declines(self, url: str) -> str:
        """Somebody thinks better of it."""
        answer = requests.post(url, data={"action": "deny"}, allow_redirects=False, timeout=5)
        return answer.headers["Location"]


class Pkce:
    """Takes a code only with the verifier of the challenge that it was asked for with."""

    def __init__(self, app: WsgiApp, asked: list[str], forgers: list[Forger]) -> None:
        self.app, self.asked, self.forgers = app, asked, forgers
        self.challenges: set[str] = set()

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        query = parse_qs(environ["QUERY_STRING"])
        if path.endswith("/authorize"):
            assert query["code_challenge_method"] == ["S256"]
            self.challenges.add(query["code_challenge"][0])
        if path.endswith("/token"):
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            environ["wsgi.input"] = io.BytesIO(body)
            verifier = parse_qs(body.decode())["code_verifier"][0]
            challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
            if challenge not in self.challenges:
                start("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"error": "invalid_grant"}']
        with warnings.catch_warnings():  # its own warnings are no fault of ours
            warnings.simplefilter("ignore")
            if path.endswith("/token") and self.forgers:
                return self._forged(environ, start)
            return list(self.app(environ, start))

    def _forged(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        told = json.loads(b"".join(self.app(environ, lambda _status, _headers, *_: None)))
        for forge in self.forgers:
            told["id_token"] = forge(told["id_token"])
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]


@contextmanager
def running() -> Iterator[Provider]:
    """A provider for a while."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # for the provider's own side, on this machine alone
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from oidc_provider_mock import app
        from oidc_provider_mock._server import _threaded_server

        asked, forgers = list[str](), list[Forger]()
        with _threaded_server(Pkce(app(require_nonce=True), asked, forgers)) as server:
            yield Provider(f"http://localhost:{server.server_port}", asked, forgers)


def query_of(url: str) -> dict[str, str]:
    """What an address asks."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
