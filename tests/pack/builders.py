"""A pupil as a school would record her: Zofia Szymańska, six cycles, two of them from paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from graduated.pack.content import (
    Action,
    Addendum,
    Adult,
    Advice,
    Agreement,
    Amendment,
    AreaOfNeed,
    Attachment,
    Attendance,
    AttendancePeriod,
    Consent,
    Contact,
    CostLine,
    Costs,
    Cycle,
    Declaration,
    Dose,
    Event,
    Fact,
    GapLine,
    Judged,
    MeasureSeries,
    Missed,
    Narrative,
    Need,
    Observation,
    Outcome,
    PackContent,
    Point,
    PreviousRequest,
    Professional,
    Profile,
    Provision,
    Pupil,
    Request,
    Responsibility,
    Review,
    School,
    SoughtOutcome,
    Span,
    Strategy,
    Suspension,
    Verdict,
    View,
    cycle_anchor,
)
from graduated.rules.vocabulary import Censor, Direction, GapState, Limb, NextStep

MOMENT = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)
BUILDER = "Hannah Legg, SENCO"
HASH = "3f9a2c1d04be77e1a6d5c09b8f2e4413a0c7d96e52b18f3d4e6a7b90c1d2e3f4"

SCHOOL = School(
    name="Purbeck Road Primary School",
    urn="113999",
    establishment="838/2099",
    phase="Primary",
    address="Purbeck Road, Wareham, Dorset BH20 9ZZ",
    telephone="01929 000 123",
    email="office@purbeckroad.example",
)

PUPIL = Pupil(
    legal_name="Zofia Maria Szymańska",
    known_as="Zofia Szymańska",
    born=date(2017, 3, 9),
    upn="H838209921004",
    sex="Female",
    year="Year 5",
    registration_group="5B",
    status="SEN support",
    status_since=date(2024, 9, 9),
    needs=(
        Need(
            rank=1,
            label="Speech, language and communication needs",
            area="Communication and interaction",
            since=date(2024, 9, 9),
        ),
        Need(rank=2, label="Specific learning difficulty", area="Cognition and learning", since=date(2025, 5, 6)),
    ),
    first_language="Polish",
    eal=True,
    interpreter="Polish interpreter for meetings with Mrs Szymańska",
    pupil_premium=False,
    service_family=None,
    ethnicity="White, Eastern European",
    religion="Roman Catholic",
    nhs_number="943 476 5919",
    address="14 Mill Lane, Wareham, Dorset BH20 4QX",
    care_status="Not looked after",
    admitted=date(2021, 9, 6),
    previous_schools=("Przedszkole nr 7, Łódź, to July 2021",),
    other=(Fact("Twin", "Kuba Szymański, also in Year 5"),),
)

ADULTS = (
    Adult(
        name="Małgorzata Szymańska",
        relationship="Mother",
        parental_responsibility=True,
        lives_with_pupil=True,
        language="Polish",
        interpreter="Yes, by telephone or in the room",
    ),
    Adult(
        name="Siôn O'Brien",
        relationship="Father",
        parental_responsibility=True,
        lives_with_pupil=False,
        language="Welsh and English",
        interpreter="Not needed",
    ),
)
CONTACTS = (
    Contact(
        name="Małgorzata Szymańska",
        address="14 Mill Lane, Wareham, Dorset BH20 4QX",
        telephone="07700 900 341",
        email="m.szymanska@post.example",
    ),
    Contact(name="Siôn O'Brien", address="2 Heol y Bont, Aberystwyth", telephone="07700 900 777", withheld=True),
)


_DATES = (
    (date(2024, 9, 16), date(2024, 12, 12)),
    (date(2025, 1, 13), date(2025, 4, 1)),
    (date(2025, 5, 6), date(2025, 7, 9)),
    (date(2025, 9, 15), date(2026, 1, 28)),
    (date(2026, 2, 9), date(2026, 7, 9)),
    (date(2026, 9, 14), date(2026, 11, 24)),
)


_STEPS = (
    (NextStep.ANOTHER_CYCLE, "Zofia made some progress with sounds; blending is not yet secure and needs longer."),
    (NextStep.ANOTHER_CYCLE, "The gap to the class has not closed, yet she tries new words with Mrs Tuck."),
    (NextStep.SPECIALIST, "Two cycles with most sessions delivered and little change in reading: we need to know why."),
    (NextStep.ANOTHER_CYCLE, "The therapist's word maps have begun to help; we want a full term of them."),
    (NextStep.CONSIDER_EHCNA, "Progress came only with daily one-to-one work, and stops in every holiday."),
)

_PUPIL_WORDS = (
    "I like it when Mrs Tuck shows me first. I do not like reading when everybody listens.",
    "The word cards are good. I still forget the names of things and then I feel hot.",
    "Zoë helps me start. When it is loud I can't find my words.",
    "I can read the book about foxes on my own now. Long words are still bad.",
    "Please don't ask me first. If you count to ten I can do it.",
)
_PARENT_WORDS = (
    "At home she tells long stories in Polish, but she also searches for words there. "
    "Her grandmother in Łódź noticed it before school did.",
    "She is tired after school and does not want to read to me. With the picture cards it is a game and she laughs.",
    "I am worried. Kuba reads everything and Zofia hides her book. I would like somebody to test her properly.",
    "The word maps are on our fridge. She explains them to her brother. Thank you for this.",
    "We agree that she needs more than school can give. I want her to have friends & to be able to say what she knows.",
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
            by_when=_DATES[i][1],
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
            by_when=_DATES[i][1],
            latest="1",
            progress="One a day on most days",
            series="help" if i > 2 else "",
        ),
    )


def provisions(i: int) -> tuple[Provision, ...]:
    start, end = _DATES[i]
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
    held = _DATES[i][1]
    step, why = _STEPS[i]
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
                text=_PUPIL_WORDS[i],
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
                text=_PARENT_WORDS[i],
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
    start, end = _DATES[i] if i < 5 else (date(2026, 9, 14), None)
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


def _series() -> tuple[MeasureSeries, ...]:
    spans = tuple(
        Span(name=p.name, start=p.start or date(2024, 9, 9), end=p.end) for i in (1, 4) for p in provisions(i)
    )
    reviews = tuple(end for _, end in _DATES[:5])
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


def content(**changes: object) -> PackContent:
    """The whole pack of Zofia; `changes` replace fields."""
    fields: dict[str, object] = {
        "school": SCHOOL,
        "pupil": PUPIL,
        "request": Request(
            asked_by="School, together with Mrs Szymańska",
            authority="Dorset Council",
            status="Draft",
            opened_on=date(2026, 10, 12),
            reason="Zofia has special educational needs in language and in reading. Over six cycles she had more than "
            "seventy hours of teaching that is additional to and different from what all pupils have.\n\nShe "
            "progressed only while that teaching was daily and one to one, and she may need provision which a "
            "mainstream school cannot reasonably make from its own resources.",
        ),
        "adults": ADULTS,
        "contacts": CONTACTS,
        "previous_requests": (
            PreviousRequest(
                asked_by="Parent or carer",
                authority="Dorset Council",
                made_on=date(2025, 6, 2),
                decided_on=date(2025, 7, 11),
                outcome="Assessment refused",
                note="The letter asked for evidence of two further cycles.",
            ),
        ),
        "narratives": (
            Narrative(
                anchor="needs",
                text="Taken together, the reports describe one difficulty that shows in two places: "
                "finding the word, and reading it.",
                by="Hannah Legg",
                on=date(2026, 10, 30),
                sources=("Therapist's report of 3 October 2025", "Cycle 4 review"),
            ),
        ),
        "profile": Profile(
            parts=(
                Fact("What people like about me", "Kind to younger children. Draws foxes that look alive."),
                Fact("What is important to me", "Sitting with Zoë. Knowing what comes next. My brother Kuba."),
                Fact("How to help me", "Show me what it looks like and let me start with a friend."),
            ),
            on=date(2026, 9, 8),
            by="Zofia with Mrs Tuck",
        ),
        "views": (
            View(
                whose="Pupil",
                person="Zofia",
                how="Conversation",
                on=date(2026, 10, 22),
                recorded_by="Mrs Tuck",
                text="I want to read the map for Mum when we go to Poland.",
            ),
            View(
                whose="Parent or carer",
                person="Siôn O'Brien",
                how="Asked for, none given",
                on=date(2026, 10, 20),
                attempts="Letters on 21 September and 5 October, e-mail on 12 October",
            ),
        ),
        "areas": (
            AreaOfNeed(
                area="Communication and interaction",
                strengths=(
                    Observation(
                        text="Listens closely and remembers stories she has heard",
                        source="Ms Vine",
                        on=date(2026, 9, 25),
                    ),
                ),
                difficulties=(
                    Observation(
                        text="Finds the right word slowly, in Polish as well as in English",
                        source="Report of the speech and language therapist",
                        on=date(2025, 10, 3),
                    ),
                ),
            ),
            AreaOfNeed(
                area="Cognition and learning",
                strengths=(
                    Observation(text="Works hard at her reading graph", source="Mrs Tuck", on=date(2026, 10, 2)),
                ),
                difficulties=(
                    Observation(
                        text="Reads long words by guessing from the first letters",
                        source="Ms Vine",
                        on=date(2026, 9, 29),
                    ),
                ),
            ),
            AreaOfNeed(area="Social, emotional and mental health"),
            AreaOfNeed(area="Sensory and/or physical"),
        ),
        "health": (Fact("Hearing", "Test on 3 June 2025: within the usual range"), Fact("Medication", "None")),
        "events": (
            Event(on=date(2021, 9, 6), kind="Admission", text="Joined Reception; spoke Polish only"),
            Event(
                on=date(2024, 5, 20),
                kind="Concern",
                text="Ms Ashby asked the SENCO to look at Zofia's reading",
                source="Note by Ms Ashby",
            ),
            Event(on=date(2024, 9, 9), kind="SEN support", text="Put on the register after talking with Mrs Szymańska"),
            Event(on=date(2025, 8, 14), kind="Professional", text="Educational psychologist saw Zofia at school"),
            Event(on=date(2026, 7, 9), kind="Review", text="Next step: consider an EHC needs assessment"),
        ),
        "cycles": tuple(cycle(i, reviewed=i < 5) for i in range(6)),
        "series": _series(),
        "professionals": (
            Professional(
                name="Dr Ömer Yıldız",
                role="Educational psychologist",
                service="Dorset Educational Psychology Service",
                question="Why does reading not grow when phonics does?",
                referred_on=date(2025, 4, 4),
                seen_on=(date(2025, 8, 14), date(2026, 3, 12)),
                report_on=date(2025, 9, 1),
                advice=(
                    Advice(
                        text="Teach words in maps of meaning, not in lists, for ten minutes on each day.",
                        who="Mrs Tuck",
                        status="Acted on",
                        effect="Zofia names twice as many topic words.",
                    ),
                    Advice(text="Let her answer after ten seconds of silence.", who="All adults", status="In the plan"),
                ),
            ),
            Professional(
                name="Ffion Łuczak-O'Neill",
                role="Speech and language therapist",
                service="Dorset HealthCare",
                referred_on=date(2025, 4, 8),
                seen_on=(date(2025, 10, 1),),
                report_on=date(2025, 10, 3),
                closed_on=date(2026, 2, 2),
                advice=(Advice(text="Screen for word-finding again in spring 2027.", status="Not acted on yet"),),
            ),
            Professional(
                name="Mr Řezníček", role="Specialist teacher", service="Outreach", referred_on=date(2026, 9, 30)
            ),
        ),
        "gaps": (
            GapLine(
                limb=Limb.ATTAINMENT.label,
                line="Attainment with dates and tests",
                state=GapState.PRESENT,
                words="Four measures",
                anchors=("measures", "measure-reading"),
            ),
            GapLine(
                limb=Limb.ATTAINMENT.label,
                line="Rate of progress",
                state=GapState.PARTIAL,
                words="No comparison with the class since 2025",
                anchors=("measures", cycle_anchor(5)),
            ),
            GapLine(
                limb=Limb.ACTION.label,
                line="Cycles of assess, plan, do and review",
                state=GapState.PRESENT,
                words="Five reviewed, two of them from paper",
                anchors=tuple(cycle_anchor(n) for n in range(1, 7)),
            ),
            GapLine(
                limb=Limb.WIDER.label,
                line="Advice from health",
                state=GapState.MISSING,
                words="Advice of 3 October 2025 has not been acted on",
                anchors=("professionals",),
            ),
            GapLine(
                limb=Limb.VIEWS.label,
                line="Preparing for adulthood",
                state=GapState.NOT_APPLICABLE,
                words="From Year 9",
            ),
        ),
        "consents": (
            Consent(
                kind="The request being made",
                who="Małgorzata Szymańska",
                answer="Agreed",
                on=date(2026, 10, 21),
                signed_how="Signed on paper",
                note="Explained by the interpreter",
            ),
            Consent(kind="Sharing information with the authority", who="Siôn O'Brien", answer="Asked, no answer yet"),
        ),
        "costs": Costs(
            period="Twelve months to 4 November 2026",
            lines=(
                CostLine(
                    name="Precision reading 1:1",
                    planned=64_820,
                    delivered=52_110,
                    working="60 minutes a week, 38 weeks, £17.0579 an hour",
                ),
                CostLine(name="Talk group of six", planned=10_803, working="60 minutes a week, 38 weeks, six pupils"),
            ),
            planned=75_623,
            delivered=52_110,
            rates="Rates: Dorset Council, valid from 1 April 2026",
            note="A comparison, not a pass mark.",
        ),
        "attendance": Attendance(
            periods=(
                AttendancePeriod(
                    name="2024 to 2025",
                    start=date(2024, 9, 3),
                    end=date(2025, 7, 22),
                    possible=380,
                    authorised=21,
                    unauthorised=2,
                    percent="93.9 %",
                ),
                AttendancePeriod(
                    name="Autumn 2026",
                    start=date(2026, 9, 2),
                    end=date(2026, 10, 23),
                    possible=74,
                    authorised=3,
                    unauthorised=0,
                    percent="95.9 %",
                ),
            ),
            suspensions=(
                Suspension(on=date(2025, 3, 6), days="half a day", reason="Left the school site in distress"),
            ),
            remarks="Absences cluster on Mondays with a reading assembly.",
        ),
        "sought": (
            SoughtOutcome(
                area="Communication and interaction",
                statement="By the end of Year 6 Zofia explains what she has learnt to somebody who was not there.",
                by_when="July 2028",
                source="Meeting of 21 October",
            ),
        ),
        "aspirations": "Zofia wants to be a vet for foxes & owls.",
        "provision_sought": "A weekly programme written and checked by a speech and language therapist.",
        "documents": (
            Attachment(
                number=1,
                title="Psychological advice: Zofia Szymańska",
                kind="Professional's report",
                author="Dr Ömer Yıldız",
                on=date(2025, 9, 1),
                pages=9,
                limbs=(Limb.NEEDS.label,),
            ),
            Attachment(
                number=2,
                title="Speech and language report",
                kind="Professional's report",
                author="Ffion Łuczak-O'Neill",
                on=date(2025, 10, 3),
                pages=5,
            ),
        ),
        "declaration": Declaration(
            statement="To the best of our knowledge this is a fair and balanced picture of the pupil and of the "
            "support given.",
            headteacher="Geraint Ap Huw",
            senco="Hannah Legg",
        ),
    }
    return PackContent(**(fields | changes))  # type: ignore[arg-type]
