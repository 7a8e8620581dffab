"""Which papers go with a request, how old each is, and until when a release can be taken back: tables of cases."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.paper_choice import age_of, can_take_back, goes
from graduated.rules.readiness_evidence import Thresholds
from graduated.rules.vocabulary import DocumentKind, PaperChoice, Visibility

TODAY = date(2026, 11, 23)
FAMILY, STAFF, RESTRICTED, KEPT = Visibility.FAMILY, Visibility.STAFF, Visibility.RESTRICTED, Visibility.KEPT
GOES, LEFT, RELEASED, BACK = PaperChoice.GOES, PaperChoice.LEFT_OUT, PaperChoice.RELEASED, PaperChoice.TAKEN_BACK


@pytest.mark.parametrize(
    ("now", "choice", "level", "answer"),
    [
        (STAFF, None, None, True),
        (FAMILY, None, None, True),
        (STAFF, GOES, STAFF, True),
        (STAFF, LEFT, STAFF, False),
        (FAMILY, LEFT, STAFF, False),  # left out stays left out, whoever may read it since
        (RESTRICTED, None, None, False),
        (KEPT, None, None, False),
        (RESTRICTED, GOES, STAFF, False),  # ticked while it was open, restricted since
        (RESTRICTED, RELEASED, RESTRICTED, True),
        (KEPT, RELEASED, KEPT, True),
        (KEPT, RELEASED, RESTRICTED, False),  # kept to fewer people than when it was released
        (RESTRICTED, RELEASED, KEPT, False),
        (RESTRICTED, BACK, RESTRICTED, False),
        (STAFF, RELEASED, RESTRICTED, True),  # opened since
        (STAFF, BACK, RESTRICTED, True),
    ],
)
def test_an_open_paper_goes_unless_left_out_and_a_restricted_one_only_by_name(
    now: Visibility, choice: PaperChoice | None, level: Visibility | None, answer: bool
) -> None:
    assert goes(now, choice, level) is answer


@pytest.mark.parametrize(
    ("kind", "dated", "said"),
    [
        (DocumentKind.REPORT, date(2026, 11, 1), ("less than a month old", False)),
        (DocumentKind.REPORT, date(2026, 10, 23), ("1 month old", False)),
        (DocumentKind.REPORT, date(2025, 11, 24), ("11 months old", False)),
        (DocumentKind.REPORT, date(2025, 11, 23), ("12 months old or more", True)),
        (DocumentKind.REPORT, date(2024, 1, 1), ("18 months old or more", True)),
        (DocumentKind.REPORT, None, ("no date on it", True)),
        (DocumentKind.DIAGNOSIS, date(2020, 1, 1), ("a diagnosis, which does not age", False)),
        (DocumentKind.DIAGNOSIS, None, ("no date on it", False)),
        (DocumentKind.WORK, date(2024, 11, 23), ("24 months old", False)),
        (DocumentKind.LETTER, None, ("no date on it", False)),
    ],
)
def test_a_report_grows_old_by_the_profiles_months_and_a_diagnosis_does_not(
    kind: DocumentKind, dated: date | None, said: tuple[str, bool]
) -> None:
    assert age_of(kind, dated, TODAY, Thresholds()) == said


@pytest.mark.parametrize(
    ("sent_on", "replied_on", "given", "answer"),
    [
        (None, None, (), True),
        (TODAY, None, (), False),
        (None, TODAY, (), False),
        (None, None, (TODAY,), False),
    ],
)
def test_a_release_can_be_taken_back_until_the_papers_have_left_the_school(
    sent_on: date | None, replied_on: date | None, given: tuple[date, ...], answer: bool
) -> None:
    assert can_take_back(sent_on, replied_on, given) is answer
