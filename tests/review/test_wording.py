"""The school's own words for its letters: used everywhere, tried first, every one kept, none lost to a colleague."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from graduated.access.identity import Actor, acting, system_actor
from graduated.audit.models import ChangeEvent
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.review.errors import ReviewRefused
from graduated.review.letters import example, letter_bytes
from graduated.review.models import LetterWording
from graduated.review.queries_given import papers_given_of
from graduated.review.queries_wording import shipped, wording, wordings, wordings_of
from graduated.review.services_wording import go_back, keep_wording
from graduated.rules.letters import LONGEST
from graduated.rules.vocabulary import LetterKind, NextStep
from tests.pack.accessible import assert_accessible
from tests.register.counting import counted
from tests.review.scene import Scene, measure, sealed
from tests.support.client import PageClient
from tests.support.databases import REFUSED, by_hand
from tests.support.world import World

INVITATION, OUTCOME, COMING_OFF = LetterKind.INVITATION, LetterKind.OUTCOME, LetterKind.COMING_OFF
AT = "/school/letters/invitation"
EDIT = f"{AT}/edit"
OWN = (
    "Dear {adult}\n\nCome and talk with us about {first_name} at {school}. We meet on {date} at {time}. "
    "The place is: {place}.\n\nAdvice: {sendiass}\n\n{lead_teacher} and {sender}"
)


def saved(app: Flask, world: World, kind: LetterKind = INVITATION, text: str = OWN) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        keep_wording(kind, text)


def test_a_school_begins_with_our_wording_of_every_kind(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    text = client.text("/school/letters")
    assert text.count("Our wording") == len(LetterKind)
    assert "Nothing is left out" in text


def test_what_the_school_saves_is_whose_and_of_when_and_the_invitation_begins_with_it(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    client.send(EDIT, text=OWN)
    text = client.text("/school/letters")
    assert "Your wording, changed by Hannah Legg on" in text
    assert text.count("Our wording") == len(LetterKind) - 1
    written = client.form(f"/cycles/{scene.cycle_id}/invite")[1]["text"]
    assert written.replace("\r", "").startswith(
        "Dear parent or carer\n\nCome and talk with us about Zofia at Purbeck Road"
    )
    assert "Change the words with which every such letter begins" in client.text(f"/cycles/{scene.cycle_id}/invite")
    client.sign_in("lead")
    assert "Come and talk with us" in client.form(f"/cycles/{scene.cycle_id}/invite")[1]["text"]
    assert "Change the words with which" not in client.text(f"/cycles/{scene.cycle_id}/invite")


@pytest.mark.parametrize(
    ("step", "kind"), [(NextStep.ANOTHER_CYCLE, OUTCOME), (NextStep.COME_OFF, COMING_OFF)]
)  # fmt: skip
def test_after_a_review_the_letter_begins_with_the_schools_words_too(
    app: Flask, client: PageClient, world: World, scene: Scene, step: NextStep, kind: LetterKind
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        measure(scene, 8)
        review_id = sealed(scene, step)
    saved(app, world, kind, "Our school writes about {first_name}, {date}, {sendiass}")
    client.sign_in("senco")
    assert client.form(f"/reviews/{review_id}/letter")[1]["text"].lstrip().startswith("Our school writes about Zofia, ")


def test_a_letter_that_was_given_stays_as_it_was_given(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    place = f"/cycles/{scene.cycle_id}/invite"
    words = client.form(place)[1]["text"].replace("{time}", "3 pm").replace("{place}", "the hall")
    words = words.replace("{sendiass}", "SENDIASS, 01632 960555")
    client.send(place, adults=[str(world.adults["parent"])], how="handed", text=words)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        given = papers_given_of(world.pupils["zofia"])[0].given_id
    before = client.get(f"/given/{given}").data
    saved(app, world)
    assert client.get(f"/given/{given}").data == before


def test_every_saving_is_kept_and_any_can_be_used_again(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send(EDIT, text=OWN)
    client.send(EDIT, text=f"{OWN}\n\nThere is tea.")
    client.send(EDIT, text=f"{OWN}\n\nThere is tea.")  # the same again is no new wording
    client.send(AT, 0, status=303)  # go back to our wording
    text = client.text(AT)
    assert "Our wording, put back by Hannah Legg on" in text
    assert "There is tea." in text, "the school's words stay to be read"
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [(one.number, one.is_ours) for one in wordings_of(INVITATION)] == [
            (3, True), (2, False), (1, False), (0, True),
        ]  # fmt: skip
        assert wording(INVITATION).text == shipped(INVITATION)
    client.send(AT, 1)  # of the earlier wordings the first in the list for our words, so the second form is number 1
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert wording(INVITATION).text == OWN
        assert wording(INVITATION).number == 4


def test_no_saved_wording_can_be_changed_or_deleted(app: Flask, home: Path, world: World) -> None:
    saved(app, world)
    with by_hand(home) as connection:
        for statement in ("UPDATE letter_wording SET text = 'x'", "DELETE FROM letter_wording"):
            with pytest.raises(REFUSED, match="never changed"):
                connection.execute(statement)
        assert connection.execute("SELECT text FROM letter_wording").fetchall() == [(OWN,)]


def test_who_saves_second_sees_both_texts_and_loses_neither(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    action, values = client.form(EDIT)
    saved(app, world, text=f"{OWN}\n\nTheirs.")
    answer = client.post(action, data={**values, "text": f"{OWN}\n\nMine."})
    assert answer.status_code == 409
    assert "Somebody else saved this first" in answer.text
    assert "Theirs." in answer.text and "Mine." in answer.text
    newest = answer.text.partition('name="version" value="')[2].partition('"')[0]
    assert client.post(action, data={**values, "version": newest, "text": f"{OWN}\n\nBoth."}).status_code == 303
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [one.text[-7:].strip() for one in wordings_of(INVITATION)][:2] == ["Both.", "Theirs."]


def test_going_back_over_somebody_elses_new_words_is_refused(app: Flask, client: PageClient, world: World) -> None:
    saved(app, world)
    client.sign_in("senco")
    action, values = client.form(AT)
    saved(app, world, text=f"{OWN}\n\nTheirs.")
    answer = client.post(action, data=values)
    assert answer.status_code == 409
    assert "Somebody saved other words while this page was open" in answer.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert wording(INVITATION).text.endswith("Theirs.")
        with pytest.raises(Clash):
            go_back(INVITATION, 1)
        assert go_back(OUTCOME) is None, "ours stands already"


@pytest.mark.parametrize("text", ["", " \n", "x" * (LONGEST + 1), "Dear {pupil name}"])
def test_no_service_keeps_what_no_letter_can_be(as_system: Actor, world: World, text: str) -> None:
    with pytest.raises(ReviewRefused):
        keep_wording(INVITATION, text)
    assert wordings_of(INVITATION)[0].is_ours


def test_an_old_wording_with_a_gap_that_nothing_fills_any_more_is_not_put_back(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("An older version of the program"):
        db.session.add(LetterWording(kind=INVITATION, number=1, text="Dear {adult}, come with {pupil name}"))
        db.session.add(LetterWording(kind=INVITATION, number=2, text=OWN))
    client.sign_in("senco")
    answer = client.send(AT, 1, status=422)
    assert "Nothing was changed" in answer.text and "Did you mean {first_name}" in answer.text


def test_words_that_were_never_saved_cannot_be_put_back(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    data = {"csrf_token": client.token(), "words": "7"}
    assert client.post(f"{AT}/again", data=data).status_code == 404


@pytest.mark.parametrize(
    "path", ["/school/letters/ransom", "/school/letters/ransom/edit", "/school/letters/ransom/pdf"]
)
def test_a_kind_that_there_is_not_is_not_there(client: PageClient, world: World, path: str) -> None:
    assert client.sign_in("senco").status(path) == 404


def refused(client: PageClient, text: str) -> TestResponse:
    return client.sign_in("senco").send(EDIT, status=422, text=text)


def test_a_gap_that_nothing_fills_is_refused_with_the_nearest_and_the_words_stay(
    client: PageClient, world: World
) -> None:
    answer = refused(client, f"{OWN} {{pupil name}}")
    assert "Nothing fills in {pupil name}. Did you mean {first_name}, the pupil’s first name?" in answer.text
    assert "Come and talk with us about {first_name}" in answer.text


def test_a_hundred_wrong_gaps_are_said_in_a_few_sentences(client: PageClient, world: World) -> None:
    answer = refused(client, " ".join(f"{{zz{number}}}" for number in range(100)))
    assert "And 94 more." in answer.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the letter, or go back to our wording"),
        (" \t\r\n\x07 ", "Write the letter, or go back to our wording"),
        ("{x} " * 25_000, f"A letter can have up to {LONGEST:,} characters; this one has 99,999. Shorten it."),
        (f"{OWN} مرحبا", "Letters cannot be printed with م ر ح ب ا. Write those words in other characters."),
        (f"{OWN} 漢字 αβγδεζη", "Letters cannot be printed with 漢 字"),
    ],
)
def test_what_cannot_be_a_letter_is_refused_with_the_way_to_mend_it(
    client: PageClient, world: World, text: str, said: str
) -> None:
    assert said in refused(client, text).text


def test_a_real_letter_is_never_printed_with_a_mark_for_a_missing_character(
    client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    parent = [str(world.adults["parent"])]
    place = f"/cycles/{scene.cycle_id}/invite"
    answer = client.send(place, status=422, adults=parent, how="handed", text="Dear Nguyễn")
    assert "Letters cannot be printed with ễ. Write those words in other characters." in answer.text


def test_what_a_saved_letter_leaves_out_is_said_after_saving_and_in_the_list(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send(EDIT, text="Come and talk with us about {first_name} on {date} in {place}.")
    after = client.text(AT)
    for said in ("It does not say at what time the meeting is.", "where parents get free and impartial advice."):
        assert after.count(said) == 1
        assert said in client.text("/school/letters")


def test_what_looks_like_markup_stays_text_on_the_page_and_on_paper(
    app: Flask, client: PageClient, world: World
) -> None:
    odd = "<b>bold</b> & <script>alert(1)</script> {{ 7*7 }}".replace("{{ 7*7 }}", "7*7 &lt;")
    client.sign_in("senco")
    client.send(EDIT, text=f"{OWN}\n{odd}")
    assert odd in client.text(AT)
    assert client.get(f"{AT}/pdf").data.startswith(b"%PDF")


def test_a_preview_keeps_nothing_and_names_no_child(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    _action, values = client.form(EDIT)
    typed = {**values, "text": f"{OWN} {{tiem}}"}
    whole = client.post(f"{AT}/preview", data=typed)
    assert whole.status_code == 422
    assert "Did you mean {time}" in whole.text and "talk with us about Rowan at Purbeck Road Primary" in whole.text
    part = client.post(f"{AT}/preview", data=typed, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert part.text.lstrip().startswith("<section") and "about Rowan at" in part.text
    paper = client.post(f"{AT}/preview", data={**values, "text": OWN, "pdf": "1"})
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert client.post(f"{AT}/preview", data={**typed, "pdf": "1"}).status_code == 422
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert db.session.scalars(select(LetterWording)).all() == []


def test_a_gap_that_the_school_has_no_words_for_stays_to_be_written_over(as_system: Actor, world: World) -> None:
    assert "{lead_teacher}" not in example(INVITATION, OWN)
    assert example(COMING_OFF, "{sender}, {time_of_day}") == "Tests, {time_of_day}"


LONG = "Ça va, Łucja? “Żółć”, d’accord — naïve coöperation, Zürich, Ørsted, Škoda, Ħal. " * 6
UNBROKEN = "Llanfairpwllgwyngyll" * 12


@pytest.mark.parametrize("kind", list(LetterKind))
def test_a_schools_own_letter_passes_the_checks_of_accessible_pdf(
    as_system: Actor, world: World, tmp_path: Path, kind: LetterKind
) -> None:
    keep_wording(kind, f"Dear {{adult}}\n\n{LONG}\n{UNBROKEN}\n\n" + f"{LONG}\n\n" * 9 + "<b>{sender}</b>")
    pdf = letter_bytes(kind, example(kind, wording(kind).text))
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf)
    assert_accessible(pdf, tmp_path)
    with pikepdf.open(path) as paper:
        tags = [str(item.S) for item in paper.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
        assert paper.docinfo["/Title"] == kind.label
    assert tags.count("/H1") == 1
    assert tags.count("/P") == 15, "the date, thirteen paragraphs, and the right to ask"


def test_the_head_reads_and_does_not_write(app: Flask, client: PageClient, world: World) -> None:
    saved(app, world)
    client.sign_in("head")
    assert "Come and talk with us" in client.text(AT)
    assert "Change the words" not in client.text(AT)
    assert client.status(EDIT) == 403
    assert client.get(f"{AT}/pdf").data.startswith(b"%PDF")


def test_another_school_keeps_our_wording(app: Flask, client: PageClient, world: World) -> None:
    saved(app, world)
    client.sign_in("other_school")
    assert client.text("/school/letters").count("Our wording") == len(LetterKind)


def test_who_changed_the_words_stands_in_the_audit(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send(EDIT, text=OWN)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rows = db.session.scalars(select(ChangeEvent).order_by(ChangeEvent.sequence)).all()
        assert "Wording of a letter changed" in str([vars(row) for row in rows[-1:]])


def test_thirty_wordings_cost_no_more_queries_than_one(app: Flask, client: PageClient, world: World) -> None:
    saved(app, world)
    client.sign_in("senco")
    found = []
    for _ in range(2):
        client.get("/school/letters")
        with counted(app) as listed:
            client.get("/school/letters")
        with counted(app) as read:
            client.get(AT)
        found.append((len(listed), len(read)))
        with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
            for number in range(30):
                keep_wording(INVITATION, f"{OWN} {number}")
            assert len(wordings()) == len(LetterKind)
    assert found[0] == found[1]
