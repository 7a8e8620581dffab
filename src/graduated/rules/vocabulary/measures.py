"""Measures: kinds of scale, which way is better, and who answered (domain §6)."""

from __future__ import annotations

from graduated.rules.vocabulary._word import Word


class MeasureKind(Word):
    """What a figure is, which decides what may be computed from it."""

    STANDARD = "standard", "Standardised score"
    AGE = "age", "Age equivalent (years:months)"
    PERCENTILE = "percentile", "Percentile rank"
    RAW = "raw", "Raw score"
    COUNT = "count", "Count"
    SCALE = "scale", "Rating scale"


class Direction(Word):
    """Which way is better."""

    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"
    NONE = "none", "Not a ladder"


class Respondent(Word):
    """Who answered or administered; respondents are never mixed in one line (domain §6)."""

    TEACHER = "teacher", "Teacher"
    SUPPORT = "support", "Support staff"
    PARENT = "parent", "Parent or carer"
    PUPIL = "pupil", "Pupil"
    SPECIALIST = "specialist", "Specialist"
    TEST = "test", "Test paper or program"


class Censor(Word):
    """A figure off the end of its scale: "<5:00" is below, ">130" is above."""

    BELOW = "below", "below"
    ABOVE = "above", "above"
