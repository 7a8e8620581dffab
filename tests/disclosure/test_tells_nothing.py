"""A bundle does not even tell that something exists which is restricted, another adult's or about safeguarding."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Concern, ConcernNote, Involvement, Observation, View
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.build import build
from graduated.disclosure.queries import request_of
from graduated.disclosure.queries_build import bundles_of
from graduated.disclosure.services import NewRequest, ask_back, record_request
from graduated.disclosure.services_build import Choice, decide
from graduated.disclosure.weighing import weigh
from graduated.pupils.models import Adult, BarChange, FamilyLink, LookAgreement, Pupil
from graduated.pupils.models_restricted import RestrictedNote, RestrictedRelease
from graduated.retention.models import LegalHold
from graduated.rules import vocabulary as v
from graduated.rules.third_parties import LEFT_OUT_WORDS
from tests.disclosure.conftest import Asked, somebody
from tests.disclosure.test_bundle import built
from tests.support.world import World

LANE = "9 Hidden Lane"
ADDRESS = f"{LANE}, Wareham, BH20 4AA"


def saw(pupil_id: int, text: str) -> Observation:
    """Something that a teacher saw."""
    return Observation(
        pupil_id=pupil_id, kind=v.ObservationKind.STRENGTH, area=v.NeedArea.SEMH, text=text, source="Mr Fry",
        seen_on=today(),
    )  # fmt: skip


def wrote(app: Flask, world: World, act: str, *rows: Any) -> list[int]:
    """Keep rows as an act of its own; gives their ids."""
    with app.app_context(), acting(system_actor(world.school_id, "Owen Loveless")), write(act):
        db.session.add_all(rows)
        db.session.flush()
        return [row.id for row in rows]


def tables(app: Flask, world: World, asked: Asked) -> dict[str, list[dict[str, Any]]]:
    """The rows of a bundle made now, by table."""
    data = json.loads(built(app, world, asked)["record.json"])
    return {table: part["rows"] for table, part in data["tables"].items()}


def acts(app: Flask, world: World, asked: Asked) -> set[str]:
    return {row["act"] for row in tables(app, world, asked)["change_event"]}


def items(app: Flask, world: World, asked: Asked, request_id: int | None = None) -> dict[str, bool]:
    """What the SENCO has to decide as a whole, and whether it is restricted."""
    with app.app_context(), acting(somebody(world, "senco", v.Role.SENCO)):
        return {one.key: one.is_restricted for one in weigh(request_of(request_id or asked.request_id)).items}


def let_in(app: Flask, world: World, asked: Asked, *keys: str) -> None:
    with app.app_context(), acting(somebody(world, "safeguarding", v.Role.SAFEGUARDING)):
        decide(asked.request_id, [Choice(v.DecidedOn.ITEM, key, v.Disclosing.GOES, "It may go") for key in keys])


def fathers_request(app: Flask, world: World, asked: Asked) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        request_id = record_request(
            asked.pupil_id,
            NewRequest(v.InformationKind.SUBJECT_ACCESS, today(), v.InformationHow.LETTER, v.InformationBy.PARENT,
                       "Marek Szymański", world.adults["barred_parent"]),
        )  # fmt: skip
        ask_back(request_id, today(), f"Do you mean the papers of the refuge at {LANE}?")
        return request_id


def test_acts_on_what_stays_out_stay_out_and_every_other_act_goes(app: Flask, world: World, asked: Asked) -> None:
    pupil, user = asked.pupil_id, world.users["teacher"]
    wrote(app, world, "Strength or difficulty recorded", saw(pupil, "Counts well."))
    [note] = wrote(
        app, world, "Restricted note written",
        RestrictedNote(pupil_id=pupil, noted_on=today(), text="Said at lunch.", visibility=v.Visibility.KEPT),
    )  # fmt: skip
    wrote(
        app, world, "Restricted paper or note released by name",
        RestrictedRelease(pupil_id=pupil, restricted_note_id=note, user_id=user, reason="Her form teacher",
                          starts=today(), ends=today()),
    )  # fmt: skip
    wrote(
        app, world, "Safeguarding hold renewed",
        BarChange(pupil_id=pupil, bar_id=asked.bar_id, act=v.BarAct.RENEWED, why="Not yet", ends=today()),
    )  # fmt: skip
    wrote(
        app, world, "Strength or difficulty recorded with a note",
        saw(pupil, "Reads."),
        RestrictedNote(pupil_id=pupil, noted_on=today(), text="Beside it.", visibility=v.Visibility.RESTRICTED),
    )  # fmt: skip
    told = acts(app, world, asked)
    assert "Strength or difficulty recorded" in told and "Request for information recorded" in told
    assert not {one for one in told if "estricted" in one or "hold" in one or "with a note" in one}
    let_in(app, world, asked, f"bar:{asked.bar_id}", f"adult:{world.adults['barred_parent']}")
    assert "Safeguarding hold renewed" in acts(app, world, asked)


def test_the_decisions_and_builds_of_a_bundle_are_not_told_in_it(app: Flask, world: World, asked: Asked) -> None:
    built(app, world, asked)
    let_in(app, world, asked, f"view:{asked.view_id}")
    assert not {one for one in acts(app, world, asked) if "Bundle" in one or "Decided" in one}


def test_another_persons_request_and_the_question_put_to_them_stay_out(app: Flask, world: World, asked: Asked) -> None:
    other = fathers_request(app, world, asked)
    text = built(app, world, asked)["record.json"].decode()
    assert "refuge" not in text and LANE not in text
    found = tables(app, world, asked)
    assert [row["id"] for row in found["information_request"]] == [asked.request_id]
    assert found["clarification"] == []
    assert f"information_request:{other}" in items(app, world, asked)
    assert f"information_request:{asked.request_id}" in items(app, world, asked, other)


def test_ones_own_question_goes(app: Flask, world: World, asked: Asked) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        ask_back(asked.request_id, today(), "Which years?")
    assert [row["question"] for row in tables(app, world, asked)["clarification"]] == ["Which years?"]


def test_what_hangs_on_a_restricted_paper_stays_out_with_it(app: Flask, world: World, asked: Asked) -> None:
    pupil, kept = asked.pupil_id, asked.papers["kept"]
    [concern] = wrote(
        app, world, "Concern raised",
        Concern(pupil_id=pupil, raised_by="Mr Fry", raised_on=today(), text="Reads slowly."),
    )  # fmt: skip
    wrote(
        app, world, "Added",
        ConcernNote(pupil_id=pupil, concern_id=concern, kind=v.ConcernNoteKind.EVIDENCE, on=today(), text="Its report",
                    document_id=kept),
        Involvement(pupil_id=pupil, service="Social care", document_id=kept),
    )  # fmt: skip
    found = tables(app, world, asked)
    assert len(found["concern"]) == 1
    assert found["concern_note"] == [] and found["involvement"] == []
    assert not {key for key in items(app, world, asked) if key.startswith(("concern_note", "involvement"))}
    assert "Added" not in {row["act"] for row in found["change_event"]}


def test_no_number_points_at_what_stays_out(app: Flask, world: World, asked: Asked) -> None:
    shared = View(
        pupil_id=asked.pupil_id, whose=v.ViewOf.PARENT, adult_id=world.adults["barred_parent"], text="Likes the choir.",
        method=v.ViewMethod.CONVERSATION, given_on=today(), shared_with_family=True,
    )  # fmt: skip
    wrote(app, world, "Views recorded", shared)
    assert [row["adult_id"] for row in tables(app, world, asked)["view"]] == [None]


def test_rows_that_exist_because_of_somebody_else_or_of_a_case_wait_for_a_decision(
    app: Flask, world: World, asked: Asked
) -> None:
    pupil = asked.pupil_id
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        links = {row.adult_id: row.id for row in db.session.query(FamilyLink).filter_by(pupil_id=pupil)}
    rows = {
        "legal_hold": LegalHold(pupil_id=pupil, reason="Police asked", placed_by="Ruth Chaffey", starts=today()),
        "look_agreement": LookAgreement(
            pupil_id=pupil, family_link_id=links[world.adults["parent"]], agrees=False, asked_on=today(),
            how=next(iter(v.AskedHow)), words="Not mum",
        ),
        "view": View(pupil_id=pupil, whose=v.ViewOf.PUPIL, method=v.ViewMethod.CONVERSATION, given_on=today(),
                     text="Do not tell mum.", shared_with_family=False),
        "concern": Concern(pupil_id=pupil, raised_by="Marek Szymański", raised_as=v.ConcernBy.PARENT,
                           raised_on=today(), text="She shouts at home."),
    }  # fmt: skip
    wrote(app, world, "Kept", *rows.values())
    waiting = items(app, world, asked)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        ids = {
            table: max(one.id for one in db.session.query(type(row)).filter_by(pupil_id=pupil))
            for table, row in rows.items()
        }
    assert {f"{table}:{row_id}" for table, row_id in ids.items()} <= set(waiting)
    assert waiting[f"legal_hold:{ids['legal_hold']}"]
    found = tables(app, world, asked)
    assert not any(row["id"] == ids[table] for table in rows for row in found[table])
    let_in(app, world, asked, f"view:{ids['view']}")
    assert [row["text"] for row in tables(app, world, asked)["view"]] == ["Do not tell mum."]


def withhold(app: Flask, world: World, asked: Asked) -> int:
    """The mother lives where nobody may know; a word of it stands in the record. The father asks."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        with write("Changed"):
            mother = db.session.scalars(select(Adult).where(Adult.id == world.adults["parent"])).one()
            child = db.session.scalars(select(Pupil).where(Pupil.id == asked.pupil_id)).one()
            mother.address, child.address = ADDRESS, f"Flat 2, {ADDRESS}"
            db.session.add(saw(asked.pupil_id, f"Walks to school alone from {LANE}."))
        fathers = NewRequest(
            v.InformationKind.RECORD, today(), v.InformationHow.LETTER, v.InformationBy.PARENT, "Marek Szymański",
            world.adults["barred_parent"],
        )  # fmt: skip
        return record_request(asked.pupil_id, fathers)


