"""Zofia's six cycles, one by one: outcomes, provision, review."""

from __future__ import annotations

from datetime import date, timedelta

from graduated.pack.content import (
    Action,
    Addendum,
    Agreement,
    Amendment,
    Cycle,
    Dose,
    Judged,
    Missed,
    Outcome,
    Provision,
    Responsibility,
    Review,
    Strategy,
    Verdict,
    View,
)

from .builders_words import PARENT_WORDS, PUPIL_WORDS, STEPS

DATES = (
    (date(2024, 9, 16), date(2024, 12, 12)),
    (date(2025, 1, 13), date(2025, 4, 1)),
    (date(2025, 5, 6), date(2025, 7, 9)),
    (date(2025, 9, 15), date(2026, 1, 28)),
    (date(2026, 2, 9), date(2026, 7, 9)),
    (date(2026, 9, 14), date(2026, 11, 24)),
)


def outcome_pair(i: int) -> tuple[Outcome, Outcome]:
    errors = (22, 19, 17, 16, 14, 14)[i]
    latest = (19, 17, 16, 14, 12, 8)[i]
    return (
        Outcome(
            number=1,
            area="Cognition and learning",
            statement=f"Zofia reads a text of her class's level {i + 1} aloud with fewer than {latest - 4} errors "
            "in 100 words and tells a friend what it was about.",
            success_criterion="Three unseen texts in a row, read to Mrs Tuck or Ms Vine",
            measure="Errors in 100 words read aloud",
            baseline=str(errors),
            target=str(latest - 4),
            by_when=DATES[i][1],
            latest=str(latest),
            progress=f"{errors - latest} fewer errors of the {errors - latest + 4} hoped for",
            continues_from="" if i == 0 else f"Cycle {i}, outcome 1",
            series="errors",
        ),
        Outcome(
            number=2,
            area="Communication and interaction",
            statement="Zofia asks an adult or a friend for help in class at least three times a day.",
            success_criterion="Tally by the class teacher in one week of each half-term",
            measure="Requests for help in a day",
            baseline="0" if i < 3 else "1",
            target="3",
            by_when=DATES[i][1],
            latest="1",
            progress="One a day on most days",
            series="help" if i > 2 else "",
        ),
    )


def provisions(i: int) -> tuple[Provision, ...]:
    start, end = DATES[i]
    reading = "Phonics catch-up, daily" if i < 2 else "Precision reading 1:1"
    return (
        Provision(
            name=reading,
            who="Mrs Tuck, teaching assistant",
            minutes=15,
            times_a_week="4 times",
            weeks=12,
            group_size=1,
            serves=(1,),
            expected_impact="Two fewer errors in 100 words in each half-term",
            evidencing="Logged session by session",
            kind="Sessions",
            start=start + timedelta(days=5),
            end=end if i < 5 else None,
            dose=Dose(
                planned=720,
                delivered=580,
                missed=(Missed(reason="No adult free", minutes=60), Missed(reason="Ill or away", minutes=20)),
                not_recorded=60,
                to_come=0 if i < 5 else 180,
                sentence="Most missed sessions fell in the week of the residential trip.",
            ),
        ),
        Provision(
            name="Talk group of six" if i > 2 else "Word-finding games in class",
            who="Ms Vine" if i <= 2 else "Mrs Tuck and Siân Price",
            minutes=30,
            times_a_week="twice",
            weeks=12,
            group_size=6 if i > 2 else None,
            serves=(1, 2),
            expected_impact="Zofia begins a talk with a friend without a prompt",
            evidencing="Not logged" if i <= 2 else "Ticked week by week",
            kind="In-class support" if i <= 2 else "Sessions",
            start=start,
            end=end if i < 5 else None,
            dose=Dose(planned=720, logged=False)
            if i <= 2
            else Dose(planned=390, delivered=240, missed=(Missed(reason="Trip or event", minutes=150),)),
        ),
    )


