"""What an authority asks for, held against the records, part by part."""

from datetime import date

import pytest

from graduated.rules.consents import Answered
from graduated.rules.readiness import Evidence, gaps
from graduated.rules.readiness_asks import Asked, Held, standing
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, DocumentKind, GapState

TODAY = date(2026, 11, 21)
PRESENT, PARTIAL, MISSING, NOT_APPLICABLE = GapState
LINES = gaps(Evidence(TODAY, primary_need=True))
REPORT, LETTER = DocumentKind.REPORT, DocumentKind.LETTER


@pytest.mark.parametrize(
    ("asked", "held", "state", "why"),
    [
        (Asked("Nothing that a record says"), Held(), None, []),
        (Asked("Need", lines=("primary-need",)), Held(), PRESENT, ["Recorded."]),
        (
            Asked("Need", lines=("primary-need", "cycles")),
            Held(),
            PARTIAL,
            ["Recorded.", "No cycle has been"],
        ),
        (Asked("Hours", lines=("part-time",)), Held(), NOT_APPLICABLE, ["The pupil is not on a part-time timetable."]),
        (Asked("UPN", details=("upn",)), Held(details=frozenset({"upn"})), PRESENT, ["On record."]),
        (
            Asked("UPN", details=("upn", "care")),
            Held(details=frozenset({"upn"})),
            PARTIAL,
            ["Not recorded: Whether in care."],
        ),
        (Asked("Both", details=("upn", "care")), Held(details=frozenset({"upn", "care"})), PRESENT, ["On record."]),
        (Asked("UPN", details=("upn",)), Held(), MISSING, ["Not recorded: UPN."]),
        (Asked("Report", documents=(REPORT,)), Held(), MISSING, ["None is on record."]),
        (Asked("Report", documents=(REPORT,)), Held(papers=((LETTER, TODAY),)), MISSING, ["None is on record."]),
        (Asked("Report", documents=(REPORT,)), Held(papers=((REPORT, None),)), PRESENT, ["On record: 1."]),
        (Asked("New", documents=(REPORT,), months=12), Held(papers=((REPORT, None),)), PARTIAL, ["it has no date"]),
        (
            Asked("New", documents=(REPORT,), months=12),
            Held(papers=((REPORT, date(2025, 11, 21)), (REPORT, None))),
            PARTIAL,
            ["The newest is of 21 Nov 2025, 12 months old or more."],
        ),
        (
            Asked("New", documents=(REPORT, LETTER), months=12),
            Held(papers=((REPORT, date(2025, 11, 21)), (LETTER, date(2025, 11, 22)))),
            PRESENT,
            ["The newest is of 22 Nov 2025."],
        ),
        (Asked("Signed", consents=(ConsentKind.SHARING,)), Held(), MISSING, ["Not asked yet."]),
        (
            Asked("Signed", consents=(ConsentKind.SHARING,)),
            Held(
                answers={ConsentKind.SHARING: ConsentAnswer.GIVEN},
                parents={ConsentKind.SHARING: (Answered("Mrs Khan", ConsentAnswer.GIVEN), Answered("Mr Smith"))},
            ),
            PARTIAL,
            ["1 of 2 parents have agreed; Mr Smith has not been asked."],
        ),
        (
            Asked("Signed", consents=(ConsentKind.SHARING, ConsentKind.REQUEST)),
            Held(answers={ConsentKind.SHARING: ConsentAnswer.GIVEN, ConsentKind.REQUEST: ConsentAnswer.REFUSED}),
            PARTIAL,
            ["Agreed.", "Did not agree."],
        ),
        (
            Asked("EP", services=("psycholog",)),
            Held(services=("Educational Psychology",)),
            PRESENT,
            ["On record: Educ"],
        ),
        (
            Asked("EP", services=("psycholog",)),
            Held(services=("Speech",)),
            MISSING,
            ["No service on record"],
        ),
    ],
)
def test_a_thing_is_there_when_all_it_names_is(
    asked: Asked, held: Held, state: GapState | None, why: list[str]
) -> None:
    found = standing(asked, LINES, held, TODAY)
    assert found.state is state
    assert len(found.parts) == len(why)
    for part, words in zip(found.parts, why, strict=True):
        assert words in part.why
        assert part.title
        assert part.mend


def test_many_kinds_of_paper_are_called_papers() -> None:
    assert standing(Asked("Any", documents=tuple(DocumentKind)), LINES, Held(), TODAY).parts[0].title == "Papers"
    assert "professional's report or letter" in (
        standing(Asked("Two", documents=(REPORT, LETTER)), LINES, Held(), TODAY).parts[0].title
    )
