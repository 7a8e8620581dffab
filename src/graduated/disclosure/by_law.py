"""When something goes from a record by law, the bundles that hold it go too, at once.

Paper and files in somebody's hands cannot be reached; of those that lie here only that they were built stays.
"""

from __future__ import annotations

import logging

from flask import current_app
from sqlalchemy import func, select

from graduated.audit.models import Tombstone
from graduated.db import hooks
from graduated.db.session import db
from graduated.db.writing import Writing, writes
from graduated.disclosure.models import DisclosureBuild

CARRIED_OUT = frozenset({"Words erased or put right by law", "Paper erased by law"})
"""The acts of `erasure`, which stands beside this package."""
ACT = "Bundle removed: something in it went by law"
_ERASED = select(Tombstone.pupil_id, func.max(Tombstone.at)).group_by(Tombstone.pupil_id)
_KEPT = select(DisclosureBuild).where(DisclosureBuild.sha256 != "")
log = logging.getLogger("graduated.disclosure")


def after(act: Writing) -> None:
    """After an erasure or rectification was carried out; the act stands, whatever happens here."""
    if act.act not in CARRIED_OUT:
        return
    try:
        remove_stale()
    except Exception:
        log.exception("a bundle that holds something erased is left; it is given to nobody")


@writes(ACT)
def remove_stale() -> None:
    """Remove the files of bundles that are older than something that went from the same record."""
    erased = {row[0]: row[1] for row in db.session.execute(_ERASED)}
    for build in db.session.scalars(_KEPT):
        if build.pupil_id in erased and build.built_at <= erased[build.pupil_id]:
            current_app.extensions["files"].path(build.sha256).unlink(missing_ok=True)
            build.sha256 = ""


hooks.once(hooks.after_commit, after)
