"""A token of a provider that was not signed, or signed with what somebody else may know, lets nobody in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from graduated import config
from tests.people.test_single_sign_on import come, google, ours, refused, tied, told
from tests.support.client import PageClient
from tests.support.provider import Provider

__all__ = ["google", "ours", "tied"]

SECRET = "secret of ours"
STRANGERS = RSAKey.generate_key(2048)


def _pieces(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a token says of itself, and what it says."""
    head, body = (json.loads(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))) for one in token.split(".")[:2])
    return head, body


def _packed(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _public_key(issuer: str) -> str:
    """The key that anybody may read, as a text."""
    place = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=5).json()["jwks_uri"]
    key = requests.get(place, timeout=5).json()["keys"][0]
    return RSAKey.import_key(key).as_pem(private=False).decode()


def _unsigned(token: str, _issuer: str) -> str:
    head, body = _pieces(token)
    return f"{_packed({**head, 'alg': 'none'})}.{_packed(body)}."


def _signed_with_our_secret(token: str, _issuer: str) -> str:
    head, body = _pieces(token)
    return jwt.encode({**head, "alg": "HS256"}, body, OctKey.import_key(SECRET), algorithms=["HS256"])


def _signed_with_the_public_key_as_a_secret(token: str, issuer: str) -> str:
    head, body = _pieces(token)
    said = f"{_packed({**head, 'alg': 'HS256'})}.{_packed(body)}"
    mac = hmac.new(_public_key(issuer).encode(), said.encode(), hashlib.sha256).digest()
    return f"{said}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def _signed_by_a_stranger(token: str, _issuer: str) -> str:
    head, body = _pieces(token)
    return jwt.encode(head, body, STRANGERS)


def _signed_by_a_stranger_who_brings_the_key(token: str, _issuer: str) -> str:
    head, body = _pieces(token)
    return jwt.encode({**head, "jwk": STRANGERS.as_dict(private=False)}, body, STRANGERS)


def _changed_after_signing(token: str, _issuer: str) -> str:
    head, _body, mac = token.split(".")
    _head, said = _pieces(token)
    return f"{head}.{_packed({**said, 'auth_time': 1})}.{mac}"


@pytest.mark.parametrize(
    "forge",
    [
        _unsigned,
        _signed_with_our_secret,
        _signed_with_the_public_key_as_a_secret,
        _signed_by_a_stranger,
        _signed_by_a_stranger_who_brings_the_key,
        _changed_after_signing,
    ],
    ids=lambda forge: forge.__name__.strip("_"),
)
def test_a_forged_token_opens_nothing_and_a_good_one_does(
    client: PageClient, google: Provider, tied: config.Provider, forge: Callable[[str, str], str]
) -> None:
    google.knows("s-1", **told())
    google.forgers[:] = [lambda token: forge(token, google.issuer)]
    try:
        refused(client, come(client, google, status=422))
    finally:
        google.forgers.clear()
    assert come(client, google).status_code == 303


def test_the_forger_at_work_lets_a_token_through_that_it_leaves_alone(
    client: PageClient, google: Provider, tied: config.Provider
) -> None:
    """So that it is the forging that is refused, not the way through the forger."""
    google.knows("s-1", **told())
    google.forgers[:] = [lambda token: token]
    try:
        assert come(client, google).status_code == 303
    finally:
        google.forgers.clear()
