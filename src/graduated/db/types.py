"""Column types that keep what the field means: words, UTC moments and exact decimals."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, String, TypeDecorator

from graduated.rules.vocabulary import Word


class WordType(TypeDecorator[Word]):
    """A word of the vocabulary, stored by its code."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[Word], room: int = 32) -> None:
        super().__init__(room)
        self.words, self.room = words, room
        # Lists read thousands of words, and an enum takes its time to find one.
        self._by_code = {one.value: one for one in words}

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The code, or an error for a word that is not in the list."""
        return None if value is None else str(self.words(value).value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Word | None:
        """The word of a stored code."""
        return None if value is None else self._by_code.get(value) or self.words(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always UTC and always with its zone in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC without a zone on SQLite, which knows none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Fixed(TypeDecorator[Decimal]):
    """An exact decimal to a number of places, stored as a whole number (SQLite has only floats otherwise)."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int = 4) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """The scaled whole number; more places than there is room for is an error, never a rounding."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The decimal without trailing zeros beyond the point."""
        if value is None:
            return None
        exact = Decimal(value).scaleb(-self.places).normalize()
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
