"""What goes by law is narrow and exact: words of this pupil's records, and nothing of anybody else's."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, String, inspect, select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Involvement, View
from graduated.db.clock import today
from graduated.db.keys import Draft
from graduated.db.machinery import Job, Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, WeeklyTick
from graduated.ehcna.build import build
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.models import ErasureOrder
from graduated.erasure.places import NAMED, PROSE, UNTOUCHED, Place, classes, nameable, place_of, row_at, words_of
from graduated.erasure.queries import foreseen, order_of
from graduated.erasure.queries_look import to_look_through
from graduated.erasure.services import Wish, ask, carry_out
from graduated.ops.verify import verify_all
from graduated.people.models import Membership
from graduated.plan.models import Place as PlaceInGroup
from graduated.plan.models import Provision
from graduated.pupils.models import Adult, Document
from graduated.review.models import Review
from graduated.review.services import save_review, start_review
from graduated.review.services_given import Giving, give
from graduated.rules.vocabulary import ByLaw, DocumentKind, GivenHow, PaperKind, Role, SessionState, ViewMethod, ViewOf
from graduated.school.models import Term
from tests.erasure.conftest import ADVICE, SECRET, Told, done, person, sitting
from tests.ops.test_verify import meddle
from tests.review.scene import STARTS, TODAY, set_scene
from tests.support.world import World

WISH = Wish(ByLaw.ERASE, "A different child was written of.", ADVICE, passage=SECRET)


def put(cls: Any, **values: Any) -> int:
    """A row written by the system."""
    with write("Row written"):
        row = cls(**values)
        db.session.add(row)
        db.session.flush()
        return int(row.id)


def said(told: Told, text: str) -> Place:
    """A view of the pupil, in these words."""
    of = {"pupil_id": told.scene.pupil_id, "whose": ViewOf.PUPIL, "method": ViewMethod.CONVERSATION}
    return Place("view", put(View, text=text, given_on=STARTS, **of), "text")


def text_at(place: Place) -> str:
    """What stands there now."""
    db.session.expire_all()
    return str(getattr(row_at(place), place.field))


def test_every_column_with_words_of_a_pupil_is_looked_through_or_left_for_a_reason(app: Flask) -> None:
    listed = {f"{table}.{name}" for table, names in (*PROSE.items(), *NAMED.items()) for name in names}
    missing = []
    for table, cls in classes().items():
        if not hasattr(cls, "pupil_id") or table in UNTOUCHED:
            continue
        for name in words_of(cls):
            places = (f"{table}.{name}" in listed) + (f"{table}.{name}" in UNTOUCHED)
            if places != 1:
                missing.append(f"{table}.{name}")
    assert missing == []
    for one in (*listed, *UNTOUCHED):
        table, _, name = one.partition(".")
        assert table in classes(), one
        assert not name or isinstance(inspect(classes()[table]).columns[name].type, String | JSON), one
    assert {table for table in PROSE if not hasattr(classes()[table], "pupil_id")} == {"delivered_session"}


def test_names_codes_and_what_belongs_to_the_school_cannot_even_be_named() -> None:
    for key in ("adult-1-surname", "term-1-name", "erasure_order-1-table_name", "erasure_order-1-passage",
                "pupil-1-address", "narrative-1-section", "measure-1-code", "delivered_session-1-note"):  # fmt: skip
        assert place_of(key) is None, key
    assert place_of("attendee-1-name") == Place("attendee", 1, "name")
    assert nameable("nothing") == ()


def test_other_families_and_the_schools_own_tables_are_not_touched(told: Told, world: World) -> None:
    put(Adult, forename="Reuben", surname="Trevett", email="r@x.example")
    adults = sorted(db.session.scalars(select(Adult.surname)))
    terms = sorted(db.session.scalars(select(Term.name)))
    other = put(View, pupil_id=world.pupils["reuben"], whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION,
                text="Trevett in Autumn", given_on=STARTS)  # fmt: skip
    first, second = said(told, "Trevett hit me at break."), said(told, "In Autumn I was sad.")
    done(told, first, passage="Trevett")
    done(told, second, passage="Autumn")
    assert sorted(db.session.scalars(select(Adult.surname))) == adults
    assert sorted(db.session.scalars(select(Term.name))) == terms
    assert text_at(Place("view", other, "text")) == "Trevett in Autumn"
    assert "Trevett" not in text_at(first) and "Autumn" not in text_at(second)
    answer = verify_all()
    assert answer.whole, answer.as_text()


def test_a_name_of_a_service_stays_and_is_told_for_a_look(told: Told) -> None:
    row = put(Involvement, pupil_id=told.scene.pupil_id, service="Hobbes clinic", person="", question="Hobbes? " * 9,
              who_refers="")  # fmt: skip
    place = said(told, "Hobbes did it.")
    with acting(told.senco):
        order_id = ask(place, Wish(ByLaw.ERASE, WISH.reason, ADVICE, passage="Hobbes"))
        goes = foreseen(order_of(order_id))
    assert goes is not None and goes.left == (("involvement: service", 1),)
    with acting(told.head):
        carry_out(order_id)
    assert text_at(Place("involvement", row, "service")) == "Hobbes clinic"
    question = text_at(Place("involvement", row, "question"))
    assert question.count("[Erased") == 1 and question.count("[…]") == 8 and "Hobbes" not in question


def test_what_an_order_is_about_is_never_taken_for_its_words(told: Told) -> None:
    with acting(told.senco):
        first = ask(told.summary, WISH)
    done(told, said(told, "I hated the review so much."), passage="review")
    db.session.expire_all()
    assert order_of(first).place == told.summary
    with acting(told.head):
        carry_out(first)
    assert "Quillfeather" not in text_at(told.summary)


def test_right_words_may_hold_the_wrong_ones(told: Told) -> None:
    places = [said(told, text) for text in ("Barnaby was kind.", "Later Barnaby came, and Barnaby sat.")]
    order_id = done(told, places[0], ByLaw.RECTIFY, "Barnaby Moss", passage="Barnaby")
    first, second = map(text_at, places)
    assert first.startswith("Barnaby Moss [Put right on") and first.endswith("] was kind.")
    assert second.startswith("Later Barnaby Moss [Put right on") and second.endswith("] came, and Barnaby Moss sat.")
    assert order_of(order_id).replacement == "Barnaby Moss"
    answer = verify_all()
    assert answer.whole, answer.as_text()


def test_the_next_step_of_an_open_review_keeps_all_but_the_words(app: Flask, world: World) -> None:
    senco, head = person(world, "senco", Role.SENCO), person(world, "head", Role.HEAD)
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        review_id = start_review(scene.cycle_id)
        save_review(review_id, sitting(scene))
        decision = select(Review.decision).where(Review.id == review_id)
        before = dict(db.session.scalars(decision).one())
        place = said(Told(scene, review_id, Place("", 0, ""), Place("", 0, ""), senco, head), SECRET)
        with acting(senco):
            order_id = ask(place, WISH)
        with acting(head):
            carry_out(order_id)
        db.session.expire_all()
        assert before and db.session.scalars(decision).one() == before
        answer = verify_all()
        assert answer.whole, answer.as_text()


# Machinery --------------------------------------------------------------------------------------------------------


def drafts_of(told: Told) -> dict[str, Any]:
    """What the SENCO typed and never saved, by place."""
    db.session.expire_all()
    with acting(told.senco):
        return {row.place: row.body for row in db.session.scalars(select(Draft))}


def test_only_drafts_at_this_pupils_pages_lose_the_words_and_nothing_else(told: Told, world: World) -> None:
    user_id = told.senco.user_id or 0
    with acting(system_actor(world.other_school_id, "Tests")):
        put(Membership, user_id=user_id, role=Role.SENCO, starts=STARTS)
    typed = {"text": ["On phonics, every day. See https://x.example/phonics"], "kind": ["phonics"]}
    here = (f"/reviews/{told.review_id}", f"/reviews/{told.review_id}/addendum")
    elsewhere = (f"/pupils/{world.pupils['reuben']}/observations/new", "/planning/new",
                 f"/pupils/{world.pupils['elsewhere']}/observations/new")  # fmt: skip
    with acting(told.senco):
        for place in (*here, *elsewhere):
            put(Draft, user_id=user_id, place=place, body=typed)
    done(told, said(told, "I hate phonics."), passage="PHONICS")
    left = drafts_of(told)
    for place in elsewhere:
        assert left[place] == typed, place
    for place in here:
        text = "On (gone by law), every day. See https://x.example/phonics"
        assert left[place] == {"text": [text], "kind": ["phonics"]}, place


def test_post_and_work_lose_the_words_only_where_they_name_the_pupil_and_links_stay(told: Told) -> None:
    mine = {"pupil_id": told.scene.pupil_id, "builder": "Phonics Legg"}
    jobs = [
        put(Job, kind="import", payload={"rows": [["Phonics time", "Reuben"]]}, message="Phonics time"),
        put(Job, kind="pack", payload=mine, message="Phonics time"),
    ]
    link = f"https://x.example/reviews/{told.review_id}"
    bodies = ["Sign in: https://x.example/phonics/abc", f"On phonics: {link}", f"On phonics: {link}9"]
    posts = [put(Post, recipient="k@x.example", subject="Sign in", body=body) for body in bodies]
    done(told, said(told, "I hate phonics."), passage="phonics")
    db.session.expire_all()
    rows = [db.session.scalars(select(Job).where(Job.id == one)).one() for one in jobs]
    assert [row.message for row in rows] == ["Phonics time", "(gone by law) time"]
    assert [row.payload for row in rows] == [{"rows": [["Phonics time", "Reuben"]]}, mine]
    left = [db.session.scalars(select(Post.body).where(Post.id == one)).one() for one in posts]
    assert left == [bodies[0], f"On (gone by law): {link}", bodies[2]]


# Finding ----------------------------------------------------------------------------------------------------------


def test_words_go_however_they_are_written(told: Told) -> None:
    places = [
        said(told, text)
        for text in (
            "Barnaby bit me.",
            "BARNABY bit, says barnaby’s friend.",
            unicodedata.normalize("NFD", "Zoëlla hit"),
        )
    ]
    other = said(told, "Zoëlla hit me.")
    done(told, places[0], passage="Barnaby")
    done(told, other, passage="Zoëlla")
    left = " ".join(map(text_at, (*places, other)))
    assert not [one for one in ("arnaby", "ARNABY", "ella") if one in left]


def test_letters_and_papers_are_listed_for_a_look(app: Flask, told: Told) -> None:
    letter = b"%PDF letter: Maxwell Thornybush stole her lunch"
    give(told.scene.pupil_id, Giving(PaperKind.LETTER, "A letter", (told.scene.adult_id or 0,), GivenHow.HANDED, TODAY,
                                     told.scene.cycle_id, None), letter)  # fmt: skip
    put(Document, pupil_id=told.scene.pupil_id, kind=DocumentKind.OTHER, title="Scan", sha256="ab" * 32, size=1,
        media_type="application/pdf")  # fmt: skip
    build(told.scene.pupil_id, None, "Hannah Legg")
    with app.test_request_context(), acting(told.senco):
        assert "Evidence pack, built on" in " ".join(one.label for one in to_look_through(told.scene.pupil_id))
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
        goes = foreseen(order_of(order_id))
        assert goes is not None
        with app.test_request_context():
            look = to_look_through(told.scene.pupil_id, goes.files)
    assert [one.label.partition(",")[0] for one in look] == [
        "A letter",
        "Scan",
    ]  # the record's own copy and its pack go
    assert all(one.href for one in look)


# People and words -------------------------------------------------------------------------------------------------


def test_a_head_who_has_left_gives_no_authority(told: Told) -> None:
    with acting(told.head):
        order_id = ask(told.reason, WISH)
    with write("Left"):
        for row in db.session.scalars(select(Membership).where(Membership.user_id == told.head.user_id)):
            row.ends = today().replace(day=1)
    assert not order_of(order_id).asked_with_authority
    with acting(told.senco), pytest.raises(ErasureRefused, match="One of the two people has to be the headteacher"):
        carry_out(order_id)
    assert SECRET in text_at(told.reason)


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(ByLaw.ERASE, f"He wrote {SECRET}, untrue", ADVICE, passage="   "), "marked no words"),
        (Wish(ByLaw.ERASE, "A slip.", ADVICE, passage=" . "), "marked no words"),
        (Wish(ByLaw.ERASE, "Barnaby is no pupil.", ADVICE, passage=SECRET), "stands in the words that go"),
        (Wish(ByLaw.ERASE, "A slip.", "Barnaby’s father, 3 November", passage=SECRET), "Whoever advised you is told"),
        (Wish(ByLaw.RECTIFY, "A slip.", ADVICE, " . ", SECRET), "Write the words as they should have been"),
    ],
)
def test_nothing_that_is_kept_for_ever_repeats_what_goes(told: Told, wish: Wish, says: str) -> None:
    with acting(told.senco), pytest.raises(ErasureRefused, match=says):
        ask(told.summary, wish)


def test_a_mark_of_the_law_cannot_be_erased_in_its_turn(told: Told) -> None:
    done(told, told.summary, passage="")
    with acting(told.senco):
        with pytest.raises(ErasureRefused, match="Only the mark"):
            ask(told.summary, Wish(ByLaw.ERASE, "A slip.", ADVICE))
        with pytest.raises(ErasureRefused, match="no place in which words"):
            ask(Place("review", told.review_id, "saved_by"), Wish(ByLaw.ERASE, "A slip.", ADVICE))


def test_several_orders_may_wait_for_one_place_when_their_passages_differ(told: Told) -> None:
    place = said(told, "Barnaby bit me and Wilfred laughed.")
    with acting(told.senco):
        orders = [ask(place, Wish(ByLaw.ERASE, WISH.reason, ADVICE, passage=one)) for one in ("Barnaby", "Wilfred")]
        with pytest.raises(ErasureRefused, match="asked for already"):
            ask(place, Wish(ByLaw.ERASE, WISH.reason, ADVICE, passage="WILFRED"))
    with acting(told.head):
        for one in orders:
            carry_out(one)
    left = text_at(place)
    assert left.count("[Erased on") == 2 and "Barnaby" not in left and "Wilfred" not in left
    assert db.session.scalars(select(ErasureOrder.passage).where(ErasureOrder.id.in_(orders))).all() == ["", ""]
    answer = verify_all()
    assert answer.whole, answer.as_text()


def test_right_words_that_have_no_room_somewhere_are_refused_whole(told: Told) -> None:
    row = put(Document, pupil_id=told.scene.pupil_id, kind=DocumentKind.OTHER, title="Hobbes " * 28, sha256="ab",
              size=1, media_type="application/pdf")  # fmt: skip
    place = said(told, "Hobbes did it.")
    with acting(told.senco):
        order_id = ask(place, Wish(ByLaw.RECTIFY, WISH.reason, ADVICE, "Another child", "Hobbes"))
    with acting(told.head), pytest.raises(ErasureRefused, match="has room for 200 letters"):
        carry_out(order_id)
    assert text_at(place) == "Hobbes did it." and text_at(Place("document", row, "title")).startswith("Hobbes Hobbes")


def test_notes_of_days_on_which_the_pupil_had_no_place_and_codes_of_reasons_stay(told: Told) -> None:
    place = db.session.scalars(select(PlaceInGroup).where(PlaceInGroup.pupil_id == told.scene.pupil_id)).first()
    provision = db.session.scalars(select(Provision).where(Provision.pupil_id == told.scene.pupil_id)).first()
    assert place is not None and provision is not None
    earlier = put(
        DeliveredSession,
        group_id=place.group_id,
        held_on=place.starts - timedelta(days=90),
        minutes=30,
        state=SessionState.DELIVERED,
        note="Oskar did better at reading today.",
    )
    of = {"pupil_id": told.scene.pupil_id, "provision_id": provision.id}
    tick = put(WeeklyTick, week_of=STARTS, happened=False, reason="closed", **of)
    done(told, said(told, "I do not like reading at all."), passage="reading")
    done(told, said(told, "The door was closed."), passage="closed")
    assert text_at(Place("delivered_session", earlier, "note")) == "Oskar did better at reading today."
    assert text_at(Place("weekly_tick", tick, "reason")) == "closed"


def test_the_mark_of_an_earlier_erasure_is_never_put_right(told: Told) -> None:
    with acting(told.senco):
        twin = said(told, SECRET)
        first = ask(told.summary, Wish(ByLaw.ERASE, "Wrong child.", ADVICE))
        second = ask(twin, Wish(ByLaw.RECTIFY, "Another meaning.", ADVICE, "All is well with him"))
    with acting(told.head):
        carry_out(first)
        with pytest.raises(ErasureRefused, match="mark of an earlier erasure"):
            carry_out(second)
    assert "All is well" not in text_at(told.summary)


def test_what_was_thought_over_at_a_review_stands_on_the_page_before_it_goes(told: Told) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
    with acting(told.head):
        seen = foreseen(order_of(order_id))
    assert seen is not None
    assert any("thought over" in label for label, _number in seen.elsewhere)


def test_verify_names_an_order_whose_asker_was_changed_by_hand(app: Flask, home: Path, told: Told) -> None:
    with acting(told.head):
        ask(told.reason, WISH)
    db.session.remove()
    meddle(home, f"UPDATE erasure_order SET recorded_by_id={told.senco.user_id}")
    answer = verify_all()
    assert [(one.kind, one.says) for one in answer.broken] == [
        ("row", "who asked for it is not who wrote it, by the audit"),
    ]
