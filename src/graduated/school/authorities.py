"""Authority profiles: what an evidence pack's order, headings and thresholds are in one area, as data.

Every file of `src/graduated/authorities` is read and checked when the program starts; a fault names the file and the
entry. A school may add a file of its own, which lies in the database (`school.queries_authority`). Schema (TOML),
checked in `school.authority_schema`, told with an example in `docs/authority-profiles.md`:

    code, name          short name of the file, and what people call it
    council             the authority's name, or "" where the profile is nobody's in particular
    la_codes            three-digit LA codes, for suggesting a profile
    where_to_send       where a request goes, in words, or ""
    declaration         what the head and the SENCO sign
    sections            [{key, title}, …] in the pack's order; keys of graduated.pack.content.Section
    thresholds          fields of graduated.rules.readiness_evidence.Thresholds; they warn and never block
    rate_card           optional: source, valid_from, weeks_a_year and rates by role, as the authority published them
    sendiass            optional: name, and phone, website, email where they are known
    asks                optional: [{what, …}, …]: what the authority has published that it asks for, each with what
                        says whether it is on record: lines (of graduated.rules.readiness), details (of the pupil),
                        documents (kinds of paper) with months, consents, services; none of them where no record can
    annexes             optional: the same, for what the authority wants attached
    form                optional: [{question, from}, …]: the authority's own form or portal in its order, each question
                        with the sources (of graduated.pack.copy_out) whose words answer it; [] where a person has to
    facts               [{what, source, on}, …]: where each fact comes from and its date
    unconfirmed         what could not be confirmed, said as such
"""

from __future__ import annotations

from pathlib import Path

from graduated.config import PACKAGE
from graduated.rules.readiness_asks import Asked
from graduated.school.authority_schema import (
    AdviceService,
    AuthorityProfile,
    ProfileFact,
    ProfileFault,
    PublishedRates,
    read_text,
)

__all__ = [
    "DEFAULT",
    "FOLDER",
    "AdviceService",
    "Asked",
    "AuthorityProfile",
    "ProfileFact",
    "ProfileFault",
    "PublishedRates",
    "authority",
    "authority_codes",
    "read_folder",
    "read_profile",
]

FOLDER = PACKAGE / "authorities"
DEFAULT = "code"


def read_profile(path: Path) -> AuthorityProfile:
    """A profile from its file. Raises ProfileFault with sentences that say what is wrong."""
    try:
        profile = read_text(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ProfileFault(f"{path.name} is not TOML: {error}") from error
    except ProfileFault as error:
        raise ProfileFault(*(f"{path.name}: {one}" for one in error.faults)) from error
    if profile.code != path.stem:
        raise ProfileFault(f'{path.name}: code must be the name of the file, "{path.stem}"')
    return profile


def read_folder(folder: Path) -> dict[str, AuthorityProfile]:
    """Every profile of a folder by its code."""
    found = {profile.code: profile for profile in map(read_profile, sorted(folder.glob("*.toml")))}
    if DEFAULT not in found:
        raise ProfileFault(f"{DEFAULT}.toml is missing from {folder}")
    return found


# Read when the program starts, so that a fault is met by whoever installs it and not by whoever builds a pack.
_PROFILES = read_folder(FOLDER)


def authority_codes() -> tuple[str, ...]:
    """The codes of the profiles that are here, the Code's own first."""
    return (DEFAULT, *(code for code in sorted(_PROFILES) if code != DEFAULT))


def authority(code: str) -> AuthorityProfile:
    """A profile by its code; a school whose profile was taken away is given the Code's own order."""
    return _PROFILES.get(code) or _PROFILES[DEFAULT]
