"""Making a school, and keeping its terms, measures and interventions."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.rules.vocabulary import Phase
from graduated.school.authorities import authority_codes
from graduated.school.models import School
from graduated.school.start import fill


class NotASchool(ValueError):
    """What was given cannot be a school here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What a school needs to begin with."""

    urn: str
    name: str
    authority: str = "code"
    phase: Phase = Phase.PRIMARY
    la_code: str = ""
    establishment: str = ""
    is_demo: bool = False


def make_school(new: NewSchool) -> int:
    """Make a school with the measure library and the intervention library to start from."""
    if not re.fullmatch(r"\d{6}", new.urn):
        raise NotASchool(f"A URN has six digits; {new.urn!r} has not.")
    if not new.name.strip():
        raise NotASchool("A school needs a name.")
    if new.authority not in authority_codes():
        known = ", ".join(authority_codes())
        raise NotASchool(f"There is no authority profile called {new.authority!r}. The profiles here are: {known}.")
    if entry.school_by_urn(new.urn) is not None:
        raise NotASchool(f"A school with URN {new.urn} is already here.")
    school = School(
        urn=new.urn,
        name=new.name.strip(),
        authority=new.authority,
        phase=new.phase,
        la_code=new.la_code,
        establishment=new.establishment,
        is_demo=new.is_demo,
    )
    with ExitStack() as stack:
        stack.enter_context(acting(system_actor(0, "Command line")))
        stack.enter_context(write("School made"))
        db.session.add(school)
        db.session.flush()
        stack.enter_context(acting(system_actor(school.id, "Command line")))
        fill(school.id)
    return school.id
