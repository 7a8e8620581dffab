"""Teaching groups and family contacts taken into a school: who is taught by whom, and who is whose adult."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.db.session import db
from graduated.db.writing import write
from graduated.imports.command import Answer, run_import
from graduated.people.models import StaffGroup
from graduated.pupils.models import Adult, Assignment, Bar, FamilyLink, Pupil, TeachingGroup
from graduated.rules.vocabulary import AssignmentSource, BarKind, Relationship
from tests.support.client import PageClient, words
from tests.support.world import World, email_of

from .school import choose, counts, in_school

A, B, C = "N838451219001", "C838451219002", "M838340126001"
GROUPS = "UPN,Class,Subject,Teacher,Teacher email"
CONTACTS = "Pupil UPN,Title,Forename,Surname,Relationship,PR,Lives with,Email,Mobile,Address,Language"


@pytest.fixture
def children(app: Flask, world: World) -> dict[str, int]:
    """Three pupils of the world given UPNs: Zofia, Reuben and Jude."""
    ids = {A: world.pupils["zofia"], B: world.pupils["reuben"], C: world.pupils["jude"]}
    with in_school(app, world.school_id), write("UPNs given"):
        for upn, pupil_id in ids.items():
            db.session.scalars(select(Pupil).where(Pupil.id == pupil_id)).one().upn = upn
    return ids


def take(path: Path, kind: str, *rows: str) -> Answer:
    """Import a few rows of a kind."""
    file = path / f"{kind}.csv"
    head = GROUPS if kind == "teaching-groups" else CONTACTS
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return run_import(file, kind, dry_run=False, accept_status=False)


def places() -> set[tuple[int, str, str]]:
    return {
        tuple(row)
        for row in db.session.execute(select(TeachingGroup.pupil_id, TeachingGroup.name, TeachingGroup.subject))
    }


def taught() -> set[tuple[int, int]]:
    """(teacher, pupil) pairs by teaching group that run today."""
    rows = db.session.execute(
        select(Assignment.user_id, Assignment.pupil_id).where(
            Assignment.source == AssignmentSource.TEACHING, Assignment.ends.is_(None)
        )
    )
    return {tuple(row) for row in rows}


FRY, VINE = email_of("teacher"), email_of("lead")


def test_groups_make_a_teachers_own_pupils(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path, client: PageClient
) -> None:
    with in_school(app, world.school_id):
        answer = take(
            tmp_path, "teaching-groups",
            f"{A},4/Ma,Maths,,{FRY}", f"{C},4/Ma,Maths,,{FRY}", f"{C},4/Ma,Maths,,{VINE}",
            f"{C},4/En,English,Nadia Begum,",
        )  # fmt: skip
        assert counts(answer)["added"] == 3
        assert places() == {
            (children[A], "4/Ma", "Maths"),
            (children[C], "4/Ma", "Maths"),
            (children[C], "4/En", "English"),
        }
        assert taught() == {
            (world.users["teacher"], children[A]), (world.users["teacher"], children[C]),
            (world.users["lead"], children[A]), (world.users["lead"], children[C]),
            (world.users["other_teacher"], children[C]),
        }  # fmt: skip
        again = take(tmp_path, "teaching-groups", f"{A},4/Ma,Maths,,{FRY}", f"{C},4/Ma,Maths,,{FRY}",
                     f"{C},4/Ma,Maths,,{VINE}", f"{C},4/En,English,Nadia Begum,")  # fmt: skip
        assert (counts(again)["added"], counts(again)["changed"], counts(again)["unchanged"]) == (0, 0, 3)


def test_a_moved_pupil_leaves_the_old_group_and_its_teacher(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        take(
            tmp_path,
            "teaching-groups",
            f"{A},4/Ma1,Maths,,{FRY}",
            f"{C},4/Ma2,Maths,,{VINE}",
            f"{A},4/En,English,,{VINE}",
        )
        answer = take(tmp_path, "teaching-groups", f"{A},4/Ma2,Maths,,{VINE}", f"{C},4/Ma2,Maths,,{VINE}")
        assert (counts(answer)["added"], counts(answer)["changed"]) == (1, 1)
        assert places() == {
            (children[A], "4/Ma2", "Maths"), (children[C], "4/Ma2", "Maths"), (children[A], "4/En", "English"),
        }  # fmt: skip
        assert (world.users["teacher"], children[A]) not in taught()


def test_a_group_that_changes_hands_is_no_longer_the_former_teachers(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        take(tmp_path, "teaching-groups", f"{A},4/Ma,Maths,,{FRY}")
        answer = take(tmp_path, "teaching-groups", f"{A},4/Ma,Maths,,{VINE}")
        assert [line["text"] for line in answer.as_json()["changed"]] == [
            "now teaches 4/Ma", "no longer teaches 4/Ma",
        ]  # fmt: skip
        assert taught() == {(world.users["lead"], children[A])}


def test_an_unknown_teacher_is_named_and_gets_no_account(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        answer = take(
            tmp_path, "teaching-groups", f"{A},4/Ma,Maths,,nobody@example.org", f"{B},4/Ma,Maths,,nobody@example.org"
        )
        assert "nobody@example.org (2 rows)" in answer.as_json()["notes"][0]
        assert len(places()) == 2
        assert list(db.session.scalars(select(StaffGroup))) == []


def test_a_line_of_an_unknown_pupil_is_refused_and_the_rest_taken(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        for kind, row in (("teaching-groups", f"4/Ma,Maths,,{FRY}"), ("contacts", "Ms,Ada,Guppy,Mother,Yes,Yes,,,,")):
            answer = take(tmp_path, kind, f"B838340126002,{row}", f"{A},{row}")
            refused = answer.as_json()["refused"]
            assert [(one["row"], one["value"]) for one in refused] == [(2, "B838340126002")]
            assert counts(answer)["added"] == 1


def links() -> dict[tuple[str, int], Any]:
    """Every link by the adult's name and the pupil."""
    rows = db.session.execute(
        select(Adult.forename, Adult.surname, Adult.id, Adult.email, Adult.phone, FamilyLink.pupil_id,
               FamilyLink.relationship, FamilyLink.parental_responsibility, FamilyLink.lives_with, FamilyLink.may_view)
        .join(FamilyLink, FamilyLink.adult_id == Adult.id)
    )  # fmt: skip
    return {(f"{row.forename} {row.surname}", row.pupil_id): row for row in rows}


