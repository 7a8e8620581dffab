"""Health facts, and that nothing is known."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.health import HealthFact, fault, kind_of, kind_words
from graduated.rules.vocabulary import HealthKind as Kind

TODAY = date(2026, 11, 20)
ASTHMA = HealthFact(Kind.DIAGNOSIS, "Asthma", date(2024, 1, 8))
OVER = HealthFact(Kind.WAITING, "Sleep clinic", date(2025, 1, 8), date(2025, 6, 2))


@pytest.mark.parametrize(
    ("stored", "kind", "words"),
    [
        ("diagnosis", Kind.DIAGNOSIS, "Diagnosis"),
        ("Waiting list", Kind.WAITING, "Waiting list"),
        ("individual healthcare plan", Kind.PLAN, "Individual healthcare plan"),
        ("hearing test", Kind.OTHER, "Hearing test"),
        ("other", Kind.OTHER, "Another health fact"),
        ("nothing known", Kind.NOTHING, "Nothing known"),
    ],
)
def test_a_kind_is_known_by_its_code_its_label_or_its_own_words(stored: str, kind: Kind, words: str) -> None:
    assert kind_of(stored) is kind
    assert kind_words(stored) == words


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (HealthFact(Kind.DIAGNOSIS, "Asthma", date(2026, 11, 21)), "since"),
        (HealthFact(Kind.DIAGNOSIS, "Asthma", TODAY, date(2026, 11, 19)), "until"),
        (HealthFact(Kind.DIAGNOSIS, "  "), "detail"),
        (HealthFact(Kind.NOTHING), "since"),
        (HealthFact(Kind.NOTHING, "", TODAY, TODAY), "until"),
        (HealthFact(Kind.NOTHING, "", TODAY), "kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(fact: HealthFact, field: str) -> None:
    found = fault(fact, TODAY, [ASTHMA])
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    ("fact", "others"),
    [
        (HealthFact(Kind.MEDICATION, "Inhaler before PE"), [ASTHMA]),
        (HealthFact(Kind.PLAN, "Renewed each summer", TODAY, date(2027, 7, 20)), [ASTHMA]),
        (HealthFact(Kind.NOTHING, "", TODAY), [OVER]),
        (HealthFact(Kind.NOTHING, "", TODAY), []),
    ],
)
def test_nothing_known_may_stand_when_what_was_known_is_over(fact: HealthFact, others: list[HealthFact]) -> None:
    assert fault(fact, TODAY, others) is None
