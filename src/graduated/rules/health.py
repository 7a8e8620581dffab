"""Health facts that bear on learning: what may stand beside what (domain §2.5, line 20)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import HealthKind


@dataclass(frozen=True, slots=True)
class HealthFact:
    """A kind with its days; for nothing known, `since` is the day on which the family was asked."""

    kind: HealthKind
    detail: str = ""
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it has not come to an end before the day."""
        return self.until is None or self.until >= day


def kind_of(text: str) -> HealthKind:
    """The kind of a stored word; what was written freely before there was a list is another health fact."""
    words = text.strip().lower()
    return next((kind for kind in HealthKind if words in (kind.value, kind.label.lower())), HealthKind.OTHER)


def kind_words(text: str) -> str:
    """How a stored kind reads: its label, or the free words of before there was a list."""
    kind = kind_of(text)
    is_free = kind is HealthKind.OTHER and text.strip().lower() not in (kind.value, kind.label.lower())
    return text[:1].upper() + text[1:] if is_free else kind.label


def fault(fact: HealthFact, today: date, others: Iterable[HealthFact] = ()) -> tuple[str, str] | None:
    """What is wrong with a fact, as (field, sentence); none when it may stand beside those that count."""
    if fact.since is not None and fact.since > today:
        return "since", "The date cannot be in the future"
    if fact.since is not None and fact.until is not None and fact.until < fact.since:
        return "until", "The last day cannot be before the first"
    if fact.kind is not HealthKind.NOTHING:
        return None if fact.detail.strip() else ("detail", "Say in a few words what it is")
    if fact.since is None:
        return "since", "Enter the day on which you asked"
    if fact.until is not None:
        return "until", "Leave this empty: that nothing is known holds until something is recorded"
    if any(one.kind is not HealthKind.NOTHING and one.holds_on(today) for one in others):
        return "kind", "Something is recorded, so “nothing known” would contradict it. Strike that first if it is wrong"
    return None
