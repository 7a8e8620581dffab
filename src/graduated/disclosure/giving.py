"""What is to be done before a bundle is handed to anybody, beside the page on which it is taken or given."""

from __future__ import annotations

from graduated.disclosure.queries import RequestRow
from graduated.disclosure.weighing import decisions_of
from graduated.rules.vocabulary import DecidedOn

_NOT_LOOKED = (
    "The safeguarding lead has not said yet that they looked through what they keep, if anything. "
    "Ask them before anything is given."
)
_UNKNOWN = "Nobody has noted yet how the school knows who asks, and that they may. Note it before anything is given."


def before_giving(row: RequestRow) -> tuple[str, ...]:
    """Sentences on what is still to be done; they tell nothing of whether anything is kept."""
    if not row.is_open:
        return ()
    looked = not row.has_bundle or (DecidedOn.LOOKED, "kept") in decisions_of(row.request_id)
    return tuple(words for words, done in ((_NOT_LOOKED, looked), (_UNKNOWN, bool(row.identity))) if not done)
