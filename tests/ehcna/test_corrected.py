"""What was corrected after the form was signed is said below the words that quote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from graduated.access.identity import Actor, acting
from graduated.db.clock import held, now, today
from graduated.ehcna.content import content_of, narratives
from graduated.ehcna.records import records_for
from graduated.pack.evidence_pack import render_pack
from graduated.pupils import services_background as background
from graduated.request.services_signing import sign
from graduated.rules.attendance import Period
from graduated.rules.references import RefKind
from graduated.rules.vocabulary import Role
from graduated.school.authorities import authority
from graduated.web.filters import long_date
from tests.ehcna.quoting import correct, found_for, of_kind, written
from tests.ehcna.rich import Rich
from tests.pack.reading import squeezed, text_of

WORDS = authority("dorset").declaration
HEAD = Actor(1, 1, "Ruth Chaffey", frozenset({Role.HEAD}))


def told(rich: Rich, section: str) -> tuple[str, ...]:
    rows = narratives(records_for(rich.pupil_id, rich.request_id))
    return next(row.remarks for row in rows if row.anchor == section)


def test_a_figure_corrected_after_the_form_was_signed_says_so_below_the_words(
    rich: Rich, as_system: Actor, tmp_path: Path
) -> None:
    ref = of_kind(rich, RefKind.MEASUREMENT).ref
    written(rich, ref)
    with held(now() + timedelta(minutes=5)), acting(HEAD):
        sign(rich.request_id, WORDS)
    assert told(rich, "needs") == ()
    with held(now() + timedelta(days=3)):
        correct(rich, ref, 77)
        on, label = today(), found_for(rich)[ref].label
        said = f"{label}: this figure was corrected on {long_date(on)}, after the form was signed."
        assert told(rich, "needs") == (said,)
        pdf = render_pack(content_of(records_for(rich.pupil_id, rich.request_id)), now(), "Hannah Legg", "ab" * 32).pdf
        assert squeezed(said) in squeezed(text_of(pdf, tmp_path))


def test_of_one_day_nobody_knows_which_came_first(rich: Rich, as_system: Actor) -> None:
    entry = background.record_attendance(rich.pupil_id, Period(date(2025, 9, 2), date(2025, 10, 24), 74, 4, 0))
    written(rich, f"t{entry}", section="attendance")
    with held(now() + timedelta(minutes=5)):
        with acting(HEAD):
            sign(rich.request_id, WORDS)
        background.correct_attendance(entry, Period(date(2025, 9, 2), date(2025, 10, 24), 74, 40, 0), "Typed wrongly")
        (said,) = told(rich, "attendance")
    assert said.endswith(f"this figure was corrected on {long_date(today())}, the day on which the form was signed.")


def test_nothing_is_said_before_a_signature_or_of_what_was_signed_as_it_is(rich: Rich, as_system: Actor) -> None:
    ref = of_kind(rich, RefKind.MEASUREMENT).ref
    written(rich, ref)
    correct(rich, ref, 77)
    assert told(rich, "needs") == (), "nobody has signed"
    with held(now() + timedelta(days=2)), acting(HEAD):
        sign(rich.request_id, WORDS)
        assert told(rich, "needs") == (), "the figure that was signed is the figure that stands"


def test_without_a_request_or_references_there_is_nothing_to_say(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    assert all(row.remarks == () for row in narratives(replace(records, narratives=())))
    assert all(row.remarks == () for row in narratives(replace(records, request=None)))
