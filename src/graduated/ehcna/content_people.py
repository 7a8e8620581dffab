"""Who the pack is about: school, pupil, family, views, profile, health, request, agreements, declaration."""

from __future__ import annotations

from collections.abc import Iterable

from graduated.ehcna.facts import sought_lines
from graduated.ehcna.records import Records
from graduated.ehcna.signed import Signed, signed_of
from graduated.pack import content as pack
from graduated.people.queries import staff
from graduated.pupils.queries_background import HealthRow
from graduated.request.queries import ConsentRow, RequestRow, standing_consents
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import ConsentAnswer, HealthKind, Role, ViewOf
from graduated.school.queries_authority import profile_for


def school(records: Records) -> pack.School:
    """The school that sends the pack."""
    known = records.school
    return pack.School(
        name=known.name,
        urn=known.urn,
        establishment=known.dfe_number,
        phase=known.phase.label,
        address=known.address,
        telephone=known.phone,
    )


def pupil(records: Records) -> pack.Pupil:
    """Who the pupil is, as the school's record has it."""
    row, head = records.details, records.head
    return pack.Pupil(
        legal_name=f"{row.legal_forename} {row.legal_surname}",
        known_as=head.name,
        born=row.born_on,
        upn=row.upn or "",
        sex=row.sex.label if row.sex else "",
        year=row.year_group.label,
        registration_group=row.registration_group,
        status=head.status.label,
        status_since=head.status_since,
        needs=tuple(
            pack.Need(
                rank=need.rank,
                label=need.type.label,
                area=need.type.area.label if need.type.area else "",
                since=need.starts,
            )
            for need in records.needs
            if need.ends is None
        ),
        first_language=row.first_language,
        eal=row.eal,
        interpreter=row.interpreter,
        pupil_premium=row.pupil_premium,
        service_family=row.service_family,
        ethnicity=row.ethnicity,
        religion=row.religion,
        nhs_number=row.nhs_number,
        address=row.address,
        address_withheld=any(one.contact_withheld and one.lives_with for one in records.adults),
        care_status=_care(records),
        admitted=row.admitted_on,
        previous_schools=tuple(line.strip() for line in row.previous_schools.splitlines() if line.strip()),
    )


def _care(records: Records) -> str:
    row = records.details
    if row.in_care is None:
        return ""
    if not row.in_care:
        return "Not in care"
    return f"In care, {row.care_authority}" if row.care_authority else "In care"


def adults(records: Records) -> tuple[pack.Adult, ...]:
    """Everybody with parental responsibility and other carers; the young person's own link is not an adult's."""
    return tuple(
        pack.Adult(
            name=one.name,
            relationship=one.relationship.label,
            parental_responsibility=one.parental_responsibility,
            lives_with_pupil=one.lives_with,
            language=one.language,
            interpreter=one.interpreter,
        )
        for one in records.adults
    )


def contacts(records: Records) -> tuple[pack.Contact, ...]:
    """How to reach each adult; what is to be withheld never gets as far as the page."""
    return tuple(
        pack.Contact(name=one.name, withheld=True)
        if one.contact_withheld
        else pack.Contact(name=one.name, address=one.address, telephone=one.phone, email=one.email)
        for one in records.adults
    )


def views(records: Records) -> tuple[pack.View, ...]:
    """Views of the pupil and of each parent, oldest first."""
    found = sorted(records.views, key=lambda one: (one.given_on, one.view_id))
    return tuple(
        pack.View(
            whose=one.whose.label,
            person=records.head.name if one.whose is ViewOf.PUPIL else one.adult_name,
            how=one.method.label + (", brought forward from paper" if one.from_paper else ""),
            on=one.given_on,
            text="" if one.is_attempt else one.text,
            attempts=one.text if one.is_attempt else "",
            recorded_by=one.gathered_by or one.recorded_by,
        )
        for one in found
    )


def profile(records: Records) -> pack.Profile | None:
    """The one-page profile in force."""
    row = records.profile
    if row is None:
        return None
    parts = (
        ("What I am good at", row.good_at),
        ("What is important to me", row.important_to_me),
        ("What is hard for me", row.hard_for_me),
        ("What helps me", row.helps_me),
        ("In my own words", row.my_words),
        ("My hopes", row.hopes),
    )
    return pack.Profile(
        parts=tuple(pack.Fact(label, text) for label, text in parts if text.strip()),
        on=row.written_on,
        by=row.recorded_by,
    )


def health(records: Records) -> tuple[pack.Fact, ...]:
    """Health facts with their dates; that nothing is known, with the day on which it was asked."""
    return tuple(pack.Fact(one.label, _health(one)) for one in records.health)


