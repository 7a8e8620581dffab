"""What comes in from a browser, before anybody reads it: numbers in addresses, text in forms."""

from __future__ import annotations

from functools import cached_property

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
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


class TextRequest(Request):
    """A request whose text has no NUL, which PostgreSQL refuses and nobody types on purpose."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands in the address after the question mark."""
        return _without_nul(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.__dict__["form"])


def _without_nul(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    if not any("\0" in name or "\0" in text for name, text in sent.items(multi=True)):
        return sent
    pairs = [(name.replace("\0", ""), text.replace("\0", "")) for name, text in sent.items(multi=True)]
    return ImmutableMultiDict(pairs)
