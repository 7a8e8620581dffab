"""Passkeys (WebAuthn level 2): what a browser is asked, and whether what it answers is right.

No secret is kept here: a device holds the private half of a key and signs a challenge that is good once and for five
minutes. A key belongs to one address, so a page elsewhere that looks like this one gets nothing from it. Attestation
is not asked for: which make of device somebody uses is nobody's business, and no make is refused.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from graduated.access.keyring import Key

GOOD_FOR_SECONDS = 300
MOST_KEYS = 10
_MOST_WORDS = 20_000
_TRANSPORTS = {one.value: one for one in AuthenticatorTransport}
_BROKEN = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError)


class Refused(Exception):
    """The answer of the device is not what it must be."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where this installation answers: the name that keys belong to, and the whole origin of its pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked, as JSON, and the challenge in it."""

    options: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Made:
    """A new key: its name, its public half, what it counts, and how the device is reached."""

    credential_id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]


def site_of(url: str) -> Site | None:
    """The site of an address; none where it has no name, for keys cannot belong to a bare number."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host or parts.scheme not in {"http", "https"}:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, f"{parts.scheme}://{parts.netloc.lower()}")
    return None


def handle_of(user_id: int, secret: str) -> bytes:
    """Under what a device files a person: of no use to anybody else, and the same for all their keys."""
    return hmac.digest(secret.encode(), f"passkeys of {user_id}".encode(), "sha256")


def ask_to_make(site: Site, handle: bytes, email: str, name: str, known: Iterable[Key]) -> Asked:
    """What a browser needs to make a key; a device that has one already says so."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name="Graduated",
        user_id=handle,
        user_name=email,
        user_display_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_described(known),
    )
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def ask_to_use(site: Site, known: Iterable[Key] = (), *, must_verify: bool) -> Asked:
    """What a browser needs to use a key: one of `known`, or any that the device has for this site."""
    need = UserVerificationRequirement.REQUIRED if must_verify else UserVerificationRequirement.PREFERRED
    options = generate_authentication_options(
        rp_id=site.host, allow_credentials=_described(known), user_verification=need
    )
    return Asked(options_to_json(options), bytes_to_base64url(options.challenge))


def _described(keys: Iterable[Key]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=base64url_to_bytes(key.credential_id),
            transports=[_TRANSPORTS[one] for one in key.transports if one in _TRANSPORTS] or None,
        )
        for key in keys
    ]


def made(answer: str, challenge: str, site: Site) -> Made:
    """The key that a browser made. Raises Refused."""
    _refuse_long(answer)
    try:
        credential = parse_registration_credential_json(answer)
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except _BROKEN as error:
        raise Refused from error
    return Made(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
        tuple(one.value for one in credential.response.transports or ()),
    )


def named_in(answer: str) -> tuple[str, bytes | None]:
    """Which key an answer says it is of, and under what the device filed its owner. Raises Refused."""
    _refuse_long(answer)
    try:
        credential = parse_authentication_credential_json(answer)
    except _BROKEN as error:
        raise Refused from error
    return bytes_to_base64url(credential.raw_id), credential.response.user_handle


def count_of(answer: str, challenge: str, site: Site, key: Key, *, must_verify: bool) -> int:
    """What the device counts now, when its answer is right. Raises Refused.

    Whether the count has gone on is looked at where it is written, so that of two answers at once one is taken.
    """
    if key.host != site.host:
        raise Refused
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=0,
            require_user_verification=must_verify,
        )
    except _BROKEN as error:
        raise Refused from error
    return verified.new_sign_count


def _refuse_long(answer: str) -> None:
    if len(answer) > _MOST_WORDS:
        raise Refused
