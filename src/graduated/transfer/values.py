"""Values of a row as JSON holds them, and back; what comes back is checked against the column it is for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, String, Text, Time

from graduated.db.types import Fixed, UtcDateTime, WordType
from graduated.rules.vocabulary import Word

_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 1, 1)
LONGEST = 400_000
"""Letters in one piece of text; the longest a form takes is far below."""
_DEEPEST = 12


class WrongValue(ValueError):
    """A value that the column cannot hold; the words say why."""


def to_json(value: Any) -> Any:
    """A value as text, number, list or nothing."""
    if isinstance(value, Word):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def from_json(value: Any, column: Column[Any]) -> Any:
    """The value for a column. Raises WrongValue."""
    if value is None:
        if not column.nullable:
            raise WrongValue("it is empty")
        return None
    try:
        return _of_type(value, column)
    except (ValueError, TypeError, InvalidOperation, OverflowError, RecursionError) as error:
        if isinstance(error, WrongValue):
            raise
        raise WrongValue("it is of another kind") from error


def _of_type(value: Any, column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, WordType):
        return kind.words(_text(value, 32))
    if isinstance(kind, UtcDateTime):
        return _moment(_text(value, 40))
    if isinstance(kind, Fixed):
        return _decimal(_text(value, 40), kind.places)
    if isinstance(kind, JSON):
        return _json(value, 0)
    if isinstance(kind, Boolean):
        return _exactly(value, bool)
    if isinstance(kind, Integer | BigInteger):
        return _whole(value)
    if isinstance(kind, Date):
        return _day(date.fromisoformat(_text(value, 10)))
    if isinstance(kind, Time):
        return time.fromisoformat(_text(value, 20))
    if isinstance(kind, String | Text):
        return _text(value, kind.length or LONGEST)
    raise WrongValue("no such column is known")


def _exactly(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise WrongValue("it is of another kind")
    return value


def _whole(value: Any) -> int:
    number = int(_exactly(value, int))
    if abs(number) > 2_000_000_000:
        raise WrongValue("the number is out of all bounds")
    return number


def _text(value: Any, longest: int) -> str:
    words = str(_exactly(value, str))
    if len(words) > longest:
        raise WrongValue(f"it is longer than {longest} letters")
    if "\x00" in words or any("\ud800" <= sign <= "\udfff" for sign in words):
        raise WrongValue("it holds signs that are no text")
    return words


def _moment(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise WrongValue("a moment needs its time zone")
    _day(moment.date())
    return moment


def _day(day: date) -> date:
    if not _EARLIEST <= day <= _LATEST:
        raise WrongValue("the date is out of all bounds")
    return day


def _decimal(words: str, places: int) -> Decimal:
    figure = Decimal(words)
    if not figure.is_finite() or abs(figure) > 100_000_000:
        raise WrongValue("the figure is out of all bounds")
    if figure != round(figure, places):
        raise WrongValue("the figure has too many places")
    return figure


def _json(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        raise WrongValue("it is nested too deeply")
    if isinstance(value, dict):
        return {_text(name, 400): _json(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_json(one, depth + 1) for one in value]
    if isinstance(value, str):
        return _text(value, LONGEST)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return _whole(value)
    raise WrongValue("it is of another kind")
