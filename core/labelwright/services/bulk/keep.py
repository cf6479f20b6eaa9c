"""What is kept of a bulk action so that it can be taken back: what was before, and a digest of what was written.

Written in the transaction of the work, a row for each batch and power, compressed. Where a run has changed more than
the settings allow, what was kept of it goes, and the run says so.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from labelwright.models import ActionRun, ActionUndo, Annotation, Draft, Prediction, Task, TaskFact
from labelwright.models.base import UTCDateTime

RESTORED: tuple[Any, ...] = (Task, Prediction, TaskFact)
"""What a merge deletes, in the order in which it comes back."""


def digest(text: str) -> str:
    """A short name of a text, to see later whether it is still there."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def packed(content: Any) -> bytes:
    return zlib.compress(orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS), 3)


def unpacked(content: bytes) -> Any:
    return orjson.loads(zlib.decompress(content))


class Keep:
    """Notes of one run.

    :param run_id: ``None``: nothing is kept.
    :param most_bytes: how much of one run is kept at most, compressed.
    """

    def __init__(self, run_id: int | None, most_bytes: int) -> None:
        self.run_id, self._most_bytes = run_id, most_bytes

    def note(self, session: Session, power: str, content: Mapping[Any, Any]) -> None:
        """Keep what one power did to one batch."""
        if self.run_id is None or not content:
            return
        data = packed(content)
        used = session.scalar(
            update(ActionRun)
            .where(ActionRun.id == self.run_id, ActionRun.undo == "kept")
            .values(undo_bytes=ActionRun.undo_bytes + len(data))
            .returning(ActionRun.undo_bytes)
            .execution_options(synchronize_session=False)
        )
        if used is None:
            return
        if used > self._most_bytes:
            self._give_up(session)
            return
        session.execute(
            insert(ActionUndo).values(run_id=self.run_id, power=power, items=len(content), content=data)
        )

    def merged(self, session: Session, into: Mapping[int, int]) -> None:
        """Keep tasks that are about to be merged into others. :param into: each with the one that is kept."""
        if self.run_id is None:
            return
        ids = list(into)
        content: dict[str, Any] = {"into": {str(task): kept for task, kept in into.items()}}
        for table in (Annotation, Draft):
            rows = session.execute(select(table.id, table.task_id).where(table.task_id.in_(ids)))
            content[table.__tablename__] = [[row.id, row.task_id] for row in rows]
        for model in RESTORED:
            key = model.id if model is Task else model.task_id
            rows = session.execute(select(model.__table__).where(key.in_(ids)))
            content[model.__tablename__] = [list(row) for row in rows]
        self.note(session, "merge", content)

    def _give_up(self, session: Session) -> None:
        session.execute(
            delete(ActionUndo)
            .where(ActionUndo.run_id == self.run_id)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(ActionRun)
            .where(ActionRun.id == self.run_id)
            .values(undo="too-large", undo_bytes=0)
            .execution_options(synchronize_session=False)
        )
        self.run_id = None


def columns_of(model: Any) -> tuple[str, ...]:
    return tuple(column.name for column in model.__table__.columns)


def revived(model: Any, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """Rows as they were, from their JSON: times are times again."""
    times = [isinstance(column.type, UTCDateTime) for column in model.__table__.columns]
    return [
        [
            datetime.fromisoformat(value) if is_time and value is not None else value
            for value, is_time in zip(row, times, strict=True)
        ]
        for row in rows
    ]
