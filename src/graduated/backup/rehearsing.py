"""Rehearsing a restore: a backup that nobody ever restored is a hope. Nothing of the installation is touched."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from graduated.backup import keys, places, restoring, sheets, snapshot, state
from graduated.backup.errors import BackupError
from graduated.config import Settings
from graduated.db.clock import local, now

_HANDED_ON = (
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV",
)  # fmt: skip
_HANDED_ON_TOO = ("PYTHON", "LC_", "COVERAGE_")
"""What a restored place is told of this machine. No setting is: one of them could lead to the living database."""


def environment(home: Path) -> dict[str, str]:
    """What a command on a restored place knows of its surroundings: where it is, and nothing of this installation."""
    handed_on = {
        name: value for name, value in os.environ.items() if name in _HANDED_ON or name.startswith(_HANDED_ON_TOO)
    }
    return {**handed_on, "GRADUATED_HOME": str(home)}


def run_there(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of Graduated on a restored place, in a process of its own that knows no other."""
    return subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "graduated", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )


def verified(home: Path) -> tuple[bool, str]:
    """(whether all matches, in words) of `graduated db upgrade` and `graduated verify` on a restored place."""
    raised = run_there(home, "db", "upgrade")
    if raised.returncode != 0:
        return False, f"Its database could not be brought to this program's version. {_last(raised)}"
    answer = run_there(home, "verify", "--json")
    try:
        said = json.loads(answer.stdout)
    except ValueError:
        return False, f"It could not be verified. {_last(answer)}"
    counts = said["checked"]
    if not said["whole"]:
        first = said["first_broken"]
        return False, f"{said['broken_count']} records do not match what was recorded. The first: {first['says']}."
    return True, (
        f"Verified: {counts['rows']} records, {counts['files']} papers, {counts['seals']} seals of what was finished, "
        f"{counts['packs']} evidence packs and the list of {counts['events']} changes match what was recorded."
    )


def in_words(moment: datetime) -> str:
    """A moment as it stays true: "22 November 2026 at 22:40"."""
    return f"{local(moment):%d %B %Y at %H:%M}".lstrip("0")


def _last(answer: subprocess.CompletedProcess[str]) -> str:
    lines = (answer.stderr or answer.stdout).strip().splitlines()
    return lines[-1][:300] if lines else ""


def rehearse(settings: Settings, key: keys.PrivateKey, chosen: Path | None = None) -> state.Rehearsal:
    """Restore a backup beside everything, verify it, hold it against the living database, and clear it away.

    Without a choice it is the newest of the first place that is there. The answer is kept for the page of backups.
    """
    began, origin = time.monotonic(), chosen or _newest_place(settings)
    _place, name = sheets.chosen(origin)
    key = key if key.installation else replace(key, installation=keys.installation(settings.audit_key))
    folder = Path(tempfile.mkdtemp(prefix="graduated-rehearsal-"))
    try:
        done = restoring.restore(origin, key, folder / "home")
        against = _against_the_living(settings, done)  # before its database is brought to a newer version
        is_whole, words = verified(done.place)
        says = [
            f"Restored {done.rows} records and {done.files} papers as they were on {in_words(done.moment)}.",
            words,
            *against[1:],
            *done.owed_words,
            *done.notes,
            f"It took {time.monotonic() - began:.0f} seconds.",
        ]
        result = state.Rehearsal(now(), name, is_whole and against[0] == "", (*filter(None, (against[0],)), *says))
    except BackupError as error:
        result = state.Rehearsal(now(), name, False, (str(error),))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    state.note(settings, rehearsal=result)
    return result


def _newest_place(settings: Settings) -> Path:
    there = [one for one in places.places(settings) if places.is_own(settings, one) and sheets.in_place(one)]
    if not there:
        raise BackupError(
            "No place with a backup of this copy of Graduated is in reach. Name one: "
            "graduated rehearse-restore FOLDER --key FILE"
        )
    return there[0]


def _against_the_living(settings: Settings, done: restoring.Restored) -> list[str]:
    """[what is wrong or "", what fits]: each school's audit in the backup is the beginning of the living one."""
    if not settings.is_sqlite or not snapshot.database_file(settings).is_file():
        return [""]
    copied = snapshot.Snapshot(done.moment, "sqlite")
    with closing(sqlite3.connect(done.place / "graduated.db")) as connection:
        snapshot.look(connection, copied)
    with closing(sqlite3.connect(snapshot.database_file(settings), timeout=5)) as living:
        for school, (sequence, mac) in copied.heads.items():
            found = living.execute(
                "SELECT mac FROM change_event WHERE school_id = ? AND sequence = ?", (int(school), sequence)
            ).fetchone()
            if sequence and (found is None or found[0] != mac):
                return [f"The audit of school {school} in the backup is not the one of this installation."]
    return ["", "Its audit is the same as here up to that moment."]
