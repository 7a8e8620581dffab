"""What a hundred apps in one process need to work out only once: nothing here changes what a test sees.

A school runs one app; the tests make one for each test. Each of them would compile the same templates, the same
addresses and the same statements anew, which was half of the time of a test.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_BUILDERS = ("_build", "_build_unknown")
_SPARED = "spared"
_DIALECTS = (SQLiteDialect_pysqlite, PGDialect_psycopg)


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
    """An address that was taken apart, and whose builder was compiled, by the first app that has it."""

    parsed: dict[tuple[object, ...], dict[str, Any]] = {}
    builders: dict[tuple[object, ...], Builder] = {}

    def compile(self) -> None:
        """Take the address apart, or take what the same address was found to consist of."""
        kinds = tuple(sorted((name, id(kind)) for name, kind in self.map.converters.items()))
        key = (self.rule, self.subdomain, self.merge_slashes, kinds)
        if self.defaults or self.map.host_matching:
            super().compile()
        elif key in self.parsed:
            known = self.parsed[key]
            self.__dict__ |= known | {name: known[name].__get__(self, None) for name in _BUILDERS}
            self.arguments |= set(self._converters)
        else:
            super().compile()
            kept = {name: self.__dict__[name] for name in ("_parts", "_trace", "_converters")}
            self.parsed[key] = kept | {name: self.__dict__[name].__func__ for name in _BUILDERS}

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
    """Every engine of the tests for one kind of database speaks alike, so a statement compiled for one serves all."""
    compiled: dict[type, dict[Any, Any]] = {kind: {} for kind in _DIALECTS}
    for kind in _DIALECTS:
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        if type(connection.dialect) in compiled:
            connection.execution_options(compiled_cache=compiled[type(connection.dialect)])


def spare_the_disc() -> None:
    """A machine that falls during a test takes the test with it: nothing need wait for SQLite's file to be on the disc.

    For the process of the tests alone: one that is begun by a test does what it does in a school.
    """

    @event.listens_for(Engine, "engine_connect")
    def let_it_lie(connection: Connection) -> None:
        if type(connection.dialect) is SQLiteDialect_pysqlite and _SPARED not in connection.info:
            connection.info[_SPARED] = True
            asked = connection.connection.cursor()
            with suppress(sqlite3.DatabaseError):  # a file that is no database: the test is about what is said of it
                asked.execute("PRAGMA synchronous=OFF")
            asked.close()


def settle() -> None:
    """What was imported stays until the end: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
