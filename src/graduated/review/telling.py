"""What sealing a review will do, in words, for the one page on which it is checked."""

from __future__ import annotations

from graduated.review.deciding import card_words, closes_cycle, foreseen
from graduated.review.sitting import Decided, Table
from graduated.rules.next_step import Consequences
from graduated.rules.vocabulary import NextStep, ProvisionVerdict, RequestPath, SenStatus, SpecialistPath
from graduated.web.filters import long_date

_FATES = {
    ProvisionVerdict.CONTINUE: "continues; its sessions go on counting until the next plan is agreed.",
    ProvisionVerdict.CHANGE: "changes; the draft holds a copy to be changed.",
    ProvisionVerdict.STOP: "stops.",
}


def step_cards(table: Table, asked_whom: str) -> dict[str, str]:
    """What each of the four steps would do for this pupil, by its code."""
    status, interim = table.head.status, table.record.interim
    return {step.value: card_words(step, status, table.next_number, interim, asked_whom) for step in NextStep}


def what_follows(table: Decided, asked_whom: str) -> list[str]:
    """Every consequence of the step that is chosen, one sentence each. The step must be chosen."""
    decision, record = table.decision, table.record
    if decision.step is None:
        return []
    then = foreseen(decision.step, table.head.status, decision, record.interim)
    lines = [_register_line(table, then)]
    number = table.plan.cycle.number
    if not closes_cycle(decision.step, record.interim):
        lines.append(f"Cycle {number} goes on to its own review; no new plan opens.")
    else:
        lines.append(f"Cycle {number} closes on {long_date(record.held_on)}.")
        lines += _next_cycle_lines(table, then)
    lines += _path_lines(table, then, asked_whom)
    if decision.step is NextStep.COME_OFF and table.head.status is SenStatus.SUPPORT:
        lines.append("“Tell the parents in writing” joins the actions.")
        lines.append("“Change the SEN status to N” joins the list of what to change in your school information system.")
    if decision.step is NextStep.COME_OFF and decision.check_back_on:
        lines.append(f"Today reminds you to look again on {long_date(decision.check_back_on)}.")
    return lines


def _register_line(table: Decided, then: Consequences) -> str:
    name, status = table.head.first_name, table.head.status
    if then.register_change is None:
        return f"The register stays {status.value} ({status.label})."
    return (
        f"{name} comes off SEN support: the register becomes N from {long_date(table.record.held_on)}. History is kept."
    )


def _next_cycle_lines(table: Decided, then: Consequences) -> list[str]:
    if not then.opens_cycle:
        return ["No new cycle opens."]
    unmet = [one.statement for one in table.unmet]
    lines = [f"Cycle {table.next_number} opens as a draft" + (" without outcomes: all are met." if not unmet else ".")]
    lines += [f"Carried into it: “{statement}”." for statement in unmet]
    said = {one.provision_id: one for one in table.record.verdicts}
    for one in table.plan.running:
        line = said.get(one.provision_id)
        if line is not None:
            lines.append(f"{one.name} {_FATES[line.verdict]}")
    return lines


def _path_lines(table: Decided, then: Consequences, asked_whom: str) -> list[str]:
    decision = table.decision
    lines = []
    if decision.step is NextStep.SPECIALIST and decision.specialist is not None:
        if decision.specialist is SpecialistPath.REFER:
            by_when = f" by {long_date(decision.refer_by)}" if decision.refer_by else ""
            lines.append(f"{decision.who_refers} refers to {decision.service}{by_when}: “{decision.question}”.")
        else:
            lines.append(f"{decision.specialist.label}: {decision.specialist_words}")
    if decision.step is NextStep.CONSIDER_EHCNA:
        if table.head.status is SenStatus.PLAN:
            lines.append(
                "“Ask the authority for an early annual review” joins the actions. The EHC plan stays in force."
            )
        elif then.opens_request:
            lines.append("A draft request for an EHC needs assessment opens. Support goes on meanwhile.")
        elif decision.request is RequestPath.NOT_NOW:
            lines.append(f"No request is made now: {decision.request_words}")
        if table.head.status is not SenStatus.PLAN:
            lines.append(f"The family can ask {asked_whom} for an assessment themselves at any time.")
    return lines
