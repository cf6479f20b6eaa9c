"""What is stored encrypted, wherever it stands."""

from __future__ import annotations

from sqlalchemy import String, Table, Text, bindparam, select, update

from labelwright.doors.keys import PREFIX
from labelwright.models import Model

from .context import Context

ROWS = 500


def reencrypt(ctx: Context) -> int:
    """Bring every stored secret to the newest key. Safe to run twice, and while the server runs.

    :returns: how many were changed.
    :raises Unavailable: if the key of one is not in the ring; those before it are done.
    """
    tables = list(Model.metadata.sorted_tables)
    for _, own in ctx.registry.models:
        tables += own.metadata.tables.values()
    return sum(_of_column(ctx, table, name) for table in tables for name in _texts(table))


def _texts(table: Table) -> list[str]:
    """Columns in which an encrypted text could stand; JSON has none."""
    return [column.name for column in table.columns if type(column.type) in (String, Text)]


def _of_column(ctx: Context, table: Table, name: str) -> int:
    key, column = list(table.primary_key.columns), table.c[name]
    if column in key:
        return 0
    current = f"{PREFIX}{next(iter(ctx.keys.ring))}:"
    old = column.startswith(PREFIX, autoescape=True) & ~column.startswith(current, autoescape=True)
    change = update(table).values({name: bindparam("_new")})
    for part in key:
        change = change.where(part == bindparam(f"_{part.name}"))
    change = change.where(column == bindparam("_old"))  # somebody may have saved another in the meantime
    changed = 0
    while True:
        with ctx.database.write() as session:
            rows = session.execute(select(*key, column).where(old).limit(ROWS)).all()
            for row in rows:
                *ids, stored = row
                values = {f"_{part.name}": value for part, value in zip(key, ids, strict=True)}
                values |= {"_old": stored, "_new": ctx.keys.reencrypt(stored)}
                session.execute(change, values)
        changed += len(rows)
        if len(rows) < ROWS:
            return changed
