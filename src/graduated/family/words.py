"""The plan in words that a tired parent understands: short sentences, no labels of the trade (domain §5)."""

from __future__ import annotations

from dataclasses import dataclass

from graduated.family.queries import Figure, OutcomeFacts, ProvisionFacts, RequestFacts
from graduated.rules.dosage import Dose
from graduated.rules.progress import Progress, ProgressState, Value, format_value, progress
from graduated.rules.vocabulary import Decided, NextStep, ProvisionKind, ProvisionVerdict, RequestStatus

_TIMES = {1: "once a week", 2: "twice a week", 3: "three times a week", 4: "four times a week", 5: "every school day"}
_STATES = {
    ProgressState.MET: "There already",
    ProgressState.TOWARDS: "Moving the right way",
    ProgressState.WITHIN_ERROR: "About the same, as far as the test can tell",
    ProgressState.NO_CHANGE: "No change yet",
    ProgressState.AWAY: "Further away than at the start",
    ProgressState.KEPT: "Kept up",
    ProgressState.NOT_KEPT: "Not kept up",
}
_SHARES = (
    (90, "Nearly there"),
    (71, "Three quarters of the way"),
    (59, "Two thirds of the way"),
    (42, "Halfway"),
    (29, "A third of the way"),
    (18, "A quarter of the way"),
    (1, "A little of the way"),
)
STEPS: dict[NextStep, str] = {
    NextStep.COME_OFF: "There has been good progress. The extra help ends, and we keep an eye on how things go.",
    NextStep.ANOTHER_CYCLE: "There has been some progress. The help goes on with a new plan.",
    NextStep.SPECIALIST: "There has been little progress so far. We ask a specialist for advice, and the help goes on.",
    NextStep.CONSIDER_EHCNA: (
        "There are serious concerns. We are thinking of asking the authority for an education, health and care (EHC) "
        "needs assessment. The help goes on while we wait."
    ),
}
VERDICTS = {
    ProvisionVerdict.CONTINUE: "goes on",
    ProvisionVerdict.CHANGE: "changes",
    ProvisionVerdict.STOP: "stops",
}
SPECIALISTS: dict[Decided, str] = {
    Decided.CONSULT: "The school talks with the specialist about what helps.",
    Decided.OBSERVE: "The specialist comes to school and sees how things go.",
    Decided.ASSESS: "The specialist looks more closely at what is hard and what helps.",
    Decided.TRAIN: "School staff get training.",
    Decided.PARENTS: "The specialist meets the parents or carers.",
    Decided.WAIT: "No specialist comes for now. We look at it again.",
    Decided.CLOSE: "The work with this specialist is finished.",
}
REQUESTS: dict[RequestStatus, str] = {
    RequestStatus.SENT: "The authority has been asked for an assessment and has not decided yet.",
    RequestStatus.AGREED: "The authority has agreed to an assessment.",
    RequestStatus.REFUSED: "The authority has refused an assessment. You can appeal; its letter says how and by when.",
    RequestStatus.NO_PLAN: "The assessment is done and the authority has issued no plan. You can appeal.",
    RequestStatus.PLAN_ISSUED: "The authority has issued an EHC plan.",
}


@dataclass(frozen=True, slots=True)
class Going:
    """How an outcome is going: the figures in a sentence, a bar where one means something, its words."""

    sentence: str
    percent: int | None
    words: str


def going(outcome: OutcomeFacts, figures: tuple[Figure, ...], by_when: str) -> Going:
    """From, now, hope; and how far that is, where a share of the way means anything."""
    if outcome.kind is None or outcome.baseline is None:
        hope = f"We hope for this by {by_when}." if by_when else ""
        return Going(hope, None, "")
    now = _latest(outcome, figures)
    way = progress(
        outcome.kind,
        outcome.direction,  # type: ignore[arg-type]  # a measure with a kind has a direction
        Value(outcome.baseline),
        None if outcome.target is None else Value(outcome.target),
        now.value if now else None,
        outcome.error,
        outcome.tolerance if outcome.maintain else None,
    )
    start = format_value(Value(outcome.baseline), outcome.kind)
    parts = [f"{outcome.measure}: {start} at the start." if outcome.measure else f"{start} at the start."]
    parts.append(
        f"Now it is {format_value(now.value, outcome.kind)}." if now else "It has not been measured again yet."
    )
    if outcome.maintain:
        parts.append("We hope to keep it there.")
    elif outcome.target is not None:
        hope = f"We hope for {format_value(Value(outcome.target), outcome.kind)}"
        parts.append(f"{hope} by {by_when}." if by_when else f"{hope}.")
    return Going(" ".join(parts), way.percent, way_words(way) if now else "")


def _latest(outcome: OutcomeFacts, figures: tuple[Figure, ...]) -> Figure | None:
    """The newest figure after the baseline, by the measure's own respondent where there is one."""
    own = [one for one in figures if one.respondent is outcome.respondent] or list(figures)
    later = [one for one in own if outcome.baseline_on is None or one.taken_on > outcome.baseline_on]
    return later[-1] if later else None


def way_words(way: Progress) -> str:
    """A share of the way as people say it."""
    percent = way.percent
    if percent is None or percent <= 0 or percent >= 100:
        return _STATES.get(way.state, "")
    return next(words for least, words in _SHARES if percent >= least)


def at_school(provision: ProvisionFacts, first_name: str, dose: Dose | None) -> str:
    """What happens at school and how much of it has happened: "She had 39 of 48 so far" without a guess at she."""
    times = _TIMES.get(provision.times_a_week, f"{provision.times_a_week} times a week")
    with_whom = f" with {provision.who}" if provision.who else ""
    group = f", in a group of {provision.group_size}" if provision.group_size > 1 else ""
    how = "in lessons" if provision.kind is ProvisionKind.IN_CLASS else ""
    parts = [f"{provision.minutes} minutes" if provision.minutes else "", how]
    length = " ".join(part for part in parts if part)
    said = f"{provision.name}: {length}{with_whom}, {times}{group}." if provision.times_a_week else f"{provision.name}."
    if provision.stopped_on:
        return f"{said} This has stopped."
    return f"{said} {had(first_name, dose)}".strip()


def had(first_name: str, dose: Dose | None) -> str:
    """Totals only: how many times it happened, and that some were missed."""
    if dose is None or not dose.logged or not dose.sessions_planned_to_date:
        return ""
    words = f"{first_name} had {dose.sessions_delivered} of {dose.sessions_planned_to_date} so far."
    return f"{words} {dose.sessions_missed} were missed." if dose.sessions_missed > 1 else words


def request_words(facts: RequestFacts) -> str:
    """Where a request stands."""
    return REQUESTS.get(facts.status, facts.status.label)
