"""Words that go by law go from the narrative and its past too, and what quoted them live says that it is gone."""

from __future__ import annotations

from sqlalchemy import select

from graduated.assess.models import View
from graduated.db.session import db
from graduated.ehcna.models import Narrative, NarrativeVersion
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of, references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.erasure.places import Place
from graduated.request.services import open_request
from graduated.rules.references import GONE, Standing, mark
from tests.erasure.conftest import SECRET, Told, done


def test_erased_words_are_gone_from_the_narrative_its_versions_and_what_a_reference_reads(told: Told) -> None:
    pupil_id = told.scene.pupil_id
    request_id = open_request(pupil_id)
    view_id = db.session.scalars(select(View.id).where(View.text == SECRET)).one()
    found = references_of(records_for(pupil_id, request_id))
    says = {ref: one.digest for ref, one in found.items()}
    quoting = f"He was told: {mark(found[f'v{view_id}'].label, f'v{view_id}')}."
    write_narrative(request_id, "needs", f"Typed by hand: {SECRET}.", says=says)
    write_narrative(request_id, "needs", quoting, 1, says=says)
    assert SECRET in records_for(pupil_id, request_id).narratives[0].text
    done(told, Place("view", view_id, "text"))
    rows = [*db.session.scalars(select(Narrative)), *db.session.scalars(select(NarrativeVersion))]
    assert len(rows) == 3
    assert SECRET not in " ".join(f"{row.text} {row.sources}" for row in rows)
    after = records_for(pupil_id, request_id)
    assert after.narratives[0].text == f"He was told: {GONE}."
    assert [one.standing for one in looks_of(after)] == [Standing.GONE]


def test_words_put_right_are_read_in_their_new_form_and_said(told: Told) -> None:
    from graduated.rules.vocabulary import ByLaw

    pupil_id = told.scene.pupil_id
    request_id = open_request(pupil_id)
    view_id = db.session.scalars(select(View.id).where(View.text == SECRET)).one()
    found = references_of(records_for(pupil_id, request_id))
    says = {ref: one.digest for ref, one in found.items()}
    write_narrative(request_id, "needs", mark(found[f"v{view_id}"].label, f"v{view_id}"), says=says)
    done(told, Place("view", view_id, "text"), ByLaw.RECTIFY, "Somebody bit her on the arm in assembly")
    after = records_for(pupil_id, request_id)
    assert "Somebody bit her on the arm in assembly" in after.narratives[0].text
    assert [one.standing for one in looks_of(after)] == [Standing.CHANGED]
