"""One record of every kind about one pupil, Zofia, for asking each route about it."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Advice, Concern, ConcernAction, Involvement, Measurement, Observation, View
from graduated.db.clock import now, today
from graduated.db.machinery import Job, Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.models import DisclosureBuild, InformationRequest
from graduated.do.models import DeliveredSession, GroupCover, Presence
from graduated.ehcna.models import NarrativeAsked, PackBuild, PackFile
from graduated.erasure.models import ErasureOrder
from graduated.imports.models import ImportFile
from graduated.people.models import Invitation, Membership, RoleProposal, StaffGroup
from graduated.people.models_devices import SchoolDevice
from graduated.plan.models import (
    Asked,
    Cycle,
    Group,
    Outcome,
    Place,
    PlanTranslation,
    Provision,
    Responsibility,
    Strategy,
)
from graduated.planning.models import PlanningDecision, PlanningItem, PlanningMeeting
from graduated.pupils.models import (
    Adult,
    Assignment,
    Attendance,
    Bar,
    Document,
    FamilyLink,
    Health,
    PartTime,
    Profile,
    SenStatusSpell,
    Suspension,
)
from graduated.pupils.models_restricted import RestrictedNote, RestrictedRelease
from graduated.request.models import AssessmentRequest
from graduated.retention.models import DestructionOrder, LegalHold
from graduated.review.models import ActionItem, PaperGiven, Review
from graduated.rules import vocabulary as v
from graduated.rules.retention import RecordClass
from graduated.school.authorities import FOLDER
from graduated.school.models import AuthorityFile, Intervention, Measure, Rate, RateCard, Term
from graduated.transfer.making import make as make_bundle
from graduated.transfer.models import TransferIn, TransferOut, TransferUpload
from tests.support.world import World

TOKEN = "a-token-that-nobody-was-given"


def make(app: Flask, world: World) -> dict[str, Any]:
    """Write the records; the values that fill the arguments of every address."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Scene made"):
        return _make(app, world)


def _add(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)


def _first(statement: Any) -> int:
    return int(db.session.scalars(statement).first())


def _make(app: Flask, world: World) -> dict[str, Any]:
    pupil, lead, ta = world.pupils["zofia"], world.users["lead"], world.users["ta"]
    start = today() - timedelta(days=60)
    measure = _first(select(Measure.id).order_by(Measure.id))
    kind = _first(select(Intervention.id).order_by(Intervention.id))
    stored = app.extensions["files"].put([b"%PDF-1.4 a report"])
    report = _add(
        Document(pupil_id=pupil, kind=v.DocumentKind.REPORT, title="Report of the educational psychologist",
                 dated=start, sha256=stored.sha256, size=stored.size, media_type="application/pdf",
                 preview_sha256=stored.sha256)
    )  # fmt: skip
    shared = _add(
        Document(pupil_id=pupil, kind=v.DocumentKind.LETTER, title="Letter home", dated=start, sha256=stored.sha256,
                 size=stored.size, media_type="application/pdf", visibility=v.Visibility.FAMILY)
    )  # fmt: skip
    _add(Assignment(user_id=lead, pupil_id=pupil, source=v.AssignmentSource.LEAD, reason="Cycle 2", starts=start))
    _add(Profile(pupil_id=pupil, number=1, good_at="Drawing", written_on=start))
    cycles = _cycles(pupil, lead, start)
    group = _add(
        Group(intervention_id=kind, name="Talk group", staff_id=ta, starts=start, weekdays=[0, 2], at=time(13, 30),
              minutes=30, times_a_week=2)
    )  # fmt: skip
    place = _add(Place(pupil_id=pupil, group_id=group, starts=start))
    session = _add(DeliveredSession(group_id=group, held_on=today(), minutes=30, state=v.SessionState.DELIVERED))
    _add(Presence(pupil_id=pupil, delivered_session_id=session, present=True, minutes=30))
    involvement = _add(Involvement(pupil_id=pupil, service="Educational psychology", seen_on=start))
    link = _first(select(FamilyLink.id).where(FamilyLink.adult_id == world.adults["parent"]))
    return {
        **cycles,
        **_plan_parts(pupil, cycles["cycle_id"], cycles["draft_cycle_id"], place, kind),
        **_reviews(pupil, cycles),
        **(requests := _requests(pupil, stored.sha256)),
        **_words(pupil, requests["request_id"], world.users["teacher"]),
        **_concern(pupil),
        **_background(pupil),
        **_planning(pupil),
        **_restricted(pupil, lead),
        **_information(pupil, world.adults["parent"], stored),
        **_leaving(pupil),
        "post_id": _add(Post(recipient="anna@example.org", subject="A message from the school", body="Sign in")),
        "given_id": _given(pupil, cycles["cycle_id"], world.adults["parent"], stored),
        **_office(world, app.extensions["files"].put([b"UPN,Surname"]).sha256),
        "pupil_id": pupil, "document_id": report, "family_document_id": shared,
        "closed_document_id": _add(
            Document(pupil_id=pupil, kind=v.DocumentKind.OTHER, title="Minutes", dated=start, sha256=stored.sha256,
                     size=stored.size, media_type="application/pdf", visibility=v.Visibility.RESTRICTED)
        ),
        "group_id": group, "session_id": session, "place_id": place,
        "cover_id": _add(
            GroupCover(group_id=group, user_id=world.users["other_teacher"], on=today() + timedelta(days=1))
        ),
        "translation_id": _add(
            PlanTranslation(pupil_id=pupil, cycle_id=cycles["cycle_id"], document_id=shared, language="Polish",
                            approved_by="Hannah Legg", approved_on=start, amendment_id=0)
        ),
        "involvement_id": involvement, "family_link_id": link, "measure_id": measure, "intervention_id": kind,
        "advice_id": _add(
            Advice(pupil_id=pupil, involvement_id=involvement, recommendation="Teach topic words first", given_on=start)
        ),
        "measurement_id": _add(
            Measurement(pupil_id=pupil, measure_id=measure, taken_on=start, value=Decimal(81),
                        respondent=v.Respondent.TEST)
        ),
        "view_id": _add(
            View(pupil_id=pupil, whose=v.ViewOf.PUPIL, method=v.ViewMethod.CONVERSATION, text="I like drawing",
                 given_on=start)
        ),
        "observation_id": _add(
            Observation(pupil_id=pupil, kind=v.ObservationKind.STRENGTH, area=v.NeedArea.SEMH, text="Kind",
                        source="Ms Vine", seen_on=start)
        ),
        "spell_id": _first(select(SenStatusSpell.id).where(SenStatusSpell.pupil_id == pupil)),
        "assignment_id": _first(select(Assignment.id).where(Assignment.pupil_id == pupil)),
        "bar_id": _first(select(Bar.id).where(Bar.pupil_id == pupil)), "hold_id": _hold(pupil),
        "rate_card_id": _rate_card(start), "authority_file_id": _own_profile(),
        "provider": "google",
        "token": TOKEN, "letter": "invitation", "section": "needs", "number": 1, "year": today().year,
        "who": str(world.adults["parent"]),
    }  # fmt: skip


