"""Agreement on the request's page and in the pack: who, what for, how signed, with whom not to share, whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.content import content_of
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.records import records_for
from graduated.pack.evidence_pack import render_pack
from graduated.pack.sections.summary import _views
from graduated.pack.wording import short_day
from graduated.pupils.models import Adult
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import FamilyAdult
from graduated.request import services
from graduated.request.queries import consents_of, request_of, standing_consents
from graduated.request.rights import rights
from graduated.rules.readiness import gaps
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, GapState, SignedHow
from graduated.school.queries_authority import profile_for
from tests.ehcna.rich import Rich
from tests.ehcna.test_pack import squeezed, words_of
from tests.pack.accessible import assert_accessible
from tests.support.client import PageClient
from tests.support.world import World

REQUEST = ConsentKind.REQUEST


def answered(
    request_id: int, adult_id: int | None, answer: ConsentAnswer, on: date, kind: ConsentKind = REQUEST, **more: Any
) -> None:
    services.record_consent(request_id, services.Answered(adult_id, kind, answer, on, SignedHow.PAPER, **more))


def test_an_agreement_taken_back_is_shown_as_that(client: PageClient, app: Flask, rich: Rich) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        answered(rich.request_id, rich.adult_id, ConsentAnswer.REFUSED, today())
    words = client.sign_in("senco").text(f"/requests/{rich.request_id}")
    assert "Agreement withdrawn" in words
    assert "and took it back" in words


def test_one_parents_yes_leaves_the_line_partial_and_names_who_is_missing(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    mother = next(one for one in records.adults if one.adult_id == rich.adult_id)
    father = replace(mother, adult_id=0, name="Mr Paweł Szymański")
    barred, carer = replace(father, barred=True), replace(father, parental_responsibility=False)

    def line(*adults: FamilyAdult) -> str:
        found = gaps(evidence_of(replace(records, adults=adults)))
        return next(f"{one.state.label}: {one.why}" for one in found if one.id == "consent")

    assert ": 1 of 2 parents have agreed; Mr Paweł Szymański has not been asked." in line(mother, father)
    assert line(mother, father).startswith(GapState.PARTIAL.label)
    assert line(mother, barred) == line(mother, carer)
    assert "The request: 1 of 1 parent has agreed." in line(mother, barred)


def test_the_line_stays_partial_until_sharing_is_agreed_too(rich: Rich, as_system: Actor) -> None:
    def state() -> GapState:
        records = records_for(rich.pupil_id, rich.request_id)
        both = tuple(one for one in records.adults if one.adult_id == rich.adult_id)
        found = gaps(evidence_of(replace(records, adults=both)))
        return next(one.state for one in found if one.id == "consent")

    answered(rich.request_id, rich.adult_id, ConsentAnswer.GIVEN, today())
    answered(rich.request_id, rich.adult_id, ConsentAnswer.ASKED, today(), ConsentKind.SHARING)
    assert state() is GapState.PARTIAL
    answered(rich.request_id, rich.adult_id, ConsentAnswer.GIVEN, today(), ConsentKind.SHARING)
    assert state() is GapState.PRESENT


def test_the_summary_has_the_answer_that_holds_with_its_date_and_the_section_has_all(
    rich: Rich, as_system: Actor
) -> None:
    answered(rich.request_id, rich.adult_id, ConsentAnswer.REFUSED, today())
    content = content_of(records_for(rich.pupil_id, rich.request_id))
    asked = [one for one in content.consents if one.kind == REQUEST.label]
    assert [one.stands for one in asked] == [False, True]
    (line,) = [one for one in _views(content) if one.what == "Agreement"]
    assert line.says.count(REQUEST.label) == 1
    assert f"{ConsentAnswer.REFUSED.inside}, {asked[-1].who}, {short_day(today())}" in line.says


def test_beside_a_request_stands_its_own_authority(rich: Rich, as_system: Actor) -> None:
    row = request_of(rich.request_id)
    assert rights(replace(row, authority="staffordshire", authority_version="1")).authority == (
        profile_for("staffordshire", "1").council
    )
    assert (
        rights(replace(row, authority="norfolk", authority_version="1")).authority
        == profile_for("norfolk", "1").council
    )
    assert profile_for("norfolk", "1").council != profile_for("staffordshire", "1").council


def test_being_asked_again_undoes_no_answer(rich: Rich, as_system: Actor) -> None:
    answered(rich.request_id, rich.adult_id, ConsentAnswer.ASKED, today())
    (standing,) = standing_consents(consents_of(rich.pupil_id, rich.request_id))
    assert standing.answer is ConsentAnswer.GIVEN


def test_at_16_a_young_person_answers_and_a_parents_answer_counts_no_more(
    client: PageClient, app: Flask, world: World, tmp_path: Any
) -> None:
    pupil_id = world.pupils["idris"]
    with app.app_context(), acting(system_actor(1, "Tests")):
        request_id = services.open_request(pupil_id)
        answered(request_id, world.adults["parent"], ConsentAnswer.GIVEN, today() - timedelta(days=2))
        assert pupil_head(pupil_id).rights_pass_on <= today()
    client.sign_in("senco")
    form = client.text(f"/requests/{request_id}/agreement")
    assert "answers for themselves since" in form
    client.send(
        f"/requests/{request_id}/agreement", who="self", kind="request", answer="given", signed_how="paper",
        not_shared_with="My uncle Rafiq", capacity="Read aloud with Mr Bekele, in his own words afterwards",
    )  # fmt: skip
    words = client.text(f"/requests/{request_id}")
    assert "Not to be shared with: My uncle Rafiq" in words
    assert "How it was understood: Read aloud with Mr Bekele" in words
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = words_of(draw(pupil_id, request_id, now(), "Hannah Legg").pdf, tmp_path)
    assert squeezed("Not to be shared with: My uncle Rafiq") in found
    assert squeezed("answers for themselves") in found


def test_a_note_on_understanding_is_kept_of_the_young_person_alone(rich: Rich, as_system: Actor) -> None:
    answered(rich.request_id, rich.adult_id, ConsentAnswer.GIVEN, today(), capacity="Mrs Szymańska understood")
    assert consents_of(rich.pupil_id, rich.request_id)[-1].capacity == ""


@pytest.mark.parametrize("who", ["senco", "head", "teacher"])
def test_everybody_who_reads_the_request_sees_who_is_not_to_be_told(
    client: PageClient, app: Flask, rich: Rich, who: str
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        answered(rich.request_id, rich.adult_id, ConsentAnswer.GIVEN, today(), not_shared_with="Her former partner")
    assert "Not to be shared with: Her former partner" in client.sign_in(who).text(f"/requests/{rich.request_id}")


def test_a_copy_for_the_family_never_says_who_is_not_to_be_told(rich: Rich, as_system: Actor, tmp_path: Any) -> None:
    answered(rich.request_id, rich.adult_id, ConsentAnswer.GIVEN, today(), not_shared_with="Her former partner")
    content = content_of(records_for(rich.pupil_id, rich.request_id))
    for for_family, stands in ((False, True), (True, False)):
        pdf = render_pack(replace(content, for_family=for_family), now(), "Hannah Legg", "ab" * 32).pdf
        assert (squeezed("Her former partner") in words_of(pdf, tmp_path)) is stands


def _paper(client: PageClient, path: str, folder: Path) -> str:
    with client.get(path) as answer:
        assert answer.status_code == 200
        assert "Szym" not in answer.headers["Content-Disposition"]
        (folder / "form.pdf").write_bytes(answer.data)
    with pikepdf.open(folder / "form.pdf") as paper:
        assert len(paper.pages) == 1, "no signature stands alone on a page of its own"
    assert_accessible((folder / "form.pdf").read_bytes(), folder)
    return words_of((folder / "form.pdf").read_bytes(), folder)


def test_the_form_to_sign_is_printed_for_each_adult_by_name(client: PageClient, rich: Rich, tmp_path: Path) -> None:
    client.sign_in("senco")
    found = _paper(client, f"/requests/{rich.request_id}/agreement/{rich.adult_id}.pdf", tmp_path)
    for said in (
        "Dear Mrs Szymańska", "Dorset Council", "I agree / I do not agree", "It is not to be shared with:",
        "You can ask Dorset Council for an education, health and care needs assessment yourself", "Signature",
    ):  # fmt: skip
        assert squeezed(said) in found, said
    assert "{" not in found
    assert client.status(f"/requests/{rich.request_id}/agreement/self.pdf") == 404
    assert client.status(f"/requests/{rich.request_id}/agreement/99999.pdf") == 404


@pytest.mark.parametrize("interpreter", ["", "Polish"])
def test_the_form_to_sign_says_who_helps_to_read_it(
    client: PageClient, app: Flask, rich: Rich, tmp_path: Path, interpreter: str
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")), write("An interpreter"):
        db.session.scalars(select(Adult).where(Adult.id == rich.adult_id)).one().interpreter = interpreter
    client.sign_in("senco")
    found = _paper(client, f"/requests/{rich.request_id}/agreement/{rich.adult_id}.pdf", tmp_path)
    assert (squeezed("with you and an interpreter (Polish) before you sign it") in found) is bool(interpreter)


def test_a_young_person_is_asked_for_themselves(client: PageClient, app: Flask, world: World, tmp_path: Path) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        request_id = services.open_request(world.pupils["idris"])
    client.sign_in("senco")
    found = _paper(client, f"/requests/{request_id}/agreement/self.pdf", tmp_path)
    assert squeezed("You are old enough to decide about this for yourself") in found
    assert "{" not in found
