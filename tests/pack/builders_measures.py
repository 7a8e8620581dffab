"""Zofia's figures over the years: a standard score, a count that falls, an age, a lone point."""

from __future__ import annotations

from datetime import date

from graduated.pack.content import MeasureSeries, Point, Span
from graduated.rules.vocabulary import Censor, Direction

from .builders_cycles import DATES, provisions


def series() -> tuple[MeasureSeries, ...]:
    spans = tuple(
        Span(name=p.name, start=p.start or date(2024, 9, 9), end=p.end) for i in (1, 4) for p in provisions(i)
    )
    reviews = tuple(end for _, end in DATES[:5])
    standard = ((2024, 9, 10, 74), (2025, 1, 14, 76), (2025, 5, 8, 77), (2025, 9, 15, 77), (2026, 1, 14, 81))
    errors = (
        (2024, 9, 16, 22),
        (2024, 12, 9, 19),
        (2025, 3, 25, 17),
        (2025, 7, 1, 16),
        (2025, 12, 8, 14),
        (2026, 10, 20, 8),
    )
    return (
        MeasureSeries(
            key="reading",
            name="New Group Reading Test",
            scale="Standardised score, mean 100, standard deviation 15",
            respondent="Test paper or program",
            points=tuple(
                Point(on=date(y, m, d), value=v, text=str(v), form="AB"[i % 2], who="Siân Price")
                for i, (y, m, d, v) in enumerate(standard)
            ),
            baseline=74,
            baseline_text="74",
            target=88,
            target_text="88",
            usual=(85, 115),
            reviews=reviews,
            interventions=spans,
            remarks=("A change of up to 11 points lies within the error of the test.",),
        ),
        MeasureSeries(
            key="errors",
            name="Errors in 100 words read aloud",
            scale="Count of errors",
            direction=Direction.DOWN,
            respondent="Support staff",
            points=tuple(Point(on=date(y, m, d), value=v, text=str(v), who="Mrs Tuck") for y, m, d, v in errors),
            baseline=22,
            target=4,
            reviews=reviews,
            interventions=spans[:1],
        ),
        MeasureSeries(
            key="age",
            name="Salford Sentence Reading Test",
            scale="Reading age, years and months",
            ages=True,
            points=(
                Point(
                    on=date(2024, 9, 12),
                    value=60,
                    text="<5:00",
                    form="A",
                    who="Siân Price",
                    censor=Censor.BELOW,
                    note="Below the first sentence of the card",
                ),
                Point(on=date(2025, 9, 17), value=71, text="5:11", form="B", who="Siân Price"),
                Point(on=date(2026, 9, 16), value=79, text="6:07", form="C", who="Hannah Legg"),
            ),
            reviews=reviews,
        ),
        MeasureSeries(
            key="help",
            name="Requests for help in a day",
            scale="Count in one week, divided by five",
            points=(Point(on=date(2025, 9, 22), value=1, text="1", who="Ms Vine"),),
            baseline=0,
            target=3,
        ),
    )
