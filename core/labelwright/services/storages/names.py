"""Which object a task came from: what tasks show as the name of their file in a storage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labelwright.db import Database
from labelwright.models import Import, StorageLink, Task
from labelwright.services.context import Context

KEPT = 10_000
_of_storages: WeakKeyDictionary[Database, dict[int, bool]] = WeakKeyDictionary()
"""Import to whether its tasks were a storage's. That never changes, so tasks of others cost no look at links."""


def of_tasks(ctx: Context, session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """Task id to the key of its object, for tasks that came from one."""
    maybe = [row for row in rows if row.import_id and row.file_upload_id is None]
    if not maybe:
        return {}
    known = _looked_up(ctx, session, {row.import_id for row in maybe})
    ids = [row.id for row in maybe if known[row.import_id]]
    if not ids:
        return {}
    query = select(StorageLink.task_id, StorageLink.key).where(StorageLink.task_id.in_(ids))
    return {row.task_id: row.key for row in session.execute(query)}


def of_task_column() -> Any:
    """The same as an expression, to filter and sort by."""
    return (
        select(func.min(StorageLink.key))
        .where(StorageLink.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )


def _looked_up(ctx: Context, session: Session, imports: set[int]) -> dict[int, bool]:
    kept = _of_storages.setdefault(ctx.database, {})
    found = {one: kept[one] for one in imports if one in kept}
    if unknown := imports - found.keys():
        query = select(Import.id, Import.storage_id).where(Import.id.in_(unknown))
        asked = {row.id: row.storage_id is not None for row in session.execute(query)}
        if len(kept) > KEPT:
            kept.clear()
        kept |= asked
        found |= dict.fromkeys(unknown, False) | asked
    return found
