"""What is typed into the rich pupil's fields: names and words that break careless programs."""

from __future__ import annotations

MARKUP = "<b>&{{7*7}}</b> <script>alert(1)</script> ]]> %s \\n"
SECRET = "Kingfisher seventeen"
UPN = "Q838123424001"
TYPED: tuple[str, ...] = (
    # Every one of these was typed into some field, and must stand in the pack as typed.
    "Łucja Szymański-O'Brien kept a wordbook with Siân and Zoë",
    MARKUP,
    "Finds the sound that a word begins with",
    "Loses the thread after two instructions",
    "Reads a Year 4 text aloud with fewer than 5 errors in 100 words",
    "Three readings in one week, each under 5 errors",
    "Tells Mrs O'Brien when a word is new",
    "Pre-teach six words before each topic",
    "Word cards at the door, five minutes",
    "Has heard each word three times before the lesson",
    "Precision reading with Zoë's cards",
    "The room was given to the choir, so we moved to the library",
    "Mum asked for a morning session",
    "Agreed over tea; the interpreter stayed for all of it",
    "I like it when Siân reads with me",
    "At home she hides her book from her brother",
    "We rang twice and left a message with Nan",
    "Self-corrects now; still guesses long words",
    "The cards work; six weeks more",
    "Eight errors, down from fourteen; the school can do no more alone",
    "Ask Dr Ŵyn Prýs to look at working memory",
    "Send the reading log home on Fridays",
    "A later look at the sums, added by Hannah",
    "What slows Łucja's word finding?",
    "Use a visual timetable with no more than five symbols",
    "Timetable made, used each morning",
    "She checks it without being asked",
    "Glue ear, both sides, seen at Dorchester",
    "Fell asleep in lessons in the week of the move",
    "Kind to younger children; draws birds",
    "To be asked before I am helped",
    "Finding the right word in front of others",
    "Time, and a picture to point at",
    "My head is full of words that hide",
    "To read to my baby brother",
    "She has had four cycles, and the gap has grown",
    "A specialist teacher twice a week, which our budget cannot hold",
    "Łucja will ask for a word when she needs it",
    "Mrs Szymańska keeps the reading log every night, which helps",
    "Both parents, and Nan for the post",
    "Refused: the letter said that too few cycles were shown",
    "Left in a corridor for two hours",
    "Two sums a day, after lunch",
    "Reading age test, form B, quiet room",
)
