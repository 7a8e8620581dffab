"""NHS numbers: ten digits, the last a check digit by modulus 11 (domain §3.2)."""

from __future__ import annotations

from stdnum.gb.nhs import checksum

LENGTH = 10


def clean(text: str) -> str:
    """The number as it is stored: digits without spaces or hyphens. Says nothing about whether it is right."""
    return "".join(text.replace("-", " ").split())


def spaced(number: str) -> str:
    """As it is printed on letters: "943 476 5919"."""
    return " ".join(part for part in (number[:3], number[3:6], number[6:]) if part)


def check(text: str) -> str | None:
    """None when the number is right; otherwise one sentence that says what is wrong and how to mend it."""
    number = clean(text)
    if not (number.isascii() and number.isdigit()):
        return "An NHS number has digits only, such as 943 476 5919. Copy it again from a letter of the NHS"
    if len(number) != LENGTH:
        return f"An NHS number has ten digits, such as 943 476 5919; this one has {len(number)}. Copy it again"
    if checksum(number) != 0:
        return "The last digit of this NHS number does not fit the others. Look for a mistyped or swapped digit"
    return None
