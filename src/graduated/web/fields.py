"""Fields that read what a school really types: dates, minutes, pounds, decimals and ages.

Each keeps the typed text when it is wrong, so that the page can show it again beside a sentence that says how to
mend it. Use wtforms' InputRequired for what must be given (DataRequired would refuse a nought) and Optional otherwise.
A wrong value stops the other validators: "31 February 2026 is not a date" is never replaced by "Enter a date".
``noun`` names the thing in those sentences when the label is a question ("The date held" for "When was it held?").
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape
from wtforms import Field
from wtforms.utils import unset_value
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from graduated.db.clock import today
from graduated.web.languages import N_, in_language, say_day
from graduated.web.languages import gettext as _

__all__ = ["AgeMonthsField", "DatePartsField", "MinutesField", "MoneyField", "UkDecimalField"]

_MONTHS = {
    name.lower(): number
    for names in (calendar.month_name, calendar.month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}
_EARLIEST, _LATEST = 1900, 2100
_PARTS = {"day": N_("day"), "month": N_("month"), "year": N_("year")}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_UK = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2}|[A-Za-z]{3,9})[\s/.,\-]+(\d{4})")
_PLAIN_OR_GROUPED = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")


class TypedField(Field):  # type: ignore[misc]  # WTForms carries no types
    """A text box whose value is parsed; subclasses say how to read and how to show it.

    Raises nothing to the caller: an unreadable text becomes the field's error and ``data`` is None.
    """

    widget = TextInput()
    inputmode = ""

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        noun: str = "",
        render_kw: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        extra = {"inputmode": self.inputmode} if self.inputmode else {}
        super().__init__(label, validators, render_kw={**extra, **(render_kw or {})}, **kwargs)
        self._noun = noun

    @property
    def noun(self) -> str:
        """What the sentences call this value."""
        return str(self._noun or self.label.text)

    def read(self, typed: str) -> Any:
        """The value of a text that is not empty. Raises ValueError with the sentence to show."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """A value as it would be typed."""
        return str(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads the posted text; a form that left the field out keeps what it had."""
        if not valuelist:
            return
        typed = valuelist[0].strip()
        self.data = None
        if typed:
            self.data = self.read(typed)

    def pre_validate(self, form: Any) -> None:
        """What could not be read is the only error shown."""
        if self.process_errors:
            raise StopValidation()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class DatePartsWidget:
    """The three boxes of the GOV.UK date input, without the fieldset (the ``date`` macro draws that)."""

    def __call__(self, field: DatePartsField, **kwargs: Any) -> Markup:
        boxes = []
        for part, words, width in (("day", N_("Day"), 2), ("month", N_("Month"), 2), ("year", N_("Year"), 4)):
            wrong = ' govuk-input--error" aria-invalid="true' if part in field.wrong else ""
            said = escape(in_language(words))
            complete = f' autocomplete="bday-{part}"' if field.birthday else ""
            boxes.append(
                f'<div class="govuk-date-input__item"><div class="govuk-form-group">'
                f'<label class="govuk-label govuk-date-input__label" for="{escape(field.id)}-{part}">{said}</label>'
                f'<input class="govuk-input govuk-date-input__input govuk-input--width-{width}{wrong}" '
                f'id="{escape(field.id)}-{part}" name="{escape(field.name)}-{part}" type="text" inputmode="numeric"'
                f'{complete} value="{escape(getattr(field, part))}"></div></div>'
            )
        return Markup(f'<div class="govuk-date-input" id="{escape(field.id)}">{"".join(boxes)}</div>')  # noqa: S704  # each part is escaped above


