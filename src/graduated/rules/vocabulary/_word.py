"""The base of every list of words that people choose from or read."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def inside(words: str) -> str:
    """Words inside a sentence: "Class teacher" begins small there, "SENCO" and "EHC plan" do not."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


class Word(StrEnum):
    """A stored code with the one label that people see.

    The value goes into the database and never changes; the label may be reworded freely.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word

    @property
    def inside(self) -> str:
        """The label as it stands inside a sentence."""
        return inside(self.label)

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """(code, label) pairs in the order of definition, as a form wants them."""
        return [(word.value, word.label) for word in cls]