def review(i: int) -> Review:
    held = DATES[i][1]
    step, why = STEPS[i]
    missed = i == 1
    return Review(
        held_on=held,
        attendees=("Zofia", "Ms Vine, class teacher", "Hannah Legg, SENCO")
        if missed
        else ("Zofia, for the first ten minutes", "Małgorzata Szymańska", "Ms Vine, class teacher", "Interpreter"),
        with_parent=not missed,
        attempts="Letter in Polish on 10 March, telephone calls on 17 and 24 March, no answer" if missed else "",
        views=(
            View(
                whose="Pupil",
                person="Zofia",
                how="Drawing, cards or pictures",
                on=held - timedelta(days=2),
                text=PUPIL_WORDS[i],
                recorded_by="Siân Price",
            ),
            View(
                whose="Parent or carer",
                person="Małgorzata Szymańska",
                how="Asked for, none given",
                on=held,
                attempts="Letter in Polish and two telephone calls",
            )
            if missed
            else View(
                whose="Parent or carer",
                person="Małgorzata Szymańska",
                how="With an interpreter",
                on=held,
                text=PARENT_WORDS[i],
                recorded_by="Hannah Legg",
            ),
        ),
        judgements=(
            Judged(
                outcome=1,
                judgement="As expected" if i in (0, 3) else "Less than expected",
                reason="She corrects herself in most lines, but loses the meaning of longer sentences.",
            ),
            Judged(
                outcome=2,
                judgement="Less than expected",
                reason="She waits to be noticed; once a friend sits beside her she will ask.",
            ),
        ),
        verdicts=(
            Verdict(
                provision=provisions(i)[0].name,
                verdict="Continue" if i != 1 else "Change",
                why="It is the one time of the day when she reads aloud without fear.",
            ),
            Verdict(
                provision=provisions(i)[1].name,
                verdict="Continue" if i != 2 else "Stop",
                why="The noise of the class made it hard to hear her.",
            ),
        ),
        step=step,
        next_step=step.label,
        next_step_reason=why,
        actions=(
            Action(
                what="Move Zofia nearer the front, beside Zoë",
                who="Ms Vine",
                by_when=held + timedelta(days=30),
                done_on=held + timedelta(days=32),
            ),
            Action(what="Send the topic words home on Fridays", who="Mrs Tuck", by_when=held + timedelta(days=30)),
        ),
        seal=f"Sealed by Hannah Legg on {held.day}/{held.month}/{held.year}, digest 8c1f{i}a7e",
        addenda=(
            Addendum(
                on=held + timedelta(days=9),
                by="Hannah Legg",
                text="Mrs Szymańska telephoned: Zofia's hearing test is booked for 3 June.",
            ),
        )
        if i == 2
        else (),
    )


def cycle(i: int, reviewed: bool = True) -> Cycle:
    start, end = DATES[i] if i < 5 else (date(2026, 9, 14), None)
    paper = i < 2
    return Cycle(
        number=i + 1,
        start=start,
        end=end,
        from_paper=paper,
        entered_on=date(2026, 9, 4) if paper else None,
        entered_by="Hannah Legg" if paper else "",
        plan_type="SEN support plan",
        status="Reviewed" if reviewed else "Agreed",
        lead="Ms Vine",
        review_due=end or date(2026, 11, 24),
        assess="Zofia understands stories that are told to her and remembers them well. Naming pictures takes her "
        "about twice as long as the rest of the class; in writing she leaves words out.\nMs Vine compared her reading "
        "with the class in the first week of term.",
        agreements=(
            Agreement(
                on=start, how="Meeting at school", with_whom=("Małgorzata Szymańska",), no_answer=("Siôn O'Brien",)
            ),
        ),
        outcomes=outcome_pair(i),
        provisions=provisions(i),
        strategies=(
            Strategy(text="Instructions one at a time, with a picture", kind="Ordinarily available", who="All adults"),
            Strategy(
                text="Words of the topic are taught on the day before the lesson",
                kind="Additional or different",
                who="Mrs Tuck",
            ),
            Strategy(text="Time to answer: count to ten", kind="Ordinarily available", who="Ms Vine"),
        ),
        responsibilities=(
            Responsibility(
                who="School", text="Fifteen minutes of reading on four days; the log is open to Mrs Szymańska"
            ),
            Responsibility(who="Parent or carer", text="Five minutes with the word cards, when it suits"),
            Responsibility(who="Pupil", text="Fills in her own reading graph"),
        ),
        amendments=(
            Amendment(
                on=start + timedelta(days=30),
                what="Dose",
                was="15 minutes, 3 times a week",
                now="15 minutes, 4 times a week",
                why="Zofia asked for one more day with Mrs Tuck",
                by="Hannah Legg",
            ),
        )
        if i == 3
        else (),
        reviews=(review(i),) if reviewed else (),
    )
