"""What was built or sent out with words that go by law goes with them, also where no row of today has them."""

from __future__ import annotations

from sqlalchemy import select

from graduated.db.session import db
from graduated.ehcna.build import build
from graduated.ehcna.models import NarrativeVersion, PackBuild
from graduated.ehcna.services_narrative import write_narrative
from graduated.erasure.places import Place
from graduated.request.services import open_request
from tests.erasure.conftest import Told, done

OTHER = "Wilfred Ashcombe set fire to the bin behind the hall in June"


def test_a_pack_built_from_an_earlier_narrative_goes_with_the_words_of_that_version(told: Told) -> None:
    pupil_id = told.scene.pupil_id
    request_id = open_request(pupil_id)
    write_narrative(request_id, "needs", f"Typed: {OTHER}.")
    build(pupil_id, request_id, "Hannah Legg")
    write_narrative(request_id, "needs", "Quite other words now, nothing of the kind.", 1)
    version = db.session.scalars(select(NarrativeVersion.id).order_by(NarrativeVersion.number)).first()
    db.session.rollback()
    done(told, Place("narrative_version", version or 0, "text"), passage=OTHER)
    assert [one.sha256 for one in db.session.scalars(select(PackBuild))] == [""]
