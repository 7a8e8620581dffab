"""SEN status and needs keep their history; assignments follow the groups and can be renewed again and again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.people import hooks
from graduated.people.models import StaffGroup
from graduated.pupils import queries, services
from graduated.pupils.models import Assignment, TeachingGroup
from graduated.rules.vocabulary import AssignmentSource, NeedType, SenStatus, StatusSource, YearGroup
from tests.support.world import World


def _record(**more: object) -> services.PupilRecord:
    words: dict[str, object] = {
        "legal_forename": "Siân", "legal_surname": "O'Brien", "born_on": date(2016, 5, 4), "year_group": YearGroup.Y5,
        "registration_group": "5B",
    }  # fmt: skip
    return services.PupilRecord(**(words | more))  # type: ignore[arg-type]


def test_a_change_of_status_closes_the_open_spell_the_day_before_and_keeps_it(as_system: Actor, world: World) -> None:
    zofia, day = world.pupils["zofia"], today() - timedelta(days=3)
    services.set_status(zofia, SenStatus.NONE, day, StatusSource.REVIEW, "Outcomes met")
    now, before = queries.status_history(zofia)
    assert (now.status, now.starts, now.ends, now.reason, now.told_mis) == (
        SenStatus.NONE, day, None, "Outcomes met", False,
    )  # fmt: skip
    assert (before.status, before.ends) == (SenStatus.SUPPORT, day - timedelta(days=1))


def test_the_same_status_changes_nothing(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    before = queries.status_history(zofia)
    services.set_status(zofia, SenStatus.SUPPORT, today(), StatusSource.HAND, "Again")
    assert queries.status_history(zofia) == before


def test_what_the_information_system_said_itself_need_not_be_told_to_it(as_system: Actor, world: World) -> None:
    services.set_status(world.pupils["jude"], SenStatus.SUPPORT, today(), StatusSource.MIS)
    assert queries.status_history(world.pupils["jude"])[0].told_mis


def test_a_status_cannot_begin_before_the_present_one(as_system: Actor, world: World) -> None:
    with pytest.raises(services.StatusRefused, match="cannot begin before"):
        services.set_status(world.pupils["zofia"], SenStatus.NONE, date(2019, 1, 1), StatusSource.HAND)


def test_two_changes_on_one_day_both_stay_in_the_history(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    services.set_status(zofia, SenStatus.NONE, today(), StatusSource.HAND, "By mistake")
    services.set_status(zofia, SenStatus.SUPPORT, today(), StatusSource.HAND, "Put right")
    assert [spell.status for spell in queries.status_history(zofia)] == [
        SenStatus.SUPPORT, SenStatus.NONE, SenStatus.SUPPORT,
    ]  # fmt: skip
    assert queries.pupil_head(zofia).status is SenStatus.SUPPORT


def test_a_status_changed_meanwhile_is_a_clash(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    seen = queries.open_spell(zofia)
    assert seen is not None
    services.set_status(zofia, SenStatus.PLAN, today(), StatusSource.MIS)
    with pytest.raises(Clash):
        services.set_status(zofia, SenStatus.NONE, today(), StatusSource.HAND, "Mine", seen_spell=seen.spell_id)


def test_needs_that_are_no_longer_said_end_and_the_order_is_the_rank(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    services.set_needs(zofia, (NeedType.SPLD, NeedType.SLCN), today())
    services.set_needs(zofia, (NeedType.SPLD,), today())
    needs = queries.needs_of(zofia)
    assert [(need.type, need.rank, need.ends is None) for need in needs] == [
        (NeedType.SPLD, 1, True), (NeedType.SLCN, 2, False),
    ]  # fmt: skip


def test_a_pupil_added_by_hand_has_a_status_needs_and_the_day_rights_pass_on(as_system: Actor, world: World) -> None:
    first = services.FirstStatus(SenStatus.SUPPORT, today(), StatusSource.PAPER, "Last school", (NeedType.ASD,))
    pupil_id = services.add_pupil(_record(), first)
    head = queries.pupil_head(pupil_id)
    assert (head.name, head.status, head.needs) == ("Siân O'Brien", SenStatus.SUPPORT, (NeedType.ASD,))
    assert head.rights_pass_on == date(2032, 6, 25)


def test_two_pupils_without_a_upn_are_fine_and_two_with_the_same_are_not(as_system: Actor, world: World) -> None:
    first = services.FirstStatus(SenStatus.NONE, today(), StatusSource.HAND)
    services.add_pupil(_record(), first)
    services.add_pupil(_record(), first)
    services.add_pupil(_record(upn="A123456789012"), first)
    with pytest.raises(services.UpnTaken):
        services.add_pupil(_record(upn="A123456789012"), first)


def _now(world: World, who: str) -> set[tuple[int, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Assignment.pupil_id, Assignment.reason).where(
            Assignment.user_id == world.users[who], Assignment.source != AssignmentSource.HAND,
            Assignment.starts <= today(), Assignment.ends.is_(None),
        )
    )  # fmt: skip
    return {(row[0], row[1]) for row in rows}


def test_assignments_follow_classes_and_teaching_groups_and_renewing_again_changes_nothing(
    as_system: Actor, world: World
) -> None:
    begum, zofia, ivy = world.users["other_teacher"], world.pupils["zofia"], world.pupils["ivy"]
    with write("Groups"):
        db.session.add(StaffGroup(user_id=begum, kind="registration", name="5A"))
        db.session.add(StaffGroup(user_id=begum, kind="teaching", name="3Ma2"))
        db.session.add(TeachingGroup(pupil_id=ivy, name="3Ma2", subject="Mathematics"))
    assert services.refresh_assignments() == 2
    assert _now(world, "other_teacher") == {(zofia, "5A"), (ivy, "3Ma2")}
    assert services.refresh_assignments() == 0


def test_a_pupil_who_changes_class_is_no_longer_the_old_teachers(as_system: Actor, world: World) -> None:
    begum, fry, zofia = world.users["other_teacher"], world.users["teacher"], world.pupils["zofia"]
    with write("Groups"):
        db.session.add(StaffGroup(user_id=begum, kind="registration", name="5A"))
        db.session.add(StaffGroup(user_id=fry, kind="registration", name="5B"))
    services.refresh_assignments()
    details = queries.details_of(zofia)
    moved = _record(legal_forename=details.legal_forename, legal_surname=details.legal_surname)
    services.edit_pupil(zofia, moved, details.version)
    assert _now(world, "other_teacher") == set()
    assert _now(world, "teacher") == {(zofia, "5B")}
    ended = [one for one in queries.staff_of(zofia) if one.reason == "5A"]
    assert [one.ends for one in ended] == [today() - timedelta(days=1)]
    assert not ended[0].now


def test_an_assignment_by_hand_is_renewed_not_doubled(as_system: Actor, world: World) -> None:
    fry, ivy = world.users["teacher"], world.pupils["ivy"]
    first = services.assign(fry, ivy, reason="Maths support")
    services.end_assignment(first)
    assert not queries.staff_of(ivy)[0].now
    assert services.assign(fry, ivy, reason="Maths support") == first
    assert queries.staff_of(ivy)[0].now


def test_a_change_of_groups_on_the_staff_page_renews_assignments_at_once(as_system: Actor, world: World) -> None:
    begum, zofia = world.users["other_teacher"], world.pupils["zofia"]
    with write("Groups"):
        db.session.add(StaffGroup(user_id=begum, kind="registration", name="5A"))
        db.session.flush()
        for hook in hooks.staff_groups_changed:
            hook()
    assert _now(world, "other_teacher") == {(zofia, "5A")}
    named = {kind: list(names) for ask in hooks.known_groups for kind, names in ask().items()}
    assert "5A" in named["registration"]
