"""A review: who came, what was said, what was judged, and the one next step."""

from __future__ import annotations

from graduated.pack import typeset
from graduated.pack.content import Review
from graduated.pack.flow import Flow
from graduated.pack.sections.common import dated, views
from graduated.pack.wording import day, joined, yes_no


def review(flow: Flow, meeting: Review, level: int = 3, *, with_step: bool = True, anchor: str = "") -> None:
    """A review in full, for the pack and for the review record; without its step where that was told already."""
    flow.heading(level, f"Review held on {day(meeting.held_on)}", anchor, listed=False)
    facts = [("Who came", "\n".join(meeting.attendees)), ("With a parent", yes_no(meeting.with_parent))]
    if meeting.attempts:
        facts.append(("Attempts to meet", meeting.attempts))
    flow.facts(facts)
    if meeting.views:
        flow.heading(3, "Views at the review", _part(anchor, "views"), listed=False)
        views(flow, meeting.views)
    flow.heading(3, "What was judged", _part(anchor, "judged"), listed=False)
    if not meeting.judgements:
        flow.text("No judgements of outcomes are recorded.")
    flow.facts((f"Outcome {entry.outcome}", f"{entry.judgement}\n{entry.reason}") for entry in meeting.judgements)
    flow.facts((entry.verdict, f"{entry.provision}\n{entry.why}") for entry in meeting.verdicts)
    if with_step:
        next_step(flow, meeting, anchor=_part(anchor, "step"))
    if meeting.seal:
        flow.small(meeting.seal)
    for addendum in meeting.addenda:
        flow.labelled("Added after the review was sealed", addendum.text)
        flow.small(joined([addendum.by, day(addendum.on)]))


def _part(anchor: str, part: str) -> str:
    return f"{anchor}-{part}" if anchor else ""


def next_step(
    flow: Flow,
    meeting: Review,
    level: int = 3,
    title: str = "Next step",
    actions: str = "Actions",
    anchor: str = "",
) -> None:
    """The one next step with its reason, and who does what by when."""
    flow.heading(level, title, anchor, listed=False)
    if not meeting.next_step:
        flow.text("No next step is recorded.")
        return
    flow.statement(meeting.next_step, typeset.REVIEW)
    flow.labelled("Why this step", meeting.next_step_reason)
    if meeting.actions:
        flow.heading(level, actions, listed=False)
    flow.facts(
        (
            dated("By", action.by_when) or "No date",
            "\n".join(part for part in (action.what, action.who, dated("Done", action.done_on)) if part),
        )
        for action in meeting.actions
    )
