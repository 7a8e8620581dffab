"""Every way in is one that is written down, and none goes round another."""

from __future__ import annotations

import re
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.config import Settings
from graduated.db import clock
from graduated.db.session import db
from graduated.people import passwords, second_factor
from graduated.people.models import SignInAttempt, SignInSession
from graduated.people.sign_in import hash_token
from graduated.people.tokens import new_token
from tests.access.stage import rules_of
from tests.support.client import PageClient
from tests.support.world import PASSWORD, World, email_of

ROOT = Path(__file__).parents[2]
OPENS_A_SESSION = {"enter_here", "welcome", "come_in", "enter", "go_in", "begin"}


def test_the_only_ways_in_are_those_that_are_written_down(app: Flask) -> None:
    modules = {
        path.name
        for path in (ROOT / "src" / "graduated").rglob("*.py")
        if re.search(r"SignInSession\(", path.read_text(encoding="utf-8"))
    }
    assert modules <= {"sign_in.py", "models.py", "services_devices.py"}, "a session is opened somewhere else"
    document = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for way in ("Password, then a code", "A passkey alone", "Password alone", "A link to set", "A recovery code",
        "An account at a provider", "A PIN on a device",
                "The address of a calendar", "The command line"):  # fmt: skip
        assert f"| {way}" in document
    assert {rule.endpoint for rule in rules_of(app) if rule.rule.startswith("/sign-in")} >= {"people.sign_in"}


CHANGED = (
    PASSWORD.upper(), PASSWORD.title(), f"{PASSWORD} ", f" {PASSWORD}", PASSWORD[:-1], f"{PASSWORD}\u00a0",
    PASSWORD.replace("-", "\u2010"),
)  # fmt: skip


@pytest.mark.parametrize("changed", CHANGED)
def test_every_letter_of_a_password_counts(client: PageClient, changed: str) -> None:
    client.send("/sign-in", status=422, email=email_of("senco"), password=changed)


def test_what_keeps_passwords_is_dear_to_guess() -> None:
    passwords.set_cost("normal")
    try:
        kept = passwords.hash_password(PASSWORD)
    finally:
        passwords.set_cost("low")
    kind, version, cost = kept.split("$")[1:4]
    settings = {name: int(value) for name, value in (one.split("=") for one in cost.split(","))}
    assert (kind, version) == ("argon2id", "v=19")
    assert settings["m"] >= 19 * 1024 and settings["t"] >= 2
    assert kept != passwords.hash_password(PASSWORD), "two people with one password have one hash"


def test_recovery_codes_and_secrets_are_long_enough() -> None:
    codes = second_factor.new_recovery_codes()
    assert len(set(codes)) == len(codes) == second_factor.RECOVERY_CODES
    letters = {code.replace("-", "") for code in codes}
    assert min(len(one) for one in letters) * 4.95 >= 20, "at least 20 bits"
    assert len(second_factor.new_secret()) * 5 >= 128
    assert len({second_factor.new_secret() for _ in range(50)}) == 50


def test_a_session_has_256_bits_of_chance(client: PageClient, app: Flask) -> None:
    tokens = set()
    for _ in range(3):
        client.sign_in("senco")
        with client.session_transaction() as session:
            tokens.add(session["token"])
    assert len(tokens) == 3 and {len(one) for one in tokens} == {43}
    assert {len(new_token(1).partition(".")[2]) for _ in range(20)} == {43}
    with app.app_context():
        kept = set(db.session.scalars(select(SignInSession.token_hash)).all())
    assert kept == {hash_token(one) for one in tokens}


def test_whoever_signs_in_again_ends_the_earlier_session_of_that_browser(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    cookie = client.get_cookie("graduated")
    assert cookie is not None
    client.sign_in("senco")
    thief = app.test_client()
    thief.set_cookie("graduated", cookie.value)
    assert thief.get("/account").status_code == 303


def test_every_try_to_sign_in_is_kept_good_or_bad(client: PageClient, app: Flask) -> None:
    with clock.held(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)):
        client.send("/sign-in", status=422, email=email_of("senco"), password="not the password")
        client.send("/sign-in", status=422, email="nobody@purbeck.example.org", password=PASSWORD)
        client.sign_in("senco")
    with app.app_context():
        kept = db.session.execute(
            select(SignInAttempt.succeeded, SignInAttempt.address, SignInAttempt.at, SignInAttempt.account)
        ).all()
    assert [row.succeeded for row in kept] == [False, False, True]
    assert {row.at for row in kept} == {datetime(2026, 11, 23, 9, 0, tzinfo=UTC)}
    assert all(len(row.account) == 64 for row in kept), "an address stands in the table"


def test_no_form_asks_for_a_hint_or_a_secret_question() -> None:
    asks = re.compile(r"secret question|security question|memorable|password hint|maiden", re.I)
    shown = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "src" / "graduated" / "people").glob("*.py")]
    assert [path.name for path in shown if asks.search(path.read_text(encoding="utf-8"))] == []


def test_a_new_password_does_not_skip_the_second_step(client: PageClient, app: Flask, world: World) -> None:
    from tests.people.test_second_step import set_up

    with clock.held(datetime(2026, 11, 23, 9, 0, tzinfo=UTC)):
        client.sign_in("teacher")
        set_up(client, password=PASSWORD)
        client.send("/account/password", password=PASSWORD, new_password="pebble-kettle-harbour")
    with clock.held(datetime(2026, 11, 23, 10, 0, tzinfo=UTC) + timedelta(days=1)):
        fresh = app.test_client()
        assert isinstance(fresh, PageClient)
        answer = fresh.send("/sign-in", email=email_of("teacher"), password="pebble-kettle-harbour")
        assert answer.headers["Location"] == "/sign-in/code"
        assert fresh.status("/account") == 303


def test_letters_go_only_to_a_mail_server_with_a_certificate_that_is_good(app: Flask, tmp_path: Path) -> None:
    from graduated.ops.post import _deliver

    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    context = ssl.create_default_context()
    assert context.verify_mode is ssl.CERT_REQUIRED and context.check_hostname
    with _self_signed(tmp_path) as port:
        from dataclasses import replace
        from email.message import EmailMessage

        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = "a@b.example", "c@d.example", "A message from the school"
        with pytest.raises(ssl.SSLCertVerificationError):
            _deliver(replace(settings, smtp_url=f"smtps://localhost:{port}"), letter, 1, 5.0)


class _self_signed:
    """A server on this machine with a certificate that nobody vouches for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> int:
        import socket

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*_certificate(self.folder))
        self.door = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._answer, args=(context,), daemon=True)
        self.thread.start()
        return int(self.door.getsockname()[1])

    def _answer(self, context: ssl.SSLContext) -> None:
        try:
            line, _ = self.door.accept()
            with line, context.wrap_socket(line, server_side=True):
                pass
        except OSError:
            pass

    def __exit__(self, *_error: object) -> None:
        self.thread.join(timeout=5)
        self.door.close()


def _certificate(folder: Path) -> tuple[str, str]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    day = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(day - timedelta(days=1)).not_valid_after(day + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return str(certificate), str(private)
