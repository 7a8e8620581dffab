"""`graduated pack`: a pupil's evidence pack into a file, also where no request is open."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from graduated.access.identity import require_actor
from graduated.db.machinery import JobState
from graduated.ehcna.build import build
from graduated.ehcna.queries import pupil_id_of
from graduated.ehcna.services import begin_by_hand, end_by_hand
from graduated.request.queries import running_request_of


class NoPack(Exception):
    """No pack can be built; the message says why and what to do."""


def build_to_file(upn: str, out: Path) -> int:
    """Build the pack of the pupil with a UPN, keep it, and write it to `out` whole or not at all; gives its pages."""
    wanted = upn.strip().upper()
    pupil_id = pupil_id_of(wanted)
    if pupil_id is None:
        raise NoPack(f"No pupil with UPN {wanted or '(empty)'} is at this school. Check the number on the register.")
    if not out.absolute().parent.is_dir():
        raise NoPack(f"There is no folder {out.absolute().parent}. Make it first, or name another place.")
    request = running_request_of(pupil_id)
    request_id, name = request.request_id if request else None, require_actor().name
    job_id = begin_by_hand(pupil_id, request_id, name)  # so that a worker clears up if this is killed
    try:
        _build_id, pdf, pages = build(pupil_id, request_id, name, job_id)
    except BaseException:
        end_by_hand(job_id, JobState.FAILED)
        raise
    end_by_hand(job_id, JobState.DONE)
    try:
        _write(out.absolute(), pdf)
    except OSError as error:
        raise NoPack(f"{out} could not be written: {error.strerror or error}.") from error
    return pages


def _write(out: Path, content: bytes) -> None:
    handle, aside = tempfile.mkstemp(prefix=".pack-", dir=out.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(aside, out)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
