"""The measures that a new school starts from (domain §6); a school may change them and add its own.

Ages are in months. `error` is how many points a change must pass before it counts; it stands only where the domain
reference gives one, and the note says where it comes from. Named tests have none until the school copies it from
the test's own manual.
"""

from __future__ import annotations

from dataclasses import dataclass

from graduated.rules.vocabulary import Direction, MeasureKind, Respondent

_UP, _DOWN, _NONE = Direction.UP, Direction.DOWN, Direction.NONE
_TEST, _TEACHER = Respondent.TEST, Respondent.TEACHER
_KEPT_PACE = "Unchanged means kept pace with others of the same age, not “no progress”."
_OWN_ERROR = "The test’s error is printed in its manual and not kept here; a small change may be chance."
_YARC = f"York Assessment of Reading for Comprehension, given one to one; forms A and B. {_KEPT_PACE} {_OWN_ERROR}"


@dataclass(frozen=True, slots=True)
class StartMeasure:
    """One measure as a new school gets it; figures are whole numbers on the measure's own scale."""

    code: str
    name: str
    kind: MeasureKind
    direction: Direction
    respondent: Respondent
    unit: str = ""
    lowest: int | None = None
    highest: int | None = None
    usual_low: int | None = None
    usual_high: int | None = None
    error: int | None = None
    note: str = ""


_TESTS = (
    StartMeasure(
        "standard-score",
        "Standardised score, test not listed here",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        usual_low=85,
        usual_high=115,
        error=11,
        note=f"Mean 100, standard deviation 15; about 68 in 100 pupils lie from 85 to 115. {_KEPT_PACE} The error of "
        "11 points is what a difference needs (at 90%) when a test’s reliability is 0.90; your own test’s "
        "manual may print another.",
    ),
    StartMeasure(
        "ngrt-sas",
        "NGRT, standard age score",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        lowest=69,
        highest=141,
        usual_low=89,
        usual_high=111,
        note=f"New Group Reading Test, ages 6 to 16, termly. The publisher’s average band is 89 to 111. "
        f"{_KEPT_PACE} {_OWN_ERROR}",
    ),
    StartMeasure(
        "yarc-accuracy",
        "YARC, reading accuracy",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        usual_low=85,
        usual_high=115,
        note=_YARC,
    ),
    StartMeasure(
        "yarc-comprehension",
        "YARC, reading comprehension",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        usual_low=85,
        usual_high=115,
        note=_YARC,
    ),
    StartMeasure(
        "bpvs3",
        "BPVS-3, receptive vocabulary",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        usual_low=85,
        usual_high=115,
        note=f"British Picture Vocabulary Scale, ages 3 to 16. {_KEPT_PACE} {_OWN_ERROR}",
    ),
    StartMeasure(
        "languagescreen",
        "LanguageScreen",
        MeasureKind.STANDARD,
        _UP,
        _TEST,
        "points",
        usual_low=90,
        note=f"90 and above green, 82 to 89 amber, below 81 red, as published. {_KEPT_PACE}",
    ),
    StartMeasure(
        "percentile",
        "National percentile rank",
        MeasureKind.PERCENTILE,
        _UP,
        _TEST,
        lowest=1,
        highest=99,
        note="Shows the order only: never subtract, average or turn it into a percentage of the way.",
    ),
    StartMeasure(
        "stanine",
        "Stanine",
        MeasureKind.SCALE,
        _UP,
        _TEST,
        lowest=1,
        highest=9,
        note="Nine broad bands: too coarse to show progress over a term.",
    ),
    StartMeasure(
        "reading-age",
        "Reading age",
        MeasureKind.AGE,
        _UP,
        _TEST,
        "years:months",
        note="Typed 8:03 for 8 years 3 months. Compare the same test only. Publishers warn that ages are not made for "
        "following progress, because the pace differs with age.",
    ),
    StartMeasure(
        "spelling-age",
        "Spelling age",
        MeasureKind.AGE,
        _UP,
        _TEST,
        "years:months",
        note="Typed 8:03 for 8 years 3 months. Compare the same test only.",
    ),
    StartMeasure(
        "number-age",
        "Number age",
        MeasureKind.AGE,
        _UP,
        _TEST,
        "years:months",
        note="Typed 8:03 for 8 years 3 months. Compare the same test only.",
    ),
    StartMeasure(
        "phonics",
        "Phonics screening check",
        MeasureKind.RAW,
        _UP,
        _TEACHER,
        "of 40",
        lowest=0,
        highest=40,
        usual_low=32,
        usual_high=40,
        note="Year 1, taken again in Year 2. The threshold has been 32; each year’s is published in June.",
    ),
    StartMeasure(
        "ks2-scaled",
        "Key stage 2 scaled score",
        MeasureKind.RAW,
        _UP,
        _TEST,
        lowest=80,
        highest=120,
        usual_low=100,
        note="100 is the expected standard, 110 the high one.",
    ),
    StartMeasure(
        "multiplication-check",
        "Multiplication tables check",
        MeasureKind.RAW,
        _UP,
        _TEST,
        "of 25",
        lowest=0,
        highest=25,
        note="Taken in Year 4.",
    ),
)

