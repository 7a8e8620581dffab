"""Where an installation keeps its things, and the settings that a school may change.

Everything comes from the environment or from files under `GRADUATED_HOME`; nothing is read from the network.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PACKAGE = Path(__file__).resolve().parent
MAX_UPLOAD_BYTES = 60 * 1024 * 1024
MAX_READ_BYTES = 256 * 1024 * 1024
"""Up to here a form that is too large is read for its words, its files thrown away; beyond, nothing is read."""
LEAST_TOKEN = 24
_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def resource_folder(name: str) -> Path:
    """The folder of templates, static files or migrations: in the package when installed, else in the checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent.parent / name


def default_home() -> Path:
    """`instance/` of a checkout, or `~/.graduated` for an installed program."""
    checkout = PACKAGE.parent.parent
    return checkout / "instance" if (checkout / "setup.cfg").is_file() else Path.home() / ".graduated"


class NotSet(ValueError):
    """A setting is missing or cannot be meant so; the words say which."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody whose word is taken for who a member of staff is (OpenID Connect), as this installation is set up.

    Exactly one of `domain` (Google: the school's) and `tenant` (Microsoft: the school's) says whose people are meant.
    """

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    domain: str = ""
    tenant: str = ""


_TENANT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PRESETS = {
    "google": ("Google", "https://accounts.google.com"),
    "microsoft": ("Microsoft", "https://login.microsoftonline.com/{tenant}/v2.0"),
}


def _providers(home: Path) -> tuple[Provider, ...]:
    """The providers named in GRADUATED_SSO; none where it is not set, and then nothing is ever asked of anybody."""
    return tuple(_provider(home, name) for name in os.environ.get("GRADUATED_SSO", "").lower().split())


def _provider(home: Path, name: str) -> Provider:
    if not re.fullmatch("[a-z][a-z0-9]{0,19}", name):
        raise NotSet(f"GRADUATED_SSO: {name!r} is no name for a provider. Use letters and figures, such as google.")
    start = f"GRADUATED_SSO_{name.upper()}_"
    given = {part: os.environ.get(start + part, "").strip() for part in ("CLIENT_ID", "DOMAIN", "TENANT", "ISSUER")}
    label, issuer = _PRESETS.get(name, (os.environ.get(f"{start}LABEL", name.title()), ""))
    tenant, domain = given["TENANT"].lower(), given["DOMAIN"].lower()
    issuer = (given["ISSUER"] or issuer.format(tenant=tenant)).rstrip("/")
    kept = home / "secrets" / f"sso-{name}"
    client_secret = os.environ.get(f"{start}CLIENT_SECRET", "") or (kept.read_text().strip() if kept.exists() else "")
    if not given["CLIENT_ID"] or not client_secret:
        raise NotSet(f"{start}CLIENT_ID and {start}CLIENT_SECRET (or the file {kept}) are needed for {label}.")
    if name == "microsoft" and domain and not tenant:
        raise NotSet(
            f"{start}DOMAIN means nothing to Microsoft. Take it away and set {start}TENANT to the directory's own "
            "number, which Microsoft's administration pages show as Directory (tenant) ID."
        )
    if name == "google" and tenant and not domain:
        raise NotSet(
            f"{start}TENANT means nothing to Google. Take it away and set {start}DOMAIN to the school's domain."
        )
    if bool(tenant) == bool(domain):
        raise NotSet(f"{start}DOMAIN or {start}TENANT must say whose people are meant, and not both.")
    if tenant and not _TENANT.fullmatch(tenant):
        raise NotSet(f"{start}TENANT is the directory's own number (8-4-4-4-12), not a word for any.")
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise NotSet(f"{start}ISSUER must be an https address.")
    return Provider(name, label, issuer, given["CLIENT_ID"], client_secret, domain, tenant)


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's settings; secrets never appear in its text form."""

    home: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    audit_key: bytes = field(repr=False)
    demo: bool = False
    https: bool = False
    proxies: int = 0
    public_url: str = ""
    providers: tuple[Provider, ...] = ()
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "graduated@localhost"
    sign_in_cost: str = "normal"
    metrics_token: str = field(default="", repr=False)
    idle_minutes: int = 30
    absolute_hours: int = 12
    owner_url: str = field(default="", repr=False)
    scanner: tuple[str, ...] = ()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.database_url.startswith("sqlite")

    @property
    def migration_url(self) -> str:
        """The address for bringing the database to a version: of the role that owns it, when that is another one."""
        return self.owner_url or self.database_url

    @property
    def views_url(self) -> str:
        """Where view events go: a file beside the database on SQLite, so that reading never waits for a write."""
        return f"sqlite:///{self.home / 'views.db'}" if self.is_sqlite else self.database_url


def _has_records(home: Path) -> bool:
    """Whether somebody has worked here before: then a secret that is gone must not quietly become another one."""
    kept = (home / "graduated.db", home / "audit-anchor.log")
    return any(path.exists() and path.stat().st_size > 0 for path in kept)


