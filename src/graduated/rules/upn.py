"""Unique pupil numbers: 13 characters, the first a check letter (domain §3.2).

A missing UPN is lawful (a new arrival has none), so a blank is for the caller to allow. The local authority's part
is never held against a list: python-stdnum's list lacks 838 and 839 and would refuse Dorset's own pupils.
"""

from __future__ import annotations

import string

from stdnum.gb.upn import calc_check_digit

LENGTH = 13
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def clean(text: str) -> str:
    """The UPN as it is stored: no spaces or hyphens, capital letters. Says nothing about whether it is right."""
    return "".join(text.replace("-", "").split()).upper()


def check(text: str) -> str | None:
    """None when the UPN is right; otherwise one sentence that says what is wrong and how to mend it.

    Both forms are known: permanent (letter and 12 digits) and temporary (letter, 11 digits, letter). Domain §3.2.
    """
    upn = clean(text)
    if len(upn) != LENGTH:
        return f"A UPN has 13 characters; this one has {len(upn)}. Copy it again from the school information system."
    if upn[0] not in CHECK_LETTERS:
        return (
            f"A UPN starts with a letter, never I, O or S; this one starts with “{upn[0]}”. Check the first character."
        )
    wrong = sorted({character for character in upn[1:-1] if character not in string.digits})
    if wrong:
        listed = ", ".join(f"“{character}”" for character in wrong)
        return f"Between its first and last character a UPN has only digits; found {listed}. Look for O typed for 0."
    if upn[-1] not in string.digits + CHECK_LETTERS:
        return (
            "A UPN ends in a digit, or in a letter if it is temporary, never I, O or S; "
            f"this one ends in “{upn[-1]}”. Check the last character."
        )
    right = calc_check_digit(upn[1:])
    if upn[0] != right:
        return (
            f"The check letter for {upn[1:]} is {right}, not {upn[0]}. "
            "Look for a mistyped or swapped digit; if the digits are right, change the letter."
        )
    return None


def is_temporary(upn: str) -> bool:
    """Whether a right UPN is a temporary one, which ends in a letter (domain §3.2)."""
    return clean(upn)[-1:] in tuple(CHECK_LETTERS)
