"""Declarations: kept with their exact words, and a change afterwards is said and stops nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import held, now
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.ehcna.build import draw
from graduated.ehcna.content_people import declaration
from graduated.ehcna.records import records_for
from graduated.ehcna.references import references_of
from graduated.ehcna.services_narrative import write_narrative
from graduated.ehcna.signed import signed_of
from graduated.pupils import services_background as background
from graduated.request.models import Declaration
from graduated.request.queries_signing import declarations_of
from graduated.request.services import RequestText, write_request
from graduated.rules.attendance import Period
from graduated.rules.references import mark
from graduated.rules.vocabulary import RequestBy, Role
from graduated.school.authorities import authority
from tests.ehcna.rich import Rich
from tests.support.client import PageClient, inspect_page

WORDS = authority("dorset").declaration


def signed_by(client: PageClient, rich: Rich, who: str = "senco") -> None:
    client.sign_in(who).send(f"/requests/{rich.request_id}/sign", sure="y")


def test_what_was_declared_is_shown_before_and_kept_with_the_signature(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    client.sign_in("senco")
    assert WORDS in client.text(f"/requests/{rich.request_id}/sign")
    client.send(f"/requests/{rich.request_id}/sign", sure="y")
    with app.app_context(), acting(system_actor(1, "Tests")):
        (one,) = declarations_of(rich.request_id)
    assert (one.role, one.signer_name, one.statement) == (Role.SENCO, "Hannah Legg", WORDS)
    words = client.text(f"/requests/{rich.request_id}")
    assert WORDS in words
    assert "sign again" not in words


def test_a_change_of_the_words_after_a_signature_is_said(client: PageClient, app: Flask, rich: Rich) -> None:
    signed_by(client, rich)
    client.send(f"/requests/{rich.request_id}/words", reason="Other words")
    with app.app_context(), acting(system_actor(1, "Tests")), held(now() + timedelta(minutes=5)):
        write_narrative(rich.request_id, "views", "She was asked again.")
    words = client.text(f"/requests/{rich.request_id}")
    assert "The request in words and “Views” have changed since you signed." in words
    assert "Build the pack" in words
    with app.app_context(), held(now() + timedelta(minutes=9)):
        client.send(f"/requests/{rich.request_id}/sign", sure="y")
    assert "have changed since" not in client.text(f"/requests/{rich.request_id}")


@pytest.mark.parametrize("shown", ["opened before a change", "", "never shown"])
def test_words_that_the_signer_never_saw_are_shown_and_not_signed(
    client: PageClient, app: Flask, rich: Rich, shown: str
) -> None:
    client.sign_in("senco")
    place, values = client.form(f"/requests/{rich.request_id}/sign")
    if shown == "opened before a change":
        client.send(f"/requests/{rich.request_id}/words", reason="He was hurt twice on the stairs.")
    else:
        values["shown"] = shown
    answer = client.post(place, data={**values, "sure": "y"})
    assert answer.status_code == 409
    inspect_page(answer)
    assert "Nothing is signed yet" in answer.text and WORDS.splitlines()[0] in answer.text
    assert ("hurt twice on the stairs" in answer.text) == (shown == "opened before a change")
    with app.app_context(), acting(system_actor(1, "Tests")):
        assert declarations_of(rich.request_id) == ()
    signed_by(client, rich)
    with app.app_context(), acting(system_actor(1, "Tests")):
        assert len(declarations_of(rich.request_id)) == 1


def test_a_signature_is_refused_when_the_words_change_as_it_is_kept(rich: Rich, as_system: Actor) -> None:
    from graduated.request.services_signing import sign

    with acting(Actor(1, 1, "Ruth Chaffey", frozenset({Role.HEAD}))), pytest.raises(Clash):
        sign(rich.request_id, WORDS, "other words")
    assert declarations_of(rich.request_id) == ()


def test_the_pack_says_which_signature_came_before_a_change_and_which_is_lacking(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    signed_by(client, rich)
    with app.app_context(), acting(system_actor(1, "Tests")):
        records = records_for(rich.pupil_id, rich.request_id)
        assert records.request is not None
        told = declaration(replace(records, request=replace(records.request, head_signed_by="", head_signed_on=None)))
        assert "before the words" not in told.signed[0]
        assert told.unsigned == ("Headteacher",)
    client.send(f"/requests/{rich.request_id}/words", reason="Other words")
    with app.app_context(), acting(system_actor(1, "Tests")):
        told = declaration(records_for(rich.pupil_id, rich.request_id))
        assert told.signed[-1].endswith("; signed before the words were changed")


def test_a_change_before_the_signature_or_of_nothing_is_not_said(rich: Rich, as_system: Actor) -> None:
    from graduated.request.services_signing import sign

    with acting(Actor(1, 1, "Hannah Legg", frozenset({Role.SENCO}))):
        sign(rich.request_id, WORDS)
    records = records_for(rich.pupil_id, rich.request_id)
    assert [one.remark for one in signed_of(records)] == ["", ""]
    row = records.request
    assert row is not None
    text = RequestText(RequestBy.SCHOOL, row.reason, row.more_needed, row.outcomes_sought)
    write_request(rich.request_id, text)
    assert [one.remark for one in signed_of(records_for(rich.pupil_id, rich.request_id))] == ["", ""]


def test_a_signature_is_never_changed_and_is_among_the_packs_records(rich: Rich, as_system: Actor) -> None:
    from graduated.request.services_signing import sign

    with acting(Actor(1, 1, "Ruth Chaffey", frozenset({Role.HEAD}))):
        sign(rich.request_id, WORDS)
    drawn = draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg")
    assert [one["table"] for one in drawn.manifest["records"]].count("declaration") == 1
    with pytest.raises(DatabaseError, match="never changed"), write("Tampered"):
        db.session.scalars(select(Declaration)).one().statement = "Something else"


def test_a_correction_of_a_quoted_record_after_a_signature_is_said(rich: Rich, as_system: Actor) -> None:
    from graduated.request.services_signing import sign

    entry = background.record_attendance(rich.pupil_id, Period(date(2025, 9, 2), date(2025, 10, 24), 74, 4, 0))
    found = references_of(records_for(rich.pupil_id, rich.request_id))
    quoted = mark(found[f"t{entry}"].label, f"t{entry}")
    write_narrative(
        rich.request_id, "attendance", f"It was {quoted}.", says={ref: one.digest for ref, one in found.items()}
    )
    with held(now() + timedelta(minutes=5)):
        with acting(Actor(1, 1, "Ruth Chaffey", frozenset({Role.HEAD}))):
            sign(rich.request_id, WORDS)
        assert [one.remark for one in signed_of(records_for(rich.pupil_id, rich.request_id))] == ["", ""]
        background.correct_attendance(entry, Period(date(2025, 9, 2), date(2025, 10, 24), 74, 40, 0), "Typed wrongly")
        head, senco = signed_of(records_for(rich.pupil_id, rich.request_id))
    assert "quotes what has changed or gone since it was put in" in head.remark and "Ruth Chaffey" in head.remark
    assert senco.remark == "", "nobody has signed"


def test_each_statement_is_printed_with_who_signed_it_when_they_differ(rich: Rich, as_system: Actor) -> None:
    from graduated.request.services_signing import sign

    hannah = Actor(1, 1, "Hannah Legg", frozenset({Role.SENCO}))
    with acting(Actor(1, 1, "Ruth Chaffey", frozenset({Role.HEAD}))):
        sign(rich.request_id, "I declare that this is so.")
    with acting(hannah):
        sign(rich.request_id, "I declare that this is so.")
    assert declaration(records_for(rich.pupil_id, rich.request_id)).statement == "I declare that this is so."
    with acting(hannah):
        sign(rich.request_id, "I have seen the records.")
    assert declaration(records_for(rich.pupil_id, rich.request_id)).statement == (
        "Ruth Chaffey, Headteacher, declared:\nI declare that this is so.\n\n"
        "Hannah Legg, SENCO, declared:\nI have seen the records."
    )


def test_a_record_added_or_corrected_after_a_signature_is_said_beside_it_and_on_paper(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    signed_by(client, rich)
    assert "these changed" not in client.text(f"/requests/{rich.request_id}")
    later = Period(date(2025, 9, 1), date(2025, 9, 30), 40, 2, 0)
    with app.app_context(), acting(system_actor(1, "Tests")), held(now() + timedelta(minutes=5)):
        first = background.record_attendance(rich.pupil_id, later)
        background.correct_attendance(first, replace(later, authorised=3), "One more day away.")
    said = client.text(f"/requests/{rich.request_id}")
    assert "Since you signed on" in said and "these changed: 1 record added, 1 corrected." in said
    with app.app_context(), acting(system_actor(1, "Tests")):
        told = declaration(records_for(rich.pupil_id, rich.request_id))
    assert told.signed[-1].endswith("; since then 1 record added, 1 corrected")
