"""The words: what hangs on a code beside its label."""

from graduated.rules.vocabulary import CycleStatus, Judgement, NeedArea, NeedType, NextStep, Role, SenStatus


def test_a_form_gets_codes_and_labels_in_order() -> None:
    assert SenStatus.choices() == [("N", "No SEN support"), ("K", "SEN support"), ("E", "EHC plan")]


def test_a_cycle_is_open_until_reviewed_or_closed() -> None:
    assert [status.value for status in CycleStatus if status.is_open] == ["draft", "sent", "agreed"]


def test_judgements_count_from_minus_two_to_two() -> None:
    assert [judgement.points for judgement in Judgement] == [-2, -1, 0, 1, 2]


def test_the_first_and_last_next_step_read_otherwise_with_a_plan() -> None:
    assert NextStep.COME_OFF.label_for("K") == "Good progress: come off SEN support"
    assert NextStep.COME_OFF.label_for("E") == "Good progress: outcomes met"
    assert "early annual review" in NextStep.CONSIDER_EHCNA.label_for("E")
    assert NextStep.SPECIALIST.label_for("E") == NextStep.SPECIALIST.label


def test_types_without_an_area_stay_without_one() -> None:
    assert NeedType.SLCN.area is NeedArea.COMMUNICATION
    assert [need.value for need in NeedType if need.area is None] == ["DS", "OTH", "NSA"]


def test_only_parents_and_young_people_are_family() -> None:
    assert [role for role in Role if role.is_family] == [Role.PARENT, Role.YOUNG_PERSON]
