"""The command-line program `graduated`. People script it: its words and exit codes are a contract.

Exit 0 done, 1 something does not verify, 2 it could not be done, with a sentence that says why.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DatabaseError

from graduated import __version__
from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.cli_backup import COMMANDS as BACKUP_COMMANDS
from graduated.config import NotSet, Settings, settings_from_environment
from graduated.db import standing
from graduated.ops.served_here import also_served, served_from
from graduated.rules.vocabulary import Role

KINDS = ("pupils", "teaching-groups", "contacts", "attendance", "suspensions")
"""The files that can be imported; written here so that `graduated --help` reads nothing else."""


def stop(sentence: str, code: int = 2) -> NoReturn:
    """End with a sentence that says what is wrong and how to mend it."""
    click.echo(sentence, err=True)
    sys.exit(code)


def open_app(stack: ExitStack, urn: str | None = None, *, settings: Settings | None = None) -> Any:
    """The app with its database; acting as the command line in the school of a URN."""
    from graduated.app import create_app

    settings = settings or settings_from_environment()
    trouble = standing.version_trouble(settings)
    if trouble:
        stop(trouble)
    app = create_app(settings)
    stack.enter_context(app.app_context())
    stack.callback(_let_go, app)
    if urn is not None:
        school = entry.school_by_urn(urn)
        if school is None:
            stop(f"No school with URN {urn} is here. Make it with: graduated create-school --urn {urn} --name NAME")
        stack.enter_context(acting(system_actor(school[0], "Command line")))
    return app


def _let_go(app: Any) -> None:
    """Close the connections of a command that is over: a server's log else tells of each as lost."""
    from graduated.db.session import let_go

    let_go()
    app.extensions["views_log"].dispose()


class Commands(click.Group):
    """Every command answers a setting that cannot be meant so, or a damaged file, with words and no list of calls."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except NotSet as error:
            stop(str(error))
        except DatabaseError as error:
            if not standing.is_damage(error):
                raise
            settings = settings_from_environment()
            found = str(error.orig)
            stop(standing.how_to_restore(standing.database_file(settings) or settings.home, found, settings))


@click.group(cls=Commands)
@click.version_option(__version__, prog_name="graduated")
def main() -> None:
    """Graduated: assess, plan, do, review, and the evidence that it happened."""
    os.umask(0o077)  # whatever is made, records, papers or secrets, is for this account alone


@main.group("db")
def database() -> None:
    """The database."""


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to this program's version, with a copy taken first: all the way, or not at all."""
    from graduated.ops import log_lines
    from graduated.ops.upgrade import NotUpgraded, bring_up

    log_lines.begin()
    try:
        done = bring_up(settings_from_environment(), say=click.echo)
    except NotUpgraded as error:
        stop(str(error))
    click.echo(done.as_text())


@main.command("create-school")
@click.option("--urn", required=True, help="Six digits.")
@click.option("--name", required=True)
@click.option("--authority", default="code", show_default=True, help="An authority profile, such as dorset.")
def create_school(urn: str, name: str, authority: str) -> None:
    """Make a school."""
    from graduated.school.services import NewSchool, NotASchool, make_school

    with ExitStack() as stack:
        open_app(stack)
        try:
            make_school(NewSchool(urn=urn, name=name, authority=authority))
        except NotASchool as error:
            stop(str(error))
    click.echo(f"Made {name} (URN {urn}). Next: graduated create-user --urn {urn} --email E --name N --role senco")


@main.command("create-user")
@click.option("--urn", required=True)
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_user(urn: str, email: str, name: str, role: str, password_stdin: bool) -> None:
    """Give a person a role in a school."""
    from graduated.people.passwords import hash_password, what_is_wrong
    from graduated.people.services import NewAccount, open_account

    with ExitStack() as stack:
        open_app(stack, urn)
        password = _password(password_stdin)
        wrong = what_is_wrong(password, (name, email))
        if wrong:
            stop(wrong)
        open_account(NewAccount(email, name, Role(role), hash_password(password)))
    click.echo(f"{name} can sign in as {Role(role).label} with {email}.")


