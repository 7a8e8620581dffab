"""The commands about backups. As with all of them: exit 0 done, 2 it could not be done, with a sentence that says why.

`check-backups` and `rehearse-restore` exit 1 when something is not as it should be.
"""

from __future__ import annotations

import functools
import json
import os
import shlex
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import ParamSpec

import click

from graduated.backup import keys, making, places, rehearsing, restoring, sheets, snapshot, state
from graduated.backup.errors import LEFT_TO_SERVER, BackupError
from graduated.config import Settings, settings_from_environment
from graduated.db import migrate
from graduated.db.clock import now
from graduated.ops import doctor
from graduated.rules.backups import is_due

P = ParamSpec("P")
_FOLDER = click.Path(path_type=Path)


def _in_words(command: Callable[P, None]) -> Callable[P, None]:
    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except BackupError as error:
            click.echo(str(error), err=True)
            sys.exit(2)

    return run


def _installation() -> Settings:
    """The settings of the installation that is there: a wrong GRADUATED_HOME makes no new one, with other secrets."""
    home = doctor.home_of_environment()
    set_it = "Set GRADUATED_HOME to the folder of the installation, and run this as the account that runs Graduated."
    try:
        is_there = home.is_dir() and os.access(home, os.R_OK | os.X_OK)
        settings = doctor.settings_to_look(home) if is_there else None
        has_file = settings is not None and settings.is_sqlite and snapshot.database_file(settings).is_file()
        if settings is None or (settings.audit_key == doctor.NOT_THERE.encode() and not has_file):
            raise BackupError(f"There is no installation of Graduated in {home} that this account can read. {set_it}")
        if settings.is_sqlite and not snapshot.database_file(settings).is_file():
            raise BackupError(f"There is no database of Graduated in {home}. {set_it}")
    except PermissionError as error:
        raise BackupError(f"This account cannot read {error.filename or home}. {set_it}") from error
    return settings_from_environment()


def _to_back_up() -> Settings:
    """The same, for what only makes sense where Graduated itself makes the backups."""
    settings = _installation()
    if state.is_left_to_server(settings):
        raise BackupError(LEFT_TO_SERVER)
    return settings