def secret(home: Path, name: str, environment: str) -> str:
    """A secret from the environment, or from a file made once with access for this account only."""
    given = os.environ.get(environment)
    if given:
        return given
    folder = home / "secrets"
    path = folder / name
    if not path.exists():
        if _has_records(home):
            raise NotSet(
                f"The file {path} is missing, and a new one would not fit the records that are here: nothing was done. "
                "Put it back from the backup (docs/backup.md), or restore the whole of the backup into a new folder."
            )
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
    try:
        place.mkdir(parents=True, exist_ok=True)
        return _settings(place, demo)
    except OSError as error:
        raise NotSet(
            f"This account cannot use {error.filename or place} ({error.strerror or error}). Set GRADUATED_HOME to the "
            "folder of the installation, and run this as the account that runs Graduated."
        ) from error


def _settings(place: Path, demo: bool | None) -> Settings:
    return Settings(
        home=place,
        database_url=_address("DATABASE_URL") or f"sqlite:///{place / 'graduated.db'}",
        owner_url=_address("GRADUATED_OWNER_URL"),
        secret_key=secret(place, "secret-key", "GRADUATED_SECRET_KEY"),
        audit_key=secret(place, "audit-key", "GRADUATED_AUDIT_KEY").encode(),
        demo=_flag("GRADUATED_DEMO") if demo is None else demo,
        https=_flag("GRADUATED_HTTPS"),
        proxies=_number("GRADUATED_PROXIES"),
        public_url=_public_url(),
        providers=_providers(place),
        smtp_url=_mail_server(),
        mail_from=os.environ.get("GRADUATED_MAIL_FROM", "graduated@localhost"),
        sign_in_cost=os.environ.get("GRADUATED_SIGN_IN_COST", "normal"),
        metrics_token=_metrics_token(place),
        scanner=_scanner(),
    )


def _scanner() -> tuple[str, ...]:
    """The words of the command that looks through uploaded files for viruses; none where there is no such program."""
    given = os.environ.get("GRADUATED_SCANNER", "").strip()
    try:
        return tuple(shlex.split(given, posix=os.name != "nt"))
    except ValueError:
        raise NotSet(
            f"GRADUATED_SCANNER must be a command such as clamdscan --fdpass --no-summary, and is {given!r}."
        ) from None


def _metrics_token(home: Path) -> str:
    """What a monitor must bring to read figures, from the environment or a file; without one there are none."""
    kept = home / "secrets" / "metrics-token"
    given = os.environ.get("GRADUATED_METRICS_TOKEN", "").strip()
    token = given or (kept.read_text().strip() if kept.exists() else "")
    if token and len(token) < LEAST_TOKEN:
        raise NotSet(
            f"The token for figures (GRADUATED_METRICS_TOKEN, or the file {kept}) has fewer than {LEAST_TOKEN} "
            "characters and could be guessed. Take 64 from: openssl rand -hex 32"
        )
    return token


def _address(name: str) -> str:
    """A database's address with the driver that comes with the program, whichever way it was written."""
    given = re.sub("^postgres(ql)?://", "postgresql+psycopg://", os.environ.get(name, "").strip())
    if given and not given.startswith(("postgresql+psycopg://", "sqlite://")):
        raise NotSet(
            f"{name} must begin with postgresql://, and does not. Leave it out, and the records are kept in a file in "
            "GRADUATED_HOME."
        )
    return given


def _mail_server() -> str | None:
    """The mail server's address; what is wrong with it is said without it, since a password may stand in it."""
    given = os.environ.get("GRADUATED_SMTP", "").strip()
    if given and not re.match(r"(smtp|smtps|smtp\+starttls)://[^/?#]", given):
        raise NotSet(
            "GRADUATED_SMTP must begin with smtp://, smtp+starttls:// or smtps:// and the server's name, such as "
            "smtp+starttls://name:password@mail.school.example, and does not."
        )
    return given or None


def _number(name: str) -> int:
    given = os.environ.get(name, "").strip() or "0"
    if not re.fullmatch("[0-9]{1,2}", given):
        raise NotSet(f"{name} must be a number, such as 1, and is {given!r}.")
    return int(given)


def _public_url() -> str:
    """Where the installation answers: what links in letters begin with, whatever a browser claims to have asked for."""
    given = os.environ.get("GRADUATED_URL", "").strip().rstrip("/")
    if not given:
        return ""
    parts = urlsplit(given)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"})
    if not is_private or not parts.hostname or f"{parts.scheme}://{parts.netloc}" != given or "@" in parts.netloc:
        raise NotSet(f"GRADUATED_URL must be an https address with nothing after its name, and is {given!r}.")
    return given


def _flag(name: str) -> bool:
    given = os.environ.get(name, "").strip().lower()
    if given not in _TRUE | _FALSE:
        raise NotSet(f"{name} must be 1 or 0, and is {given!r}.")
    return given in _TRUE
