"""The agenda of a planning meeting with link professionals, and who may be spoken of by name there.

Seeds 000 and 003: each school has a link educational psychologist, specialist teacher and speech and language
therapist, met once a term. Code 6.58 to 6.62: specialists are asked when a pupil makes little or no progress, parents
are always involved in that decision, and what was discussed and agreed is recorded and shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from graduated.rules.calendar import plain_date
from graduated.rules.professionals import ReportAge, Wait, WaitFor
from graduated.rules.vocabulary import AgendaGroup, ConsentAnswer, Decided, Naming, NextStep, SpecialistPath, inside

LINK_SERVICES = ("Educational psychology", "Specialist teaching", "Speech and language therapy")
"""The three that every school of seed 000 has a link with."""

PRESSING = (AgendaGroup.STEP, AgendaGroup.REQUEST, AgendaGroup.STUCK, AgendaGroup.FOLLOW_UP)
"""What is proposed with its box ticked; the rest waits to be chosen. Ours, to keep an agenda short."""

_KINDS = ("educational psych", "specialist teach", "speech")
_NO_WAIT = Wait(WaitFor.NOTHING)
_ORDER = {group: number for number, group in enumerate(AgendaGroup)}


@dataclass(frozen=True, slots=True)
class Known:
    """A service's involvement with a pupil: what it waits for, its newest report, the days of advice left undone.

    `heard_on` is when it last saw the pupil or reported; `parents_agree` is none where that is not recorded.
    """

    service: str
    wait: Wait = _NO_WAIT
    reported_on: date | None = None
    age: ReportAge | None = None
    open_advice: tuple[date, ...] = ()
    heard_on: date | None = None
    review_id: int | None = None
    parents_agree: bool | None = None
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class LastReview:
    """The newest sealed review: what it decided, and how specialist advice was to go on."""

    review_id: int
    held_on: date
    step: NextStep
    path: SpecialistPath | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """An outcome that was less than expected at the last two reviews."""

    statement: str
    before: date
    last: date


@dataclass(frozen=True, slots=True)
class Owed:
    """A decision of an earlier planning meeting that is not done yet."""

    decided: Decided
    service: str
    met_on: date
    by_when: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the records hold of one pupil that may bring them to a planning meeting.

    `considering_since`: a request for an EHC needs assessment is thought about and not sent. `concern`: the day it was
    raised and the day, come or passed, on which its plan of action was to be looked at again.
    """

    pupil_id: int
    name: str
    known: tuple[Known, ...] = ()
    review: LastReview | None = None
    stuck: tuple[Stuck, ...] = ()
    owed: tuple[Owed, ...] = ()
    considering_since: date | None = None
    concern: tuple[date, date | None] | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in plain words; `since` puts the older first."""

    group: AgendaGroup
    words: str
    since: date


@dataclass(frozen=True, slots=True)
class Proposal:
    """A pupil proposed for the agenda with every reason, the most pressing first."""

    pupil_id: int
    name: str
    reasons: tuple[Reason, ...]

    @property
    def group(self) -> AgendaGroup:
        """The group under which the pupil stands: that of the most pressing reason."""
        return self.reasons[0].group

    @property
    def is_pressing(self) -> bool:
        """Whether the box is ticked to begin with."""
        return self.group in PRESSING

    @property
    def words(self) -> tuple[str, ...]:
        """The reasons as sentences."""
        return tuple(one.words for one in self.reasons)


def same_service(first: str, second: str) -> bool:
    """Whether two names mean one service: the same words, or the same of the three link services (seed 000)."""
    one, other = first.strip().casefold(), second.strip().casefold()
    return one == other or any(kind in one and kind in other for kind in _KINDS)


def propose(everybody: Iterable[Facts], services: Iterable[str], today: date) -> tuple[Proposal, ...]:
    """Who is proposed for a meeting with these services, and why; most pressing first, then longest waiting, then name.

    What hangs on one service (waiting, advice, an old report) is a reason only where that service comes to the meeting.
    """
    guests = tuple(services)
    found = []
    for facts in everybody:
        reasons = [one for rule in _RULES for one in rule(facts, guests, today)]
        if reasons:
            reasons.sort(key=lambda one: (_ORDER[one.group], one.since))
            found.append(Proposal(facts.pupil_id, facts.name, tuple(reasons)))
    return tuple(
        sorted(found, key=lambda one: (_ORDER[one.group], one.reasons[0].since, one.name.casefold(), one.pupil_id))
    )


def _here(facts: Facts, guests: tuple[str, ...]) -> list[Known]:
    return [one for one in facts.known if any(same_service(one.service, guest) for guest in guests)]


def _step(facts: Facts, guests: tuple[str, ...], _today: date) -> list[Reason]:
    """The last sealed review asked for specialist advice, and no guest has seen the pupil since (seed 004, step 3)."""
    review = facts.review
    if review is None or review.step is not NextStep.SPECIALIST or review.path is SpecialistPath.DECLINED:
        return []
    here = _here(facts, guests)
    referred = [one for one in facts.known if one.review_id == review.review_id]
    if referred and not any(one in here for one in referred):
        return []  # the referral went to a service that does not come
    if any(one.heard_on is not None and one.heard_on >= review.held_on for one in here):
        return []
    words = f"The review of {plain_date(review.held_on)} decided to ask for specialist advice."
    return [Reason(AgendaGroup.STEP, words, review.held_on)]


def _request(facts: Facts, _guests: tuple[str, ...], _today: date) -> list[Reason]:
    """An assessment request is thought about: what the service knows bears on it (Code 9.14)."""
    since = facts.considering_since
    if since is None:
        return []
    words = f"A request for an EHC needs assessment is being considered, since {plain_date(since)}."
    return [Reason(AgendaGroup.REQUEST, words, since)]


def _stuck(facts: Facts, _guests: tuple[str, ...], _today: date) -> list[Reason]:
    """An outcome was less than expected at two reviews running (Code 6.58: little or no progress)."""
    return [
        Reason(
            AgendaGroup.STUCK,
            f"Less than expected at two reviews running ({plain_date(one.before)} and {plain_date(one.last)}): "
            f"“{one.statement}”",
            one.before,
        )
        for one in facts.stuck
    ]


def _follow_up(facts: Facts, guests: tuple[str, ...], today: date) -> list[Reason]:
    """What an earlier meeting with the same service decided and nobody has said is done."""
    found = []
    for one in facts.owed:
        if any(same_service(one.service, guest) for guest in guests):
            until = "" if one.by_when is None else f", by {plain_date(one.by_when)}"
            late = " That day has passed." if one.by_when is not None and one.by_when < today else ""
            words = f"Decided on {plain_date(one.met_on)}: {one.decided.inside}{until}. Not recorded as done.{late}"
            found.append(Reason(AgendaGroup.FOLLOW_UP, words, one.by_when or one.met_on))
    return found


_WAITS: Mapping[WaitFor, str] = {
    WaitFor.REFERRAL: "To be referred to {service}{day}; not done yet.",
    WaitFor.VISIT: "Referred to {service}{day}; not seen yet.",
    WaitFor.REPORT: "Seen by {service}{day}; no report yet.",
}


def _waiting(facts: Facts, guests: tuple[str, ...], today: date) -> list[Reason]:
    """A referral, a visit or a report is still to come."""
    found = []
    for one in _here(facts, guests):
        if one.wait.what is WaitFor.NOTHING:
            continue
        preposition = "by" if one.wait.what is WaitFor.REFERRAL else "on"
        day = "" if one.wait.on is None else f" {preposition} {plain_date(one.wait.on)}"
        words = _WAITS[one.wait.what].format(service=inside(one.service), day=day)
        found.append(Reason(AgendaGroup.WAITING, words, one.wait.on or today))
    return found


def _advice(facts: Facts, guests: tuple[str, ...], _today: date) -> list[Reason]:
    """Advice was given, and nobody has acted on it, planned it or said why not (Code 6.58 to 6.62)."""
    found = []
    for one in _here(facts, guests):
        if one.open_advice:
            since, number = min(one.open_advice), len(one.open_advice)
            noun = "One recommendation" if number == 1 else f"{number} recommendations"
            words = f"{noun} of {inside(one.service)} not acted on, since {plain_date(since)}."
            found.append(Reason(AgendaGroup.ADVICE, words, since))
    return found


def _old_report(facts: Facts, guests: tuple[str, ...], _today: date) -> list[Reason]:
    """The newest report has reached a limit of the authority (domain §2.5, line 19); a diagnosis never does."""
    return [
        Reason(
            AgendaGroup.OLD_REPORT,
            f"The report of {inside(one.service)} of {plain_date(one.reported_on)} is {one.age.words}.",
            one.reported_on,
        )
        for one in _here(facts, guests)
        if one.reported_on is not None and one.age is not None and one.age.is_old
    ]


def _concern(facts: Facts, _guests: tuple[str, ...], today: date) -> list[Reason]:
    """A concern's plan of action was tried and is to be looked at again (seed 004, before SEN support)."""
    if facts.concern is None:
        return []
    raised, again = facts.concern
    when = "to be looked at again" if again is None else f"due to be looked at again since {plain_date(again)}"
    words = f"Concern of {plain_date(raised)}: what was agreed is {when}."
    return [Reason(AgendaGroup.CONCERN, words, again or today)]


