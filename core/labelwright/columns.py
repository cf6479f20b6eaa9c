"""Types of columns that all tables share, the core's and plugins'.

Times are aware datetimes in UTC. JSON that we only pass on (task data, results) stays the text that came in: see
:class:`RawJSON`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text, column, table
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

TABLE_PREFIX = "lw_"
"""Every table's name begins with it."""


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC; naive ones are refused, since nobody knows what they mean."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class RawJSON(TypeDecorator[str]):
    """JSON as text: a ``str`` goes in, the same characters come out.

    ``json`` on PostgreSQL (never ``jsonb``, which reorders keys and rewrites numbers), ``TEXT`` on SQLite. Whoever
    writes has checked it: no NaN, no lone surrogates, no ``\\u0000`` (see ``doors/json_body.py``).
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(_PostgresRawJSON())
        return dialect.type_descriptor(Text())


class _PostgresRawJSON(UserDefinedType[str]):
    """PostgreSQL's ``json`` without SQLAlchemy's (de)serialiser; the driver is told the same in ``db.py``."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "JSON"


tasks = table("lw_task", column("id"), column("project_id"), column("total_annotations"))
"""The table of tasks, for conditions in a plugin's own statements; never written to. ``total_annotations`` leaves out
skipped ones. Name the project in the condition: nothing else keeps others' tasks out."""

Id = BigInteger().with_variant(Integer, "sqlite")
"""A 64-bit key; SQLite makes ROWIDs only of a plain INTEGER."""