def _concern(pupil: int) -> dict[str, int]:
    concern = _add(Concern(pupil_id=pupil, raised_by="Ms Vine", raised_on=today(), text="Tires after ten minutes"))
    agreed = _add(ConcernAction(pupil_id=pupil, concern_id=concern, what="A break at ten minutes", who="Ms Vine"))
    return {"concern_id": concern, "agreed_id": agreed}


def _background(pupil: int) -> dict[str, int]:
    """One entry of each kind beyond the cycles."""
    start, ends = today() - timedelta(days=40), today() - timedelta(days=20)
    attendance = Attendance(pupil_id=pupil, starts=start, ends=ends, possible=28, authorised=2, unauthorised=0)
    part_time = PartTime(pupil_id=pupil, starts=start, hours=Decimal("12.5"), reason="After an operation")
    suspension = Suspension(pupil_id=pupil, starts=start, days=Decimal("1.5"), reason="Threw a chair")
    return {
        "attendance_id": _add(attendance), "part_time_id": _add(part_time), "suspension_id": _add(suspension),
        "health_id": _add(Health(pupil_id=pupil, kind="diagnosis", detail="Asthma")),
    }  # fmt: skip


def _planning(pupil: int) -> dict[str, int]:
    """She was spoken of at a planning meeting."""
    meeting = _add(PlanningMeeting(guests=[["Educational psychology", "Dr Nair"]], on=today()))
    item = _add(PlanningItem(pupil_id=pupil, meeting_id=meeting, reasons=["The review asked for advice."]))
    decision = _add(
        PlanningDecision(pupil_id=pupil, item_id=item, decided=v.Decided.OBSERVE, decided_on=today(),
                         service="Educational psychology", by_name=True)
    )  # fmt: skip
    return {"planning_id": meeting, "planning_item_id": item, "planning_decision_id": decision}


def _restricted(pupil: int, lead: int) -> dict[str, int]:
    """The safeguarding lead wrote a note; something of hers was released to her lead teacher once, and no longer is."""
    note = _add(RestrictedNote(pupil_id=pupil, noted_on=today(), text="Said something at lunch"))
    past = today() - timedelta(days=3)
    released = RestrictedRelease(pupil_id=pupil, restricted_note_id=note, user_id=lead, reason="A meeting", starts=past,
                                 ends=past)  # fmt: skip
    return {"restricted_note_id": note, "restricted_release_id": _add(released)}


