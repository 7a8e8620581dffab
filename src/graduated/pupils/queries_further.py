"""Whether a further child of the person who signed in waits to be confirmed."""

from __future__ import annotations

from graduated.pupils.services_further import waiting_here


def further_child_waits() -> bool:
    """Whether one does; which child it is, no page says."""
    return bool(waiting_here())
