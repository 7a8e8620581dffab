"""What stands wherever a request is spoken of: families can ask the authority themselves, at any time."""

from __future__ import annotations

from dataclasses import dataclass

from graduated.request.queries import RequestRow
from graduated.school.authority_schema import AdviceService
from graduated.school.queries_authority import profile_for, school_profile


@dataclass(frozen=True, slots=True)
class Rights:
    """The authority's name and the advice service's, as the school's profile has them; empty when it has none."""

    authority: str
    sendiass: str
    service: AdviceService | None = None
    """The same advice service in its parts, so that a family can tap its number or its site."""

    @property
    def asked_whom(self) -> str:
        """The authority by name, or in words."""
        return self.authority or "the local authority"


def rights(row: RequestRow | None = None) -> Rights:
    """Whom a family of this school can ask, and who advises them; beside a request, that request's own authority."""
    profile = profile_for(row.authority, row.authority_version) if row else school_profile()
    return Rights(profile.council, profile.sendiass.words if profile.sendiass else "", profile.sendiass)
