"""Words of the gaps in evidence."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class Closes(Word):
    """What the closing of a gap waits for."""

    NOW = "now", "Can be mended now"
    DATE = "date", "Not before a date"
    OTHERS = "others", "When others answer or come"
    PAST = "past", "Only from papers of that time"
