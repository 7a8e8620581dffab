"""Where an installation keeps its things, and the settings that a school may change.

Everything comes from the environment or from files under `GRADUATED_HOME`; nothing is read from the network.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
MAX_UPLOAD_BYTES = 60 * 1024 * 1024
MAX_READ_BYTES = 256 * 1024 * 1024
"""Up to here a form that is too large is read for its words, its files thrown away; beyond, nothing is read."""
_TRUE = {"1", "true", "yes", "on"}


def resource_folder(name: str) -> Path:
    """The folder of templates, static files or migrations: in the package when installed, else in the checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent.parent / name


def default_home() -> Path:
    """`instance/` of a checkout, or `~/.graduated` for an installed program."""
    checkout = PACKAGE.parent.parent
    return checkout / "instance" if (checkout / "setup.cfg").is_file() else Path.home() / ".graduated"


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings; secrets never appear in its text form."""

    home: Path
    database_url: str
    secret_key: str = field(repr=False)
    audit_key: bytes = field(repr=False)
    demo: bool = False
    https: bool = False
    proxies: int = 0
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "graduated@localhost"
    sign_in_cost: str = "normal"
    idle_minutes: int = 30
    absolute_hours: int = 12

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def views_url(self) -> str:
        """Where view events go: a file beside the database on SQLite, so that reading never waits for a write."""
        return f"sqlite:///{self.home / 'views.db'}" if self.is_sqlite else self.database_url


def secret(home: Path, name: str, environment: str) -> str:
    """A secret from the environment, or from a file made once with access for this account only."""
    given = os.environ.get(environment)
    if given:
        return given
    folder = home / "secrets"
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_hex(32))
    return path.read_text().strip()


def settings_from_environment(home: Path | None = None, *, demo: bool | None = None) -> Settings:
    """The settings of this installation. `home` and `demo` win over the environment."""
    place = (home or Path(os.environ.get("GRADUATED_HOME") or default_home())).resolve()
    place.mkdir(parents=True, exist_ok=True)
    return Settings(
        home=place,
        database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{place / 'graduated.db'}",
        secret_key=secret(place, "secret-key", "GRADUATED_SECRET_KEY"),
        audit_key=secret(place, "audit-key", "GRADUATED_AUDIT_KEY").encode(),
        demo=_flag("GRADUATED_DEMO") if demo is None else demo,
        https=_flag("GRADUATED_HTTPS"),
        proxies=int(os.environ.get("GRADUATED_PROXIES", "0")),
        smtp_url=os.environ.get("GRADUATED_SMTP") or None,
        mail_from=os.environ.get("GRADUATED_MAIL_FROM", "graduated@localhost"),
        sign_in_cost=os.environ.get("GRADUATED_SIGN_IN_COST", "normal"),
    )


def _flag(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() in _TRUE
