"""What `graduated doctor` looks at on the machine: Python, folders, disc, secrets, address, post, clock."""

from __future__ import annotations

import os
import shutil
import smtplib
import ssl
import stat
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from graduated.config import PACKAGE, Settings, resource_folder
from graduated.ops.doctor import NOT_THERE, SECRETS, Check, State, look, mend, ok
from graduated.ops.safety import dangers, is_here
from graduated.pack import fonts
from graduated.uploads.scratch import scratch
from graduated.uploads.viruses import Answer, ask

Found = list[tuple[State, str]]
OLDEST_PYTHON = (3, 11)
LITTLE, NEXT_TO_NOTHING = 1_000_000_000, 200_000_000
PATIENCE = 5.0
KNOWN_SECRETS = frozenset({"tests only", "secret", "changeme", "change-me", "graduated", "password"})
SETTINGS_KNOWN = frozenset(
    {
        "GRADUATED_BACKUP_TO",
        "GRADUATED_DEMO",
        "GRADUATED_FONTS",
        "GRADUATED_HOME",
        "GRADUATED_HTTPS",
        "GRADUATED_LOG",
        "GRADUATED_MAIL_FROM",
        "GRADUATED_METRICS_TOKEN",
        "GRADUATED_OWNER_URL",
        "GRADUATED_PROXIES",
        "GRADUATED_SCANNER",
        "GRADUATED_SERVED_BY",
        "GRADUATED_SIGN_IN_COST",
        "GRADUATED_SMTP",
        "GRADUATED_SSO",
        "GRADUATED_URL",
    }
)
_FAMILIES = ("GRADUATED_SSO_", "GRADUATED_TEST_")
"""How names begin that go on with a provider's, and those of the tests."""
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows a moment before this program was written."""


def python(_settings: Settings) -> Found:
    """Whether this Python is one that the program is made for."""
    version = ".".join(map(str, sys.version_info[:3]))
    if tuple(sys.version_info[:2]) < OLDEST_PYTHON:
        return mend(f"This is Python {version}. Install Python 3.11 or newer, and Graduated again with it.")
    return ok(f"Python {version}.")


def home(settings: Settings) -> Found:
    """Whether the folder of the installation is this account's own."""
    place = settings.home
    if os.name != "posix":
        return ok(f"Everything is kept in {place}.")
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        return mend(f"This account may not write in {place}. Run Graduated as the account that it was set up with.")
    owner = place.stat().st_uid
    if owner != os.geteuid():
        return mend(
            f"{place} belongs to another account (number {owner}) than the one that asks (number {os.geteuid()}). Run "
            f"Graduated as that account, or once, as the machine's administrator: chown -R {os.geteuid()} {place}"
        )
    return ok(f"Everything is kept in {place}, which is this account's own.")


def permissions(settings: Settings) -> Found:
    """Whether other accounts of the machine may read the records: what a wrong umask leaves behind."""
    if os.name != "posix":
        return ok("Permissions are Windows' own.")
    names = ("graduated.db", "graduated.db-wal", "views.db", "files", "outbox", "before-upgrade", "audit-anchor.log")
    places = [settings.home / name for name in names]
    shown = [one for one in places if one.exists() and one.stat().st_mode & _OTHERS]
    closed = not settings.home.stat().st_mode & stat.S_IRWXO
    if not shown or closed:
        return ok("Other accounts of this machine cannot read the records.")
    return mend(f"Other accounts of this machine can read records. Run: chmod -R go= {settings.home}")


def room(settings: Settings) -> Found:
    """Whether there is room on the disc."""
    free = shutil.disk_usage(settings.home).free
    said = f"{free / 1_000_000_000:.1f} GB are free on the disc of {settings.home}."
    if free < NEXT_TO_NOTHING:
        return mend(f"{said} Soon nothing can be saved. Make room: older backups and downloads first.")
    return look(f"{said} Make room before it runs out.") if free < LITTLE else ok(said)


def secrets(settings: Settings) -> Found:
    """Whether the secrets are there, are nobody else's, and cannot be read or guessed."""
    if settings.demo:
        return look("This is set up as a demo (GRADUATED_DEMO). No real child's records belong in it.")
    audit_key = settings.audit_key.decode(errors="replace")
    given = dict(zip(SECRETS, (settings.secret_key, audit_key), strict=True))
    lost = [name for name, value in given.items() if value == NOT_THERE]
    if lost:
        return mend(
            *(
                f"The file {settings.home / 'secrets' / name} is missing. Put it back from the backup before anything "
                "is started: a new one would not fit the records. A new installation gets one by: graduated db upgrade"
                for name in lost
            )
        )
    found = [
        f"{SECRETS[name]} is a word that others know. Take it out of the environment, and a good one is made."
        for name, value in given.items()
        if value.lower() in KNOWN_SECRETS
    ]
    found += [one for one in dangers(settings, "127.0.0.1") if one not in found]
    return mend(*found) if found else ok("The secrets are there, and are this account's alone.")


def names(_settings: Settings) -> Found:
    """Whether each setting of the environment is one that the program knows: a misspelt one has no effect."""
    known = SETTINGS_KNOWN | set(SECRETS.values())
    given = {name for name in os.environ if name.startswith("GRADUATED_") and not name.startswith(_FAMILIES)}
    said = []
    for name in sorted(given - known):
        near = get_close_matches(name, sorted(known), n=1)
        said.append(f"{name} is no setting of Graduated, and has no effect.{f' Is {near[0]} meant?' if near else ''}")
    return [one for words in said for one in look(words)] or ok("Every setting has a name that Graduated knows.")


