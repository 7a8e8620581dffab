"""Single sign-on by OpenID Connect: asking a provider who somebody is, and believing only what it must have said.

Code flow with PKCE, state and nonce. The provider's addresses and keys are fetched when somebody signs in with it, and
then only, with a few seconds' patience; nothing is asked of anybody where no provider is set up. What a provider says
opens an account only where that account was tied to it before (`services_providers`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError

from graduated.config import Provider

SECONDS = 5
"""How long a provider may take for each answer."""
LEEWAY_SECONDS = 60
"""By how much the clocks of two machines may differ."""
_SIGNED_BY = ("RS256", "PS256", "ES256")
_LONGEST = 255


class Away(Exception):
    """The provider cannot be reached, or answers nothing that can be read."""


class Refused(Exception):
    """What came back is not what it must be. The words are for a log and for tests; they name nobody."""


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what must come back from there."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who the provider says it is. `stepped` when it says that it asked for more than a password."""

    issuer: str
    sub: str
    email: str
    stepped: bool


class _Straight(OAuth2Session):  # type: ignore[misc]
    """A line to the provider that is not led elsewhere: an answer that points on is no answer (ASVS 5.0, 15.3.2)."""

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        self.max_redirects = 0


class _App(FlaskOAuth2App):  # type: ignore[misc]
    client_cls = _Straight


def _client(provider: Provider) -> Any:
    """A client that knows nothing yet: what is fetched is fetched for one sign-in and forgotten."""
    return _App(
        None,
        provider.name,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": SECONDS,
        },
        user_agent="Graduated",
    )


def _ready(client: Any, provider: Provider) -> None:
    """Fetch where the provider answers, and refuse what is not its own. Raises Away, Refused."""
    try:
        told = client.load_server_metadata()
        places = [told[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Away from error
    if told.get("issuer") != provider.issuer:
        raise Refused("the provider names another issuer")
    if not all(isinstance(place, str) and _is_private(place) for place in places):
        raise Refused("an address of the provider is not secure")
    # A provider may sign otherwise too; we take no word that is unsigned, or signed with what both sides know.
    told["id_token_signing_alg_values_supported"] = list(_SIGNED_BY)
    told.pop("jwks", None)


def _is_private(place: str) -> bool:
    parts = urlsplit(place)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})


def begin(provider: Provider, back: str) -> Begun:
    """What to ask the provider, which answers to the address `back`. Raises Away, Refused."""
    client = _client(provider)
    _ready(client, provider)
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    more = {"hd": provider.domain} if provider.domain else {}
    asked = client.create_authorization_url(back, state=state, nonce=nonce, code_verifier=verifier, **more)
    return Begun(str(asked["url"]), state, nonce, verifier)


def finish(provider: Provider, back: str, code: str, nonce: str, verifier: str) -> Person:
    """Who it is, by the code that the browser brought back. Raises Away, Refused."""
    client = _client(provider)
    _ready(client, provider)
    try:
        token = client.fetch_access_token(redirect_uri=back, code=code, code_verifier=verifier)
        claims = client.parse_id_token(
            token,
            nonce=nonce,
            claims_options={
                "iss": {"essential": True, "values": [provider.issuer]},
                "aud": {"essential": True, "values": [provider.client_id]},
                "sub": {"essential": True},
                "exp": {"essential": True},
            },
            leeway=LEEWAY_SECONDS,
        )
    except requests.RequestException as error:
        raise Away from error
    except (AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise Refused(type(error).__name__) from error
    return person_of(provider, claims or {}, nonce)


def person_of(provider: Provider, claims: dict[str, Any], nonce: str) -> Person:
    """The person in a token whose signature and times were right, if it is meant for us and of the school's own people.

    Raises Refused. What the library has looked at is looked at again where all hangs on it: issuer, audience, nonce.
    """
    audience = claims.get("aud")
    if claims.get("iss") != provider.issuer or audience not in (provider.client_id, [provider.client_id]):
        raise Refused("not of this provider, or not for us")
    if not nonce or not secrets.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise Refused("not what was asked")
    if provider.domain and str(claims.get("hd", "")).lower() != provider.domain:
        raise Refused("of another domain")
    if provider.tenant and str(claims.get("tid", "")).lower() != provider.tenant:
        raise Refused("of another tenant")
    sub, email = str(claims.get("sub", "")), str(claims.get("email", "")).strip().lower()
    if not sub or len(sub) > _LONGEST or not email or not _is_verified(provider, claims):
        raise Refused("no address that the provider has verified")
    methods = claims.get("amr")
    return Person(provider.issuer, sub, email, isinstance(methods, list) and "mfa" in methods)


def _is_verified(provider: Provider, claims: dict[str, Any]) -> bool:
    """Microsoft says by a claim of its own that the owner of an address's domain was verified (xms_edov)."""
    told = [claims.get("email_verified")]
    if provider.tenant:
        told.append(claims.get("xms_edov"))
    return any(one is True or one in {"true", "1"} or (one == 1 and not isinstance(one, bool)) for one in told)