@main.command("remove-second-step")
@click.option("--urn", required=True)
@click.option("--email", required=True)
def remove_second_step(urn: str, email: str) -> None:
    """Take away the second step of somebody who has lost phone and recovery codes, and sign them out."""
    from graduated.people.services_second_step import take_away_here

    with ExitStack() as stack:
        open_app(stack, urn)
        if not take_away_here(email):
            stop(f"Nobody with a second step has the address {email} in this school.")
    click.echo(f"{email} signs in with the password alone until they set up a second step again.")


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        stop("Nobody is here to type a password. Send it with --password-stdin.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 32), help="How many answer.")
@click.option("--worker/--no-worker", "with_worker", default=True, help="Whether long work is done beside them.")
def serve(port: int, host: str, processes: int, with_worker: bool) -> None:
    """Serve the schools of this installation."""
    settings = settings_from_environment()
    _refuse_danger(settings, host)
    if processes > 1 and not hasattr(os, "fork"):
        stop("This system runs one process only. Leave out --processes.")
    with ExitStack() as serving:
        is_alone = serving.enter_context(served_from(settings.home))
        if not is_alone:
            click.echo(also_served(settings.home), err=True)
        if processes > 1:
            _count_together(settings.home / "run" / "figures", anew=is_alone)
        _serve(settings, host, port, processes, with_worker=with_worker)


def _serve(settings: Settings, host: str, port: int, processes: int, *, with_worker: bool) -> None:
    with ExitStack() as stack:
        if _sound(settings):
            _answer(_closed(stack, settings), host, port, processes, with_worker=False)
            return
        app = open_app(stack)
    _answer(app, host, port, processes, with_worker=with_worker)


def _count_together(folder: Path, *, anew: bool) -> None:
    """Let several processes count into one folder; the library asks for it when it is imported, and never again."""
    if anew:
        shutil.rmtree(folder, ignore_errors=True)  # what an earlier run counted is over
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _sound(settings: Settings) -> str:
    """What is wrong with the files of the database, said aloud; nothing when they read well."""
    from graduated.db import standing

    wrong = standing.damage(settings)
    if wrong:
        click.echo(wrong, err=True)
    return wrong


def _closed(stack: ExitStack, settings: Settings) -> Any:
    """An app that shows the calm page about damaged records, and touches none of them."""
    from graduated.app import create_app
    from graduated.web.closed import close

    aside = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    app = create_app(replace(settings, home=aside, database_url=f"sqlite:///{aside / 'none.db'}"))
    close(app)
    return app


def _refuse_danger(settings: Settings, host: str) -> None:
    from graduated.ops.safety import dangers

    found = [] if settings.demo else dangers(settings, host)
    if found:
        stop("\n".join(["Graduated does not start, because it would not be safe:", *(f"* {one}" for one in found)]))


def _answer(app: Any, host: str, port: int, processes: int = 1, *, with_worker: bool = True) -> None:
    from graduated.ops import serving

    try:
        serving.serve(app, host, port, processes, with_worker=with_worker)
    except serving.PortTaken as error:
        stop(str(error))


@main.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
def demo(port: int, host: str) -> None:
    """Serve the demo school, making it first when the database is empty."""
    from graduated.app import create_app
    from graduated.demo import load

    settings = replace(settings_from_environment(), demo=True)
    upgrade.callback()  # type: ignore[misc]
    app = create_app(settings)
    with app.app_context():
        accounts = load.ensure(click.echo)
    lines = [f"  {one.role:<28} {one.email:<44} {one.password}" for one in accounts]
    click.echo("\n".join(["", "Sign in as:", *lines, ""]))
    _answer(app, host, port)


@main.command()
@click.option("--once", is_flag=True, help="Do what waits, then end.")
def worker(once: bool) -> None:
    """Do the long work: packs, post."""
    from graduated.ops import log_lines
    from graduated.ops.worker import run_worker, stopping

    log_lines.begin()
    stopping.listen()
    with ExitStack() as stack:
        if _sound(settings_from_environment()):
            sys.exit(2)
        app = open_app(stack)
        run_worker(app, once=once)


@main.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--urn", required=True)
@click.option("--kind", default="pupils", type=click.Choice(KINDS))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--accept-status", is_flag=True, help="Take changes of SEN status, start date and need as well.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def import_file(file: Path, urn: str, kind: str, dry_run: bool, accept_status: bool, as_json: bool) -> None:
    """Take a file from the school's information system."""
    from graduated.imports.command import CannotRead, run_import

    with ExitStack() as stack:
        open_app(stack, urn)
        try:
            answer = run_import(file, kind, dry_run=dry_run, accept_status=accept_status)
        except CannotRead as error:
            stop(str(error))
    click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) if as_json else answer.as_text())