def test_a_barred_adult_does_not_learn_where_the_child_lives(app: Flask, world: World, asked: Asked) -> None:
    request_id = withhold(app, world, asked)
    with app.app_context(), acting(system_actor(world.school_id, "Worker")):
        build(request_id, "Hannah Legg", moment=now())
        content = app.extensions["files"].read(bundles_of(request_id)[0].sha256)
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        data = json.loads(folder.read("record.json"))
    assert LANE not in json.dumps(data)
    assert data["tables"]["pupil"]["rows"][0]["address"] == LEFT_OUT_WORDS
    assert f"Walks to school alone from {LEFT_OUT_WORDS}." in {r["text"] for r in data["tables"]["observation"]["rows"]}
    assert items(app, world, asked, request_id)[f"address:{asked.pupil_id}"]
    assert ADDRESS in json.dumps(tables(app, world, asked)), "who asks is told her own"


def test_what_was_noted_of_a_barred_adults_request_is_decided_on(app: Flask, world: World, asked: Asked) -> None:
    other = fathers_request(app, world, asked)
    assert items(app, world, asked, other)[f"information_request:{other}"]
    assert f"information_request:{asked.request_id}" not in items(app, world, asked)


def test_the_words_beside_a_bundle_count_nothing_that_is_kept_to_the_safeguarding_lead(
    app: Flask, world: World, asked: Asked
) -> None:
    def notes() -> tuple[str, ...]:
        built(app, world, asked)
        with app.app_context(), acting(somebody(world, "senco", v.Role.SENCO)):
            return bundles_of(asked.request_id)[0].notes

    before = notes()
    wrote(
        app, world, "Restricted note written",
        RestrictedNote(pupil_id=asked.pupil_id, noted_on=today(), text="Reuben Trevett was there.",
                       visibility=v.Visibility.KEPT),
    )  # fmt: skip
    assert notes() == before
