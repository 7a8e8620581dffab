"""A pupil with something in every field that a pack prints, in the words of `words.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from graduated.assess.models import Advice, AdviceAction, Concern, Involvement, Measurement, Observation, View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, Presence
from graduated.ehcna.models import Narrative
from graduated.plan.models import (
    Agreement,
    AgreementAdult,
    Amendment,
    Cycle,
    Group,
    Outcome,
    Place,
    Provision,
    ProvisionOutcome,
    Responsibility,
    Strategy,
)
from graduated.pupils.models import (
    Adult,
    Attendance,
    Document,
    FamilyLink,
    Health,
    PartTime,
    Profile,
    Pupil,
    Suspension,
)
from graduated.request.models import AssessmentRequest, Consent
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
)
from graduated.rules.vocabulary import (
    AdviceStatus,
    AgreementMethod,
    AmendmentKind,
    ConsentAnswer,
    ConsentKind,
    CycleOrigin,
    CycleStatus,
    Direction,
    DocumentKind,
    Evidencing,
    Judgement,
    MeasureKind,
    NeedArea,
    NextStep,
    ObservationKind,
    ProvisionVerdict,
    Relationship,
    RequestBy,
    RequestPath,
    RequestStatus,
    Respondent,
    Responsible,
    ReviewStatus,
    Role,
    SessionState,
    SignedHow,
    StrategyKind,
    ViewMethod,
    ViewOf,
    Visibility,
)
from graduated.school.models import Intervention, Measure, Rate, RateCard
from tests.ehcna.words import MARKUP, SECRET, TYPED, UPN
from tests.support.world import World


@dataclass(frozen=True)
class Rich:
    """Ids of what was made."""

    pupil_id: int
    request_id: int
    adult_id: int
    review_id: int
    cycle_id: int


def _add(row: object) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)  # type: ignore[attr-defined]


def _get(model: Any, row_id: int) -> Any:
    return db.session.scalars(select(model).where(model.id == row_id)).one()


def build_rich(world: World) -> Rich:
    """Fill Zofia's record; run as the system in the first school."""
    pupil_id = world.pupils["zofia"]
    day = today()
    with write("Rich record made"):
        _identity(pupil_id, day)
        adult_id = _family(world, pupil_id)
        _known(pupil_id, adult_id, day)
        cycle_id, review_id = _cycles(world, pupil_id, adult_id, day)
        request_id = _request(pupil_id, adult_id, review_id, day)
    return Rich(pupil_id, request_id, adult_id, review_id, cycle_id)


def _identity(pupil_id: int, day: date) -> None:
    pupil = _get(Pupil, pupil_id)
    pupil.upn, pupil.legal_forename, pupil.legal_surname = UPN, "Łucja", "Szymański-O'Brien"
    pupil.known_as, pupil.address, pupil.nhs_number = "Zosia", "7 Señora Close\nDorchester DT1 1ZZ", "9434765919"
    pupil.first_language, pupil.interpreter, pupil.eal = "Polish", "Polish, for letters too", True
    pupil.ethnicity, pupil.religion, pupil.pupil_premium = "White Eastern European", "Roman Catholic", True
    pupil.in_care, pupil.service_family, pupil.previous_schools = False, False, "Szkoła nr 4, Łódź\nSt Siân's Infants"
    pupil.admitted_on = date(day.year - 4, 9, 3)
    _add(
        Profile(
            pupil_id=pupil_id, number=1, written_on=day - timedelta(days=40), good_at=TYPED[29],
            important_to_me=TYPED[30], hard_for_me=TYPED[31], helps_me=TYPED[32], my_words=TYPED[33], hopes=TYPED[34],
        )
    )  # fmt: skip
    _add(Health(pupil_id=pupil_id, kind="diagnosis", detail=TYPED[27], since=day - timedelta(days=300)))
    _add(Suspension(pupil_id=pupil_id, starts=day - timedelta(days=90), days=Decimal("1.5"), reason=TYPED[41]))
    _add(
        Attendance(
            pupil_id=pupil_id, starts=day - timedelta(days=360), ends=day - timedelta(days=1), possible=380,
            authorised=20, unauthorised=3,
        )
    )  # fmt: skip
    _add(
        PartTime(
            pupil_id=pupil_id, starts=day - timedelta(days=20), hours=Decimal("12.5"), reason="After the operation",
            review_on=day + timedelta(days=10), way_back="Two more mornings each week", parents_agree=True,
        )
    )  # fmt: skip
    _paper(pupil_id, "Report of Dr Ŵyn Prýs", DocumentKind.REPORT, Visibility.STAFF, day - timedelta(days=60))
    _paper(pupil_id, f"{SECRET} conference minutes", DocumentKind.OTHER, Visibility.RESTRICTED, day)
    _paper(pupil_id, f"{SECRET} kept note", DocumentKind.OTHER, Visibility.KEPT, day)


