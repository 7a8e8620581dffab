"""Reading what was delivered: doses, groups, sessions (by noun in `queries_dose` and `queries_groups`)."""

from __future__ import annotations

from graduated.do.queries_dose import (
    ProvisionDose,
    doses_of_cycle,
    doses_of_pupils,
    provision_doses_of_pupils,
    running_doses,
)
from graduated.do.queries_groups import (
    GroupCard,
    Member,
    PresenceLine,
    SessionLine,
    find_group,
    find_session,
    group_of,
    groups_of_staff,
    sessions_of,
)

__all__ = [
    "GroupCard",
    "Member",
    "PresenceLine",
    "ProvisionDose",
    "SessionLine",
    "doses_of_cycle",
    "doses_of_pupils",
    "find_group",
    "find_session",
    "group_of",
    "groups_of_staff",
    "provision_doses_of_pupils",
    "running_doses",
    "sessions_of",
]
