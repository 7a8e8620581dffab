"""What comes in from a browser, before anybody reads it: numbers in addresses, text in forms."""

from __future__ import annotations

import os
from functools import cached_property
from typing import IO, Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import HTTPException
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

    def __init__(self, *about: Any, **more: Any) -> None:
        super().__init__(*about, **more)
        if (
            self.method == "HEAD"
        ):  # it looks, as GET does, and a view that asks "is it GET?" must not take it for a form
            self.method = "GET"

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands in the address after the question mark."""
        return _without_nul(super().args)

    def words_of_too_much(self, most: int) -> ImmutableMultiDict[str, str]:
        """The words of a form whose files were too large; none when even throwing those away would be too much."""
        limit = self.max_content_length or most
        if "form" in self.__dict__ or not limit < (self.content_length or 0) <= most:
            return ImmutableMultiDict()
        self._is_too_much, self.max_content_length = True, most
        try:
            return self.form
        except HTTPException:  # broken off, or more words than a form has room for
            return ImmutableMultiDict()

    _is_too_much = False

    def _get_file_stream(self, *about: Any, **more: Any) -> IO[bytes]:
        return open(os.devnull, "w+b") if self._is_too_much else super()._get_file_stream(*about, **more)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.__dict__["form"])
        for file in (one for files in self.__dict__["files"].listvalues() for one in files):
            file.filename = without_nul(file.filename)

    def get_json(self, *about: Any, **more: Any) -> Any:
        """What was sent as JSON."""
        return without_nul(super().get_json(*about, **more))


def without_nul(told: Any) -> Any:
    """The same words, lists and objects without a NUL in any of them."""
    if isinstance(told, str):
        return told.replace("\0", "")
    if isinstance(told, list):
        return [without_nul(one) for one in told]
    if isinstance(told, dict):
        return {without_nul(name): without_nul(one) for name, one in told.items()}
    return told


def _without_nul(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    if not any("\0" in name or "\0" in text for name, text in sent.items(multi=True)):
        return sent
    pairs = [(name.replace("\0", ""), text.replace("\0", "")) for name, text in sent.items(multi=True)]
    return ImmutableMultiDict(pairs)