_RULES: tuple[Callable[[Facts, tuple[str, ...], date], list[Reason]], ...] = (
    _step, _request, _stuck, _follow_up, _waiting, _advice, _old_report, _concern,
)  # fmt: skip


def stuck_outcomes(
    before: tuple[date, Mapping[int, str]] | None,
    last: tuple[date, Mapping[int, str]] | None,
    continues: Mapping[int, int | None],
) -> tuple[Stuck, ...]:
    """Outcomes less than expected at both of the last two sealed reviews, an outcome followed through its wordings.

    Each review is its day and the outcomes judged less or much less than expected there, by id; `continues` leads from
    an outcome to the one that it carries on.
    """
    if before is None or last is None:
        return ()
    return tuple(
        Stuck(statement, before[0], last[0])
        for outcome_id, statement in last[1].items()
        if outcome_id in before[1] or continues.get(outcome_id) in before[1]
    )


def agreed_before(known: Iterable[Known], services: Iterable[str]) -> bool | None:
    """What parents said of these services' involvement: agreed to each, refused one, or not recorded (none).

    Only of what is still going on: an agreement ends with the involvement that it was given for.
    """
    running = [one for one in known if not one.is_closed]
    said = [
        [one.parents_agree for one in running if one.parents_agree is not None and same_service(one.service, guest)]
        for guest in services
    ]
    if any(False in each for each in said):
        return False
    return True if said and all(said) else None


