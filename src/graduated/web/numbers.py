"""Numbers in addresses."""

from __future__ import annotations

from werkzeug.routing import IntegerConverter, ValidationError

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """The number of a row: one that no database could hold is the address of nothing (404)."""

    def to_python(self, value: str) -> int:
        """The number, unless it is too large for a key."""
        number: int = super().to_python(value)
        if number > LARGEST:
            raise ValidationError
        return number
