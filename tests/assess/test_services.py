"""What is known is only ever added to: corrections and withdrawals are new rows, the old ones stay."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from graduated.access.identity import Actor
from graduated.assess import services
from graduated.assess.pictures import change_words
from graduated.assess.queries import involvements_of, observations_of, series_of, views_of
from graduated.assess.services import (
    AssessRefused,
    DoneWithAdvice,
    InvolvementDetails,
    NewMeasurement,
    NewObservation,
    NewView,
)
from graduated.db.clock import today
from graduated.rules.progress import Value, parse_value
from graduated.rules.vocabulary import (
    AdviceStatus,
    MeasureKind,
    NeedArea,
    ObservationKind,
    Respondent,
    ViewMethod,
    ViewOf,
)
from graduated.school.queries import MeasureRow, measures
from tests.support.world import World


def measure(kind: MeasureKind) -> MeasureRow:
    return next(row for row in measures() if row.kind is kind and (row.highest is not None or kind is MeasureKind.AGE))


def figure(row: MeasureRow, text: str, days_ago: int, respondent: Respondent | None = None) -> NewMeasurement:
    return NewMeasurement(
        row.id, today() - timedelta(days=days_ago), parse_value(text, row.kind), respondent or row.respondent
    )


def test_a_correction_follows_the_old_row_and_keeps_it_with_the_reason(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.STANDARD)
    first = services.record_measurement(world.pupils["zofia"], figure(row, "88", 30))
    second = services.correct_measurement(first, figure(row, "86", 30), "Read from the wrong line")
    (line,) = series_of(world.pupils["zofia"])
    assert [one.text for one in line.points] == ["86"]
    assert [(one.text, one.replaced_by_id, one.why_struck) for one in line.struck] == [
        ("88", second, "Read from the wrong line")
    ]
    with pytest.raises(AssessRefused, match="corrected before"):
        services.correct_measurement(first, figure(row, "87", 30), "Again")
    with pytest.raises(AssessRefused, match="Say why"):
        services.correct_measurement(second, figure(row, "87", 30), " ")


def test_respondents_are_never_mixed_in_one_line(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.RAW)
    for respondent in (Respondent.TEACHER, Respondent.PARENT):
        services.record_measurement(world.pupils["zofia"], figure(row, "12", 5, respondent))
    assert [(one.respondent, len(one.points)) for one in series_of(world.pupils["zofia"])] == [
        (Respondent.TEACHER, 1),
        (Respondent.PARENT, 1),
    ]


@pytest.mark.parametrize(("kind", "text"), [(MeasureKind.STANDARD, "400"), (MeasureKind.STANDARD, "2")])
def test_a_figure_outside_the_range_is_refused_in_words(
    as_system: Actor, world: World, kind: MeasureKind, text: str
) -> None:
    with pytest.raises(AssessRefused, match=r"lies .* Check the figure\."):
        services.record_measurement(world.pupils["zofia"], figure(measure(kind), text, 1))
    assert series_of(world.pupils["zofia"]) == []


def test_a_range_with_one_end_is_said_as_such(as_system: Actor, world: World) -> None:
    row = next(row for row in measures() if row.lowest is not None and row.highest is None)
    with pytest.raises(AssessRefused, match="lies 0 or more"):
        services.record_measurement(
            world.pupils["zofia"], NewMeasurement(row.id, today(), Value(Decimal(-1)), row.respondent)
        )


def test_a_figure_off_the_end_of_its_scale_is_kept_as_such(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.AGE)
    services.record_measurement(world.pupils["zofia"], figure(row, "<5:00", 1))
    assert series_of(world.pupils["zofia"])[0].points[0].text == "<5:00"


def test_nothing_is_measured_or_said_in_the_future(as_system: Actor, world: World) -> None:
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(AssessRefused, match="future"):
        services.record_measurement(world.pupils["zofia"], figure(measure(MeasureKind.STANDARD), "88", -1))
    with pytest.raises(AssessRefused, match="future"):
        services.record_view(
            world.pupils["zofia"], NewView(ViewOf.PUPIL, ViewMethod.CONVERSATION, "I like maths", tomorrow)
        )
    with pytest.raises(AssessRefused, match="future"):
        services.add_involvement(world.pupils["zofia"], InvolvementDetails("Speech therapy", seen_on=tomorrow))


def test_an_unchanged_standard_score_reads_as_keeping_pace(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.STANDARD)
    for days in (100, 5):
        services.record_measurement(world.pupils["zofia"], figure(row, "88", days))
    assert change_words(series_of(world.pupils["zofia"])[0]) == "Unchanged: kept pace with others of the same age."


def test_lower_is_told_as_it_is_and_ages_in_months(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.AGE)
    for days, text in ((100, "6:02"), (5, "6:11")):
        services.record_measurement(world.pupils["zofia"], figure(row, text, days))
    assert change_words(series_of(world.pupils["zofia"])[0]).startswith(
        "From 6 years 2 months to 6 years 11 months: 9 months’ progress in 3 months"
    )


def test_a_view_belongs_to_the_pupil_or_to_one_named_parent(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    with pytest.raises(AssessRefused, match="which parent"):
        services.record_view(pupil_id, NewView(ViewOf.PARENT, ViewMethod.PHONE, "She reads at home", today()))
    first = services.record_view(
        pupil_id,
        NewView(ViewOf.PARENT, ViewMethod.PHONE, "She reads at home", today(), adult_id=world.adults["parent"]),
    )
    services.correct_view(
        first,
        NewView(ViewOf.PARENT, ViewMethod.PHONE, "She reads at home on Fridays", today(), world.adults["parent"]),
    )
    assert [(one.adult_name, one.text) for one in views_of(pupil_id)] == [
        ("Anna Szymańska", "She reads at home on Fridays")
    ]
    assert len(views_of(pupil_id, with_replaced=True)) == 2


def test_what_no_longer_holds_is_withdrawn_and_kept(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    row = services.record_observation(
        pupil_id,
        NewObservation(ObservationKind.DIFFICULTY, NeedArea.SEMH, "Leaves the room", "Ms Vine", today()),
    )
    services.withdraw_observation(row, "Has not happened since October")
    assert observations_of(pupil_id) == []
    (kept,) = observations_of(pupil_id, with_withdrawn=True)
    assert (kept.text, kept.withdrawn_because) == ("Leaves the room", "Has not happened since October")
    with pytest.raises(AssessRefused, match="before"):
        services.withdraw_observation(row, "Again")


def test_the_newest_word_on_advice_counts_and_all_are_kept(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    service = services.add_involvement(pupil_id, InvolvementDetails("Speech and language therapy", person="Ruth Oke"))
    advice = services.add_advice(service, "Topic words before the lesson", today())
    assert involvements_of(pupil_id)[0].advice[0].status is AdviceStatus.OPEN
    services.act_on_advice(advice, DoneWithAdvice(AdviceStatus.PLANNED, today(), "Ms Vine"))
    services.act_on_advice(
        advice, DoneWithAdvice(AdviceStatus.DONE, today(), "Ms Vine", text="Taught", effect="She joins in")
    )
    found = involvements_of(pupil_id)[0].advice[0]
    assert found.status is AdviceStatus.DONE
    assert [one.status for one in found.done] == [AdviceStatus.PLANNED, AdviceStatus.DONE]
    with pytest.raises(AssessRefused, match="Say what was done"):
        services.act_on_advice(advice, DoneWithAdvice(AdviceStatus.DONE, today(), "Ms Vine", effect="She joins in"))
    with pytest.raises(AssessRefused, match="why the advice was not followed"):
        services.act_on_advice(advice, DoneWithAdvice(AdviceStatus.NOT_DONE, today()))


def test_a_value_of_another_kind_of_decimal_is_kept_exactly(as_system: Actor, world: World) -> None:
    row = measure(MeasureKind.RAW)
    services.record_measurement(
        world.pupils["zofia"], NewMeasurement(row.id, today(), Value(Decimal("12.5")), row.respondent)
    )
    assert series_of(world.pupils["zofia"])[0].points[0].text == "12.5"
