"""Bars: what each needs, how long a hold lasts, what happens at its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from graduated.rules.bars import (
    LONGEST_HOLD,
    HoldState,
    at_its_end,
    looks_like,
    may_look,
    state_of,
    why_not,
    why_not_renewed,
)
from graduated.rules.vocabulary import BarKind

DAY = date(2026, 11, 23)
ORDER, HOLD = BarKind.ORDER, BarKind.HOLD


@pytest.mark.parametrize(
    ("kind", "starts", "ends", "paper", "endless", "wrong"),
    [
        (ORDER, 0, None, True, True, {}),
        (ORDER, 0, 400, True, False, {}),
        (ORDER, -400, 0, True, False, {}),
        (ORDER, 0, None, True, False, {"ends": "Enter the last day of the order"}),
        (ORDER, 0, None, False, True, {"document_id": "An order needs its paper"}),
        (ORDER, -9, -1, True, False, {"ends": "The last day is over"}),
        (ORDER, 3, 2, True, False, {"ends": "cannot be before the first"}),
        (HOLD, 0, 28, False, False, {}),
        (HOLD, 0, LONGEST_HOLD.days, False, False, {}),
        (HOLD, 0, LONGEST_HOLD.days + 1, False, False, {"ends": "three months at most"}),
        (HOLD, 0, None, False, True, {"ends": "needs a last day"}),
    ],
)
def test_a_bar_needs_an_order_with_its_paper_or_a_hold_with_its_end(
    kind: BarKind, starts: int, ends: int | None, paper: bool, endless: bool, wrong: dict[str, str]
) -> None:
    last = None if ends is None else DAY + timedelta(days=ends)
    found = why_not(kind, DAY + timedelta(days=starts), last, DAY, has_paper=paper, has_no_end=endless)
    assert set(found) == set(wrong)
    assert all(words in found[field] for field, words in wrong.items())


@pytest.mark.parametrize(
    ("kind", "ends", "until", "said"),
    [
        (HOLD, 5, 60, ""),
        (HOLD, 0, 92, ""),
        (HOLD, 0, 93, "three months at most"),
        (HOLD, 5, 5, "after the present one"),
        (HOLD, -1, 20, "run out"),
        (HOLD, None, 20, "Only a safeguarding hold"),
        (ORDER, 5, 20, "Only a safeguarding hold"),
    ],
)
def test_only_a_hold_that_still_runs_is_renewed_and_for_three_months_at_most(
    kind: BarKind, ends: int | None, until: int, said: str
) -> None:
    last = None if ends is None else DAY + timedelta(days=ends)
    found = why_not_renewed(kind, last, DAY + timedelta(days=until), DAY)
    assert said in found and bool(found) is bool(said)


@pytest.mark.parametrize(
    ("days", "state"),
    [(15, HoldState.RUNS), (14, HoldState.ENDS_SOON), (0, HoldState.ENDS_SOON), (-1, HoldState.RAN_OUT),
     (-14, HoldState.RAN_OUT), (-15, HoldState.OVER)],
)  # fmt: skip
def test_a_hold_warns_for_two_weeks_before_its_end_and_after(days: int, state: HoldState) -> None:
    assert state_of(DAY + timedelta(days=days), DAY) is state


@pytest.mark.parametrize(
    ("reads", "another", "said"),
    [
        (True, False, "Marek may read Zofia’s plan again from 24 November 2026, without anybody doing anything."),
        (False, False, "ends on 23 November 2026. Marek is not set to read"),
        (True, True, "Another bar keeps Marek out"),
    ],
)
def test_what_happens_at_the_end_of_a_hold_is_said_plainly(reads: bool, another: bool, said: str) -> None:
    assert said in at_its_end(
        "Marek", "Zofia", "23 November 2026", "24 November 2026", reads_then=reads, another_bar=another
    )


@pytest.mark.parametrize(
    ("view", "barred", "passed", "pupil", "agrees", "looks"),
    [
        (True, False, False, False, None, True),
        (True, True, False, False, True, False),
        (False, False, False, False, True, False),
        (True, False, True, False, None, False),
        (True, False, True, False, False, False),
        (True, False, True, False, True, True),
        (True, False, True, True, None, True),
        (True, False, False, True, None, False),
        (True, True, True, True, True, False),
    ],
)
def test_who_looks_follows_the_bar_first_and_then_the_young_person(
    view: bool, barred: bool, passed: bool, pupil: bool, agrees: bool | None, looks: bool
) -> None:
    found = may_look(may_view=view, barred=barred, rights_passed=passed, is_pupil=pupil, agrees=agrees)
    assert found is looks


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("Marek", "Szymanski"), ("Marek", "Szymański"), True),
        (("Szymański", "Marek"), ("Marek", "Szymański"), True),
        (("Mark", "Szymanskii"), ("Marek", "Szymański"), True),
        (("M.", "Szymanski"), ("Marek", "Szymański"), True),
        (("", "Szymanski"), ("Marek", "Szymański"), True),
        (("Marek", "Szymanski"), ("", "Szymański"), True),
        (("Łukasz", "Mac Donald"), ("Lukasz", "MacDonald"), True),
        (("A", "Szymanska"), ("Marek", "Szymański"), False),
        (("Anna", "Szymańska"), ("Marek", "Szymański"), False),
        (("Anna", "Szymańska"), ("Adam", "Szymański"), False),
        (("Marek", "Nowak"), ("Marek", "Szymański"), False),
    ],
)
def test_a_name_looks_like_another_by_accents_a_letter_an_initial_or_the_order(
    one: tuple[str, str], other: tuple[str, str], alike: bool
) -> None:
    assert looks_like(one, other) is alike
    assert looks_like(other, one) is alike
