"""What the records of a pack are called in its list: the kind of record and its date, never its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from graduated.db.clock import local
from graduated.web.filters import long_date

NAMES: dict[str, tuple[str, str]] = {
    "action_item": ("Action from a review", ""),
    "addendum": ("Addendum to a review", ""),
    "adult": ("Adult of the family", ""),
    "advice": ("Professional's advice", "given_on"),
    "advice_action": ("What was done with advice", "on"),
    "agreement": ("Agreement to a plan", "agreed_on"),
    "agreement_adult": ("Adult asked to agree to a plan", ""),
    "amendment": ("Amendment to a plan", "on"),
    "assessment_request": ("Request for an assessment", "opened_on"),
    "attendance": ("Attendance", "starts"),
    "attendee": ("Person at a review", ""),
    "concern": ("Concern before SEN support", "raised_on"),
    "consent": ("Agreement of the family", "given_on"),
    "cycle": ("Cycle", "starts"),
    "declaration": ("Declaration", "signed_at"),
    "delivered_session": ("Session", "held_on"),
    "document": ("Document", "dated"),
    "family_link": ("Link to an adult of the family", ""),
    "group": ("Group", "starts"),
    "health": ("Health fact", "since"),
    "health_struck": ("Health fact taken back", ""),
    "involvement": ("Professional's involvement", "referred_on"),
    "judgement": ("Judgement of an outcome", ""),
    "measure": ("Measure", ""),
    "measurement": ("Measurement", "taken_on"),
    "membership": ("Who is head and who is SENCO", "starts"),
    "narrative": ("Words written for a section", ""),
    "narrative_given": ("Words that a colleague handed in", "given_on"),
    "need": ("Type of need", "starts"),
    "next_step": ("Next step of a review", ""),
    "observation": ("Strength or difficulty", "seen_on"),
    "outcome": ("Outcome", ""),
    "paper_chosen": ("Release of a restricted paper for the request", ""),
    "part_time": ("Part-time timetable", "starts"),
    "place": ("Place in a group", "starts"),
    "presence": ("Presence at a session", ""),
    "profile": ("One-page profile", "written_on"),
    "provision": ("Provision", "starts"),
    "provision_judgement": ("Judgement of provision", ""),
    "provision_outcome": ("Outcome that a provision serves", ""),
    "pupil": ("Pupil", ""),
    "rate": ("Hourly rate", ""),
    "rate_card": ("Rate card", "valid_from"),
    "responsibility": ("Responsibility in a plan", ""),
    "review": ("Review", "held_on"),
    "school": ("School", ""),
    "seal": ("Seal of a review", "sealed_at"),
    "sen_status": ("SEN status", "starts"),
    "strategy": ("Strategy", ""),
    "suspension": ("Suspension", "starts"),
    "suspension_struck": ("Suspension taken back", ""),
    "term": ("Term", "starts"),
    "user": ("Name of a member of staff", ""),
    "view": ("View", "given_on"),
    "weekly_tick": ("Weekly tick", "week_of"),
}
"""By table: what one of its records is called, and the column that says when it happened."""


def name_of_record(table: str, row: Mapping[Any, Any]) -> str:
    """A record's kind with the date it speaks of; or, when it has none, with the date it was recorded."""
    kind, column = NAMES.get(table) or (table.replace("_", " ").capitalize(), "")
    happened = _day(row.get(column))
    if happened:
        return f"{kind}, {long_date(happened)}"
    recorded = _day(row.get("recorded_at"))
    return f"{kind}, recorded on {long_date(recorded)}" if recorded else kind


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return local(value).date()
    return value if isinstance(value, date) else None