def _health(row: HealthRow) -> str:
    # Another fact may be a test of one day as well as something that lasts: its date is given, and no more claimed.
    since = {HealthKind.NOTHING: "Asked on", HealthKind.OTHER: "Dated"}.get(row.kind, "Since")
    lines = [
        row.detail,
        f"{since} {plain_date(row.since)}" if row.since else "",
        f"Until {plain_date(row.until)}" if row.until else "",
    ]
    return "\n".join(line for line in lines if line)


def authority_name(row: RequestRow) -> str:
    """What a request's authority is called."""
    return profile_for(row.authority, row.authority_version).council or "The local authority"


def request(records: Records) -> pack.Request | None:
    """The request that the pack is built for."""
    row = records.request
    if row is None:
        return None
    return pack.Request(
        asked_by=row.asked_by.label,
        authority=authority_name(row),
        reason=row.reason,
        status=row.status.label,
        opened_on=row.opened_on,
        sent_on=row.sent_on,
        received_on=row.received_on,
        decided_on=row.decided_on,
    )


def previous_requests(records: Records) -> tuple[pack.PreviousRequest, ...]:
    """Earlier requests and what came of them, oldest first."""
    mine = records.request.request_id if records.request else None
    return tuple(_previous(row) for row in reversed(records.requests) if row.request_id != mine)


def _previous(row: RequestRow) -> pack.PreviousRequest:
    paper = "Brought forward from paper" if row.from_paper else ""
    return pack.PreviousRequest(
        asked_by=row.asked_by.label,
        authority=authority_name(row),
        made_on=row.sent_on or row.opened_on,
        decided_on=row.decided_on,
        outcome=row.status.label,
        note="\n".join(part for part in (row.decision_words, paper) if part),
    )


def consents(records: Records) -> tuple[pack.Consent, ...]:
    """Every answer, oldest first: who changed their mind is seen."""
    standing = standing_consents(records.consents)
    return tuple(
        pack.Consent(
            kind=one.kind.label,
            who=records.head.name if one.by_pupil else one.who,
            answer=one.answer.label,
            on=one.given_on,
            signed_how=one.signed_how.label if one.signed_how and one.answer is ConsentAnswer.GIVEN else "",
            note=_consent_note(records, one),
            in_confidence=f"Not to be shared with: {one.not_shared_with}" if one.not_shared_with else "",
            stands=one in standing,
        )
        for one in records.consents
    )


def _consent_note(records: Records, row: ConsentRow) -> str:
    """Who gets copies, how it was understood; and that rights have passed on since."""
    head = records.head
    parts = [
        f"Copies to: {row.copies_to}" if row.copies_to else "",
        f"How it was understood: {row.capacity}" if row.capacity else "",
    ]
    if records.has_rights and not row.by_pupil:
        parts.append(f"Since {plain_date(head.rights_pass_on)} {head.name} answers for themselves")
    return "\n".join(part for part in parts if part)


def sought(records: Records) -> tuple[pack.SoughtOutcome, ...]:
    """Outcomes sought, line by line as they were written."""
    lines = sought_lines(records.request.outcomes_sought) if records.request else []
    return tuple(pack.SoughtOutcome(area="", statement=line) for line in lines)


def aspirations(records: Records) -> str:
    """What the pupil hopes for, in their own words of the one-page profile, with its day."""
    row = records.profile
    if row is None or not row.hopes.strip():
        return ""
    return f"“{row.hopes.strip()}” ({records.head.name}, one-page profile, {plain_date(row.written_on)})"


def declaration(records: Records, words: str = "", *, one_is_enough: bool = False) -> pack.Declaration:
    """Who signs, and who has signed; what was signed is printed as it was signed, else `words` or the authority's.

    `one_is_enough`: when one of them has signed, nobody else is waited for.
    """
    both = signed_of(records, looks=())
    signed = [one for one in both if one.on is not None]
    return pack.Declaration(
        statement=_declared(signed) or words or records.profile_of_authority.declaration,
        headteacher=", ".join(one.name for one in staff(Role.HEAD)),
        senco=", ".join(one.name for one in staff(Role.SENCO)),
        signed=tuple(f"{one.who}, {one.label}, {plain_date(one.on)}{one.printed}" for one in signed if one.on),
        unsigned=() if one_is_enough and signed else tuple(one.label for one in both if one.on is None),
    )


def _declared(signed: Iterable[Signed]) -> str:
    """What was signed: once where all signed the same, else each statement below the name of who signed it."""
    kept = [one for one in signed if one.statement]
    if len({one.statement for one in kept}) < 2:
        return kept[0].statement if kept else ""
    return "\n\n".join(f"{one.who}, {one.label}, declared:\n{one.statement}" for one in kept)
