"""SEN status, types of need and the four broad areas (domain §3.1, Code 6.27 to 6.35)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class SenStatus(Word):
    """What the school census asks for each pupil; exactly one is open at a time."""

    NONE = "N", "No SEN support"
    SUPPORT = "K", "SEN support"
    PLAN = "E", "EHC plan"


class StatusSource(Word):
    """Where a change of SEN status came from."""

    REVIEW = "review", "Review"
    CONCERN = "concern", "A concern that ended in SEN support"
    AUTHORITY = "authority", "The authority's plan"
    MIS = "mis", "School information system"
    PAPER = "paper", "Paper records"
    TRANSFER = "transfer", "Record of the previous school"
    HAND = "hand", "Entered by hand"


class NeedArea(Word):
    """The four broad areas of need; they say what to do, not what a child is (Code 6.27)."""

    COMMUNICATION = "communication", "Communication and interaction"
    COGNITION = "cognition", "Cognition and learning"
    SEMH = "semh", "Social, emotional and mental health"
    SENSORY = "sensory", "Sensory and/or physical"


class NeedType(Word):
    """School census SEN types (domain §3.1)."""

    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    SEMH = "SEMH", "Social, emotional and mental health"
    SLCN = "SLCN", "Speech, language and communication needs"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    ASD = "ASD", "Autistic spectrum disorder"
    DS = "DS", "Down syndrome"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support but no specialist assessment of type of need"

    @property
    def area(self) -> NeedArea | None:
        """The broad area the census type falls in; none for OTH, NSA and DS (domain §3.1)."""
        return _AREA_OF_TYPE.get(self)


_AREA_OF_TYPE: dict[NeedType, NeedArea] = {
    NeedType.SLCN: NeedArea.COMMUNICATION,
    NeedType.ASD: NeedArea.COMMUNICATION,
    NeedType.SPLD: NeedArea.COGNITION,
    NeedType.MLD: NeedArea.COGNITION,
    NeedType.SLD: NeedArea.COGNITION,
    NeedType.PMLD: NeedArea.COGNITION,
    NeedType.SEMH: NeedArea.SEMH,
    NeedType.HI: NeedArea.SENSORY,
    NeedType.VI: NeedArea.SENSORY,
    NeedType.MSI: NeedArea.SENSORY,
    NeedType.PD: NeedArea.SENSORY,
}


class Sex(Word):
    """Sex as the school's information system records it."""

    FEMALE = "F", "Female"
    MALE = "M", "Male"


class YearGroup(Word):
    """National curriculum year actually followed (domain §3.2)."""

    N1 = "N1", "Nursery 1"
    N2 = "N2", "Nursery 2"
    R = "R", "Reception"
    Y1 = "1", "Year 1"
    Y2 = "2", "Year 2"
    Y3 = "3", "Year 3"
    Y4 = "4", "Year 4"
    Y5 = "5", "Year 5"
    Y6 = "6", "Year 6"
    Y7 = "7", "Year 7"
    Y8 = "8", "Year 8"
    Y9 = "9", "Year 9"
    Y10 = "10", "Year 10"
    Y11 = "11", "Year 11"
    Y12 = "12", "Year 12"
    Y13 = "13", "Year 13"
    Y14 = "14", "Year 14"
    X = "X", "Not following a year group"
