"""Alembic's environment: one run and one version table for the core, and one for each plugin that owns tables.

A version table of its own lets a plugin be removed without breaking everybody's ``upgrade``.
"""

from __future__ import annotations

from alembic import context

config = context.config
connection = config.attributes["connection"]
metadata = config.attributes["metadata"]
version_table = config.attributes["version_table"]
prefix = config.attributes["table_prefix"]


def ours(name: str | None, type_: str, _parents: object) -> bool:
    """What Alembic compares; full-text indexes, whose names hold ``lw_fts_``, are made by hand."""
    return "lw_fts_" not in (name or "") and (type_ != "table" or (name or "").startswith(prefix))


context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=version_table,
    include_name=ours,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
