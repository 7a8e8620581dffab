"""The plan in words that a tired parent understands: short sentences, no labels of the trade (domain §5).

What is said here is ours and is said in the language of the page. What the school wrote (the name of some help, of a
measure) stands apart, because it is shown as written and marked with its own language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from graduated.family.queries import Figure, OutcomeFacts, ProvisionFacts, RequestFacts
from graduated.rules.clock import DECISION_WEEKS
from graduated.rules.dosage import Dose
from graduated.rules.gathered import Gathered
from graduated.rules.progress import Progress, ProgressState, Value, format_value, progress
from graduated.rules.vocabulary import (
    Censor,
    Decided,
    MeasureKind,
    NextStep,
    ProvisionKind,
    ProvisionVerdict,
    RequestBy,
    RequestStatus,
    ViewMethod,
)
from graduated.web.languages import N_, in_language, label, ngettext, say_date, say_number
from graduated.web.languages import gettext as _

_TIMES = {
    1: N_("once a week"),
    2: N_("twice a week"),
    3: N_("three times a week"),
    4: N_("four times a week"),
    5: N_("every school day"),
}
_STATES = {
    ProgressState.MET: N_("There already"),
    ProgressState.TOWARDS: N_("Moving the right way"),
    ProgressState.WITHIN_ERROR: N_("About the same, as far as the test can tell"),
    ProgressState.NO_CHANGE: N_("No change yet"),
    ProgressState.AWAY: N_("Further away than at the start"),
    ProgressState.KEPT: N_("Kept up"),
    ProgressState.NOT_KEPT: N_("Not kept up"),
}
_SHARES = (
    (90, N_("Nearly there")),
    (71, N_("Three quarters of the way")),
    (59, N_("Two thirds of the way")),
    (42, N_("Halfway")),
    (29, N_("A third of the way")),
    (18, N_("A quarter of the way")),
    (1, N_("A little of the way")),
)
STEPS: dict[NextStep, str] = {
    NextStep.COME_OFF: N_("There has been good progress. The extra help ends. We keep an eye on how things go."),
    NextStep.ANOTHER_CYCLE: N_("There has been some progress. The help goes on with a new plan."),
    NextStep.SPECIALIST: N_(
        "There has been little progress so far. We ask a specialist what could help. The help at school goes on."
    ),
    NextStep.CONSIDER_EHCNA: N_(
        "There are serious concerns. We may ask the local authority to look closely at what is needed. The law calls "
        "this an EHC needs assessment. The help goes on while we wait."
    ),
}
VERDICTS = {
    ProvisionVerdict.CONTINUE: N_("This goes on."),
    ProvisionVerdict.CHANGE: N_("This changes."),
    ProvisionVerdict.STOP: N_("This stops."),
}
SPECIALISTS: dict[Decided, str] = {
    Decided.CONSULT: N_("The school talks with the specialist about what helps."),
    Decided.OBSERVE: N_("The specialist comes to school and sees how things go."),
    Decided.ASSESS: N_("The specialist looks more closely at what is hard and what helps."),
    Decided.TRAIN: N_("School staff get training."),
    Decided.PARENTS: N_("The specialist meets the parents or carers."),
    Decided.WAIT: N_("No specialist comes for now. We look at it again."),
    Decided.CLOSE: N_("The work with this specialist is finished."),
}
HOW_SAID = {
    ViewMethod.CONVERSATION: N_("in a conversation"),
    ViewMethod.WRITTEN: N_("in writing"),
    ViewMethod.DRAWING: N_("by drawing, cards or pictures"),
    ViewMethod.MEETING: N_("at the meeting"),
    ViewMethod.PHONE: N_("on the telephone"),
    ViewMethod.INTERPRETER: N_("with an interpreter"),
    ViewMethod.ATTEMPTED: N_("asked for, none given"),
}
ROLES_THERE = (
    N_("Class teacher"),
    N_("Teaching assistant"),
    N_("Deputy headteacher"),
    N_("Educational psychologist"),
    N_("Speech and language therapist"),
    N_("Interpreter"),
)
"""What people at meetings are, as schools write it; anything else stands as the school wrote it."""
LANGUAGES_ASKED = (N_("BSL"), N_("British Sign Language"))
_TITLES = (
    (re.compile(r"Support plan (\d+)"), N_("Support plan %(number)s")),
    (re.compile(r"Review of support plan (\d+)"), N_("Review of support plan %(number)s")),
)
REQUESTS: dict[RequestStatus, str] = {
    RequestStatus.SENT: N_("The authority has been asked for an assessment and has not decided yet."),
    RequestStatus.AGREED: N_("The authority has agreed to an assessment."),
    RequestStatus.REFUSED: N_(
        "The authority has refused an assessment. You can appeal. Its letter says how, and by when."
    ),
    RequestStatus.NO_PLAN: N_("The assessment is done. The authority has not issued a plan. You can appeal."),
    RequestStatus.PLAN_ISSUED: N_("The authority has issued an EHC plan."),
}
ASKED_BY = {
    RequestBy.SCHOOL: N_("The school asked on %(day)s."),
    RequestBy.PARENT: N_("A parent or carer asked on %(day)s."),
    RequestBy.YOUNG_PERSON: N_("The young person asked on %(day)s."),
}


@dataclass(frozen=True, slots=True)
class Going:
    """How an outcome is going: what was measured, the figures in a sentence, a bar where one means something."""

    measure: str
    sentence: str
    percent: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Help:
    """Something that happens at school: its name as the school wrote it, how often and with whom, and what was had."""

    name: str
    how: str
    had: str
    is_over: bool


def say_value(value: Value, kind: MeasureKind) -> str:
    """A figure as people write it in the language of the page; an age stays 8:03."""
    if kind is MeasureKind.AGE:
        return format_value(value, kind)
    sign = {Censor.BELOW: "<", Censor.ABOVE: ">", None: ""}[value.censor]
    return sign + say_number(value.number)


def going(outcome: OutcomeFacts, figures: tuple[Figure, ...], by_when: str) -> Going:
    """From, now, hope; and how far that is, where a share of the way means anything."""
    if outcome.kind is None or outcome.baseline is None:
        return Going("", _("We hope for this by %(day)s.", day=by_when) if by_when else "", None, "")
    now = latest(outcome, figures)
    way = progress(
        outcome.kind,
        outcome.direction,  # type: ignore[arg-type]  # a measure with a kind has a direction
        Value(outcome.baseline),
        None if outcome.target is None else Value(outcome.target),
        now.value if now else None,
        outcome.error,
        outcome.tolerance if outcome.maintain else None,
    )
    parts = [
        _("%(figure)s at the start.", figure=say_value(Value(outcome.baseline), outcome.kind)),
        _("Now it is %(figure)s.", figure=say_value(now.value, outcome.kind))
        if now
        else _("It has not been measured again yet."),
        _hope(outcome, outcome.kind, by_when),
    ]
    return Going(outcome.measure, " ".join(part for part in parts if part), way.percent, way_words(way) if now else "")


def _hope(outcome: OutcomeFacts, kind: MeasureKind, by_when: str) -> str:
    if outcome.maintain:
        return _("We hope to keep it there.")
    if outcome.target is None:
        return ""
    figure = say_value(Value(outcome.target), kind)
    if by_when:
        return _("We hope for %(figure)s by %(day)s.", figure=figure, day=by_when)
    return _("We hope for %(figure)s.", figure=figure)


def counted(outcome: OutcomeFacts, figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The figures after the baseline, by the measure's own respondent where there is one."""
    own = [one for one in figures if one.respondent is outcome.respondent] or list(figures)
    return tuple(one for one in own if outcome.baseline_on is None or one.taken_on > outcome.baseline_on)


