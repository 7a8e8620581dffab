"""Whether an installation may be served as it is set up: what a stranger on the network could turn against it.

On the machine itself (a loop-back address, no proxy in front) anything goes: that is how the product is tried.
"""

from __future__ import annotations

import ipaddress
import os
import stat
from pathlib import Path

from sqlalchemy import create_engine, make_url

from graduated.config import Settings
from graduated.db.engine import options

LEAST_SECRET = 32
"""Characters of a secret given in the environment; the ones made here have 64."""
_PASSES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def is_here(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def dangers(settings: Settings, host: str) -> list[str]:
    """What is wrong, each in one sentence with how to mend it; nothing when it may be served."""
    found = _open_files(settings.home / "secrets")
    if is_here(host) and not settings.https and not settings.proxies:
        return found
    return found + _plain(settings, host) + _weak(settings) + _open_home(settings.home) + _database(settings)


def _plain(settings: Settings, host: str) -> list[str]:
    if not settings.https:
        return [
            f"At {host} other machines could read passwords and records on the way. Put a proxy with a certificate in "
            "front and set GRADUATED_HTTPS=1 and GRADUATED_PROXIES=1, or serve at 127.0.0.1."
        ]
    if not settings.proxies:
        return [
            "GRADUATED_HTTPS=1 says that a proxy does TLS, but GRADUATED_PROXIES does not say how many stand in front: "
            "every visitor would seem to come from the proxy. Set GRADUATED_PROXIES=1."
        ]
    return []


def _weak(settings: Settings) -> list[str]:
    found = [
        f"{name} has fewer than {LEAST_SECRET} characters and could be guessed. Leave it out, and a good one is made."
        for name, secret in (
            ("GRADUATED_SECRET_KEY", settings.secret_key),
            ("GRADUATED_AUDIT_KEY", settings.audit_key.decode(errors="replace")),
        )
        if len(secret) < LEAST_SECRET
    ]
    if settings.sign_in_cost != "normal":
        found.append("GRADUATED_SIGN_IN_COST makes passwords quick to guess; it is for tests. Take it away.")
    return found


def in_the_clear(url: str) -> list[str]:
    """A database on another machine that anybody on the way could read along with, or stand in for."""
    address = make_url(url)
    at = str(address.host or address.query.get("host") or "")
    if at == "" or at.startswith("/") or is_here(at) or address.query.get("sslmode") == "verify-full":
        return []
    return [
        f"Records would go to the database at {at} without its certificate being checked. Put ?sslmode=verify-full at "
        "the end of DATABASE_URL."
    ]


def _database(settings: Settings) -> list[str]:
    """On PostgreSQL: a role that the wall between schools does not hold, and records that travel in the clear."""
    if settings.is_sqlite:
        return []
    found = in_the_clear(settings.database_url)
    engine = create_engine(settings.database_url, **options(settings.database_url))
    try:
        with engine.connect() as connection:
            if connection.exec_driver_sql(_PASSES).scalar():
                role = make_url(settings.database_url).username
                found.append(
                    f"The role {role} of DATABASE_URL is a superuser or goes past row-level security, so nothing in "
                    "the database would keep schools apart. Use one made as docs/deploy.md says."
                )
    finally:
        engine.dispose()
    return found


def _open_files(folder: Path) -> list[str]:
    if os.name != "posix" or not folder.is_dir():
        return []
    return [
        f"Other accounts of this machine may read {path}. Run: chmod go= {path}"
        for path in (folder, *sorted(folder.iterdir()))
        if path.stat().st_mode & _OTHERS
    ]


def _open_home(home: Path) -> list[str]:
    if os.name != "posix" or not home.stat().st_mode & stat.S_IRWXO:
        return []
    return [f"Every account of this machine may look into {home}, where the records are. Run: chmod o= {home}"]