class DatePartsField(TypedField):
    """A date in three boxes, posted as ``<name>-day``, ``<name>-month`` and ``<name>-year``.

    ``data`` is a date or None. ``day``, ``month`` and ``year`` are the texts as typed; ``wrong`` names the boxes at
    fault, ``error_id`` is where the error summary leads. A whole date pasted into the day box (2026-11-24, 24/11/2026,
    24 Nov 2026) is spread over the three; a plain ``<name>`` (a date picker, a script) is read too.
    """

    widget = DatePartsWidget()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        birthday: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.birthday = birthday
        self.day = self.month = self.year = ""
        self._wrong: frozenset[str] = frozenset()
        self._formdata: Any = None

    @property
    def wrong(self) -> frozenset[str]:
        """The boxes to mark: those at fault, or all three when the fault is the date's as a whole."""
        if not self.errors and not self.process_errors:
            return frozenset()
        return self._wrong or frozenset(("day", "month", "year"))

    @property
    def example(self) -> str:
        """Today as one types it: a day that is taken also where only past days are, or only days to come."""
        day = today()
        return f"{day.day} {day.month} {day.year}"

    @property
    def error_id(self) -> str:
        """The id of the first box at fault."""
        return next(f"{self.id}-{part}" for part in ("day", "month", "year") if part in (self.wrong or {"day"}))

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Sequence[Any] | None = None) -> None:
        """Keeps the posted form by, since the parts have names of their own."""
        self._formdata = formdata
        super().process(formdata, data, extra_filters=extra_filters)

    def process_data(self, value: dt.date | None) -> None:
        """Fills the boxes from a date that is already known."""
        self.data = value
        self._spread(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Collects the three boxes; a form that has none of them keeps what it had."""
        names = {part: f"{self.name}-{part}" for part in ("day", "month", "year")}
        posted = self._formdata
        if not valuelist and not any(name in posted for name in names.values()):
            return
        self.day, self.month, self.year = (" ".join(str(posted.get(name) or "").split()) for name in names.values())
        if valuelist and not (self.day or self.month or self.year):
            self.day = valuelist[0].strip()
        typed = " ".join(part for part in (self.day, self.month, self.year) if part)
        self.raw_data = [typed]
        self.data = None
        if typed:
            self.data = self._read_parts()
            self._spread(self.data)

    def _spread(self, value: dt.date | None) -> None:
        self.day, self.month, self.year = (str(value.day), str(value.month), str(value.year)) if value else ("", "", "")

    def _fail(self, sentence: str, *parts: str) -> ValueError:
        self._wrong = frozenset(parts)
        return ValueError(sentence)

    def _read_parts(self) -> dt.date:
        noun = in_language(self.noun)
        if self.day and not self.month and not self.year:
            self._take_whole_date(self.day)
        missing = [part for part in ("day", "month", "year") if not getattr(self, part)]
        if missing:
            parts = _(" and a ").join(in_language(_PARTS[part]) for part in missing)
            raise self._fail(_("%(noun)s must include a %(parts)s", noun=noun, parts=parts), *missing)
        month = _month(self.month)
        if month is None:
            raise self._fail(
                _("%(noun)s: the month must be a number from 1 to 12, or a name such as Nov", noun=noun), "month"
            )
        if not re.fullmatch(r"[0-9]{4}", self.year):
            raise self._fail(_("%(noun)s: the year must have 4 figures, for example 2026", noun=noun), "year")
        year = int(self.year)
        if not _EARLIEST <= year <= _LATEST:
            raise self._fail(
                _(
                    "%(noun)s: the year must be between %(first)d and %(last)d",
                    noun=noun, first=_EARLIEST, last=_LATEST,
                ),
                "year",
            )  # fmt: skip
        if not re.fullmatch(r"[0-9]{1,2}", self.day) or not 1 <= int(self.day) <= 31:
            raise self._fail(_("%(noun)s: the day must be a number from 1 to 31", noun=noun), "day")
        try:
            return dt.date(year, month, int(self.day))
        except ValueError:
            # A leap day is wrong only for its year; any other day is wrong for its month.
            of_year = f" {year}" if (month, self.day) == (2, "29") else ""
            spoken = say_day(int(self.day), month) + of_year
            raise self._fail(_("%(noun)s: %(day)s is not a date", noun=noun, day=spoken), "day") from None

    def _take_whole_date(self, typed: str) -> None:
        if found := _ISO.fullmatch(typed):
            self.year, self.month, self.day = found.groups()
        elif found := _UK.fullmatch(typed):
            self.day, self.month, self.year = found.groups()

    def _value(self) -> str:
        return self.data.isoformat() if self.data else " ".join(p for p in (self.day, self.month, self.year) if p)


def _month(typed: str) -> int | None:
    if re.fullmatch(r"[0-9]{1,2}", typed):
        return int(typed) if 1 <= int(typed) <= 12 else None
    return _MONTHS.get(typed.lower().rstrip("."))


def _decimal(typed: str, noun: str, example: str) -> Decimal:
    """A number in British writing. Raises ValueError with the reason."""
    text = typed.replace(" ", "").replace("\N{MINUS SIGN}", "-")
    if re.fullmatch(r"-?\d+,\d{1,2}", text) and "." not in example:
        raise ValueError(f"{noun} must be a whole number, for example {example}")
    if re.fullmatch(r"-?\d+,\d{1,2}", text):
        raise ValueError(f"{noun}: use a full stop, not a comma, before the decimals, for example {example}")
    if not text.isascii() or not _PLAIN_OR_GROUPED.fullmatch(text):
        raise ValueError(f"{noun} must be a number, for example {example}")
    return Decimal(text.replace(",", ""))


class UkDecimalField(TypedField):
    """A decimal number as a Decimal, never a float. ``places`` is the most decimals that are kept; more are refused."""

    inputmode = "decimal"

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        places: int = 2,
        least: Decimal | int | None = None,
        most: Decimal | int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.places, self.least, self.most = places, least, most

    def read(self, typed: str) -> Decimal:
        """The number. Raises ValueError when it is none, is out of range or has too many decimals."""
        value = _decimal(typed, self.noun, "12.5" if self.places else "12")
        if len(str(value).partition(".")[2]) > self.places:
            places = f"at most {self.places} decimal place{'' if self.places == 1 else 's'}"
            raise ValueError(f"{self.noun} can have {places if self.places else 'no decimals'}")
        if self.least is not None and value < self.least:
            raise ValueError(f"{self.noun} must be {self.least} or more")
        if self.most is not None and value > self.most:
            raise ValueError(f"{self.noun} must be {self.most} or less")
        return value


class MoneyField(TypedField):
    """Pounds typed, integer pence kept: "£1,250.50" is 125050. Less than nothing is refused, and what no school has."""

    inputmode = "decimal"
    most = 1_000_000

    def read(self, typed: str) -> int:
        """The amount in pence. Raises ValueError for part of a penny or an amount below nothing."""
        value = _decimal(typed.removeprefix("£"), self.noun, "12.50")
        if value < 0:
            raise ValueError(f"{self.noun} must be £0 or more")
        if value > self.most:
            raise ValueError(f"{self.noun} must be £{self.most:,} or less")
        if len(str(value).partition(".")[2]) > 2:
            raise ValueError(f"{self.noun}: {typed} has part of a penny; use pounds and pence, for example 12.50")
        return int(value * 100)

    def show(self, value: int) -> str:
        """Pence as pounds and pence."""
        return f"{value // 100:,}.{value % 100:02d}"


class MinutesField(TypedField):
    """Whole minutes. Reads 30, "30 minutes", "1 hour 15", 1h30 and 1:30; refuses 1.5, which could be either."""

    inputmode = "numeric"

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[Any] | None = None,
        *,
        least: int = 1,
        most: int = 600,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most = least, most

    def read(self, typed: str) -> int:
        """The minutes. Raises ValueError when the text is no length of time or out of range."""
        text = typed.lower().replace(" ", "")
        found = re.fullmatch(r"([0-9]{1,4})(?:m|mins?|minutes?)?", text)
        long = re.fullmatch(r"([0-9]{1,2})(?:h|hrs?|hours?|:)(?:([0-9]{1,2})(?:m|mins?|minutes?)?)?", text)
        if found:
            minutes = int(found[1])
        elif long and not text.endswith(":"):
            minutes = 60 * int(long[1]) + int(long[2] or 0)
        else:
            raise ValueError(f"{self.noun} must be minutes, for example 30, or hours and minutes, for example 1:30")
        if not self.least <= minutes <= self.most:
            raise ValueError(f"{self.noun} must be between {self.least} and {self.most} minutes")
        return minutes


class AgeMonthsField(TypedField):
    """An age equivalent typed as years:months, kept in months: 8:03 is 99.

    8.3 is refused: tests print 8.3 both for 8 years 3 months and for 8.3 years, which are not the same.
    """

    _most_years = 25

    def read(self, typed: str) -> int:
        """The age in months. Raises ValueError with the reason and the way to write it."""
        text = typed.lower().replace(" ", "")
        found = re.fullmatch(r"([0-9]{1,2}):([0-9]{1,2})", text) or re.fullmatch(
            r"([0-9]{1,2})(?:y|yrs?|years?),?(?:([0-9]{1,2})(?:m|mths?|months?))?", text
        )
        if not found:
            raise ValueError(self._why_not(text))
        years, months = int(found[1]), int(found[2] or 0)
        if months > 11:
            raise ValueError(f"{self.noun}: months go from 0 to 11, so {typed} is not an age")
        if years > self._most_years:
            raise ValueError(f"{self.noun} must be {self._most_years} years or less")
        return 12 * years + months

    def _why_not(self, text: str) -> str:
        if found := re.fullmatch(r"([0-9]{1,2})[.,]([0-9]{1,2})", text):
            years, part = found.groups()
            example = f"{years}:{int(part):02d}" if int(part) < 12 else "8:03"
            return (
                f"{self.noun}: {years}.{part} could mean {years} years {int(part)} months or {years}.{part} years. "
                f"Type years and months with a colon, for example {example}"
            )
        if re.fullmatch(r"[0-9]{1,2}", text):
            return f"{self.noun} needs years and months, for example {int(text)}:00"
        return f"{self.noun} must be years and months with a colon, for example 8:03"

    def show(self, value: int) -> str:
        """Months as years:months."""
        return f"{value // 12}:{value % 12:02d}"
