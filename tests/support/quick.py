"""What a hundred apps in one process need to work out only once: nothing here changes what a test sees.

A school runs one app; the tests make one for each test. Each of them would compile the same templates, the same
addresses and the same statements anew, which was half of the time of a test.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class _Templates(BytecodeCache):
    """Compiled templates by name and source, which is what Jinja asks for them by."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self.codes[bucket.key, bucket.checksum] = bucket.code


class _Address(Rule):
    """An address whose builder was compiled by the first app that has it."""

    builders: dict[tuple[object, ...], Builder] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (*self._trace, append_unknown)
        if key not in self.builders:
            self.builders[key] = super()._compile_builder(append_unknown)
        return self.builders[key]


def install() -> None:
    """Share between the apps of this process what is the same in all of them."""
    Flask.jinja_options = {"bytecode_cache": _Templates()}
    Flask.url_rule_class = _Address
    _share_statements()


def _share_statements() -> None:
    """Every SQLite engine of the tests speaks alike, so a statement compiled for one serves all."""
    compiled: dict[Any, Any] = {}
    SQLiteDialect_pysqlite.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    SQLiteDialect_pysqlite.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        if type(connection.dialect) is SQLiteDialect_pysqlite:
            connection.execution_options(compiled_cache=compiled)


def settle() -> None:
    """What was imported stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
