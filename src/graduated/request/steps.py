"""What can happen to a request, in which order, and what each step changes (domain §1.1, the clock)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import RequestStatus, Word


class StepRefused(ValueError):
    """The step cannot have happened so; the message says why."""


class Step(Word):
    """One thing that happens to a request."""

    SENT = "sent", "Sent to the authority"
    RECEIVED = "received", "The authority received it"
    REPLIED = "replied", "The school sent its information"
    AGREED = "agreed", "The authority agreed to assess"
    REFUSED = "refused", "The authority refused to assess"
    ADVICE_ASKED = "advice-asked", "The authority asked for the school's educational advice"
    ADVICE_SENT = "advice-sent", "The school sent its educational advice"
    NO_PLAN = "no-plan", "The authority decided to issue no plan"
    PLAN_ISSUED = "plan-issued", "The authority issued the plan"
    WITHDRAWN = "withdrawn", "Not going ahead"

    @property
    def column(self) -> str:
        """The date that the step fills."""
        return _COLUMNS[self]

    @property
    def leads_to(self) -> RequestStatus | None:
        """The status after the step; none when it stays."""
        return _LEADS_TO.get(self)


_COLUMNS: dict[Step, str] = {
    Step.SENT: "sent_on",
    Step.RECEIVED: "received_on",
    Step.REPLIED: "replied_on",
    Step.AGREED: "decided_on",
    Step.REFUSED: "decided_on",
    Step.ADVICE_ASKED: "advice_asked_on",
    Step.ADVICE_SENT: "advice_sent_on",
    Step.NO_PLAN: "ended_on",
    Step.PLAN_ISSUED: "ended_on",
    Step.WITHDRAWN: "ended_on",
}
_LEADS_TO: dict[Step, RequestStatus] = {
    Step.SENT: RequestStatus.SENT,
    Step.RECEIVED: RequestStatus.SENT,
    Step.AGREED: RequestStatus.AGREED,
    Step.REFUSED: RequestStatus.REFUSED,
    Step.NO_PLAN: RequestStatus.NO_PLAN,
    Step.PLAN_ISSUED: RequestStatus.PLAN_ISSUED,
    Step.WITHDRAWN: RequestStatus.WITHDRAWN,
}
_POSSIBLE: dict[RequestStatus, tuple[Step, ...]] = {
    RequestStatus.CONSIDERING: (Step.SENT, Step.RECEIVED, Step.WITHDRAWN),
    RequestStatus.DRAFT: (Step.SENT, Step.RECEIVED, Step.WITHDRAWN),
    RequestStatus.SENT: (Step.RECEIVED, Step.REPLIED, Step.AGREED, Step.REFUSED, Step.SENT, Step.WITHDRAWN),
    RequestStatus.AGREED: (
        Step.ADVICE_ASKED,
        Step.ADVICE_SENT,
        Step.NO_PLAN,
        Step.PLAN_ISSUED,
        Step.RECEIVED,
        Step.WITHDRAWN,
    ),
    # A refusal may be overturned by agreement, in mediation or on appeal (CFA 2014 s51).
    RequestStatus.REFUSED: (Step.AGREED,),
    RequestStatus.NO_PLAN: (Step.PLAN_ISSUED,),
}


@dataclass(frozen=True, slots=True)
class LetterDays:
    """The last days that a refusal letter gives the family; none where it was not read for them."""

    mediation_by: date | None = None
    appeal_by: date | None = None


def possible_steps(status: RequestStatus) -> tuple[Step, ...]:
    """What can be recorded next, the likeliest first; none after a plan, or when it was given up."""
    return _POSSIBLE.get(status, ())


def refusal(
    status: RequestStatus,
    sent_on: date | None,
    received_on: date | None,
    step: Step,
    on: date,
    today: date,
    advice_asked_on: date | None = None,
) -> str | None:
    """Why the step cannot have happened then, in a sentence; none when it can."""
    if step not in possible_steps(status):
        return f"“{step.label}” cannot follow “{status.label}”."
    if on > today:
        return "The date lies ahead; record it when it has happened."
    if step is Step.RECEIVED and sent_on is not None and on < sent_on:
        return f"It was sent on {plain_date(sent_on)}, so it cannot have been received before that."
    after_receipt = step not in {Step.SENT, Step.RECEIVED, Step.WITHDRAWN}
    if after_receipt and received_on is not None and on < received_on:
        return f"The authority received the request on {plain_date(received_on)}; this cannot lie before that."
    if step is Step.ADVICE_SENT and advice_asked_on is not None and on < advice_asked_on:
        return f"The advice was asked for on {plain_date(advice_asked_on)}, so it cannot have been sent before that."
    return None
