"""The names of places in a pack, by which the index, the summary and the contents lead to them."""

from __future__ import annotations

COSTS = "costs"
"""Where the costs stand."""
COST_TOTAL = "cost-total"
"""Where the costs of all provision stand together."""
PROVISION_TOTAL = "provision-total"
"""Where the minutes of all logged provision stand together."""
EARLIER_REQUESTS = "earlier-requests"
"""Where the earlier requests stand."""
TYPES_OF_NEED, HEALTH, PROFILE = "types-of-need", "health", "one-page-profile"
"""Where these stand in the section on the pupil."""
PART_TIME, SUSPENSIONS = "part-time", "suspensions"
"""Where these stand in the section on attendance."""
BEYOND_SCHOOL = "beyond-school"
"""Where it stands what the school cannot reasonably give."""


def area_anchor(area: str) -> str:
    """Where an area of need stands with its strengths and difficulties."""
    return f"area-{area.lower().replace(' ', '-').replace(',', '')}"


def view_anchor(number: int) -> str:
    """Where the n-th view outside the reviews stands."""
    return f"view-{number}"


def professional_anchor(number: int) -> str:
    """Where the n-th professional stands with their advice."""
    return f"professional-{number}"


def cycle_anchor(number: int) -> str:
    """The anchor of one cycle, for `GapLine.anchors`."""
    return f"cycle-{number}"


def provision_anchor(number: int) -> str:
    """Where the provision of a cycle stands."""
    return f"{cycle_anchor(number)}-provision"


def outcome_anchor(number: int, outcome: int) -> str:
    """Where an outcome of a cycle stands with its figures."""
    return f"{cycle_anchor(number)}-outcome-{outcome}"


def strategies_anchor(number: int) -> str:
    """Where the strategies of a cycle stand."""
    return f"{cycle_anchor(number)}-strategies"


def review_anchor(number: int, part: str = "") -> str:
    """Where the first review of a cycle stands, or a part of it: "views", "judged", "step"."""
    return f"{cycle_anchor(number)}-review{'-' if part else ''}{part}"


def measure_anchor(key: str) -> str:
    """Where a measure stands with its chart."""
    return f"measure-{key}"