def address(settings: Settings) -> Found:
    """Whether the address, TLS and proxies are set so that nobody listens in."""
    if not (settings.https or settings.proxies or settings.public_url):
        return look(
            "Only this machine can use Graduated: GRADUATED_URL and GRADUATED_HTTPS are not set (docs/deploy.md)."
        )
    found = [one for one in dangers(settings, "0.0.0.0") if one.startswith(("At ", "GRADUATED_HTTPS"))]  # noqa: S104
    parts = urlsplit(settings.public_url)
    if settings.public_url and parts.scheme != "https" and not is_here(parts.hostname or ""):
        found.append(f"GRADUATED_URL is {settings.public_url}. It must begin with https:// for passwords to be safe.")
    if found:
        return mend(*found)
    if not settings.public_url:
        return look(
            "GRADUATED_URL is not set: set it to the address that people type, such as https://sen.school.example"
        )
    return ok(f"People come to {settings.public_url}.")


def mail(settings: Settings) -> Found:
    """Whether the mail server greets; nothing is sent, and nobody signs in."""
    if settings.smtp_url is None:
        return look(f"No mail server is set (GRADUATED_SMTP): letters become files in {settings.home / 'outbox'}.")
    where = urlsplit(settings.smtp_url)
    host, port = where.hostname or "localhost", where.port or (465 if where.scheme == "smtps" else 25)
    try:
        server: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
            if where.scheme == "smtps"
            else smtplib.SMTP(host, port, timeout=PATIENCE)
        )
        with server:
            code, _words = server.ehlo()
    except (OSError, smtplib.SMTPException) as error:
        why = "did not answer in time" if isinstance(error, TimeoutError) else "could not be reached"
        return mend(f"The mail server {host}, port {port}, {why}. Check GRADUATED_SMTP, and the firewall.")
    if code >= 400:
        return mend(
            f"The mail server {host}, port {port}, refuses (code {code}). Ask whoever runs it to let this machine in."
        )
    return ok(f"The mail server {host} answers.")


def clock(settings: Settings) -> Found:
    """Whether the clock can be right, and British time is known."""
    moment = datetime.now(UTC)
    try:
        ZoneInfo("Europe/London")
    except ZoneInfoNotFoundError:
        return mend("This machine does not know British time. Install the package tzdata (Debian: apt install tzdata).")
    files = [settings.home / name for name in ("audit-anchor.log", "graduated.db", "run/worker")]
    latest = max((one.stat().st_mtime for one in files if one.exists()), default=0.0)
    if moment < BUILT or latest > moment.timestamp() + 300:
        return mend(
            f"The clock of this machine says {moment:%d %B %Y, %H:%M} UTC, which is before things that it has written. "
            "Set it right (Debian: timedatectl set-ntp true): sign-ins and last days are counted by it."
        )
    return ok(f"The clock says {moment:%d %B %Y, %H:%M} UTC; is that right?")


def parts(_settings: Settings) -> Found:
    """Whether styles, scripts, letters of documents, migrations and languages are there."""
    wanted: dict[str, Path] = {
        "styles and scripts": resource_folder("static") / "vendor",
        "templates": resource_folder("templates") / "base.html",
        "migrations": resource_folder("migrations") / "env.py",
        "languages": PACKAGE / "languages" / "pl",
        **{f"the letters {name}": fonts.folder() / file for name, file in fonts.FILES.items()},
    }
    gone = [f"{name} ({path})" for name, path in wanted.items() if not path.exists()]
    if gone:
        return mend(f"Parts of the program are missing: {', '.join(gone)}. Install Graduated again.")
    return ok("All parts of the program are there.")


def scanner(settings: Settings) -> Found:
    """Whether uploaded files are looked through for viruses, tried with the file that every scanner finds."""
    if not settings.scanner:
        return look(
            "Uploaded papers are not looked through for viruses here. Where ClamAV runs, set GRADUATED_SCANNER to: "
            "clamdscan --fdpass --no-summary"
        )
    name = settings.scanner[0]
    with scratch() as folder:
        plain, tried = folder / "plain", folder / "tried"
        plain.write_text("Nothing is wrong with this file.")
        tried.write_text(file_to_try())
        answers = ask(settings.scanner, plain), ask(settings.scanner, tried)
    if answers == (Answer.NOTHING, Answer.FOUND):
        return ok(f"{name} looks through uploaded papers, and found the file that scanners are tried with.")
    wrong = {
        Answer.NOT_LOOKED: "does not look at files: until it does no paper can be added",
        Answer.FOUND: "takes a harmless file for a virus: no paper can be added",
    }.get(answers[0], "does not find the file that scanners are tried with: it has no signatures, or is no scanner")
    return mend(f"{name} (GRADUATED_SCANNER) {wrong}. See that it is installed and runs, and try it by hand.")


def file_to_try() -> str:
    """The file of the antivirus makers (EICAR): harmless, and found by every scanner. In pieces, or they find us."""
    return "".join(("X5O!P%@AP[4", chr(92), "PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"))


CHECKS: dict[str, Check] = {
    "python": python,
    "home": home,
    "access": permissions,
    "room": room,
    "secrets": secrets,
    "settings": names,
    "address": address,
    "mail": mail,
    "clock": clock,
    "program": parts,
    "viruses": scanner,
}
