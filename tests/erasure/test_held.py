"""While a record is held nothing in it is erased or put right by law: a hold stands above both."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from graduated.access.identity import acting
from graduated.db.session import db
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.services import Wish, ask, carry_out, decline
from graduated.retention.services import end_hold, hold
from graduated.review.models import OutcomeJudgement
from graduated.rules.vocabulary import ByLaw
from tests.erasure.conftest import ADVICE, SECRET, Told
from tests.review.scene import TODAY
from tests.support.client import PageClient

WISHES = [
    Wish(ByLaw.ERASE, "A different child was written of.", ADVICE, "", SECRET),
    Wish(ByLaw.RECTIFY, "A different child was written of.", ADVICE, "Something else happened on that day", SECRET),
]


def _reason(told: Told) -> str:
    return db.session.scalars(select(OutcomeJudgement.reason).where(OutcomeJudgement.id == told.reason.row_id)).one()


def _held(told: Told) -> int:
    with acting(told.senco):
        return hold(told.scene.pupil_id, "Tribunal: keep every word", None)


@pytest.mark.parametrize("wish", WISHES, ids=["erase", "rectify"])
def test_a_hold_refuses_both_the_asking_and_the_carrying_out_until_it_ends(told: Told, wish: Wish) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, wish)
    hold_id = _held(told)
    with acting(told.senco), pytest.raises(ErasureRefused, match="held since"):
        ask(told.summary, wish)
    with acting(told.head):
        with pytest.raises(ErasureRefused, match="held since"):
            carry_out(order_id)
        assert SECRET in _reason(told)
        end_hold(hold_id, "The tribunal has decided")
        carry_out(order_id)
    assert SECRET not in _reason(told)


def test_a_hold_that_has_run_out_refuses_nothing(told: Told) -> None:
    with acting(told.senco):
        hold(told.scene.pupil_id, "A complaint", TODAY.replace(day=1))
        ask(told.reason, WISHES[0])


def test_what_was_asked_for_may_be_declined_while_the_record_is_held(told: Told) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISHES[0])
    _held(told)
    with acting(told.head):
        decline(order_id, "A tribunal reads the record now")


def test_the_pages_say_that_the_record_is_held_and_offer_no_erasing(told: Told, client: PageClient) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISHES[0])
    _held(told)
    with acting(None):
        client.sign_in("head")
        for path, button in (
            (f"/by-law/{order_id}", "Erase it for good"),
            (f"/reviews/{told.review_id}/by-law", "Ask for it"),
            (f"/pupils/{told.scene.pupil_id}/by-law", "Find them"),
        ):
            said = client.text(path)
            assert "This record has been held since" in said and button not in said, path
