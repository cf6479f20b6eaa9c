"""Removing many rows: tasks, and whole projects. In blocks, so that no transaction is long and a killed one goes on.

A project that is being deleted is invisible from its first moment; what is left of it is swept at the next start.
"""

from __future__ import annotations

import logging
import shutil
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from labelwright.events import ProjectsChanged, TasksDeleted
from labelwright.models import (
    ActionRun,
    Annotation,
    AnnotationLabel,
    ChunkedUpload,
    DataColumn,
    Draft,
    Export,
    FileUpload,
    Import,
    LabelLink,
    Prediction,
    Project,
    ProjectDelta,
    ProjectTotals,
    SearchIndex,
    Storage,
    StreamPosition,
    Task,
    TaskFact,
    TaskLease,
    View,
)

from . import counters, projects, tasks
from .context import Caller, Context
from .data_manager import field_indexes, searched_texts
from .permissions import require
from .visible import published

log = logging.getLogger(__name__)

BLOCK = 2000
"""Tasks that are deleted in one transaction."""
OF_TASK = (AnnotationLabel, TaskFact, TaskLease, Draft, Prediction, Annotation)
"""What hangs on tasks, in an order that breaks no foreign key."""
OF_PROJECT = (
    AnnotationLabel, TaskFact, TaskLease, Draft, Prediction, Annotation, Task, FileUpload, ChunkedUpload, Import,
    Export, LabelLink, View, ActionRun, DataColumn, Storage, StreamPosition, ProjectDelta, ProjectTotals, SearchIndex,
)  # fmt: skip


def delete_task(ctx: Context, caller: Caller, task_id: int) -> None:
    """Delete one task with all that hangs on it.

    :raises NotFound: if it is not there.
    """
    with ctx.database.read() as session:
        task = tasks.get(session, caller, task_id)
        require(ctx, caller, "tasks.delete", session=session, project=task.project_id)
    delete_tasks(ctx, caller, task.project_id, [task_id])


def delete_tasks(ctx: Context, caller: Caller, project_id: int, ids: Sequence[int] | None = None) -> int:
    """Delete tasks of a project; all of them without ``ids``.

    :returns: how many were deleted; those already gone do not count.
    """
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        require(ctx, caller, "tasks.delete", session=session, project=project_id)
    removed = 0
    for block in _blocks(ctx, project_id, ids):
        with ctx.database.write() as session:
            projects.get(session, caller, project_id)
            gone = delete_block(session, project_id, block)
            event = TasksDeleted(project_id, tuple(gone))
            if gone:
                ctx.plan(session, "plan_tasks_deleted", event, caller)
        if gone:
            ctx.tell("on_tasks_deleted", event)
        removed += len(gone)
    return removed


def delete_of_uploads(
    session: Session, project_id: int, uploads: Sequence[int], *, but_import: int
) -> list[TasksDeleted]:
    """Delete the tasks that were made of uploads, except by one import, in the caller's transaction.

    :returns: the events of it, each already counted.
    """
    made = [
        task
        for begin in range(0, len(uploads), BLOCK)
        for task in session.scalars(
            select(Task.id).where(
                Task.file_upload_id.in_(uploads[begin : begin + BLOCK]),
                Task.project_id == project_id,
                Task.import_id != but_import,
            )
        )
    ]
    blocks = (made[begin : begin + BLOCK] for begin in range(0, len(made), BLOCK))
    gone = (delete_block(session, project_id, block) for block in blocks)
    return [TasksDeleted(project_id, tuple(ids)) for ids in gone if ids]


def delete_project(ctx: Context, caller: Caller, project_id: int) -> None:
    """Delete a project: invisible at once, its rows and files gone when this returns."""
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id, for_update=True)
        require(ctx, caller, "projects.delete", session=session, project=project_id)
        project.deleting = True
        event = ProjectsChanged(caller.organization_id, deleted=(project_id,))
        ctx.plan(session, "plan_projects_changed", event, caller)
    ctx.tell("on_projects_changed", event)
    _sweep_project(ctx, project_id)


def drop_views(session: Session, project_id: int) -> None:
    """Delete a project's tabs, as Label Studio does when its tasks are gone."""
    session.execute(
        delete(View).where(View.project_id == project_id).execution_options(synchronize_session=False)
    )


def sweep(ctx: Context) -> None:
    """Finish what a killed process left half deleted. Called at the start."""
    with ctx.database.read() as session:
        left = list(session.scalars(select(Project.id).where(Project.deleting.is_(True))))
    for project_id in left:
        log.warning("project %s was being deleted when the server stopped; going on", project_id)
        _sweep_project(ctx, project_id)


def _sweep_project(ctx: Context, project_id: int) -> None:
    field_indexes.drop_all(ctx, project_id)
    for table in OF_PROJECT:
        while True:
            with ctx.database.write() as session:
                if _delete_some(session, table, project_id) < BLOCK:
                    break
    with ctx.database.write() as session:
        session.execute(
            delete(Project)
            .where(Project.id == project_id, Project.deleting.is_(True))
            .execution_options(synchronize_session=False)
        )
    for folder in ("upload", "export"):
        shutil.rmtree(ctx.media / folder / str(project_id), ignore_errors=True)


def _delete_some(session: Session, table: Any, project_id: int) -> int:
    """Delete up to a block of a table's rows of a project, found by their keys."""
    keys = list(table.__table__.primary_key.columns)
    if len(keys) > 1 or table in (ProjectTotals, SearchIndex):
        statement = delete(table).where(table.project_id == project_id)
        session.execute(statement.execution_options(synchronize_session=False))
        return 0
    chosen = session.scalars(select(keys[0]).where(table.project_id == project_id).limit(BLOCK)).all()
    if table is Task:
        searched_texts.forget(session, chosen)
    session.execute(delete(table).where(keys[0].in_(chosen)).execution_options(synchronize_session=False))
    return len(chosen)


def _blocks(ctx: Context, project_id: int, ids: Sequence[int] | None) -> Any:
    if ids is not None:
        for begin in range(0, len(ids), BLOCK):
            yield list(ids[begin : begin + BLOCK])
        return
    last = 0
    while True:
        with ctx.database.read() as session:
            block = list(
                session.scalars(
                    select(Task.id)
                    .where(Task.project_id == project_id, Task.id > last, published(project_id))
                    .order_by(Task.id)
                    .limit(BLOCK)
                )
            )
        if not block:
            return
        yield block
        last = block[-1]


def delete_block(session: Session, project_id: int, ids: Sequence[int]) -> list[int]:
    """Delete these tasks of the project and subtract what they counted. :returns: the ids that were there."""
    rows = session.execute(
        select(Task.id, Task.data)
        .where(Task.id.in_(ids), Task.project_id == project_id, published(project_id))
        .with_for_update()
    ).all()
    found = [row.id for row in rows]
    if not found:
        return []
    added = counters.added_by(session, Task.id.in_(found))
    _uncount_columns(session, project_id, [row.data for row in rows])
    for table in OF_TASK:
        session.execute(
            delete(table).where(table.task_id.in_(found)).execution_options(synchronize_session=False)
        )
    session.execute(delete(Task).where(Task.id.in_(found)).execution_options(synchronize_session=False))
    counters.add_delta(session, project_id, {name: -value for name, value in added.items()})
    return found


def _uncount_columns(session: Session, project_id: int, data: Sequence[str]) -> None:
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    seen: Counter[str] = Counter()
    for text in data:
        seen.update(decoder.decode(text).keys())
    tasks.count_columns(session, project_id, {name: -number for name, number in seen.items()})
