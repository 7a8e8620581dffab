"""The narrative: figures and quotations that stay tied to their records, and who sees what of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import Advice, Observation, View
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of, offers_for, sentence_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.pupils.models import Attendance
from graduated.rules.references import GONE, RefKind
from graduated.rules.vocabulary import NeedArea, ObservationKind, ViewMethod, ViewOf
from tests.ehcna.quoting import correct, found_for, of_kind, says_of, version_of, written
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.ehcna.words import SECRET, TYPED
from tests.support.client import PageClient
from tests.support.world import World

QUOTED = set(RefKind) - {RefKind.GIVEN}
"""What a colleague handed in is taken over as words; its mark only names the source (test_asked_words)."""


def reads(rich: Rich, section: str = "needs") -> str:
    rows = records_for(rich.pupil_id, rich.request_id).narratives
    return next(row.text for row in rows if row.section == section)


def test_every_kind_of_record_can_be_quoted_and_the_manifest_leads_to_it(rich: Rich, as_system: Actor) -> None:
    found = found_for(rich)
    assert {one.kind for one in found.values() if one.offered} == QUOTED
    records = records_for(rich.pupil_id, rich.request_id)
    listed = {(one["table"], one["id"]) for one in manifest_of(records)["records"]}
    assert not [one.ref for one in found.values() if (one.table, one.row_id) not in listed]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (RefKind.MEASUREMENT, "14 (Errors in 100 words read aloud, "),
        (RefKind.VIEW, f"“{TYPED[14]}” (Zosia"),
        (RefKind.OBSERVATION, f"“{TYPED[2]}” (strength, Siân Vine, "),
        (RefKind.JUDGEMENT, "was judged “less than expected”"),
        (RefKind.SUMMARY, f"“{TYPED[11]}” (review of "),
        (RefKind.DOSE, "minutes to date"),
        (RefKind.COST, "in the twelve months to "),
        (RefKind.YEAR_COST, "planned"),
        (RefKind.ADVICE, f"“{TYPED[24]}” (Dr Ŵyn Prýs, Educational psychology, "),
        (RefKind.ATTENDANCE, "93.9% attendance, "),
    ],
)
def test_what_is_read_in_place_of_a_mark(rich: Rich, as_system: Actor, kind: RefKind, says: str) -> None:
    assert any(says in one.words for one in found_for(rich).values() if one.kind is kind)


def test_advice_is_quoted_with_what_was_done(rich: Rich, as_system: Actor) -> None:
    words = of_kind(rich, RefKind.ADVICE).words
    assert "Acted on" in words
    assert f"“{TYPED[25]} {TYPED[26]}”" in words


def test_a_line_of_figures_offers_its_baseline_and_its_latest(rich: Rich, as_system: Actor) -> None:
    rows = next(one for one in offers_for("measures", found_for(rich)) if one.kind is RefKind.MEASUREMENT).rows
    assert [(one.note, one.label.rpartition(": ")[2]) for one in rows] == [("latest", "8"), ("baseline", "14")]


def test_the_pack_prints_the_record_and_never_a_mark(rich: Rich, as_system: Actor, tmp_path: Any) -> None:
    refs = [of_kind(rich, kind).ref for kind in RefKind if kind in QUOTED]
    written(rich, *refs)
    found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert "[[" not in found
    assert squeezed(f"She is at {found_for(rich)[refs[0]].words}") in found


def test_a_label_changed_by_hand_does_not_change_what_is_read(rich: Rich, as_system: Actor) -> None:
    ref = of_kind(rich, RefKind.MEASUREMENT).ref
    write_narrative(rich.request_id, "measures", f"At [[a wonderful 99 #{ref}]].", says=says_of(found_for(rich)))
    assert "99" not in reads(rich, "measures")
    assert found_for(rich)[ref].words in reads(rich, "measures")


# -- what must never be read ------------------------------------------------------------------------------------------


def _other_pupils(world: World) -> list[str]:
    other = world.pupils["reuben"]
    day = today() - timedelta(days=3)
    seen = Observation(
        pupil_id=other,
        kind=ObservationKind.STRENGTH,
        area=NeedArea.COGNITION,
        text="Reuben sings",
        source="",
        seen_on=day,
    )
    said = View(pupil_id=other, whose=ViewOf.PUPIL, method=ViewMethod.PHONE, text="Reuben's own words", given_on=day)
    with write("Another pupil's records"):
        db.session.add_all([seen, said])
        db.session.flush()
    return [f"o{seen.id}", f"v{said.id}", f"y{other}"]


def test_another_pupils_record_never_reads(rich: Rich, as_system: Actor, world: World) -> None:
    refs = _other_pupils(world)
    found = found_for(rich)
    assert not [ref for ref in refs if ref in found]
    text = " ".join(f"[[x #{ref}]]" for ref in refs)
    write_narrative(rich.request_id, "needs", text, version_of(rich, "needs"), says=says_of(found))
    assert reads(rich) == " ".join([GONE] * len(refs))
    looks = looks_of(records_for(rich.pupil_id, rich.request_id))
    assert sentence_of(looks) == "Since you wrote, 3 are not there any more."


def test_a_parents_view_that_was_not_shared_is_neither_offered_nor_read(rich: Rich, as_system: Actor) -> None:
    with write("A view in confidence"):
        row = View(
            pupil_id=rich.pupil_id, whose=ViewOf.PARENT, adult_id=rich.adult_id, method=ViewMethod.PHONE,
            text="Said in confidence", given_on=today(), shared_with_family=False,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
    assert f"v{row.id}" not in found_for(rich)
    write_narrative(rich.request_id, "views", f"[[x #v{row.id}]]", says=says_of(found_for(rich)))
    assert reads(rich, "views") == GONE


def test_no_paper_and_no_note_that_is_restricted_can_be_quoted(rich: Rich, as_system: Actor) -> None:
    assert not [one for one in found_for(rich).values() if SECRET in f"{one.words}{one.label}{one.then}"]


def test_a_cost_is_kept_from_those_who_may_not_read_costs(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        cost = of_kind(rich, RefKind.YEAR_COST)
        written(rich, cost.ref, section="provision", before="It cost")
    assert cost.note in client.sign_in("senco").text(f"/requests/{rich.request_id}")
    client.post("/sign-out", data={"csrf_token": client.token()})
    words = client.sign_in("teacher").text(f"/requests/{rich.request_id}")
    assert "It cost [a cost, shown to those who may read costs]" in words
    assert "£" not in words


# -- records that change ----------------------------------------------------------------------------------------------


def test_a_corrected_figure_is_read_as_it_is_now_and_said(rich: Rich, as_system: Actor) -> None:
    ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
    written(rich, ref)
    assert looks_of(records_for(rich.pupil_id, rich.request_id)) == ()
    correct(rich, ref, 9)
    assert "She is at 9 (Errors" in reads(rich)
    (look,) = looks_of(records_for(rich.pupil_id, rich.request_id))
    assert (look.was[-3:], look.now[-3:]) == (": 8", ": 9")
    assert look.keep.startswith("8 (Errors")
    assert sentence_of([look]) == "Since you wrote, 1 thing that you quoted has changed."


def test_a_new_figure_that_was_taken_is_no_longer_said(rich: Rich, as_system: Actor) -> None:
    ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
    written(rich, ref)
    correct(rich, ref, 9)
    text, version = f"[[x #{ref}]]", version_of(rich, "needs")
    write_narrative(rich.request_id, "needs", text, version, says=says_of(found_for(rich)), taken=[ref])
    assert looks_of(records_for(rich.pupil_id, rich.request_id)) == ()


def test_a_corrected_view_is_read_in_its_new_words_and_a_withdrawn_strength_is_gone(
    rich: Rich, as_system: Actor
) -> None:
    view, strength = of_kind(rich, RefKind.VIEW), of_kind(rich, RefKind.OBSERVATION)
    written(rich, view.ref, strength.ref)
    with write("Corrected and withdrawn"):
        old = db.session.scalars(select(View).where(View.id == view.row_id)).one()
        db.session.add(
            View(
                pupil_id=rich.pupil_id, whose=old.whose, adult_id=old.adult_id, method=old.method,
                text="What was really said", given_on=old.given_on, replaces_id=old.id,
            )
        )  # fmt: skip
        seen = db.session.scalars(select(Observation).where(Observation.id == strength.row_id)).one()
        db.session.add(
            Observation(
                pupil_id=rich.pupil_id, kind=seen.kind, area=seen.area, text="Another child", source="",
                seen_on=today(), withdrawn=True, replaces_id=seen.id,
            )
        )  # fmt: skip
    assert "“What was really said”" in reads(rich)
    assert GONE in reads(rich)
    looks = looks_of(records_for(rich.pupil_id, rich.request_id))
    assert sentence_of(looks) == "Since you wrote, 1 thing that you quoted has changed and 1 is not there any more."


def test_corrected_advice_and_attendance_pass_their_marks_on(rich: Rich, as_system: Actor) -> None:
    advice, attended = of_kind(rich, RefKind.ADVICE), of_kind(rich, RefKind.ATTENDANCE)
    with write("Corrected"):
        one = db.session.scalars(select(Advice).where(Advice.id == advice.row_id)).one()
        db.session.add(
            Advice(
                pupil_id=rich.pupil_id, involvement_id=one.involvement_id, recommendation="Use six symbols",
                given_on=one.given_on, replaces_id=one.id,
            )
        )  # fmt: skip
        was = db.session.scalars(select(Attendance).where(Attendance.id == attended.row_id)).one()
        db.session.add(
            Attendance(
                pupil_id=rich.pupil_id, starts=was.starts, ends=was.ends, possible=400, authorised=20, unauthorised=0,
                replaces_id=was.id,
            )
        )  # fmt: skip
    found = found_for(rich)
    assert "Use six symbols" in found[advice.ref].words
    assert "95.0%" in found[attended.ref].words
    assert not found[advice.ref].offered


def test_words_erased_by_law_leave_no_trace_in_the_narrative(rich: Rich, as_system: Actor) -> None:
    from graduated.ehcna.models import Narrative, NarrativeVersion

    view = of_kind(rich, RefKind.VIEW)
    written(rich, view.ref)
    rows = [
        *db.session.scalars(select(Narrative).where(Narrative.section == "needs")),
        *db.session.scalars(select(NarrativeVersion).where(NarrativeVersion.section == "needs")),
    ]
    kept = " ".join(f"{row.text} {row.sources}" for row in rows)
    assert TYPED[14] not in kept
    assert view.ref in kept
