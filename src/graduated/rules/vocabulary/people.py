"""Who people are: roles, families, and how an adult came to work with a pupil (design §2, §6)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class Role(Word):
    """What an account may be in one school; the columns of the access table of design §6."""

    SENCO = "senco", "SENCO"
    SEN_ASSISTANT = "sen-assistant", "SEN assistant"
    HEAD = "head", "Headteacher"
    TEACHER = "teacher", "Teacher"
    SUPPORT = "support", "Support staff"
    SAFEGUARDING = "safeguarding", "Safeguarding lead"
    PARENT = "parent", "Parent or carer"
    YOUNG_PERSON = "young-person", "Young person"
    ADMIN = "admin", "School administrator"
    DPO = "dpo", "Data protection officer"

    @property
    def is_family(self) -> bool:
        """Whether this role reads the family pages and never the staff pages."""
        return self in (Role.PARENT, Role.YOUNG_PERSON)


class RateOwner(Word):
    """Whose hourly rates a rate card holds (domain §2.4)."""

    SCHOOL = "school", "The school’s own, with on-costs"
    AUTHORITY = "authority", "The authority’s published rates"


class Relationship(Word):
    """How an adult stands to a child; wider than parental responsibility (domain §3.8)."""

    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    STEP_PARENT = "step-parent", "Step-parent"
    GRANDPARENT = "grandparent", "Grandparent"
    FOSTER_CARER = "foster-carer", "Foster carer"
    GUARDIAN = "guardian", "Guardian"
    SOCIAL_WORKER = "social-worker", "Social worker"
    SELF = "self", "The young person"
    OTHER = "other", "Other carer"


class AssignmentSource(Word):
    """Why a member of staff counts a pupil among their own."""

    HAND = "hand", "By hand"
    REGISTRATION = "registration", "Class or tutor group"
    TEACHING = "teaching", "Teaching group"
    LEAD = "lead", "Lead teacher of the cycle"
    GROUP = "group", "Runs an intervention"


class BarKind(Word):
    """On what ground an adult may not see a child's record (design §4, FamilyLink)."""

    ORDER = "order", "Court order"
    HOLD = "hold", "Safeguarding hold"


class BarAct(Word):
    """What became of a bar."""

    RENEWED = "renewed", "Renewed"
    ENDED = "ended", "Ended"


class AskedHow(Word):
    """How a young person was asked whether an adult may read the plan (domain §3.9)."""

    ALONE = "alone", "In person, on their own"
    SUPPORTED = "supported", "In person, with somebody they chose"
    INTERPRETER = "interpreter", "In person, with an interpreter or in BSL"
    WRITING = "writing", "In writing"


class Visibility(Word):
    """Who may read a document or a note."""

    FAMILY = "family", "Family and staff"
    STAFF = "staff", "Staff who work with the pupil"
    RESTRICTED = "restricted", "Restricted"
    KEPT = "kept", "Kept to the safeguarding lead"


class Phase(Word):
    """What kind of school it is."""

    PRIMARY = "primary", "Primary"
    SECONDARY = "secondary", "Secondary"
    ALL_THROUGH = "all-through", "All-through"
    SPECIAL = "special", "Special"
