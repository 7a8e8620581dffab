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
    StartIntervention(
        "Reading fluency practice",
        "The same short text read aloud several times, with a model first, until it is accurate and sounds like talk.",
        (_COGNITION,), 15, 3, 10, 2, "words-per-minute",
    ),
    StartIntervention(
        "Sentence and writing group",
        "Saying, building and checking sentences before and while writing, with words and frames to hand.",
        (_COGNITION,), 25, 3, 12, 4, "errors-in-100",
    ),
    StartIntervention(
        "Number facts and tables practice",
        "A few facts at a time, met in pictures and patterns and then recalled little and often.",
        (_COGNITION,), 10, 4, 10, 2, "count",
    ),
    StartIntervention(
        "Memory and organisation skills",
        "Ways to hold on to instructions and to get started: lists, chunks, rehearsal, a place for everything.",
        (_COGNITION,), 20, 2, 10, 3, "scale-1-10",
    ),
    StartIntervention(
        "Attention and listening group",
        "Short shared activities that ask the pupil to look, wait, listen and take a turn.",
        (_COMMUNICATION,), 15, 4, 10, 4, "engagement",
    ),
    StartIntervention(
        "Signs and symbols practice",
        "The signs, symbols or exchange pictures of the pupil’s own system, practised where they will be used.",
        (_COMMUNICATION,), 15, 4, 12, 1, "count",
    ),
    StartIntervention(
        "Social situations in pictures and stories",
        "One situation at a time drawn or told: what happens, what others may think, what can be done.",
        (_COMMUNICATION, _SEMH), 20, 1, 10, 1, "scale-1-10",
    ),
    StartIntervention(
        "Independent work routine",
        "A set place and order of tasks, with what comes next in sight, so that help can be faded.",
        (_COMMUNICATION, _COGNITION), 20, 4, 12, 1, "count",
    ),
    StartIntervention(
        "Friendship group",
        "Joining in, sharing, putting things right: talked through, acted out and tried in play.",
        (_SEMH, _COMMUNICATION), 30, 1, 10, 6, "sdq-prosocial",
    ),
    StartIntervention(
        "Managing feelings group",
        "Noticing the body’s signs, naming the feeling and choosing one of several things that help.",
        (_SEMH,), 30, 1, 10, 5, "sdq-total",
    ),
    StartIntervention(
        "Managing worries group",
        "What worry does, what keeps it going, and small planned steps towards what is avoided.",
        (_SEMH,), 40, 1, 8, 5, "sdq-total",
    ),
    StartIntervention(
        "Mentoring",
        "A regular talk with one trusted adult about how things go, and one thing to try before the next.",
        (_SEMH,), 30, 1, 12, 1, "attendance",
    ),
    StartIntervention(
        "Getting ready for a move",
        "Visits, pictures, people and worries ahead of a new class, phase or school.",
        (_SEMH,), 30, 1, 6, 6, "scale-1-10",
    ),
    StartIntervention(
        "Sensory regulation programme",
        "Planned activities and breaks that calm or wake up, at the times when the pupil needs them.",
        (_SENSORY, _SEMH), 10, 10, 12, 1, "engagement",
    ),
    StartIntervention(
        "Physiotherapy or occupational therapy programme",
        "The exercises set by the therapist, carried out by an adult whom the therapist has shown how.",
        (_SENSORY,), 15, 3, 12, 1, "scale-1-10",
    ),
    StartIntervention(
        "Touch-typing",
        "Keyboard skills to a speed at which typing is easier than handwriting.",
        (_SENSORY, _COGNITION), 15, 3, 12, 4, "words-per-minute",
    ),
)  # fmt: skip