def _paper(pupil_id: int, title: str, kind: DocumentKind, visibility: Visibility, dated: date) -> int:
    return _add(
        Document(
            pupil_id=pupil_id, kind=kind, title=title, dated=dated, author="Dr Ŵyn Prýs", sha256="ab" * 32, size=9,
            media_type="application/pdf", visibility=visibility,
        )
    )  # fmt: skip


def _family(world: World, pupil_id: int) -> int:
    adult = _get(Adult, world.adults["parent"])
    adult.title, adult.phone, adult.address, adult.language = "Mrs", "01305 550101", "7 Señora Close", "Polish"
    nan = _add(Adult(title="Mrs", forename="Zoë", surname="O'Brien", phone="01305 550199", address="1 Hidden Lane"))
    _add(
        FamilyLink(
            pupil_id=pupil_id, adult_id=nan, relationship=Relationship.GRANDPARENT, parental_responsibility=False,
            lives_with=False, may_view=False, contact_withheld=True,
        )
    )  # fmt: skip
    return int(adult.id)


def _known(pupil_id: int, adult_id: int, day: date) -> None:
    def seen(kind: ObservationKind, area: NeedArea, text: str) -> None:
        _add(
            Observation(
                pupil_id=pupil_id, kind=kind, area=area, text=text, source="Siân Vine", seen_on=day - timedelta(days=50)
            )
        )

    seen(ObservationKind.STRENGTH, NeedArea.COMMUNICATION, TYPED[2])
    seen(ObservationKind.DIFFICULTY, NeedArea.COMMUNICATION, TYPED[3])
    seen(ObservationKind.DIFFICULTY, NeedArea.SEMH, TYPED[28])
    seen(ObservationKind.STRENGTH, NeedArea.COGNITION, MARKUP)
    _add(
        View(
            pupil_id=pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.DRAWING, text=TYPED[14],
            given_on=day - timedelta(days=30), gathered_by="Zoë Tuck",
        )
    )  # fmt: skip
    _add(
        View(
            pupil_id=pupil_id, whose=ViewOf.PARENT, adult_id=adult_id, method=ViewMethod.PHONE, text=TYPED[15],
            given_on=day - timedelta(days=29), gathered_by="Hannah Legg",
        )
    )  # fmt: skip
    _add(
        View(
            pupil_id=pupil_id, whose=ViewOf.PARENT, adult_id=adult_id, method=ViewMethod.ATTEMPTED, text=TYPED[16],
            given_on=day - timedelta(days=200),
        )
    )  # fmt: skip
    _add(Concern(pupil_id=pupil_id, raised_by="Siân Vine", raised_on=day - timedelta(days=700), text=TYPED[0]))
    involved = _add(
        Involvement(
            pupil_id=pupil_id, service="Educational psychology", person="Dr Ŵyn Prýs", question=TYPED[23],
            referred_on=day - timedelta(days=120), seen_on=day - timedelta(days=80),
            reported_on=day - timedelta(days=60), parents_agree=True,
        )
    )  # fmt: skip
    advice = _add(
        Advice(
            pupil_id=pupil_id,
            involvement_id=involved,
            recommendation=TYPED[24],
            given_on=day - timedelta(days=60),
        )
    )
    _add(
        AdviceAction(
            pupil_id=pupil_id, advice_id=advice, status=AdviceStatus.DONE, who="Siân Vine", text=TYPED[25],
            effect=TYPED[26], on=day - timedelta(days=20),
        )
    )  # fmt: skip


def _measure() -> int:
    return _add(
        Measure(
            code="rich-errors", name="Errors in 100 words read aloud", kind=MeasureKind.COUNT,
            direction=Direction.DOWN, respondent=Respondent.TEACHER,
        )
    )  # fmt: skip


