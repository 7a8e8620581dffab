"""Nothing is destroyed while somebody waits for something out of it; the page says for what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from graduated.access.identity import acting
from graduated.assess.models import Observation
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.models import InformationRequest
from graduated.erasure.models import ErasureOrder
from graduated.request.models import AssessmentRequest
from graduated.retention import services
from graduated.retention.models import Destruction, LegalHold
from graduated.retention.services import RetentionRefused
from graduated.rules import vocabulary as v
from tests.retention.conftest import Leaver
from tests.support.client import PageClient


def _information(leaver: Leaver) -> InformationRequest:
    return InformationRequest(
        pupil_id=leaver.pupil_id, kind=v.InformationKind.SUBJECT_ACCESS, received_on=today(),
        how=v.InformationHow.LETTER, asked_by=v.InformationBy.PARENT, from_name="Anna Szymańska",
        adult_id=leaver.world.adults["parent"],
    )  # fmt: skip


def _draft(leaver: Leaver) -> AssessmentRequest:
    return AssessmentRequest(pupil_id=leaver.pupil_id, opened_on=today(), status=v.RequestStatus.DRAFT)


def _refused(leaver: Leaver) -> AssessmentRequest:
    return AssessmentRequest(
        pupil_id=leaver.pupil_id, opened_on=today(), status=v.RequestStatus.REFUSED, mediation_by=today(),
        appeal_by=today() + timedelta(3),
    )  # fmt: skip


def _by_law(leaver: Leaver) -> ErasureOrder:
    seen = Observation(pupil_id=leaver.pupil_id, kind=v.ObservationKind.STRENGTH, area=v.NeedArea.SEMH,
                       text="Somebody else is named.", source="Ms Vine", seen_on=today())  # fmt: skip
    db.session.add(seen)
    db.session.flush()
    return ErasureOrder(
        pupil_id=leaver.pupil_id, table_name="observation", row_id=seen.id, field="text", kind=v.ByLaw.ERASE,
        reason="It is about another child.", advised_by="Ola Reyes", asked_by="Hannah Legg",
    )  # fmt: skip


OPEN = [
    (_information, "Subject access request of"),
    (_draft, "request for an EHC needs assessment"),
    (_refused, "mediation or the tribunal"),
    (_by_law, "erased or put right by law"),
]
IDS = ["information", "assessment", "appeal", "erasure"]


@pytest.mark.parametrize(("made", "says"), OPEN, ids=IDS)
def test_what_somebody_waits_for_refuses_the_asking_and_the_destroying(
    leaver: Leaver, made: Callable[[Leaver], object], says: str
) -> None:
    order_id = leaver.asked()
    with write("Something opened"):
        db.session.add(made(leaver))
    with acting(leaver.head):
        with pytest.raises(RetentionRefused, match=says):
            services.carry_out(order_id)
        with pytest.raises(RetentionRefused, match=says):
            services.ask(leaver.pupil_id)
    assert db.session.scalar(select(func.count(Destruction.id))) == 0


def test_what_is_answered_decided_or_past_refuses_nothing(leaver: Leaver) -> None:
    answered, refused, gone = _information(leaver), _refused(leaver), _draft(leaver)
    answered.answered_on, answered.outcome = today(), v.InformationOutcome.GIVEN
    refused.mediation_by = refused.appeal_by = today() - timedelta(1)
    gone.status = v.RequestStatus.WITHDRAWN
    with write("Settled"):
        db.session.add_all([answered, refused, gone])
    leaver.destroyed()
    assert db.session.scalar(select(func.count(Destruction.id))) == 1


def test_a_later_transfer_without_a_receipt_refuses_where_the_receipt_is_the_ground(leaver: Leaver) -> None:
    leaver.sent("Seaview School")
    with pytest.raises(RetentionRefused, match="Seaview School .* has not said that it has it"):
        leaver.asked()


def test_the_page_names_what_is_waited_for_and_offers_no_destroying(leaver: Leaver, client: PageClient) -> None:
    with acting(None):
        client.sign_in("senco")
        page = f"/pupils/{leaver.pupil_id}/destroy"
        assert "Ask to destroy it" in client.text(page)
        order = str(client.send(page).headers["Location"])
    with write("Something opened"):
        db.session.add(_information(leaver))
    with acting(None):
        said = client.text(page)
        assert "Subject access request of" in said and "Ask to destroy it" not in said
        client.sign_in("head")
        said = client.text(order)
        assert "Subject access request of" in said and "Destroy it for good" not in said and "Keep it" in said


def test_the_preview_counts_what_stays_as_an_emptied_shell(leaver: Leaver, client: PageClient) -> None:
    with acting(None):
        client.sign_in("senco")
        said = client.text(f"/pupils/{leaver.pupil_id}/destroy")
    assert "1 note of what was sent to another school, emptied of all words" in said


def test_nothing_is_destroyed_by_who_does_not_say_what_they_were_shown(leaver: Leaver, client: PageClient) -> None:
    with acting(None):
        client.sign_in("senco")
        order = str(client.send(f"/pupils/{leaver.pupil_id}/destroy").headers["Location"])
        client.sign_in("head")
        action, values = client.form(order)
        del values["seen"]
        answer = client.post(action, data=values)
    assert answer.status_code == 422
    assert "Something of the record changed" in answer.text


def test_the_list_marks_what_is_not_to_be_destroyed_now(leaver: Leaver, client: PageClient) -> None:
    leaver.asked()
    with acting(None):
        client.sign_in("senco")
        assert "Held: not to be destroyed" not in client.text("/school/retention")
    with write("Something opened"):
        db.session.add(_information(leaver))
    with acting(None):
        assert "Somebody waits for an answer" in client.text("/school/retention")
    with write("Held"):
        db.session.add(
            LegalHold(pupil_id=leaver.pupil_id, reason="The tribunal", placed_by="Hannah Legg", starts=today())
        )
    with acting(None):
        said = client.text("/school/retention")
    assert said.count("Held: not to be destroyed") == 2, "beside what was asked for, and in the list"
