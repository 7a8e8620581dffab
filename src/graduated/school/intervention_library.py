"""The kinds of intervention that a new school starts from, in neutral words; a school may change them and add its own.

The usual dose is a place to start a plan from, not advice: the plan says what this pupil gets. Where this list knows
no published study of the kind, it says so in so many words.
"""

from __future__ import annotations

from dataclasses import dataclass

from graduated.rules.vocabulary import NeedArea, Role

NO_EVIDENCE = "No published evidence is recorded here."

_COMMUNICATION, _COGNITION = NeedArea.COMMUNICATION, NeedArea.COGNITION
_SEMH, _SENSORY = NeedArea.SEMH, NeedArea.SENSORY


@dataclass(frozen=True, slots=True)
class StartIntervention:
    """One kind of intervention as a new school gets it; `measure` is a code of the measure library."""

    name: str
    purpose: str
    areas: tuple[NeedArea, ...]
    minutes: int
    times_a_week: int
    weeks: int
    group_size: int
    measure: str
    role: Role = Role.SUPPORT
    evidence: str = NO_EVIDENCE


START_INTERVENTIONS: tuple[StartIntervention, ...] = (
    StartIntervention(
        "Precision reading",
        "Quick, accurate reading of chosen words: short daily practice of a few words at a time, charted.",
        (_COGNITION,), 10, 4, 10, 1, "words-per-minute",
    ),
    StartIntervention(
        "Phonics catch-up group",
        "Secures the sounds that the pupil has missed, in the order in which the school teaches them.",
        (_COGNITION,), 20, 4, 12, 4, "phonics",
    ),
    StartIntervention(
        "Paired reading",
        "An adult and a pupil read aloud together; the adult drops out as the pupil goes on alone.",
        (_COGNITION,), 15, 3, 12, 1, "reading-age",
    ),
    StartIntervention(
        "Reading comprehension group",
        "Predicting, asking, clearing up and summing up, first shown and then done by pupils in turn.",
        (_COGNITION,), 30, 2, 12, 6, "yarc-comprehension", Role.TEACHER,
    ),
    StartIntervention(
        "Spelling programme",
        "Patterns and the pupil’s own most needed words, practised little and often.",
        (_COGNITION,), 15, 3, 12, 3, "spelling-age",
    ),
    StartIntervention(
        "Number foundations",
        "Counting, place value and number facts with things to handle, then pictures, then figures.",
        (_COGNITION,), 25, 3, 12, 3, "number-age",
    ),
    StartIntervention(
        "Pre-teaching of vocabulary",
        "The key words of next week’s lessons, met beforehand: meaning, sound, use.",
        (_COMMUNICATION, _COGNITION), 15, 2, 12, 4, "count",
    ),
    StartIntervention(
        "Talk group",
        "Listening, turn-taking, asking for help and telling in order, in a small group with a model.",
        (_COMMUNICATION,), 30, 2, 12, 6, "count",
    ),
    StartIntervention(
        "Early language group",
        "Listening, vocabulary and narrative for younger pupils, with short one-to-one practice.",
        (_COMMUNICATION,), 30, 3, 20, 4, "languagescreen",
    ),
    StartIntervention(
        "Speech sound practice",
        "The sounds and words set by the speech and language therapist, practised one to one.",
        (_COMMUNICATION,), 10, 4, 10, 1, "count",
    ),
    StartIntervention(
        "Building together",
        "Three pupils build a model with set parts to play, to practise joint attention and talk.",
        (_COMMUNICATION, _SEMH), 40, 1, 12, 3, "count",
    ),
    StartIntervention(
        "Emotional literacy sessions",
        "Naming feelings, what sets them off and what helps, with a trusted trained adult.",
        (_SEMH,), 40, 1, 10, 1, "scale-1-10",
    ),
    StartIntervention(
        "Nurture group",
        "A small, predictable group for part of the day, with food, talk and play, and a planned way back to class.",
        (_SEMH,), 90, 4, 24, 8, "boxall-developmental", Role.TEACHER,
    ),
    StartIntervention(
        "Check-in and check-out",
        "A few minutes with the same adult at the start and the end of the day: targets, how it went, what next.",
        (_SEMH,), 5, 10, 12, 1, "behaviour-incidents",
    ),
    StartIntervention(
        "Fine motor programme",
        "Hand strength, grip and letter formation in short practice.",
        (_SENSORY,), 15, 3, 10, 3, "scale-1-10",
    ),
    StartIntervention(
        "Movement and balance programme",
        "Planned movement for coordination, posture and readiness to sit and attend.",
        (_SENSORY,), 20, 3, 12, 5, "scale-1-10",
    ),
)  # fmt: skip
