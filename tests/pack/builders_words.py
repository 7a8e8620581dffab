"""What was said at Zofia's five reviews, by her, by her mother and as the next step."""

from __future__ import annotations

from graduated.rules.vocabulary import NextStep

STEPS = (
    (NextStep.ANOTHER_CYCLE, "Zofia made some progress with sounds; blending is not yet secure and needs longer."),
    (NextStep.ANOTHER_CYCLE, "The gap to the class has not closed, yet she tries new words with Mrs Tuck."),
    (NextStep.SPECIALIST, "Two cycles with most sessions delivered and little change in reading: we need to know why."),
    (NextStep.ANOTHER_CYCLE, "The therapist's word maps have begun to help; we want a full term of them."),
    (NextStep.CONSIDER_EHCNA, "Progress came only with daily one-to-one work, and stops in every holiday."),
)

PUPIL_WORDS = (
    "I like it when Mrs Tuck shows me first. I do not like reading when everybody listens.",
    "The word cards are good. I still forget the names of things and then I feel hot.",
    "Zoë helps me start. When it is loud I can't find my words.",
    "I can read the book about foxes on my own now. Long words are still bad.",
    "Please don't ask me first. If you count to ten I can do it.",
)

PARENT_WORDS = (
    "At home she tells long stories in Polish, but she also searches for words there. "
    "Her grandmother in Łódź noticed it before school did.",
    "She is tired after school and does not want to read to me. With the picture cards it is a game and she laughs.",
    "I am worried. Kuba reads everything and Zofia hides her book. I would like somebody to test her properly.",
    "The word maps are on our fridge. She explains them to her brother. Thank you for this.",
    "We agree that she needs more than school can give. I want her to have friends & to be able to say what she knows.",
)