def test_siblings_share_one_adult_and_nobody_may_look_unasked(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    rows = (
        f"{B},Mrs,Ruth,Trevett,Grandmother,No,No,ruth@example.org,07700 900123,,English",
        f"{C},Mrs,Ruth,Trevett,Grandmother,,,,07700900123,,",
        f"{A},Mrs,Ruth,Trevett,Childminder,No,No,another@example.org,,,",
    )
    with in_school(app, world.school_id):
        answer = take(tmp_path, "contacts", *rows)
        assert counts(answer)["added"] == 3
        found = links()
        ruth, sibling, namesake = (found["Ruth Trevett", children[upn]] for upn in (B, C, A))
        assert ruth.id == sibling.id
        assert namesake.id != ruth.id
        assert (ruth.relationship, namesake.relationship) == (Relationship.GRANDPARENT, Relationship.OTHER)
        assert not any(one.may_view for one in (ruth, sibling, namesake))
        assert any("for 1 adult whether" in note for note in answer.as_json()["notes"])
        again = take(tmp_path, "contacts", *rows)
        assert (counts(again)["added"], counts(again)["changed"], counts(again)["unchanged"]) == (0, 0, 3)


def test_a_known_adult_is_found_by_name_and_only_what_the_file_says_changes(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        before = links()["Anna Szymańska", children[A]]
        answer = take(tmp_path, "contacts", f"{A},Mrs,Anna,Szymanska,Mother,,,,07700 900456,,Polish")
        fields = [c["field"] for c in answer.as_json()["changed"][0]["changes"]]
        assert fields == ["title", "surname", "phone", "language"]
        after = links()["Anna Szymanska", children[A]]
        assert (after.id, after.email, after.phone) == (before.id, before.email, "07700 900456")
        assert (after.may_view, after.parental_responsibility, after.lives_with) == (True, True, True)


def test_an_email_that_two_adults_of_one_child_share_joins_nobody(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    shared = email_of("other_parent")
    with in_school(app, world.school_id):
        take(
            tmp_path,
            "contacts",
            f"{B},,Dean,Trevett,Father,Yes,No,{shared},,,",
            f"{B},,Kelly,Trevett,Mother,Yes,Yes,{shared},,,",
        )
        assert {name for name, pupil in links() if pupil == children[B]} == {"Kelly Trevett", "Dean Trevett"}


def test_a_married_name_is_found_by_the_email_that_is_only_hers(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        before = links()["Kelly Trevett", children[B]]
        take(tmp_path, "contacts", f"{B},,Kelly,Cluett,Mother,Yes,Yes,{email_of('other_parent')},,,")
        assert links()["Kelly Cluett", children[B]].id == before.id


def test_what_stands_under_a_bar_is_left_alone(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        before = links()
        answer = take(tmp_path, "contacts", f"{A},Mr,Marek,Szymański,Father,No,Yes,new@example.org,,,")
        assert counts(answer)["unchanged"] == 1
        assert any("kept by hand" in note for note in answer.as_json()["notes"])
        assert links() == before


def test_the_second_of_two_lines_that_disagree_is_named_and_not_taken(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    rows = (
        f"{B},,Ruth,Guppy,Grandmother,No,No,r@example.org,07700 900001,,",
        f"{C},,Ruth,Guppy,Grandmother,No,No,r@example.org,07700 900002,,",
    )
    with in_school(app, world.school_id):
        notes = take(tmp_path, "contacts", *rows).as_json()["notes"]
        assert "Lines 2 and 3 differ in the telephone of Ruth Guppy; line 2 was kept." in notes
        assert links()["Ruth Guppy", children[C]].phone == "07700 900001"


def test_both_kinds_can_be_taken_by_page(
    app: Flask, world: World, children: dict[str, int], client: PageClient
) -> None:
    client.sign_in("admin")
    text = f"{CONTACTS}\n{A},Mrs,Anna,Szymańska,Mother,Yes,Yes,,07700 900456,,Polish\n{A},,Ola,Nowak,Aunt,,,,,,\n"
    page = choose(client, text.encode(), "contacts.csv", "contacts")
    shown = words(client.page(page))
    assert "Ola Nowak, aunt" in shown
    assert "what is recorded" in shown
    client.send(page)
    assert "1 added 1 changed" in client.text(page)
    page = choose(client, f"{GROUPS}\n{A},4/Ma,Maths,,{FRY}\n".encode(), "groups.csv", "teaching-groups")
    assert "joins 4/Ma (Maths)" in words(client.page(page))
    assert "now teaches 4/Ma" in words(client.page(page))
    client.send(page)
    with in_school(app, world.school_id):
        assert places() == {(children[A], "4/Ma", "Maths")}
        assert not links()["Ola Nowak", children[A]].may_view


def test_a_barred_adult_spelled_without_accents_is_the_same_adult_and_stays_barred(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        before = links()
        answer = take(tmp_path, "contacts", f"{A},Mr,Marek,Szymanski,Father,Yes,No,marek.new@example.org,,,")
        assert any("kept by hand" in note for note in answer.as_json()["notes"])
        assert links() == before


@pytest.mark.parametrize("name", ["Mark,Szymański", "M,Szymanski"])
def test_who_may_be_a_barred_adult_by_another_spelling_is_held_for_the_senco(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path, client: PageClient, name: str
) -> None:
    zofia = children[A]
    with in_school(app, world.school_id):
        answer = take(tmp_path, "contacts", f"{A},Mr,{name},Father,Yes,No,marek.new@example.org,,,")
        forename, surname = name.split(",")
        found = select(FamilyLink.id).join(Adult, Adult.id == FamilyLink.adult_id)
        link = db.session.scalars(found.where(Adult.forename == forename, Adult.surname == surname)).all()[-1]
        held = db.session.execute(select(Bar.kind, Bar.reason).where(Bar.family_link_id == link)).one()
    assert held[0] is BarKind.HOLD and "Looks like" in held[1] and "Szymański, who is barred" in held[1]
    assert "Ask the SENCO" in str(answer) and "barred" not in str(answer), "the office does not learn of the bar"
    client.sign_in("senco")
    assert "who is barred" in client.text(f"/pupils/{zofia}/family")
    client.send(f"/pupils/{zofia}/family/{link}/invite", status=422, email="marek.new@example.org")


def test_another_adult_of_a_child_with_a_barred_parent_is_not_held(
    app: Flask, world: World, children: dict[str, int], tmp_path: Path
) -> None:
    with in_school(app, world.school_id):
        take(
            tmp_path,
            "contacts",
            f"{A},Mrs,Halina,Nowak,Grandmother,No,No,,,,",
            f"{B},Mr,Marek,Szymanski,Uncle,No,No,,,,",
        )
        held = db.session.scalars(select(Bar.id).where(Bar.reason.contains("Looks like"))).all()
    assert held == []
