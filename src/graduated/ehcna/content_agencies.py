"""Needs by area, professionals and their advice, attendance, papers, and the chronology."""

from __future__ import annotations

from collections.abc import Iterator

from graduated.assess.queries import AdviceRow, InvolvementRow
from graduated.ehcna.attachments import in_order
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.pupils.background import period_of
from graduated.pupils.queries_background import PartTimeRow
from graduated.rules.attendance import whole_words
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import NeedArea, ObservationKind

_ENDS_FIRST = "Review"
"""The review that ends a cycle is told before the cycle that begins on the same day."""


def areas(records: Records) -> tuple[pack.AreaOfNeed, ...]:
    """Strengths and difficulties in each area that has any, oldest first."""
    found = []
    for area in NeedArea:
        mine = sorted(
            (one for one in records.observations if one.area is area),
            key=lambda one: (one.seen_on, one.observation_id),
        )
        if not mine:
            continue
        told = {
            kind: tuple(
                pack.Observation(
                    text=one.text,
                    source=one.source + (", brought forward from paper" if one.from_paper else ""),
                    on=one.seen_on,
                )
                for one in mine
                if one.kind is kind
            )
            for kind in ObservationKind
        }
        found.append(
            pack.AreaOfNeed(
                area=area.label,
                strengths=told[ObservationKind.STRENGTH],
                difficulties=told[ObservationKind.DIFFICULTY],
            )
        )
    return tuple(found)


def professionals(records: Records) -> tuple[pack.Professional, ...]:
    """Each service's involvement with its advice, in the order in which they came."""
    rows = sorted(records.involvements, key=lambda one: one.involvement_id)
    return tuple(_professional(one) for one in rows)


def _professional(row: InvolvementRow) -> pack.Professional:
    agreed = {True: "The family agreed.", False: "The family did not agree.", None: ""}[row.parents_agree]
    return pack.Professional(
        name=row.person or row.service,
        service=row.service,
        question="\n".join(part for part in (row.question, agreed) if part),
        found=row.outcome_words,
        referred_on=row.referred_on,
        seen_on=(row.seen_on,) if row.seen_on else (),
        report_on=row.reported_on,
        closed_on=row.closed_on,
        advice=tuple(_advice(one) for one in row.advice),
    )


def _advice(row: AdviceRow) -> pack.Advice:
    last = row.done[-1] if row.done else None
    return pack.Advice(
        text=row.recommendation,
        who=last.who if last else "",
        status=row.status.label,
        done=last.text if last else "",
        effect=last.effect if last else "",
    )


def attendance(records: Records) -> pack.Attendance | None:
    """Attendance by period, part-time timetables, suspensions."""
    if not (records.attendance or records.part_times or records.suspensions):
        return None
    return pack.Attendance(
        whole=whole_words(one.period for one in records.attendance),
        periods=tuple(period_of(one) for one in records.attendance),
        part_time="\n\n".join(_part_time(one) for one in records.part_times),
        suspensions=tuple(
            pack.Suspension(
                on=one.starts, days=f"{one.words[:1].upper()}{one.words[1:]}", reason=one.reason, none=not one.days
            )
            for one in records.suspensions
        ),
    )


def _part_time(row: PartTimeRow) -> str:
    """A part-time timetable, line by line; what is not recorded is said to be so."""
    ends = f"to {plain_date(row.ends)}" if row.ends else "until further notice"
    agree = {True: "yes", False: "no", None: "not recorded"}[row.parents_agree]
    lines = [
        f"{plain_date(row.starts)} {ends}: {row.hours:f} hours a week in school",
        f"Reason: {row.reason}",
        f"Review: {plain_date(row.review_on) if row.review_on else 'no date is recorded'}",
        f"The parents agree: {agree}",
    ]
    return "\n".join([*lines, f"The way back to full time: {row.way_back}"] if row.way_back else lines)


def documents(records: Records) -> tuple[pack.Attachment, ...]:
    """The papers that may go with the pack, in order of date; restricted ones never get here."""
    return tuple(
        pack.Attachment(
            number=number, title=one.title, kind=one.kind.label, author=one.author, on=one.dated, pages=one.pages
        )
        for number, one in in_order(records)
    )


def events(records: Records) -> tuple[pack.Event, ...]:
    """The chronology, from the first concern to the request (domain §2.5, line 11)."""
    found = [*_status(records), *_cycles(records), *_agencies(records), *_requests(records)]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind != _ENDS_FIRST, one.kind, one.text)))


def _status(records: Records) -> Iterator[pack.Event]:
    if records.details.admitted_on:
        yield pack.Event(on=records.details.admitted_on, kind="School", text=f"Admitted to {records.school.name}")
    for concern in records.concerns:
        yield pack.Event(on=concern.raised_on, kind="Concern", text=concern.text, source=concern.raised_by)
    for spell in records.spells:
        yield pack.Event(
            on=spell.starts, kind="SEN status", text=spell.status.label, source=spell.reason or spell.source.label
        )
    for suspension in records.suspensions:
        if suspension.days:
            words = f"{suspension.words}: {suspension.reason}"
            yield pack.Event(on=suspension.starts, kind="Suspension", text=words)


def _cycles(records: Records) -> Iterator[pack.Event]:
    for plan in records.evidence_plans:
        cycle = plan.cycle
        yield pack.Event(on=cycle.starts, kind="Cycle", text=f"{cycle.name} began", source=cycle.mark)
        if cycle.agreed_on:
            yield pack.Event(on=cycle.agreed_on, kind="Cycle", text=f"{cycle.name} agreed with the family")
    status = records.head.status.value
    for review in records.reviews:
        if review.held_on:
            step = review.step.step.label_for(status) if review.step else ""
            text = f"Cycle {review.cycle_number} reviewed" + (f". {step}" if step else "")
            yield pack.Event(on=review.held_on, kind="Review", text=text)


def _agencies(records: Records) -> Iterator[pack.Event]:
    for row in records.involvements:
        who = f"{row.service}, {row.person}" if row.person else row.service
        for on, what in ((row.referred_on, "Referred"), (row.seen_on, "Seen"), (row.reported_on, "Report")):
            if on:
                yield pack.Event(on=on, kind="Professional", text=f"{what}: {who}")


def _requests(records: Records) -> Iterator[pack.Event]:
    for row in records.requests:
        source = "Brought forward from paper" if row.from_paper else ""
        dated = (
            (None if row.from_paper else row.opened_on, "Request opened at the school"),
            (row.sent_on, "Request sent to the authority"),
            (row.received_on, "Request received by the authority"),
            (row.decided_on, row.status.label),
        )
        for on, text in dated:
            if on:
                yield pack.Event(on=on, kind="Request", text=text, source=source)
