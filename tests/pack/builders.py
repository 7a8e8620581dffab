"""A pupil as a school would record her: Zofia Szymańska, six cycles, two of them from paper."""

from __future__ import annotations

from datetime import date

from graduated.pack.content import (
    Advice,
    AreaOfNeed,
    Attachment,
    Attendance,
    AttendancePeriod,
    Consent,
    CostLine,
    Costs,
    Declaration,
    Event,
    Fact,
    GapLine,
    Narrative,
    Observation,
    PackContent,
    PreviousRequest,
    Professional,
    Profile,
    Request,
    SoughtOutcome,
    Suspension,
    View,
    cycle_anchor,
)
from graduated.rules.vocabulary import GapState, Limb

from .builders_cycles import cycle
from .builders_measures import series
from .builders_people import ADULTS, BUILDER, CONTACTS, HASH, MOMENT, PUPIL, SCHOOL

__all__ = ["ADULTS", "BUILDER", "CONTACTS", "HASH", "MOMENT", "PUPIL", "SCHOOL", "content", "cycle"]


def content(**changes: object) -> PackContent:
    """The whole pack of Zofia; `changes` replace fields."""
    fields: dict[str, object] = {
        "school": SCHOOL,
        "pupil": PUPIL,
        "request": Request(
            asked_by="School, together with Mrs Szymańska",
            authority="Dorset Council",
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
        "series": series(),
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
                    percent="93.9%",
                ),
                AttendancePeriod(
                    name="Autumn 2026",
                    start=date(2026, 9, 2),
                    end=date(2026, 10, 23),
                    possible=74,
                    authorised=3,
                    unauthorised=0,
                    percent="95.9%",
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
