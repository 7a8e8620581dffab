"""Words of a colleague for one section: who may be asked, what they see, what the SENCO does with what comes."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now, today
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import draw
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.models import NarrativeAsked, NarrativeGiven
from graduated.ehcna.queries_asked import asked_for_request
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of
from graduated.ehcna.views_asked import in_a_week
from graduated.pupils.models import Assignment, Document
from tests.ehcna.rich import Rich
from tests.ehcna.test_narrative_page import place, typed
from tests.ehcna.test_pack import squeezed, words_of
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World

SEEN = "Zofia starts a written task by herself on two days of five.\nWith a word card it is four days."
QUESTION = "What do you see when a task is written?"


def ask(client: PageClient, rich: Rich, world: World, *who: str, section: str = "needs") -> None:
    people = [str(world.users[one]) for one in who or ("teacher",)]
    client.send(f"{place(rich, section)}/ask", people=people, question=QUESTION)


def rows(app: Flask, rich: Rich) -> list[int]:
    with app.app_context(), acting(system_actor(1, "Tests")):
        return [one.asked_id for one in asked_for_request(rich.request_id)]


def handed_in(client: PageClient, app: Flask, rich: Rich, text: str = SEEN) -> str:
    client.sign_in("teacher")
    path = f"/words/{rows(app, rich)[-1]}"
    client.send(path, text=text)
    return path


def test_who_works_with_the_pupil_and_may_write_for_a_request_can_be_asked(
    client: PageClient, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    words = client.text(f"{place(rich)}/ask")
    assert "Tom Fry" in words
    assert "Sheila Tuck" not in words  # support staff: the access table keeps requests from them, and the page says so
    assert "Support staff are not in this list" in words
    assert "Nadia Begum" not in words  # a teacher of others
    client.send(f"{place(rich)}/ask", people=[str(world.users["ta"])], status=422)
    client.send(f"{place(rich)}/ask", people=[str(world.users["other_teacher"])], status=422)


@pytest.mark.parametrize(("day", "by"), [(16, 23), (21, 27), (22, 27), (20, 27)])
def test_nobody_is_asked_for_a_weekend(day: int, by: int) -> None:
    assert in_a_week(date(2026, 11, day)) == date(2026, 11, by)


def test_what_was_asked_stands_on_that_persons_today_and_on_nobody_elses(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    assert "Tom Fry has not handed in words for “Needs and strengths by area” of the request" in client.text("/today")
    client.sign_in("teacher")
    page = client.text("/today")
    assert "write a few words for the EHC request" in page
    assert f'href="/words/{rows(app, rich)[0]}"' in client.get("/today").text
    client.sign_in("lead")
    assert "write a few words" not in client.text("/today")


def test_who_was_asked_sees_the_one_form_with_neither_costs_nor_restricted_papers(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")):
        restricted = db.session.scalars(select(Document.title).where(Document.visibility == "restricted")).all()
    client.sign_in("senco")
    ask(client, rich, world)
    client.sign_in("teacher")
    words = client.text(f"/words/{rows(app, rich)[0]}")
    assert QUESTION in words
    assert "Hannah Legg asked you" in words
    assert "£" not in words
    assert not [title for title in restricted if title in words]
    assert "Reason" not in words
    for other in ("lead", "senco", "head"):
        client.sign_in(other)
        assert client.status(f"/words/{rows(app, rich)[0]}") == 404  # another's form is nobody's


def test_words_are_kept_as_they_are_typed_and_handed_in_once(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    client.sign_in("teacher")
    path = f"/words/{rows(app, rich)[0]}"
    assert "write a few words for the EHC request, “Needs and strengths by area”" in client.text("/today")
    action, values = client.form(path)
    kept = client.post(f"/drafts?place={path}", data={**values, "text": "Half a sentence"})
    assert kept.status_code == 200
    assert typed(client, path) == "Half a sentence"
    client.send(path, text="", status=422)
    client.send(path, text="She said [[ and stopped", status=422)
    client.send(path, text=SEEN)
    assert "write a few words" not in client.text("/today")  # the line named the section while it waited
    with app.app_context(), acting(system_actor(1, "Tests")):
        (given,) = db.session.scalars(select(NarrativeGiven)).all()
        assert given.text == SEEN
        assert (given.writer_name, given.given_on) == ("Tom Fry", today())
    assert action == path


def test_what_was_handed_in_is_taken_over_as_a_quotation_with_the_writers_name_and_the_day_first(
    client: PageClient, app: Flask, rich: Rich, world: World, tmp_path: Path
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    handed_in(client, app, rich)
    client.sign_in("senco")
    assert "Tom Fry, teacher, handed in words for the request" in client.text("/today")
    assert SEEN.splitlines()[0] in client.text(place(rich))
    client.send(place(rich), text="In class:", act="over:w1")
    words = typed(client, place(rich))
    assert words.startswith("In class:\n\n[[Tom Fry, teacher,")
    assert "#w1]]: “Zofia starts a written task" in words
    assert words.endswith("”")
    client.send(place(rich), text=words.replace("two days of five", "two days in five"))
    assert "handed in words" not in client.text("/today")  # settled by taking over
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
        listed = {(one["table"], one["id"]) for one in manifest_of(records_for(rich.pupil_id))["records"]}
        assert looks_of(records_for(rich.pupil_id)) == ()
    assert squeezed(": “Zofia starts a written task") in found
    assert squeezed("it is four days.”") in found
    assert ("narrative_given", 1) in listed


def test_what_was_not_taken_over_is_not_in_the_pack(
    client: PageClient, app: Flask, rich: Rich, world: World, tmp_path: Path
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    handed_in(client, app, rich)
    with app.app_context(), acting(system_actor(1, "Tests")):
        found = words_of(draw(rich.pupil_id, rich.request_id, now(), "Hannah Legg").pdf, tmp_path)
        listed = {one["table"] for one in manifest_of(records_for(rich.pupil_id))["records"]}
    assert squeezed("Zofia starts a written task") not in found
    assert "narrative_given" not in listed


def test_what_came_can_be_put_aside_and_asked_for_again(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    path = handed_in(client, app, rich)
    client.sign_in("senco")
    ask(client, rich, world)
    first, second = rows(app, rich)
    assert "Tom Fry has not handed in" in client.text("/today")
    client.sign_in("teacher")
    assert "Nothing is waited for here any more" in client.text(path)
    action, values = client.form(f"/words/{second}")
    client.sign_in("senco")
    client.post(f"/words/{second}/close", data={"csrf_token": client.token()})
    assert "Tom Fry" not in client.text("/today")
    assert SEEN.splitlines()[0] in client.text(place(rich))  # kept, and read still
    client.sign_in("teacher")
    answer = client.post(action, data={**values, "csrf_token": client.token(), "text": "Too late"})
    assert answer.status_code == 422
    assert "Nothing is waited for here any more" in unescape(answer.text)
    assert first != second


def test_newer_words_of_the_same_asking_stand_first_and_the_older_are_kept(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    path = handed_in(client, app, rich, "First thoughts")
    client.send(path, text="Second thoughts")
    client.sign_in("senco")
    page = client.text(place(rich))
    assert page.index("Second thoughts") < page.index("Handed in before")
    assert "First thoughts" in page


def test_who_is_late_stands_on_the_sencos_today_and_is_reminded_once_a_day_without_the_childs_name(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    with app.app_context(), acting(system_actor(1, "Tests")), write("A day past"):
        row = db.session.scalars(select(NarrativeAsked)).one()
        row.asked_on, row.answer_by = today() - timedelta(days=9), today() - timedelta(days=2)
        asked_id = row.id
    page = client.get("/today").text
    assert "late" in page[page.index("Words for requests") :][:900]
    for _twice in range(2):
        client.post(f"/words/{asked_id}/remind", data={"csrf_token": client.token()})
    with app.app_context(), acting(system_actor(1, "Tests")):
        (letter,) = db.session.scalars(select(Post)).all()
    assert "Zofia" not in letter.subject + letter.body
    client.sign_in("teacher")
    assert "late" in client.text("/today")


def test_who_does_not_work_with_the_pupil_any_more_is_neither_waited_for_nor_reminded(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    with app.app_context(), acting(system_actor(1, "Tests")), write("Moved on"):
        for one in db.session.scalars(select(Assignment).where(Assignment.user_id == world.users["teacher"])):
            one.ends = today() - timedelta(days=1)
    assert "Tom Fry has not handed in" not in client.text("/today")
    assert "nothing will come" in client.text(place(rich))
    client.sign_in("teacher")
    assert client.status(f"/words/{rows(app, rich)[0]}") == 404


def test_words_that_went_by_law_are_flagged_where_they_were_taken_over(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    handed_in(client, app, rich)
    with app.app_context(), acting(system_actor(1, "Tests")), pytest.raises(IntegrityError), write("Changed by hand"):
        db.session.scalars(select(NarrativeGiven)).one().text = "Something else"
        db.session.flush()


def test_many_who_were_asked_cost_no_more_queries_than_one(
    client: PageClient, app: Flask, rich: Rich, world: World
) -> None:
    client.sign_in("senco")
    ask(client, rich, world)
    client.text("/today")
    client.text(place(rich))
    asked = []
    for _times in range(2):
        with counted(app) as sent:
            client.text("/today")
            client.text(place(rich))
        asked.append(len(sent))
        with app.app_context(), acting(system_actor(1, "Tests")), write("Many"):
            for _one in range(20):
                db.session.add(
                    NarrativeAsked(
                        pupil_id=rich.pupil_id, assessment_request_id=rich.request_id, section="needs",
                        user_id=world.users["teacher"], asked_on=today(), role="teacher", question="",
                    )
                )  # fmt: skip
    assert asked[0] == asked[1]
