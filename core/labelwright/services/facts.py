"""Values that plugins keep for tasks: written in blocks by their jobs, read by the data manager's columns."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from labelwright.models import Task, TaskFact

from . import counters
from .context import Context

MOST = 5_000
LONGEST_TEXT = 500
"""Characters: they stand in an index."""


def keep(
    ctx: Context,
    project_id: int,
    column: str,
    values: Mapping[int, float | str | None],
    session: Session | None = None,
) -> None:
    """Replace the values of a column for some tasks of a project.

    :param values: task id to value; ``None`` removes one.
    :param session: the transaction to do it in; ``None``: one of its own.
    :raises ValueError: of a column that no plugin at work has, of too many values, or of one of a wrong type.
    """
    _check(ctx, column, values)
    if session is not None:
        _replace(session, project_id, column, values)
        return
    with ctx.database.write() as own:
        _replace(own, project_id, column, values)


def _check(ctx: Context, column: str, values: Mapping[int, float | str | None]) -> None:
    known = ctx.registry.columns.get(column)
    if known is None:
        raise ValueError(f"no plugin at work has a column {column!r}")
    if len(values) > MOST:
        raise ValueError(f"{len(values)} values at once; at most {MOST}")
    wanted = float | int if known.type == "Number" else str
    for value in values.values():
        if value is not None and (isinstance(value, bool) or not isinstance(value, wanted)):
            raise ValueError(f"the column {column} takes {known.type}, not {value!r}")


def _replace(
    session: Session, project_id: int, column: str, values: Mapping[int, float | str | None]
) -> None:
    ids = list(values)
    here = set(session.scalars(select(Task.id).where(Task.id.in_(ids), Task.project_id == project_id)))
    session.execute(
        delete(TaskFact)
        .where(TaskFact.task_id.in_(here), TaskFact.column_name == column)
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "task_id": task_id,
            "project_id": project_id,
            "column_name": column,
            "num": None if isinstance(value, str) else value,
            "txt": value[:LONGEST_TEXT] if isinstance(value, str) else None,
        }
        for task_id, value in values.items()
        if value is not None and task_id in here
    ]
    if rows:
        session.execute(insert(TaskFact), rows)
    counters.touch(session, project_id)
