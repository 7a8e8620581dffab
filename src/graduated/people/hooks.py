"""What higher floors hang into this one at start, so that people need not import pupils.

`staff_groups_changed` runs inside the act that changed who has which class or teaching group, or whose role ended.
`invitation_accepted` runs inside the act by which a person came in; it gets what `Accepted` says, and for a parent
links the account to the adult. `known_groups` gives the names of groups there are, by kind (AssignmentSource values
"registration" and "teaching"), so that a slip in a name is noticed. `child_doors` says, of an adult and a child, the
child's date of birth while the adult may come in for that child, and nothing while they may not; `address_taken` says
whether an account belongs to somebody else in the same child's family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who came in by an invitation, and for which adult of a family, if any."""

    user_id: int
    school_id: int
    role: Role
    adult_id: int | None


staff_groups_changed: list[Callable[[], object]] = []
invitation_accepted: list[Callable[[Accepted], object]] = []
in_hand: list[Callable[[], Mapping[int, int]]] = []
"""How many running plans and groups are in the hands of each person, so that no leaver takes one along."""
known_groups: list[Callable[[], Mapping[str, Sequence[str]]]] = []
child_doors: list[Callable[[int, int], date | None]] = []
address_taken: list[Callable[[int, int, int], bool]] = []
"""Of (adult, child, account)."""
