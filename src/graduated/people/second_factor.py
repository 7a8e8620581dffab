"""The second step of signing in: a code of six digits from an app on the person's phone (RFC 6238).

The app and the installation share a secret. Here it is kept enciphered with a key made from the installation's own
secret, so that a copy of the database alone gives no codes. For the day on which the phone is lost there are ten
recovery codes, of which only hashes are kept (ASVS 5.0, 6.3.3; 6.5.1: each code works once).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from markupsafe import Markup

STEP_SECONDS = 30
SET_UP_SECONDS = 3600
"""A page on which a second step is set up may stand open for an hour."""
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTHS = {28, 12}
"""Letters of a recovery code; those printed before it was longer go on working."""
_key = [b""]


def configure(secret_key: str) -> None:
    """Make the key for the secrets out of the installation's own."""
    _key[0] = base64.urlsafe_b64encode(hmac.digest(secret_key.encode(), b"second step of signing in", "sha256"))


def enciphered(secret: str) -> str:
    """A secret as the database keeps it."""
    return Fernet(_key[0]).encrypt(secret.encode()).decode()


def deciphered(kept: str, longest: int | None = None) -> str | None:
    """The secret again; none when it was enciphered by another installation, was changed, or is older than that."""
    try:
        return Fernet(_key[0]).decrypt(kept.encode(), ttl=longest).decode()
    except (InvalidToken, ValueError):
        return None


def new_secret() -> str:
    """A secret of 160 bits, as an app takes it."""
    return pyotp.random_base32()


def in_fours(secret: str) -> str:
    """The secret to be typed by hand: in groups of four."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def address_of(secret: str, email: str, school: str) -> str:
    """The secret as an address that opens the app, whose list then names the school."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Graduated, {school}".replace(":", " "))


def picture(address: str) -> Markup:
    """That address as a QR code for an app's camera. The picture carries no style of its own."""
    code = segno.make(address, error="m")
    return Markup(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=True))  # noqa: S704  (made here)


def step_of(secret: str, code: str, moment: datetime) -> int | None:
    """The half minute that a code belongs to: this one, the one before or the one after, for clocks that differ."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdecimal():
        return None
    now = int(moment.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    found = [step for step in (now, now - 1, now + 1) if hmac.compare_digest(app.generate_otp(step), digits)]
    return found[0] if found else None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 138 bits, to be printed and put away: too long for anybody to find by trial what a hash is of."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(7)) for _ in range(RECOVERY_CODES)
    )


def recovery_hash(code: str) -> str | None:
    """What is kept of a recovery code, however it was typed; none when it cannot be one."""
    letters = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest() if len(letters) in _LENGTHS else None