def _cycles(world: World, pupil_id: int, adult_id: int, day: date) -> tuple[int, int]:
    paper = _add(
        Cycle(
            pupil_id=pupil_id, number=1, origin=CycleOrigin.PAPER, status=CycleStatus.REVIEWED,
            starts=day - timedelta(days=500), ends=day - timedelta(days=380),
        )
    )  # fmt: skip
    old = _add(
        Outcome(
            pupil_id=pupil_id, cycle_id=paper, position=0, area=NeedArea.COGNITION, statement=TYPED[42],
            success="All week", by_when=day - timedelta(days=380),
        )
    )  # fmt: skip
    told = _add(
        Review(pupil_id=pupil_id, cycle_id=paper, held_on=day - timedelta(days=380), with_parent=True, from_paper=True)
    )
    _add(OutcomeJudgement(pupil_id=pupil_id, review_id=told, outcome_id=old, judgement=Judgement.LESS, reason=""))
    _add(NextStepTaken(pupil_id=pupil_id, review_id=told, step=NextStep.ANOTHER_CYCLE, reason="From the file"))
    _get(Review, told).status = ReviewStatus.SEALED
    db.session.flush()
    return _lived(world, pupil_id, adult_id, day, paper)


def _lived(world: World, pupil_id: int, adult_id: int, day: date, paper: int) -> tuple[int, int]:
    starts, reviewed = day - timedelta(days=120), day - timedelta(days=10)
    cycle = _add(
        Cycle(
            pupil_id=pupil_id, number=2, previous_id=paper, status=CycleStatus.REVIEWED, starts=starts, ends=reviewed,
            review_due=reviewed, lead_id=world.users["lead"], assess_summary=TYPED[0], sent_on=starts, agreed_on=starts,
        )
    )  # fmt: skip
    measure = _measure()
    outcome = _add(
        Outcome(
            pupil_id=pupil_id, cycle_id=cycle, position=0, area=NeedArea.COGNITION, statement=TYPED[4],
            success=TYPED[5], measure_id=measure, baseline=Decimal(14), baseline_on=starts, target=Decimal(5),
            by_when=day + timedelta(days=60), in_plain_words="Reading aloud with few mistakes",
        )
    )  # fmt: skip
    for ago, value in ((120, 14), (60, 11), (12, 8)):
        _add(
            Measurement(
                pupil_id=pupil_id, measure_id=measure, taken_on=day - timedelta(days=ago), value=Decimal(value),
                respondent=Respondent.TEACHER, administered_by="Siân Vine", form="Form B", note=TYPED[43],
            )
        )  # fmt: skip
    _add(Strategy(pupil_id=pupil_id, cycle_id=cycle, text=TYPED[7], who="Siân Vine", kind=StrategyKind.ORDINARY))
    _add(Responsibility(pupil_id=pupil_id, cycle_id=cycle, who=Responsible.PARENT, text=TYPED[8]))
    _add(Responsibility(pupil_id=pupil_id, cycle_id=cycle, who=Responsible.PUPIL, text=TYPED[6]))
    provision = _provision(world, pupil_id, cycle, starts, outcome, reviewed)
    agreement = _add(
        Agreement(
            pupil_id=pupil_id, cycle_id=cycle, agreed_on=starts, method=AgreementMethod.MEETING, note=TYPED[13],
            pupil_took_part=True,
        )
    )  # fmt: skip
    _add(AgreementAdult(pupil_id=pupil_id, agreement_id=agreement, adult_id=adult_id, answered=True))
    _add(
        Amendment(
            pupil_id=pupil_id, cycle_id=cycle, kind=AmendmentKind.DOSE, what=TYPED[10], before="10 minutes",
            after="15 minutes", why=TYPED[12], who="Hannah Legg", on=starts + timedelta(days=20),
        )
    )  # fmt: skip
    review = _review(world, pupil_id, cycle, reviewed, outcome, provision)
    return cycle, review