def latest(outcome: OutcomeFacts, figures: tuple[Figure, ...]) -> Figure | None:
    """The newest of them."""
    later = counted(outcome, figures)
    return later[-1] if later else None


def way_words(way: Progress) -> str:
    """A share of the way as people say it."""
    percent = way.percent
    if percent is None or percent <= 0 or percent >= 100:
        return in_language(_STATES.get(way.state, ""))
    return in_language(next(words for least, words in _SHARES if percent >= least))


def at_school(provision: ProvisionFacts, dose: Dose | None) -> Help:
    """What happens at school, how often, with whom, and how much of it has happened so far."""
    parts = []
    if provision.times_a_week:
        if provision.minutes:
            parts.append(ngettext("%(num)d minute", "%(num)d minutes", provision.minutes))
        parts.append(_often(provision.times_a_week))
        if provision.kind is ProvisionKind.IN_CLASS:
            parts.append(_("in lessons"))
        if provision.who:
            parts.append(_("with %(who)s", who=provision.who))
        if provision.group_size > 1:
            parts.append(_("in a group of %(number)d", number=provision.group_size))
    how = ", ".join(parts)
    is_over = provision.stopped_on is not None
    return Help(provision.name, f"{how[:1].upper()}{how[1:]}." if how else "", "" if is_over else had(dose), is_over)


