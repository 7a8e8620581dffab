"""What the cells of an export mean: words, codes and dates turned into the values we keep.

Each function takes the text of one cell that is not blank and gives the value, or raises `Unclear` with a reason that
says how to mend the cell. Nothing is guessed: what could mean two things is refused (domain §3.1, §3.2, §3.4).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from graduated.rules.vocabulary import NeedType, Relationship, SenStatus, Sex, YearGroup

_HUNDREDTH = Decimal("0.01")
_LONGEST_NAME = 100
_LONGEST_LABEL = 60
_LONGEST_TEXT = 500
_FORMULA = "=+-@"
_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")  # characters that turn the direction of what follows
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!)", re.IGNORECASE)


class Unclear(ValueError):
    """A cell that cannot be read; `reason` says why and how to mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """Letters and digits in lower case without accents, for looking words up."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def text(cell: str) -> str:
    """Any short text, in Unicode's composed form with single spaces. Formulas are refused (ASVS 1.2.10)."""
    _refuse_formula(cell)
    tidy = " ".join(unicodedata.normalize("NFC", cell).split())
    if tidy.isascii() and tidy.isprintable() and tidy[:1] != "#" and len(tidy) <= _LONGEST_TEXT:
        return tidy  # as nearly every cell is
    if _SHEET_ERROR.match(tidy):
        raise Unclear(f"“{tidy}” is a spreadsheet's error, not a value. Correct the cell in the spreadsheet.")
    if _CONTROL.search(tidy) or _TURNS_TEXT.search(tidy):
        raise Unclear("The text holds characters that cannot be seen. Type it again.")
    if len(tidy) > _LONGEST_TEXT:
        raise Unclear(f"The text has {len(tidy)} characters; the most is {_LONGEST_TEXT}. Shorten it.")
    return tidy


@lru_cache(maxsize=4_096)
def label(cell: str) -> str:
    """A group, language or other short label of at most 60 characters."""
    tidy = text(cell)
    if len(tidy) > _LONGEST_LABEL:
        raise Unclear(f"The text has {len(tidy)} characters; the most is {_LONGEST_LABEL}. Shorten it.")
    return tidy


@lru_cache(maxsize=16_384)
def name(cell: str) -> str:
    """A person's name: O'Brien, Hardy-Cox, Siân and Szymański pass; a formula, a line break or "-" does not."""
    bare = cell.strip()
    if "\n" in bare or "\r" in bare:
        _refuse_formula(cell)
        raise Unclear("A name has no line break. Look for a quotation mark that is not closed, or join the lines.")
    tidy = text(cell)
    if not any(c.isalpha() for c in tidy):
        raise Unclear(f"“{tidy}” is not a name: it has no letter. Type the name, or leave the cell empty.")
    if len(tidy) > _LONGEST_NAME:
        raise Unclear(f"The name has {len(tidy)} characters; the most is {_LONGEST_NAME}. Shorten it.")
    return tidy


def _refuse_formula(cell: str) -> None:
    """Spreadsheets run a cell that starts so; look behind blanks, quotation marks and fullwidth signs too."""
    if cell.startswith(("\t", "\r")):
        raise Unclear("The cell starts with a tab or a line end, which can hide a formula. Type it again.")
    if cell[:1].isascii() and cell[:1].isalnum():
        return
    start = unicodedata.normalize("NFKC", cell).lstrip(" \u00a0'\"’‘“”")[:1]
    bare = cell.strip()
    if start and start in _FORMULA and (bare != "-"):
        raise Unclear(f"The cell starts with “{start}”, as a spreadsheet's formula does. Remove that character.")


def surname_and_forename(cell: str) -> tuple[str, str]:
    """Take "Cluett, Isla" apart: ("Cluett", "Isla"). Without the comma nobody can tell which part is the surname."""
    surname, comma, forename = cell.partition(",")
    if not comma or not surname.strip() or not forename.strip() or "," in forename:
        raise Unclear("Write the full name as surname, comma, forename, for example “Cluett, Isla”.")
    return name(surname), name(forename)


_STATUS_WORDS: dict[SenStatus, tuple[str, ...]] = {
    SenStatus.NONE: (
        "N", "None", "No SEN", "No SEND", "No special educational need", "No special educational needs",
        "No SEN support", "No SEN provision", "No specified SEN", "Not SEN", "No SEN need", "No special education need",
    ),
    SenStatus.SUPPORT: ("K", "SEN support", "SEND support", "SEN supported", "Special educational needs support"),
    SenStatus.PLAN: (
        "E", "EHC plan", "EHCP", "EHC", "Education, health and care plan", "Education, health & care plan",
        "Education health care plan",
    ),
}  # fmt: skip
_STATUSES = {key(word): status for status, words in _STATUS_WORDS.items() for word in words}
_RETIRED = {"a", "p", "s", "schoolaction", "schoolactionplus", "statement", "statemented", "statementofsen"}
_STATUS_HELP = (
    "Understood are N (No special educational need), K (SEN support) and E (EHC plan), "
    "as the letter, the words or both."
)