_SEMH = (
    StartMeasure(
        "sdq-total",
        "SDQ (teacher), total difficulties",
        MeasureKind.RAW,
        _DOWN,
        _TEACHER,
        "of 40",
        lowest=0,
        highest=40,
        usual_low=0,
        usual_high=11,
        note="Strengths and Difficulties Questionnaire. Bands for teachers’ answers: 0–11, 12–15, 16–18, 19–40. A "
        "parent’s answers have other bands: keep them as another measure, never in one line with these.",
    ),
    StartMeasure(
        "sdq-prosocial",
        "SDQ (teacher), prosocial",
        MeasureKind.RAW,
        _UP,
        _TEACHER,
        "of 10",
        lowest=0,
        highest=10,
        usual_low=6,
        usual_high=10,
        note="Strengths and Difficulties Questionnaire. Here, unlike the total, higher is better; 6 to 10 is average.",
    ),
    StartMeasure(
        "boxall-developmental",
        "Boxall Profile, developmental strands",
        MeasureKind.RAW,
        _UP,
        _TEACHER,
        "points",
        lowest=0,
        note="Section I, each item 0 to 4. Higher is better; its twin, the diagnostic profile, goes the other way.",
    ),
    StartMeasure(
        "boxall-diagnostic",
        "Boxall Profile, diagnostic profile",
        MeasureKind.RAW,
        _DOWN,
        _TEACHER,
        "points",
        lowest=0,
        note="Section II, each item 0 to 4, where 0 means that it does not arise. Lower is better.",
    ),
    StartMeasure(
        "leuven-wellbeing",
        "Leuven scale, wellbeing",
        MeasureKind.SCALE,
        _UP,
        _TEACHER,
        lowest=1,
        highest=5,
        note="A rating from watching the pupil. Watch on more than one day before you compare.",
    ),
    StartMeasure(
        "leuven-involvement",
        "Leuven scale, involvement",
        MeasureKind.SCALE,
        _UP,
        _TEACHER,
        lowest=1,
        highest=5,
        note="A rating from watching the pupil. Watch on more than one day before you compare.",
    ),
    StartMeasure(
        "behaviour-incidents",
        "Behaviour incidents in a week",
        MeasureKind.RAW,
        _DOWN,
        _TEACHER,
        "a week",
        lowest=0,
        note="Incidents in a period divided by the school weeks in it, so that a short half-term can be compared.",
    ),
)

_CLASSROOM = (
    StartMeasure(
        "count",
        "Count of something seen or done",
        MeasureKind.COUNT,
        _UP,
        _TEACHER,
        "times",
        lowest=0,
        note="Say in the outcome what is counted, where and for how long, and count in the same way each time.",
    ),
    StartMeasure(
        "scale-1-10",
        "Scale 1–10",
        MeasureKind.SCALE,
        _UP,
        _TEACHER,
        lowest=1,
        highest=10,
        note="For a personal outcome. Write at the start what 1, 5 and 10 look like for this pupil.",
    ),
    StartMeasure(
        "words-per-minute",
        "Words read correctly per minute",
        MeasureKind.RAW,
        _UP,
        Respondent.SUPPORT,
        "words a minute",
        lowest=0,
        note="One minute from a text of the same level each time.",
    ),
    StartMeasure(
        "errors-in-100",
        "Errors in 100 words",
        MeasureKind.RAW,
        _DOWN,
        Respondent.SUPPORT,
        "errors",
        lowest=0,
        highest=100,
        note="Reading aloud from a text of the same level each time.",
    ),
    StartMeasure(
        "attendance",
        "Attendance",
        MeasureKind.RAW,
        _UP,
        _TEACHER,
        "%",
        lowest=0,
        highest=100,
        note="Sessions present out of those possible, for the dates given.",
    ),
    StartMeasure(
        "suspension-days",
        "Days of suspension",
        MeasureKind.RAW,
        _DOWN,
        _TEACHER,
        "days",
        lowest=0,
        note="In the dates given; half days count.",
    ),
    StartMeasure(
        "engagement",
        "Engagement model",
        MeasureKind.SCALE,
        _NONE,
        _TEACHER,
        lowest=1,
        highest=5,
        note="Exploration, realisation, anticipation, persistence and initiation. A description, not a ladder; the "
        "figures 1 to 5 are a local habit of some schools.",
    ),
)

START_MEASURES: tuple[StartMeasure, ...] = (*_TESTS, *_SEMH, *_CLASSROOM)
