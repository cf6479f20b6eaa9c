"""A field of the tasks' data as SQL: as text, as a number, and cut short for indexes.

The same expressions stand in the conditions and in the indexes of :mod:`field_indexes`; a database uses an index only
where both are the same to the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Float, Text, and_, bindparam, case, cast, collate, func, or_
from sqlalchemy.dialects import postgresql

from labelwright.models import Task

CUT = 200
"""Characters of a text that are sorted by and kept in an index: a B-tree of PostgreSQL takes no entry over 2.7 kB."""
NUMBER = "^-?([0-9]{1,30}([.][0-9]{0,30})?|[.][0-9]{1,30})([eE][+-]?[0-9]{1,2})?$"
"""What counts as a number, also where it was imported as text; every match fits a double."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9_$ -][A-Za-z0-9_$ .-]*")
"""Names that SQLite's own JSON functions find; the rest (quotes, letters that may stand escaped) is found by ours."""


@dataclass(frozen=True)
class DataField:
    """``data.<a>.<b>`` of a task."""

    path: tuple[str, ...]
    is_sqlite: bool
    otherwise: DataField | None = None
    """Where the value stands in tasks that have no such field."""

    @property
    def text(self) -> ColumnElement[Any]:
        """The value as text: ``true``, ``2.5``, ``["a"]``; NULL where it is missing or null."""
        if self.otherwise is None:
            return self._own_text()
        return func.coalesce(self._own_text(), self.otherwise.text, type_=Text())

    def _own_text(self) -> ColumnElement[Any]:
        if not self.is_sqlite:
            return self._postgres_text()
        if not self.is_plain:
            return func.lw_member(Task.data, orjson.dumps(self.path).decode(), type_=Text())
        kind = self._sqlite("json_type")
        return case(
            (kind == _literal("true"), _literal("true")),
            (kind == _literal("false"), _literal("false")),
            else_=cast(self._sqlite("json_extract"), Text),
        )

    @property
    def number(self) -> ColumnElement[Any]:
        """The value where it is a number or a text that is one; otherwise NULL."""
        if self.otherwise is not None:
            return func.coalesce(replace(self, otherwise=None).number, self.otherwise.number, type_=Float(53))
        text = self.text
        if not self.is_sqlite:
            return case((text.op("~")(NUMBER), cast(text, Float(53))))
        value = text if not self.is_plain else self._sqlite("json_extract")
        kind = _literal("text") if not self.is_plain else self._sqlite("json_type")
        looks_numeric = and_(
            value.bool_op("GLOB")(_literal("*[0-9]*")),
            ~value.bool_op("GLOB")(_literal("*[^0-9.-]*")),
            ~value.bool_op("GLOB")(_literal("?*-*")),
            ~value.bool_op("GLOB")(_literal("*.*.*")),
            func.length(value) <= _literal(40),
        )
        return case(
            (or_(kind == _literal("integer"), kind == _literal("real")), value),
            (and_(kind == _literal("text"), looks_numeric), cast(value, Float)),
        )

    @property
    def cut(self) -> ColumnElement[Any]:
        """The text's beginning: what is sorted by and compared with."""
        short = func.substr(self.text, _literal(1), _literal(CUT), type_=Text())
        return short if self.is_sqlite else collate(short, "C")

    @property
    def order(self) -> tuple[ColumnElement[Any], ...]:
        """What it is sorted by: numbers by their size, then texts by their letters. SQLite compares so by itself."""
        return (func.coalesce(self.number, self.cut),) if self.is_sqlite else (self.number, self.cut)

    @property
    def is_plain(self) -> bool:
        return all(PLAIN_NAME.fullmatch(name) for name in self.path)

    def _postgres_text(self) -> ColumnElement[Any]:
        if len(self.path) == 1:
            return Task.data.op("->>", return_type=Text())(bindparam(None, self.path[0], type_=Text()))
        names = [bindparam(None, name, type_=Text()) for name in self.path]
        return Task.data.op("#>>", return_type=Text())(postgresql.array(names))

    def _sqlite(self, function: str) -> Any:
        where = "$" + "".join(f'."{name}"' for name in self.path)
        return getattr(func, function)(Task.data, _literal(where))


def _literal(value: str | int) -> Any:
    """A constant that is written into the statement: SQLite compares statements and indexes by their text."""
    return bindparam(None, value, literal_execute=True)