def naming(
    answers: Iterable[tuple[bool, ConsentAnswer]], before: bool | None = None, *, rights_passed: bool = False
) -> Naming:
    """Whether a pupil may be named to somebody from outside: only with a recorded agreement, and one refusal decides.

    `answers` are the newest of each person, with whether it was the young person. Once the rights are theirs (domain
    §3.9) only their own answer counts. `before` is what parents said of the same service's involvement.
    """
    counted = [answer for by_pupil, answer in answers if by_pupil or not rights_passed]
    if ConsentAnswer.REFUSED in counted:
        return Naming.REFUSED
    if ConsentAnswer.GIVEN in counted:
        return Naming.AGREED
    if ConsentAnswer.ASKED in counted:
        return Naming.WAITING
    if before is None or rights_passed:
        return Naming.NOT_ASKED
    return Naming.AGREED if before else Naming.REFUSED


def why_not_decided(decided: Decided, named: Naming) -> str:
    """Why this cannot be decided for this pupil; empty when it can (Code 6.58 to 6.62: parents are always involved).

    Not asked yet stops nothing: it is decided, and the parents are asked before the service comes.
    """
    if decided.meets_the_family and named is Naming.REFUSED:
        return (
            f"The family did not agree, so {decided.inside} cannot be decided. Talk with them first, or choose "
            "consultation or training without a name"
        )
    return ""


def opens_involvement(decided: Decided, named: Naming) -> bool:
    """Whether the decision starts a service's involvement with this pupil; talk without a name does not."""
    return decided.starts_involvement and (decided.meets_the_family or named is Naming.AGREED)