def _often(times: int) -> str:
    said = _TIMES.get(times)
    return in_language(said) if said else ngettext("%(num)d time a week", "%(num)d times a week", times)


def had(dose: Dose | None) -> str:
    """Totals only: how many times it happened, how many were missed, and of how many nobody wrote anything."""
    if dose is None or not dose.logged or not dose.sessions_planned_to_date:
        return ""
    words = ngettext(
        "It has happened %(had)d time out of %(num)d so far.",
        "It has happened %(had)d times out of %(num)d so far.",
        dose.sessions_planned_to_date,
        had=dose.sessions_delivered,
    )
    if dose.sessions_missed:
        words += " " + ngettext("%(num)d was missed.", "%(num)d were missed.", dose.sessions_missed)
    if dose.sessions_not_recorded:
        words += " " + ngettext(
            "%(num)d was not written down.", "%(num)d were not written down.", dose.sessions_not_recorded
        )
    return words


def request_words(facts: RequestFacts) -> str:
    """Where a request stands."""
    words = REQUESTS.get(facts.status)
    return in_language(words) if words else label(facts.status)


def request_dates(facts: RequestFacts) -> tuple[str, ...]:
    """The days of a request, a sentence each."""
    lines = []
    if facts.sent_on:
        lines.append(_(ASKED_BY[facts.asked_by], day=say_date(facts.sent_on)))
    if facts.received_on:
        lines.append(_("The authority received it on %(day)s.", day=say_date(facts.received_on)))
    if facts.status is RequestStatus.SENT and facts.received_on and not facts.decided_on:
        limit = facts.received_on + timedelta(weeks=DECISION_WEEKS)
        lines.append(_("The law says it should decide by %(day)s.", day=say_date(limit)))
    if facts.decided_on:
        lines.append(_("It decided on %(day)s.", day=say_date(facts.decided_on)))
    return tuple(lines)


def said_line(text: str, found: tuple[Gathered, ...]) -> str:
    """How and when somebody's words were said, in a line: at the meeting unless they were recorded before it."""
    if not text.strip():
        return ""
    lines = []
    for one in found:
        parts = [say_date(one.on), in_language(HOW_SAID[one.method])]
        if one.asked_by:
            parts.append(_("asked by %(name)s", name=one.asked_by))
        lines.append(", ".join(parts))
    said = "; ".join(dict.fromkeys(lines)) or in_language(HOW_SAID[ViewMethod.MEETING])
    return said[:1].upper() + said[1:]


def paper_title(title: str) -> str | None:
    """The title of a paper that the program itself named, in the language of the page; none of any other."""
    for pattern, words in _TITLES:
        found = pattern.fullmatch(title)
        if found:
            return _(words, number=found[1])
    return None