def _information(pupil: int, mother: int, stored: Any) -> dict[str, int]:
    """Her mother asked for everything that is kept, and the bundle is built."""
    asked = InformationRequest(
        pupil_id=pupil, kind=v.InformationKind.SUBJECT_ACCESS, received_on=today(), how=v.InformationHow.SPOKEN,
        asked_by=v.InformationBy.PARENT, adult_id=mother, from_name="Anna Szymańska",
    )  # fmt: skip
    request = _add(asked)
    _add(
        DisclosureBuild(pupil_id=pupil, information_request_id=request, built_at=now(), builder_name="Hannah Legg",
                        sha256=stored.sha256, size=stored.size, pages=1, records=1, papers=0)
    )  # fmt: skip
    return {"information_id": request}


def _rate_card(start: date) -> int:
    card = _add(RateCard(source="Dorset Council rates", valid_from=start))
    _add(Rate(rate_card_id=card, role=v.Role.SUPPORT, pounds_an_hour=Decimal("17.2368")))
    return card


def _own_profile() -> int:
    text = (FOLDER / "code.toml").read_text(encoding="utf-8").replace('code = "code"', 'code = "wessex"')
    return _add(AuthorityFile(code="wessex", number=1, name="Wessex", text=text, saved_by="Hannah Legg"))


def _hold(pupil: int) -> int:
    """A safeguarding hold on an uncle."""
    uncle = _add(Adult(forename="Piotr", surname="Nowak"))
    link = _add(
        FamilyLink(pupil_id=pupil, adult_id=uncle, relationship=v.Relationship.OTHER, parental_responsibility=False,
                   lives_with=False, may_view=True)
    )  # fmt: skip
    hold = Bar(
        pupil_id=pupil, family_link_id=link, kind=v.BarKind.HOLD, starts=today(), ends=today() + timedelta(days=28)
    )
    return _add(hold)


def _cycles(pupil: int, lead: int, start: date) -> dict[str, int]:
    old = Cycle(pupil_id=pupil, number=1, status=v.CycleStatus.REVIEWED, starts=start - timedelta(days=100),
                ends=start, lead_id=lead, agreed_on=start - timedelta(days=98))  # fmt: skip
    agreed = Cycle(pupil_id=pupil, number=2, status=v.CycleStatus.AGREED, starts=start, lead_id=lead,
                   agreed_on=start, sent_on=start, review_due=today() + timedelta(days=3),
                   meeting_at=now() + timedelta(days=3))  # fmt: skip
    draft = Cycle(pupil_id=pupil, number=3, status=v.CycleStatus.DRAFT, starts=today(), lead_id=lead)
    return {"old_cycle_id": _add(old), "cycle_id": _add(agreed), "draft_cycle_id": _add(draft)}


def _plan_parts(pupil: int, agreed: int, draft: int, place: int, kind: int) -> dict[str, int]:
    parts: dict[str, int] = {}
    for name, cycle in (("", agreed), ("draft_", draft)):
        parts[f"{name}outcome_id"] = _add(
            Outcome(pupil_id=pupil, cycle_id=cycle, area=v.NeedArea.COMMUNICATION, statement="Asks for help in class")
        )
        parts[f"{name}provision_id"] = _add(
            Provision(pupil_id=pupil, cycle_id=cycle, intervention_id=kind, name="Talk group", minutes=30,
                      times_a_week=2, weeks=10, starts=today() - timedelta(days=60),
                      place_id=place if cycle == agreed else None)
        )  # fmt: skip
        parts[f"{name}strategy_id"] = _add(Strategy(pupil_id=pupil, cycle_id=cycle, text="Count to ten"))
        parts[f"{name}responsibility_id"] = _add(
            Responsibility(pupil_id=pupil, cycle_id=cycle, who=v.Responsible.PARENT, text="Word cards")
        )
    return parts


def _reviews(pupil: int, cycles: dict[str, int]) -> dict[str, int]:
    sealed = _add(Review(pupil_id=pupil, cycle_id=cycles["old_cycle_id"], held_on=today() - timedelta(days=60),
                         with_parent=True, from_paper=True))  # fmt: skip
    action = _add(ActionItem(pupil_id=pupil, review_id=sealed, what="Move nearer the front", who="Ms Vine"))
    db.session.scalars(select(Review).where(Review.id == sealed)).one().status = v.ReviewStatus.SEALED
    db.session.flush()
    review = _add(Review(pupil_id=pupil, cycle_id=cycles["cycle_id"]))
    order = ErasureOrder(pupil_id=pupil, table_name="action_item", row_id=action, field="what", review_id=sealed,
                         kind=v.ByLaw.ERASE, reason="Written by mistake", advised_by="Ola Reyes, 3 November",
                         asked_by="Hannah Legg")  # fmt: skip
    return {
        "erasure_order_id": _add(order),
        "sealed_review_id": sealed,
        "review_id": review,
        "action_id": action,
        "reviewed_cycle_id": cycles["cycle_id"],
        "asked_id": _asked(pupil, cycles["cycle_id"]),
    }


