"""Asking what a file from outside is, without ever opening it here."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from graduated.uploads import viruses
from graduated.uploads.kinds import MOST_BYTES, TOO_HEAVY, Finding, WrongFile, finding_of
from graduated.uploads.limits import TookTooMuch, run_module
from graduated.uploads.scratch import scratch

_CHUNK = 1024 * 1024


def look_at(path: Path, preview: Path | None = None) -> Finding:
    """What the file at a path is; with `preview`, a small picture of a picture is put there. Raises WrongFile."""
    try:
        return finding_of(run_module("graduated.uploads.look", [str(path), *([str(preview)] if preview else [])]))
    except (TookTooMuch, ValueError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile(TOO_HEAVY) from error


def take_in(path: Path, preview: Path | None = None) -> Finding:
    """What a new file is, once it was looked through for viruses where the machine can. Raises WrongFile."""
    found = look_at(path, preview)
    viruses.look_through(path)
    return found


def media_type_of(stream: IO[bytes]) -> str:
    """What is in a stream, which is put back to its start. Raises WrongFile."""
    with scratch() as folder:
        path = folder / "file"
        with path.open("wb") as out:
            while chunk := stream.read(_CHUNK):
                if out.tell() > MOST_BYTES:
                    break
                out.write(chunk)
        stream.seek(0)
        return look_at(path).media_type