@main.command()
@click.option("--urn", required=True)
@click.option("--upn", required=True)
@click.option("--out", required=True, type=click.Path(path_type=Path))
def pack(urn: str, upn: str, out: Path) -> None:
    """Build a pupil's evidence pack into a file."""
    from graduated.ehcna.command import NoPack, build_to_file

    with ExitStack() as stack:
        open_app(stack, urn)
        try:
            pages = build_to_file(upn, out)
        except NoPack as error:
            stop(str(error))
    click.echo(f"{out}: {pages} pages.")


@main.command("transfer-out")
@click.option("--urn", required=True)
@click.option("--upn", required=True)
@click.option("--to", "to_school", required=True, help="The school that it goes to.")
@click.option("--out", required=True, type=click.Path(path_type=Path))
def transfer_out(urn: str, upn: str, to_school: str, out: Path) -> None:
    """Write a pupil's whole record into a file for another school."""
    from graduated.transfer.command import CannotMake, write_out

    with ExitStack() as stack:
        open_app(stack, urn)
        try:
            said = write_out(upn, to_school, out)
        except CannotMake as error:
            stop(str(error))
    click.echo(said)


@main.command("transfer-in")
@click.option("--urn", required=True)
@click.option("--dry-run", is_flag=True, help="Show what it would do, and change nothing.")
@click.option("--receipt", type=click.Path(path_type=Path), help="Write the receipt for the other school here.")
@click.argument("file", type=click.Path(path_type=Path))
def transfer_in(urn: str, dry_run: bool, receipt: Path | None, file: Path) -> None:
    """Bring in the record of a pupil that another school sent."""
    from graduated.transfer.command import NotABundle, bring

    with ExitStack() as stack:
        open_app(stack, urn)
        try:
            said = bring(file, receipt, dry_run=dry_run)
        except NotABundle as error:
            stop(str(error))
    click.echo(said)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(as_json: bool) -> None:
    """Check seals, audit chain, packs, records and every kept file, whole; exit 1 when something does not match."""
    from graduated.ops.verify import verify_all

    def watched(school: str, files: Sequence[Any]) -> Iterator[Any]:
        """Show whoever sits at the screen how far the reading of a school's files is; a script is told nothing."""
        with click.progressbar(files, label=f"Kept files of {school}", file=sys.stderr, hidden=not is_seen) as bar:
            yield from bar

    is_seen = sys.stderr.isatty()
    with ExitStack() as stack:
        open_app(stack)
        answer = verify_all(watched)
    click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) if as_json else answer.as_text())
    sys.exit(0 if answer.whole else 1)


for command in BACKUP_COMMANDS:
    main.add_command(command)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and how to mend it; exit 1 when something has to be mended."""
    from graduated.app import load_models
    from graduated.ops import doctor as ops_doctor

    home = ops_doctor.home_of_environment()
    if not home.is_dir():
        stop(f"There is no folder {home}. Set GRADUATED_HOME to the folder of the installation, and ask again.")
    load_models()
    answer = ops_doctor.examine(ops_doctor.settings_to_look(home))
    click.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) if as_json else answer.as_text())
    sys.exit(0 if answer.whole else 1)


if __name__ == "__main__":
    main()