def _leaving(pupil: int) -> dict[str, int]:
    """Her record was made ready for another school, and one that came is noted."""
    out = make_bundle(pupil, "Harbour Academy", "Hannah Legg")
    row = db.session.scalars(select(TransferOut).where(TransferOut.id == out)).one()
    came = TransferIn(pupil_id=pupil, bundle_sha256="0" * 64, from_school="Swanage First", from_urn="100005", seals=0,
                      made_on=today(), brought_on=today(), brought_by="Hannah Legg", counts={"cycle": 2})  # fmt: skip
    upload = TransferUpload(sha256=row.sha256, size=row.size, filename="record.zip")
    hold = LegalHold(pupil_id=pupil, reason="A complaint", placed_by="Hannah Legg", starts=today())
    order = DestructionOrder(pupil_id=pupil, record_class=RecordClass.SEN, due_on=today(), asked_by="Hannah Legg")
    return {
        "transfer_out_id": out, "transfer_in_id": _add(came), "arrival": _add(upload), "legal_hold_id": _add(hold),
        "destruction_order_id": _add(order),
    }  # fmt: skip


def _given(pupil: int, cycle_id: int, adult_id: int, stored: Any) -> int:
    """Her plan was handed to her mother."""
    return _add(
        PaperGiven(pupil_id=pupil, kind=v.PaperKind.PLAN, title="Support plan 2", cycle_id=cycle_id, adult_id=adult_id,
                   how=v.GivenHow.HANDED, given_on=today(), sha256=stored.sha256, size=stored.size)
    )  # fmt: skip


def _asked(pupil: int, cycle_id: int) -> int:
    """One who works with her was asked to contribute to the review."""
    return _add(
        Asked(
            pupil_id=pupil,
            cycle_id=cycle_id,
            user_id=_first(select(Assignment.user_id).where(Assignment.pupil_id == pupil)),
            asked_on=today(),
        )
    )


def _requests(pupil: int, sha256: str) -> dict[str, int]:
    request = _add(AssessmentRequest(pupil_id=pupil, opened_on=today()))
    job = _add(Job(kind="pack", payload={"pupil_id": pupil, "request_id": request}))
    build = _add(
        PackBuild(pupil_id=pupil, assessment_request_id=request, job_id=job, built_at=now(), builder_name="Hannah Legg",
                  manifest={}, manifest_sha256="0" * 64, sha256=sha256, size=17, pages=1)
    )  # fmt: skip
    file = _add(
        PackFile(pupil_id=pupil, pack_build_id=build, kind=v.PackFileKind.ZIP, sha256=sha256, size=17,
                 media_type="application/zip")
    )  # fmt: skip
    return {"request_id": request, "job_id": job, "build_id": build, "pack_file_id": file}


def _words(pupil: int, request: int, teacher: int) -> dict[str, int]:
    """A teacher was asked for words for one section."""
    asked = _add(
        NarrativeAsked(pupil_id=pupil, assessment_request_id=request, section="needs", user_id=teacher,
                       role="class teacher", asked_on=today(), answer_by=today() + timedelta(days=7))
    )  # fmt: skip
    return {"words_asked_id": asked, "words_owed_id": asked}


def _office(world: World, sha256: str) -> dict[str, int]:
    membership = _first(select(Membership.id).where(Membership.user_id == world.users["other_teacher"]))
    device = SchoolDevice(
        name="Tablet, Year 3", token_hash=f"d{world.school_id:063d}", expires_on=today() + timedelta(days=90)
    )
    return {
        "device_id": _add(device),
        "term_id": _first(select(Term.id).order_by(Term.id)),
        "membership_id": membership,
        "member_id": world.users["other_teacher"],
        "staff_group_id": _add(StaffGroup(user_id=world.users["other_teacher"], kind="registration", name="2A")),
        "invitation_id": _add(
            Invitation(token_hash=f"{world.school_id:064d}", role=v.Role.TEACHER, email="new@purbeck.example.org",
                       expires_at=now() + timedelta(days=7))
        ),
        "proposal_id": _add(
            RoleProposal(name="Bethan Cobb", email="bethan@purbeck.example.org", role=v.Role.HEAD,
                         recorded_by_id=world.users["teacher"])
        ),
        "upload": _add(ImportFile(kind="pupils", filename="roll.csv", sha256=sha256, size=17)),
    }  # fmt: skip