@lru_cache(maxsize=512)
def status(cell: str) -> SenStatus:
    """SEN status from the letter, the words, or both: "K - SEN Support", "EHC plan", "N". A blank is the caller's."""
    whole = _STATUSES.get(key(cell))
    if whole is not None:
        return whole
    code, words = _code_and_words(cell)
    from_code = _STATUSES.get(key(code)) if len(code) == 1 else None
    from_words = _STATUSES.get(key(words))
    if from_code is not None and from_words in (None, from_code) and key(words) not in _RETIRED:
        return from_code
    if from_code is not None and from_words is not None:
        raise Unclear(
            f"The letter says “{from_code.label}” and the words say “{from_words.label}”. Correct one of them."
        )
    if {key(cell), key(code), key(words)} & _RETIRED:
        raise Unclear(f"“{cell.strip()}” is a status that is no longer used. {_STATUS_HELP}")
    raise Unclear(f"“{cell.strip()}” is not a SEN status that is understood. {_STATUS_HELP}")


def _code_and_words(cell: str) -> tuple[str, str]:
    """Take "K - SEN support" or "SEN support (K)" apart: ("K", "SEN support"); the code is empty when there is none."""
    if found := re.fullmatch(r"\s*([A-Za-z]{1,4})\s*(?:[-–—:=]|\()\s*(.*?)\)?\s*", cell, re.DOTALL):
        return found[1], found[2]
    if found := re.fullmatch(r"\s*([^(]+?)\s*\(([A-Za-z]{1,4})\)\s*", cell):
        return found[2], found[1]
    return "", cell


_NEED_WORDS: dict[NeedType, tuple[str, ...]] = {
    NeedType.SPLD: ("Specific learning difficulty", "Specific learning difficulties"),
    NeedType.MLD: ("Moderate learning difficulty", "Moderate learning difficulties"),
    NeedType.SLD: ("Severe learning difficulty", "Severe learning difficulties"),
    NeedType.PMLD: (
        "Profound and multiple learning difficulty", "Profound and multiple learning difficulties",
        "Profound & multiple learning difficulty", "Profound & multiple learning difficulties",
    ),
    NeedType.SEMH: (
        "Social, emotional and mental health", "Social, emotional & mental health",
        "Social, emotional and mental health needs", "Social, emotional and mental health difficulties",
        "Social, emotional & mental health needs",
    ),
    NeedType.SLCN: (
        "Speech, language and communication needs", "Speech, language and communication need",
        "Speech, language & communication needs", "Speech, language and communication",
        "Speech, language and communication difficulties",
    ),
    NeedType.HI: ("Hearing impairment", "Hearing impaired"),
    NeedType.VI: ("Vision impairment", "Visual impairment", "Visually impaired"),
    NeedType.MSI: ("Multi-sensory impairment", "Multisensory impairment"),
    NeedType.PD: ("Physical disability", "Physical disabilities"),
    NeedType.ASD: (
        "Autistic spectrum disorder", "Autism spectrum disorder", "Autistic spectrum condition",
        "Autism spectrum condition", "ASC", "Autism",
    ),
    NeedType.DS: ("Down syndrome", "Down's syndrome", "Downs syndrome"),
    NeedType.OTH: (
        "Other difficulty/disorder", "Other difficulty/disability", "Other difficulty or disability", "Other",
        "Other difficulty or disorder", "Other difficulties",
    ),
    NeedType.NSA: (
        "SEN support but no specialist assessment of type of need", "No specialist assessment",
        "No specialist assessment of type of need", "SEN support but no specialist assessment",
    ),
}  # fmt: skip
_NEEDS = {key(word): need for need, words in _NEED_WORDS.items() for word in (need.value, need.label, *words)}