def _size(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"


@click.command("backup")
@click.option("--to", multiple=True, type=_FOLDER, help="A folder on another disk; else all places that are set.")
@click.option("--if-due", is_flag=True, help="Only when the last good one is an hour old; for timers.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@_in_words
def backup(to: tuple[Path, ...], if_due: bool, as_json: bool) -> None:
    """Back up all records and papers, enciphered, while people go on working."""
    settings = _to_back_up()
    known = state.read(settings)
    if if_due and not is_due(now(), known.good_at, known.tried_at):
        click.echo("No backup is due.")
        return
    chosen = [place.absolute() for place in to]
    for place in chosen:
        places.mark(settings, place)
    made = making.make(settings, chosen)
    if as_json:
        click.echo(json.dumps(asdict(made), ensure_ascii=False, indent=2))
        sys.exit(1 if made.errors else 0)
    for done in made.good:
        click.echo(
            f"{done}: {made.name}, {_size(made.size)} and {made.files} files ({made.new_files} new), read back and "
            f"whole, in {made.seconds:.1f} seconds."
        )
    for place_name, words in made.errors.items():
        click.echo(f"{place_name}: not done. {words}", err=True)
    for words in made.warnings:
        click.echo(f"Look: {words}", err=True)
    sys.exit(2 if made.errors else 0)


@click.command("backup-keys")
@click.option("--out", type=_FOLDER, help="Write the private key into this file, on a stick say, not onto the screen.")
@click.option("--another", is_flag=True, help="A further key, for a second person.")
@click.option("--replace", is_flag=True, help="A new key in place of a lost one.")
@_in_words
def backup_keys(out: Path | None, another: bool, replace: bool) -> None:
    """Make the key with which backups are opened. It is shown this once and kept nowhere here."""
    settings = _to_back_up()
    if out is not None and (out.exists() or out.resolve().is_relative_to(settings.home)):
        raise BackupError(
            f"Choose another file than {out}: one that is not there yet, on a stick, not on this machine."
        )
    handle = None
    if out is not None:
        try:
            handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise BackupError(f"{out} cannot be written: {error.strerror}.") from error
    sheet = keys.make(settings, another=another, replace=replace)
    if handle is None:
        click.echo(sheet)
    else:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(sheet)
        click.echo(f"The key is in {out}. Print it twice, and take the file away from this machine.")
    # Not with the answer, which may go straight into a file on a stick.
    click.echo("Next: graduated backup-place FOLDER (on another disk), then: graduated backup", err=True)


@click.command("backup-place")
@click.argument("folder", required=False, type=_FOLDER)
@click.option("--remove", is_flag=True, help="Send no more backups there.")
@click.option(
    "--take-over", is_flag=True, help="It held the backups of the machine that is gone; this one goes on in its stead."
)
@_in_words
def backup_place(folder: Path | None, remove: bool, take_over: bool) -> None:
    """Have a backup go to a folder each hour; without a folder, list where they go."""
    settings = _to_back_up()
    if folder is not None and remove:
        places.remove(settings, folder)
    elif folder is not None:
        places.add(settings, folder, take_over=take_over)
        if places.is_beside(settings, folder):
            click.echo("Look: this is on the same disk as the records, and would be lost with it.", err=True)
    chosen = places.places(settings)
    click.echo("\n".join(["Backups go to:", *(f"  {one}" for one in chosen)]) if chosen else "Backups go nowhere yet.")


@click.command("check-backups")
@click.argument("folder", required=False, type=_FOLDER)
@_in_words
def check_backups(folder: Path | None) -> None:
    """Read every backup and say which are good; exit 1 when one is not. It needs no key."""
    chosen = (folder,) if folder is not None else places.places(_installation())
    if not chosen:
        raise BackupError("Name a folder with backups: graduated check-backups FOLDER")
    bad = 0
    for place in chosen:
        found = sheets.in_place(place)
        if not found:
            click.echo(f"{place}: no backups here, or it is not connected.", err=True)
            bad += 1
        for one in found:
            wrong = one.wrong if one.sheet is None else sheets.what_is_wrong(place, one.sheet)
            bad += bool(wrong)
            made = rehearsing.in_words(one.moment)
            click.echo(f"{place / one.name}{sheets.ARCHIVE}, made on {made}: {wrong or 'good'}")
    sys.exit(1 if bad else 0)


def _key(file: Path | None) -> keys.PrivateKey:
    if file is not None:
        return keys.read_private_key(file)
    if not sys.stdin.isatty():
        return keys.private_key(sys.stdin.read())
    return keys.private_key(click.prompt("The key, from its sheet (it is not shown)", hide_input=True))


def _fitting(key: keys.PrivateKey, archive: Path, installation: str) -> keys.PrivateKey:
    """The key with the installation of its sheet, which the line typed alone does not tell.

    Anybody can encipher for a public key: a backup that opens need not be the school's own.
    """
    given = installation.strip().lower() or key.installation
    if given:
        return replace(key, installation=given)
    _file, sheet = restoring.look_at(archive)
    says = (
        f"{sheet.name} says that it was made on {rehearsing.in_words(sheet.moment)} by installation "
        f"{sheet.installation}."
    )
    if not sys.stdin.isatty():
        raise BackupError(
            f"{says} Compare that with the line “Installation:” on the key's sheet, and give what stands there: "
            "--installation …"
        )
    if not click.confirm(f"{says} Does the key's sheet say “Installation: {sheet.installation}” as well?"):
        raise BackupError("Nothing was restored. This is not the school's own backup, or the key is of another one.")
    return replace(key, installation=sheet.installation)


@click.command("restore")
@click.argument("archive", type=_FOLDER)
@click.option("--key", type=_FOLDER, help="The file with the private key; without it, it is asked for.")
@click.option("--into", required=True, type=_FOLDER, help="A folder that is not there yet, or empty.")
@click.option("--installation", default="", help="What stands after “Installation:” on the key's sheet.")
@_in_words
def restore(archive: Path, key: Path | None, into: Path, installation: str) -> None:
    """Restore a backup (a file graduated-….age, or a folder: then its newest) into an empty place, and verify it."""
    done = restoring.restore(archive, _fitting(_key(key), archive, installation), into)
    made = rehearsing.in_words(done.moment)
    click.echo(f"Restored {done.rows} records and {done.files} papers as they were on {made} into {done.place}.")
    for words in done.notes:
        click.echo(f"Look: {words}", err=True)
    if done.schema > migrate.newest():
        click.echo(
            f"It was made by Graduated {done.program}, which is newer than this one. Install that version, then run: "
            "graduated db upgrade",
            err=True,
        )
        sys.exit(2)
    is_whole, words = rehearsing.verified(done.place)
    click.echo(words)
    for owed in done.owed_words:
        click.echo(f"Look: {owed}", err=True)
    click.echo("\n".join(["Next:", *(f"  * {line}" for line in _next(done))]))
    sys.exit(0 if is_whole else 1)


def _next(done: restoring.Restored) -> list[str]:
    lines = [f"Set GRADUATED_HOME={done.place}, and leave DATABASE_URL unset."]
    if done.settings:
        given = " ".join(f"{name}={value}" for name, value in sorted(done.settings.items()))
        lines.append(f"The old machine had these settings besides: {given}")
    if done.settings_with_secrets:
        lines.append(
            f"These hold a password and are in no backup; set them anew: {', '.join(done.settings_with_secrets)}"
        )
    lines.append("Its database is at this program's version already: graduated db upgrade will find nothing to do.")
    lines.append(
        "If you restored it as root, give the folder to the account that runs Graduated: chown -R graduated: "
        f"{shlex.quote(str(done.place))}"
    )
    lines += _backups_go_on(done.sent_to)
    lines.append("Start it: graduated serve. Look through the staff list: who left since then is back.")
    return lines


def _backups_go_on(sent_to: list[str]) -> list[str]:
    """A restored copy backs up nowhere by itself: it may be there for a look, and the school goes on elsewhere."""
    first = "Until you say so, this copy sends backups nowhere (the key stays the same)."
    if not sent_to:
        return [f"{first} Have them go on: graduated backup-place FOLDER"]
    return [
        f"{first} The old machine sent them to the places below. Only if it is gone for good, and this one goes on in "
        "its stead:",
        *(f"  graduated backup-place {shlex.quote(one)} --take-over" for one in sent_to),
    ]


@click.command("rehearse-restore")
@click.argument("archive", required=False, type=_FOLDER)
@click.option("--key", type=_FOLDER, help="The file with the private key; without it, it is asked for.")
@_in_words
def rehearse_restore(archive: Path | None, key: Path | None) -> None:
    """Try whether the newest backup can be restored: beside everything, verified, and cleared away again."""
    result = rehearsing.rehearse(_installation(), _key(key), archive)
    click.echo(f"{result.name}: {'it can be restored.' if result.is_good else 'IT CANNOT BE RELIED ON.'}")
    for words in result.says:
        click.echo(f"  {words}")
    sys.exit(0 if result.is_good else 1)


COMMANDS = (backup, backup_keys, backup_place, check_backups, restore, rehearse_restore)
