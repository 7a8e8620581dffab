"""Reading what was delivered: doses, groups, sessions (by noun in `queries_dose` and `queries_groups`)."""

from __future__ import annotations

from graduated.do.queries_around import Logged, LogSheet, Member, log_sheet
from graduated.do.queries_dose import (
    AtReview,
    Calendar,
    ProvisionDose,
    doses_of_cycle,
    doses_of_pupils,
    provision_doses_of_pupils,
    running_doses,
)
from graduated.do.queries_groups import (
    GroupCard,
    PresenceLine,
    SessionLine,
    find_group,
    find_session,
    group_of,
    groups_of_staff,
    session_of,
    sessions_of,
)
from graduated.do.queries_ticks import SupportLine, weekly_support

__all__ = [
    "AtReview",
    "Calendar",
    "GroupCard",
    "LogSheet",
    "Logged",
    "Member",
    "PresenceLine",
    "ProvisionDose",
    "SessionLine",
    "SupportLine",
    "doses_of_cycle",
    "doses_of_pupils",
    "find_group",
    "find_session",
    "group_of",
    "groups_of_staff",
    "log_sheet",
    "provision_doses_of_pupils",
    "running_doses",
    "session_of",
    "sessions_of",
    "weekly_support",
]