@lru_cache(maxsize=512)
def need(cell: str) -> NeedType:
    """A type of need from its census code, its description, or "SLCN - Speech, language and communication needs"."""
    whole = _NEEDS.get(key(cell))
    if whole is not None:
        return whole
    code, words = _code_and_words(cell)
    from_code, from_words = _NEEDS.get(key(code)), _NEEDS.get(key(words))
    if from_code is not None and from_words is not None and from_code is not from_words:
        raise Unclear(f"The code says “{from_code.label}” and the words say “{from_words.label}”. Correct one of them.")
    if code and from_code is not None:
        return from_code
    codes = ", ".join(one.value for one in NeedType)
    raise Unclear(
        f"“{cell.strip()}” is not a type of need of the school census. Use one of {codes}, or its description."
    )


_YEARS = {
    **{key(year.value): year for year in YearGroup},
    **{key(year.label): year for year in YearGroup},
    **{"0": YearGroup.R, "nursery1": YearGroup.N1, "nursery2": YearGroup.N2},
}


@lru_cache(maxsize=256)
def year_group(cell: str) -> YearGroup:
    """National curriculum year: "Reception", "Year 3", "Yr 3", "03", "3", "R", "N2"."""
    bare = re.sub(r"^(ncyear|yeargroup|year|yrgroup|yr|y)(?=.)", "", key(cell))
    found = _YEARS.get(key(cell)) or _YEARS.get(bare.lstrip("0") or bare[:1])
    if found is None:
        raise Unclear(
            f"“{cell.strip()}” is not a year group that is understood. Write Nursery 1, Nursery 2, Reception, "
            "Year 1 to Year 14, or the code (N1, N2, R, 1 to 14, X)."
        )
    return found


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December")  # fmt: skip
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]m|Z)?$", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})")
_WORDED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s\-/.]+([A-Za-z]{3,9})[\s\-/.,]+(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[/.\-\s]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[/.\-\s]\s*\d{2}")
_DATE_HELP = "Write it as 03/10/2021, 03 Oct 2021 or 2021-10-03."


@lru_cache(maxsize=8_192)
def day(cell: str) -> date:
    """A date, day first as in England: 03/10/2021, 3.10.2021, 03 Oct 2021, or ISO. A time behind it is dropped."""
    bare = _TIME.sub("", cell.strip())
    if found := _DAY_FIRST.fullmatch(bare):
        return _date(int(found[3]), int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(bare):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WORDED.fullmatch(bare):
        return _date(int(found[3]), _month(found[2], cell), int(found[1]))
    if _SHORT_YEAR.fullmatch(bare):
        raise Unclear(f"The year of “{bare}” has two digits, so the century and the order are a guess. {_DATE_HELP}")
    if re.fullmatch(r"\d{5}(\.0)?", bare):
        raise Unclear(f"“{bare}” is a spreadsheet's number for a day. Format the column as a date and export it again.")
    raise Unclear(f"“{bare}” is not a date that is understood. {_DATE_HELP}")


def _month(word: str, cell: str) -> int:
    start = word[:3].casefold()
    if start not in _MONTHS or not (
        _MONTH_NAMES[_MONTHS.index(start)].casefold().startswith(word.casefold()) or word.casefold() == "sept"
    ):
        raise Unclear(f"“{cell.strip()}” names no month. {_DATE_HELP}")
    return _MONTHS.index(start) + 1


def _date(year: int, month: int, number: int) -> date:
    if month > 12 and number <= 12:
        raise Unclear(f"There is no month {month}: the day comes first. Write it as {month:02}/{number:02}/{year}.")
    if not 1 <= month <= 12:
        raise Unclear(f"There is no month {month}. {_DATE_HELP}")
    if year < 1900:
        raise Unclear(f"The year {year} is not meant. Correct the year.")
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear(f"{_MONTH_NAMES[month - 1]} {year} has no day {number}. Correct the day.") from None


_YES = {"y", "yes", "true", "t", "1", "eligible"}
_NO = {"n", "no", "false", "f", "0", "noteligible"}


def yes_no(cell: str) -> bool:
    """Yes or no from Y, N, Yes, No, True, False, 1 or 0; what a blank means is for the caller."""
    bare = key(cell)
    if bare in _YES or cell.strip() in ("✓", "✔"):
        return True
    if bare in _NO:
        return False
    raise Unclear(f"“{cell.strip()}” is neither yes nor no. Write Yes or No.")


def sex(cell: str) -> Sex | None:
    """Sex as the export records it; "U", "Unknown" and "Not specified" are no answer."""
    bare = key(cell)
    if bare in ("f", "female", "girl"):
        return Sex.FEMALE
    if bare in ("m", "male", "boy"):
        return Sex.MALE
    if bare in ("u", "unknown", "notknown", "notspecified"):
        return None
    raise Unclear(f"“{cell.strip()}” is not understood. Write Female or Male, or leave the cell empty.")


def percentage(cell: str) -> Decimal | None:
    """A percentage from 0 to 100: "94.9%", "94.9". "N/A" is no answer, 0.949 is refused. Kept to 2 places."""
    bare = cell.strip()
    if key(bare) in ("na", "notavailable", "") and bare[:1] != "#":
        return None
    found = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s*(%?)", bare)
    value = Decimal(found[1]) if found else None
    if found is None or value is None or value > 100:
        raise Unclear(f"“{bare}” is not a percentage from 0 to 100. Write it as 94.9 or 94.9%.")
    if 0 < value < 1 and not found[2]:
        raise Unclear(f"“{bare}” looks like a fraction. Write {value * 100:f} or {value:f}%, whichever is meant.")
    return value if value == value.quantize(_HUNDREDTH) else value.quantize(_HUNDREDTH, ROUND_HALF_UP)


def rank(cell: str) -> int:
    """The order of a need, 1 for the first; up to 99 as in transfer files (domain §3.1)."""
    bare = re.sub(r"(st|nd|rd|th|\.0+)$", "", cell.strip().casefold())
    words = {"primary": 1, "main": 1, "secondary": 2, "tertiary": 3}
    if bare in words:
        return words[bare]
    if re.fullmatch(r"0*[1-9]\d?", bare):
        return int(bare)
    raise Unclear(f"“{cell.strip()}” is not an order of needs. Write 1 for the first need, 2 for the second.")


def count(cell: str) -> int:
    """A whole number from 0: "12", "1,234", "12.0"."""
    bare = re.sub(r"\.0+$", "", cell.strip().replace(",", ""))
    if not re.fullmatch(r"[0-9]{1,5}", bare):
        raise Unclear(f"“{cell.strip()[:40]}” is not a whole number. Write 0 if there was none.")
    return int(bare)


def halves(cell: str) -> Decimal:
    """Days in halves: "1.5", "2", "0.5"."""
    bare = cell.strip()
    value = Decimal(bare) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", bare) else None
    if value is None or value % Decimal("0.5"):
        raise Unclear(f"“{bare[:40]}” is not a number of whole or half days, for example 1.5.")
    return value.quantize(Decimal("0.1"))


def email(cell: str) -> str:
    """An e-mail address in lower case; whether it exists is not asked."""
    try:
        return validate_email(cell.strip(), check_deliverability=False).normalized.casefold()
    except EmailNotValidError:
        raise Unclear(f"“{cell.strip()}” is not an e-mail address. Correct it, or leave the cell empty.") from None


def phone(cell: str) -> str:
    """A telephone number as written, with single spaces; it may start with + as no other text may."""
    tidy = " ".join(unicodedata.normalize("NFKC", cell).split())
    if not re.fullmatch(r"\+?[\d\s()./-]{5,24}( ?(?:ext|x)\.? ?\d{1,6})?", tidy) or sum(c.isdigit() for c in tidy) < 5:
        raise Unclear(f"“{tidy}” is not a telephone number. Correct it, or leave the cell empty.")
    return tidy


_RELATIONSHIP_WORDS: dict[Relationship, tuple[str, ...]] = {
    Relationship.MOTHER: ("Mother", "Mum", "Birth mother", "Biological mother", "Adoptive mother"),
    Relationship.FATHER: ("Father", "Dad", "Birth father", "Biological father", "Adoptive father"),
    Relationship.STEP_PARENT: ("Step-parent", "Step-mother", "Step-father", "Step mum", "Step dad"),
    Relationship.GRANDPARENT: ("Grandparent", "Grandmother", "Grandfather", "Gran", "Grandma", "Grandad", "Granddad"),
    Relationship.FOSTER_CARER: ("Foster carer", "Foster parent", "Foster mother", "Foster father"),
    Relationship.GUARDIAN: ("Guardian", "Legal guardian", "Special guardian"),
    Relationship.SOCIAL_WORKER: ("Social worker",),
    Relationship.SELF: ("Self", "The young person"),
}
_RELATIONSHIPS = {key(word): one for one, words in _RELATIONSHIP_WORDS.items() for word in words}


def relationship(cell: str) -> Relationship:
    """How an adult stands to the child; a word of no other kind (aunt, childminder) is "other carer"."""
    return _RELATIONSHIPS.get(key(text(cell)), Relationship.OTHER)


def address(cell: str) -> str:
    """A postal address on one line: the lines of the cell joined by commas."""
    _refuse_formula(cell)
    lines = [line.strip(" ,\t") for line in cell.splitlines()]
    return text(", ".join(line for line in lines if line))
