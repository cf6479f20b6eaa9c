"""Ids of rows about to be inserted in bulk: taken from the table's own sequence, so that nobody else gets them."""

from __future__ import annotations

from sqlalchemy import Table, text
from sqlalchemy.orm import Session


def reserve(session: Session, table: Table, count: int) -> list[int]:
    """Ids for ``count`` new rows, ascending. On SQLite only inside a write, which is alone until its commit."""
    if count <= 0:
        return []
    if session.get_bind().dialect.name == "sqlite":
        last = session.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
        return list(range((last or 0) + 1, (last or 0) + count + 1))
    drawn = session.scalars(
        text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"),
        {"name": table.name, "count": count},
    )
    return sorted(drawn)
