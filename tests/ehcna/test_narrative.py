"""The narrative: figures and quotations that stay tied to their records, versions, clashes, and who sees what of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import Advice, Measurement, Observation, View
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.queries_narrative import versions_of
from graduated.ehcna.records import records_for
from graduated.ehcna.reference_words import Reference
from graduated.ehcna.references import looks_of, offers_for, references_of, sentence_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.pupils.models import Attendance
from graduated.rules.references import GONE, RefKind, mark
from graduated.rules.vocabulary import NeedArea, ObservationKind, Respondent, ViewMethod, ViewOf
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.ehcna.words import SECRET, TYPED
from tests.support.client import PageClient
from tests.support.world import World


def found_for(rich: Rich) -> dict[str, Reference]:
    return references_of(records_for(rich.pupil_id, rich.request_id))


def of_kind(rich: Rich, kind: RefKind) -> Reference:
    return next(one for one in found_for(rich).values() if one.kind is kind and one.offered)


def written(rich: Rich, *refs: str, section: str = "needs", before: str = "She is at") -> None:
    """Save a section that quotes these records."""
    found = found_for(rich)
    text = f"{before} {', '.join(mark(found[ref].label, ref) for ref in refs)}."
    write_narrative(rich.request_id, section, text, _version(rich, section), says=_says(found))


def _says(found: dict[str, Reference]) -> dict[str, str]:
    return {ref: one.digest for ref, one in found.items()}


def _version(rich: Rich, section: str) -> int | None:
    rows = records_for(rich.pupil_id, rich.request_id).narratives
    return next((row.version for row in rows if row.section == section), None)


def reads(rich: Rich, section: str = "needs") -> str:
    rows = records_for(rich.pupil_id, rich.request_id).narratives
    return next(row.text for row in rows if row.section == section)


def test_every_kind_of_record_can_be_quoted_and_the_manifest_leads_to_it(rich: Rich, as_system: Actor) -> None:
    found = found_for(rich)
    assert {one.kind for one in found.values() if one.offered} == set(RefKind)
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
        (RefKind.ATTENDANCE, "93.9 % attendance, "),
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
    refs = [of_kind(rich, kind).ref for kind in RefKind]
    written(rich, *refs)
    found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert "[[" not in found
    assert squeezed(f"She is at {found_for(rich)[refs[0]].words}") in found


def test_a_label_changed_by_hand_does_not_change_what_is_read(rich: Rich, as_system: Actor) -> None:
    ref = of_kind(rich, RefKind.MEASUREMENT).ref
    write_narrative(rich.request_id, "measures", f"At [[a wonderful 99 #{ref}]].", says=_says(found_for(rich)))
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
    write_narrative(rich.request_id, "needs", text, _version(rich, "needs"), says=_says(found))
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
    write_narrative(rich.request_id, "views", f"[[x #v{row.id}]]", says=_says(found_for(rich)))
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


def _correct(rich: Rich, ref: str, value: int) -> None:
    with write("Figure corrected"):
        old = db.session.scalars(select(Measurement).where(Measurement.id == int(ref[1:]))).one()
        db.session.add(
            Measurement(
                pupil_id=rich.pupil_id, measure_id=old.measure_id, taken_on=old.taken_on, value=Decimal(value),
                respondent=Respondent.TEACHER, replaces_id=old.id, why_replaced="Typed wrongly",
            )
        )  # fmt: skip


def test_a_corrected_figure_is_read_as_it_is_now_and_said(rich: Rich, as_system: Actor) -> None:
    ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
    written(rich, ref)
    assert looks_of(records_for(rich.pupil_id, rich.request_id)) == ()
    _correct(rich, ref, 9)
    assert "She is at 9 (Errors" in reads(rich)
    (look,) = looks_of(records_for(rich.pupil_id, rich.request_id))
    assert (look.was[-3:], look.now[-3:]) == (": 8", ": 9")
    assert look.keep.startswith("8 (Errors")
    assert sentence_of([look]) == "Since you wrote, 1 thing that you quoted has changed."


def test_a_new_figure_that_was_taken_is_no_longer_said(rich: Rich, as_system: Actor) -> None:
    ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
    written(rich, ref)
    _correct(rich, ref, 9)
    text, version = f"[[x #{ref}]]", _version(rich, "needs")
    write_narrative(rich.request_id, "needs", text, version, says=_says(found_for(rich)), taken=[ref])
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
    assert "95.0 %" in found[attended.ref].words
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


# -- the page ---------------------------------------------------------------------------------------------------------


def place(rich: Rich, section: str = "needs") -> str:
    return f"/requests/{rich.request_id}/narrative/{section}"


def typed(client: PageClient, path: str) -> str:
    return unescape(str(client.form(path)[1]["text"])).replace("\r\n", "\n")


def test_a_record_is_put_in_at_the_end_and_what_was_typed_is_kept(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = of_kind(rich, RefKind.OBSERVATION)
    client.sign_in("senco")
    assert f"Insert: {one.label}" in client.text(place(rich))
    client.send(place(rich), text="My words so far", act=f"insert:{one.ref}")
    assert typed(client, place(rich)) == f"My words so far {mark(one.label, one.ref)}"
    words = client.text(place(rich))
    assert "are not saved yet" in words
    assert f"My words so far {one.words}" in words
    client.send(place(rich))
    assert f"My words so far {one.words}"[:100] in client.text(f"/requests/{rich.request_id}")


def test_a_broken_reference_is_said_beside_the_field_and_nothing_is_saved(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    answer = client.send(place(rich), text="At [[YARC, 12 March 2026: 84 #m123", status=422)
    assert "A reference has lost its end" in unescape(answer.text)
    assert "At [[YARC" in answer.text
    assert TYPED[38] in client.text(f"/requests/{rich.request_id}")


def test_a_record_that_cannot_be_put_in_is_said_and_the_words_stay(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    answer = client.send(place(rich), text="My words", act="insert:m999999", status=422)
    assert "not there any more" in answer.text
    assert "My words" in answer.text


def test_a_changed_figure_is_taken_kept_or_taken_out(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        ref = next(one.ref for one in found_for(rich).values() if one.note == "latest")
        written(rich, ref)
        _correct(rich, ref, 9)
    client.sign_in("senco")
    page = client.text(f"/requests/{rich.request_id}")
    assert "1 thing that you quoted has changed" in page
    assert "Look before you build" in page
    saved = typed(client, place(rich))
    for act, left in (
        ("take", f": 9 #{ref}]]"),
        ("keep", "8 (Errors in 100 words read aloud"),
        ("drop", "She is at."),
    ):
        client.send(place(rich), text=saved, act=f"{act}:{ref}")
        assert left in typed(client, place(rich)), act
    client.send(place(rich), text=saved, taken="", act=f"take:{ref}")
    assert "Look at these again" not in client.text(place(rich))
    client.send(place(rich))
    assert "quoted has changed" not in client.text(f"/requests/{rich.request_id}")


def test_a_balanced_picture_is_a_reminder_beside_the_words(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    words = client.text(place(rich))
    assert "A balanced picture" in words
    assert "1 strength is on record and not mentioned in your words." in words  # the other stands in the reason
    assert "It stops nothing" in words
    assert "A balanced picture" not in client.text(place(rich, "attendance"))


def test_the_reason_is_borne_out_below_it_by_what_is_on_record(
    client: PageClient, app: Flask, rich: Rich, tmp_path: Any
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        one = of_kind(rich, RefKind.SUMMARY)
    client.sign_in("senco")
    words = client.text(place(rich, "reason"))
    assert "The reason itself stands in the request in words" in words
    assert TYPED[35] in words
    client.send(place(rich, "reason"), text=f"As the last review said: {mark(one.label, one.ref)}")
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert squeezed(f"As the last review said: {one.words}") in found
    assert found.index(squeezed(TYPED[35])) < found.index(squeezed("As the last review said"))


def test_each_saved_version_is_kept_and_can_be_brought_back(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    for words in ("First words", "Second words", "Second words", "Third words"):
        client.send(place(rich, "provision"), text=words)
    with app.app_context(), acting(system_actor(1, "Tests")):
        rows = versions_of(rich.request_id, "provision")
    assert [(one.number, one.text, one.by) for one in rows] == [
        (3, "Third words", "Hannah Legg"),
        (2, "Second words", "Hannah Legg"),
        (1, "First words", "Hannah Legg"),
    ]
    past = f"{place(rich, 'provision')}/versions"
    assert "not saved yet" not in client.text(past)
    client.send(past, index=1)
    assert "words in the form that are not saved yet" in client.text(past)
    assert typed(client, place(rich, "provision")) == "First words"
    assert "Third words" in client.text(f"/requests/{rich.request_id}")
    client.send(place(rich, "provision"))
    assert "First words" in client.text(f"/requests/{rich.request_id}")


def test_a_version_that_is_not_there_cannot_be_brought_back(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    client.send(place(rich), text="One")
    client.send(place(rich), text="Two")
    client.send(f"{place(rich)}/versions", number="77", status=422)


@pytest.mark.parametrize(("first", "second"), [("senco", "assistant"), ("assistant", "senco")])
def test_of_two_editors_the_later_sees_both_texts(
    client: PageClient, app: Flask, rich: Rich, first: str, second: str
) -> None:
    client.sign_in(first)
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in(second)
    mine, theirs = client.form(place(rich)), other.form(place(rich))
    assert client.post(mine[0], data={**mine[1], "text": "Words of the first"}).status_code == 303
    answer = other.post(theirs[0], data={**theirs[1], "text": "Words of the second"})
    assert answer.status_code == 409
    assert "Words of the first" in answer.text
    assert "Words of the second" in answer.text
    assert "Somebody else saved this first" in answer.text


def test_two_who_begin_a_section_at_once_do_not_write_over_each_other(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    client.sign_in("senco")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("assistant")
    path = place(rich, "chronology")
    mine, theirs = client.form(path), other.form(path)
    assert client.post(mine[0], data={**mine[1], "text": "Begun by the first"}).status_code == 303
    answer = other.post(theirs[0], data={**theirs[1], "text": "Begun by the second"})
    assert answer.status_code == 409
    assert "Begun by the first" in answer.text
    assert "Begun by the second" in answer.text


def test_words_typed_while_the_sign_in_ended_are_there_after_signing_in(client: PageClient, rich: Rich) -> None:
    client.sign_in("senco")
    action, values = client.form(place(rich))
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.post(action, data={**values, "text": "Typed for half an hour"})
    client.sign_in("senco")
    assert typed(client, place(rich)) == "Typed for half an hour"
