"""What the law may do to a record, and where a wish for it stands."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class ByLaw(Word):
    """What is done to words that stand in a record and by law may not."""

    RECTIFY = "rectify", "Put right"
    ERASE = "erase", "Erase"


class OrderState(Word):
    """Where a wish to erase or put right stands; it takes two people."""

    ASKED = "asked", "Waits for a second person"
    DONE = "done", "Done"
    DECLINED = "declined", "Declined"
