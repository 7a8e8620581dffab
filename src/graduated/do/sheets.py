"""Opaque references for what waits on a device: the server alone can say which group, pupil or person each means.

Each is made from the school's secret key, the person who asks and the day, so it is of no use to anybody else, tells
nobody that two days speak of one child, and needs no table. A new secret key makes earlier references unreadable.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import date

from flask import current_app

from graduated.access.identity import require_actor

LENGTH = 24
"""Hexadecimal figures of a reference: 96 bits, too many to guess."""


def _reference(kind: str, *about: object) -> str:
    actor = require_actor()
    said = ":".join(map(str, ("waiting", kind, actor.school_id, actor.user_id, *about)))
    return hmac.new(str(current_app.secret_key).encode(), said.encode(), hashlib.sha256).hexdigest()[:LENGTH]


def person_reference() -> str:
    """The person who acts, as a device knows them: entries wait under it and are sent by nobody else."""
    return _reference("person")


def sheet_reference(group_id: int, day: date) -> str:
    """One group on one day, for the person who acts."""
    return _reference("sheet", group_id, day.isoformat())


def place_reference(group_id: int, day: date, pupil_id: int) -> str:
    """One pupil of a group on one day, for the person who acts."""
    return _reference("place", group_id, day.isoformat(), pupil_id)
