"""Which of a pupil's papers go with a request: every open one unless it is left out, a restricted one never by itself.

Design §6 and §8: restricted material stays out unless released by name, with a reason.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from graduated.rules.professionals import report_age
from graduated.rules.readiness_evidence import ReportDate, Thresholds
from graduated.rules.vocabulary import DocumentKind, PaperChoice, Visibility

OPEN = frozenset({Visibility.FAMILY, Visibility.STAFF})
"""Papers that everybody may read who works with the pupil."""
_AGES = frozenset({DocumentKind.REPORT, DocumentKind.DIAGNOSIS})


def goes(now: Visibility, choice: PaperChoice | None, level: Visibility | None) -> bool:
    """Whether a paper goes with a request, by who may read it now and by what was decided last, at which level.

    An open paper goes unless it was left out (design §8: the papers of the pupil). A restricted one goes only while a
    release of just that level stands: one that was restricted further since, or restricted anew, was not released so.
    """
    if now in OPEN:
        return choice is not PaperChoice.LEFT_OUT
    return choice is PaperChoice.RELEASED and level is now


def age_of(kind: DocumentKind, dated: date | None, today: date, limits: Thresholds) -> tuple[str, bool]:
    """(age in words, whether an authority may find it old): held against the profile's limits (domain §2.5, line 19).

    Reports age and diagnoses do not; of other papers the age is said and nothing is asked.
    """
    if dated is None:
        return "no date on it", kind is DocumentKind.REPORT
    age = report_age(ReportDate(dated, kind is DocumentKind.DIAGNOSIS), today, limits)
    if kind in _AGES and (age.is_diagnosis or age.is_old):
        return age.words, age.is_old
    if age.months == 0:
        return "less than a month old", False
    return f"{age.months} month{'' if age.months == 1 else 's'} old", False


def can_take_back(sent_on: date | None, replied_on: date | None, given: Collection[date]) -> bool:
    """Whether a release can still be taken back: until the papers have left the school (design §8: given stays given).

    They leave when the school sends its request, when it answers one that the family made, or when a pack is recorded
    as given to the authority.
    """
    return sent_on is None and replied_on is None and not given