def _provision(world: World, pupil_id: int, cycle: int, starts: date, outcome: int, until: date) -> int:
    intervention = _add(Intervention(name="Rich reading"))
    group = _add(
        Group(
            intervention_id=intervention, name="Zoë's readers", staff_id=world.users["ta"], staff_role=Role.SUPPORT,
            starts=starts, minutes=15, times_a_week=2, weekdays=[0, 2],
        )
    )  # fmt: skip
    place = _add(Place(pupil_id=pupil_id, group_id=group, starts=starts))
    card = _add(RateCard(source="Dorset pay scale", valid_from=starts - timedelta(days=100)))
    _add(Rate(rate_card_id=card, role=Role.SUPPORT, pounds_an_hour=Decimal("17.2368")))
    provision = _add(
        Provision(
            pupil_id=pupil_id, cycle_id=cycle, place_id=place, intervention_id=intervention, name=TYPED[10],
            staff_role=Role.SUPPORT, minutes=15, times_a_week=2, weeks=12, group_size=3, starts=starts, ends=until,
            expected_impact=TYPED[9], evidencing=Evidencing.SESSION, rate_card_id=card,
        )
    )  # fmt: skip
    _add(ProvisionOutcome(pupil_id=pupil_id, provision_id=provision, outcome_id=outcome))
    day = starts + timedelta(days=(0 - starts.weekday()) % 7)
    for week in range(6):
        held_on = day + timedelta(days=7 * week)
        session = _add(
            DeliveredSession(
                group_id=group, held_on=held_on, minutes=15, state=SessionState.DELIVERED, note=f"{SECRET} staff note"
            )
        )
        _add(
            Presence(
                pupil_id=pupil_id, delivered_session_id=session, present=True, minutes=15, note=f"{SECRET} pupil note"
            )
        )
    return provision


def _review(world: World, pupil_id: int, cycle: int, held_on: date, outcome: int, provision: int) -> int:
    review = _add(
        Review(
            pupil_id=pupil_id, cycle_id=cycle, held_on=held_on, with_parent=True, pupil_present=True,
            pupil_views=TYPED[33], parent_views=TYPED[15], summary=TYPED[11], others_present="Dr Ŵyn Prýs",
        )
    )  # fmt: skip
    _add(Attendee(pupil_id=pupil_id, review_id=review, name="Anna Szymańska", role="Mother"))
    _add(
        OutcomeJudgement(
            pupil_id=pupil_id, review_id=review, outcome_id=outcome, judgement=Judgement.LESS, reason=TYPED[17]
        )
    )
    _add(
        ProvisionJudgement(
            pupil_id=pupil_id, review_id=review, provision_id=provision, verdict=ProvisionVerdict.CONTINUE,
            why=TYPED[18],
        )
    )  # fmt: skip
    _add(
        NextStepTaken(
            pupil_id=pupil_id, review_id=review, step=NextStep.CONSIDER_EHCNA, reason=TYPED[19],
            request=RequestPath.OPEN, request_words=TYPED[20], signposted=True,
        )
    )  # fmt: skip
    _add(ActionItem(pupil_id=pupil_id, review_id=review, what=TYPED[21], who="Siân Vine", by_when=held_on))
    _get(Review, review).status = ReviewStatus.SEALED
    db.session.flush()
    _add(Addendum(pupil_id=pupil_id, review_id=review, text=TYPED[22]))
    return review


def _request(pupil_id: int, adult_id: int, review_id: int, day: date) -> int:
    _add(
        AssessmentRequest(
            pupil_id=pupil_id, asked_by=RequestBy.PARENT, status=RequestStatus.REFUSED, from_paper=True,
            opened_on=day - timedelta(days=600), sent_on=day - timedelta(days=600),
            decided_on=day - timedelta(days=560), decision_words=TYPED[40], authority="dorset",
        )
    )  # fmt: skip
    request = _add(
        AssessmentRequest(
            pupil_id=pupil_id, review_id=review_id, opened_on=day - timedelta(days=9), authority="dorset",
            reason=f"{TYPED[35]}\n{MARKUP}", more_needed=TYPED[36], outcomes_sought=f"- {TYPED[37]}",
        )
    )  # fmt: skip
    _add(
        Consent(
            pupil_id=pupil_id, assessment_request_id=request, adult_id=adult_id, kind=ConsentKind.REQUEST,
            answer=ConsentAnswer.GIVEN, signed_how=SignedHow.PAPER, given_on=day - timedelta(days=5),
            copies_to=TYPED[39],
        )
    )  # fmt: skip
    _add(Narrative(pupil_id=pupil_id, assessment_request_id=request, section="needs", text=TYPED[38]))
    return request
