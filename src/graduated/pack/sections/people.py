"""The pupil, the family, their views and what they agreed to."""

from __future__ import annotations

from graduated.pack.content import (
    HEALTH,
    PROFILE,
    TYPES_OF_NEED,
    Adult,
    Consent,
    Contact,
    PackContent,
    Pupil,
    Section,
)
from graduated.pack.flow import Flow
from graduated.pack.sections.common import dated, narratives, views
from graduated.pack.ways import mail
from graduated.pack.wording import NOT_RECORDED, day, yes_no


def pupil(flow: Flow, content: PackContent, title: str) -> None:
    """Who the pupil is, and the one-page profile."""
    flow.section(title, Section.PUPIL)
    child = content.pupil
    flow.facts(_identity(child, content.for_family))
    flow.heading(3, "Types of need", TYPES_OF_NEED, listed=False)
    if not child.needs:
        flow.text("No type of need is recorded.")
    flow.facts(
        (
            "Primary need" if need.rank == 1 else f"Need {need.rank}",
            "\n".join(part for part in (need.label, need.area, dated("Since", need.since)) if part),
        )
        for need in sorted(child.needs, key=lambda need: need.rank)
    )
    if content.health:
        flow.heading(3, "Health", HEALTH, listed=False)
        flow.facts((fact.label, fact.text) for fact in content.health)
    _profile(flow, content)
    narratives(flow, content, Section.PUPIL)


def _identity(child: Pupil, for_family: bool) -> list[tuple[str, str]]:
    if for_family:
        address = "Left out of this copy"
    else:
        address = "Kept confidential by the school" if child.address_withheld else child.address
    rows = [
        ("Legal name", child.legal_name),
        *([("Known as", child.known_as)] if child.known_as not in ("", child.legal_name) else []),
        ("Date of birth", day(child.born) if child.born else ""),
        ("UPN", child.upn),
        ("Sex", child.sex),
        ("Year", child.year),
        ("Registration group", child.registration_group),
        ("SEN status", f"{child.status}\n{dated('Since', child.status_since)}"),
        ("First language", child.first_language),
        ("English as an additional language", yes_no(child.eal)),
        ("Interpreter or signing", child.interpreter),
        ("Pupil premium", yes_no(child.pupil_premium)),
        ("Service family", yes_no(child.service_family)),
        ("Ethnicity", child.ethnicity),
        ("Religion", child.religion),
        ("NHS number", child.nhs_number),
        ("Address", address),
        ("Care", child.care_status),
        ("Admitted", day(child.admitted) if child.admitted else ""),
        ("Previous schools", "\n".join(child.previous_schools)),
    ]
    return rows + [(fact.label, fact.text) for fact in child.other]


def _profile(flow: Flow, content: PackContent) -> None:
    flow.heading(3, "One-page profile", PROFILE, listed=False)
    if content.profile is None:
        flow.text("No one-page profile is recorded.")
        return
    for part in content.profile.parts:
        flow.labelled(part.label, part.text)
    flow.small(" · ".join(part for part in (dated("Dated", content.profile.on), content.profile.by) if part))


def family(flow: Flow, content: PackContent, title: str) -> None:
    """The adults; how to reach them only in the authority's copy, and never what is to be kept confidential."""
    flow.section(title, Section.FAMILY)
    if not content.adults:
        flow.text("No adult of the family is recorded.")
    contacts = {} if content.for_family else {contact.name: contact for contact in content.contacts}
    for adult in content.adults:
        flow.text(adult.name, flow.styles.strong)
        flow.facts([*_adult(adult), *_contact(contacts.pop(adult.name, None))])
    for left in contacts.values():
        flow.text(left.name, flow.styles.strong)
        flow.facts(_contact(left))
    if content.for_family:
        flow.text("Addresses, telephone numbers and e-mail addresses are left out of this copy.")
    narratives(flow, content, Section.FAMILY)


def _adult(adult: Adult) -> list[tuple[str, str]]:
    return [
        ("Relationship", adult.relationship),
        ("Parental responsibility", yes_no(adult.parental_responsibility)),
        ("Lives with the pupil", yes_no(adult.lives_with_pupil)),
        ("Language", adult.language),
        ("Interpreter", adult.interpreter),
    ]


def _contact(contact: Contact | None) -> list[tuple[str, str]]:
    if contact is None:
        return []
    if contact.withheld:
        return [("Contact", "Kept confidential by the school")]
    return [("Address", contact.address), ("Telephone", contact.telephone), ("E-mail", mail(contact.email))]


def all_views(flow: Flow, content: PackContent, title: str) -> None:
    """Views outside the reviews; those given at a review stand with it."""
    flow.section(title, Section.VIEWS)
    narratives(flow, content, Section.VIEWS)
    for label, words in (("Pupil", "No pupil's views are recorded."), ("Parent", "No parent's views are recorded.")):
        at_reviews = (view for cycle in content.cycles for review in cycle.reviews for view in review.views)
        if not any(view.whose.startswith(label) for view in (*content.views, *at_reviews)):
            flow.text(words)
    views(flow, content.views, anchored=True)


def _confided(consent: Consent, content: PackContent) -> str:
    return "" if content.for_family else consent.in_confidence


def consents(flow: Flow, content: PackContent, title: str) -> None:
    """Who agreed to what, when and how."""
    flow.section(title, Section.CONSENTS)
    narratives(flow, content, Section.CONSENTS)
    if not content.consents:
        flow.text("No agreement of the family is recorded.")
        return
    rows = [
        (
            "\n".join(part for part in (consent.kind, consent.note, _confided(consent, content)) if part),
            consent.who,
            "\n".join(part for part in (consent.answer, consent.signed_how) if part),
            day(consent.on) if consent.on else NOT_RECORDED,
        )
        for consent in content.consents
    ]
    flow.table(("Asked about", "Who", "Answer", "Date"), rows, (36, 24, 22, 18))
