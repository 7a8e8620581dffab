"""Every authority profile builds the demo pupil; the school's own lies ready and is not in use."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.ehcna.content import content_of
from graduated.ehcna.records import records_for
from graduated.pack.evidence_pack import render_pack
from graduated.pupils.models import Pupil
from graduated.school.authorities import authority, authority_codes
from graduated.school.queries_authority import own_profiles, profile_for, school_profile

OWN = "dorset-views-first"


@pytest.mark.parametrize("code", [*authority_codes(), OWN])
def test_each_profile_builds_the_demo_pupil_in_its_own_order(inside: Actor, code: str) -> None:
    zofia = db.session.scalars(
        select(Pupil.id).where(Pupil.legal_surname == "Szymańska", Pupil.legal_forename == "Zofia")
    ).one()
    profile = profile_for(f"own:{code}", "1") if code == OWN else authority(code)
    records = replace(records_for(zofia), profile_of_authority=profile)
    rendered = render_pack(content_of(records), now(), "Hannah Legg", "ab" * 32)
    with pikepdf.open(io.BytesIO(rendered.pdf)) as opened, opened.open_outline() as outline:
        found = [one.title for one in outline.root]
    wanted = [entry.title for entry in profile.sections]
    assert [title for title in found if title in wanted] == wanted


def test_the_schools_own_profile_lies_ready_and_is_not_in_use(inside: Actor) -> None:
    assert [(one.code, one.number, one.in_use, one.saved_by) for one in own_profiles()] == [
        (OWN, 1, False, "Hannah Legg")
    ]
    assert school_profile().code == "dorset"
    own = profile_for(f"own:{OWN}", "1")
    assert [entry.section.value for entry in own.sections][:2] == ["views", "reason"]
    assert own.facts == authority("dorset").facts
