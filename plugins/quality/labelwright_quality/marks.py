"""Which tasks are to be computed anew: noted in the transaction of what changed, so that none is missed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, exists, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.api import (
    AnnotationsChanged,
    JobSpec,
    ProjectsChanged,
    TasksCreated,
    TasksDeleted,
    hookimpl,
    now,
    tasks,
)
from labelwright_quality.tables import Stale, TaskFigures

COMPUTE, CHECK, RECOMPUTE = "agreement", "agreement-check", "agreement-recompute"
"""Kinds of jobs."""
GATHERED = timedelta(seconds=1)
"""Changes of this long are computed together: people who label at once cost one job a second."""


@hookimpl
def plan_annotations_changed(event: AnnotationsChanged, session: Session, organization: int) -> list[JobSpec]:
    return note(session, organization, event.project, event.tasks)


@hookimpl
def plan_tasks_created(event: TasksCreated, session: Session, organization: int) -> list[JobSpec]:
    return note(session, organization, event.project, event.tasks)


@hookimpl
def plan_tasks_deleted(event: TasksDeleted, session: Session, organization: int) -> list[JobSpec]:
    gone = select(
        TaskFigures.project_id, TaskFigures.task_id, literal(organization), literal(_mark(), BigInteger)
    ).where(TaskFigures.project_id == event.project, TaskFigures.task_id.in_(event.tasks))
    return [job_for(event.project, organization)] if _insert(session, gone) else []


@hookimpl
def plan_projects_changed(event: ProjectsChanged, organization: int) -> list[JobSpec]:
    """Another configuration may give other figures: a job looks whether it does."""
    return [
        JobSpec(CHECK, {"organization": organization}, project=project, is_internal=True)
        for project in event.updated
    ]


def note(session: Session, organization: int, project: int, changed: Iterable[int]) -> list[JobSpec]:
    """Mark tasks that have several answers, or had: one statement, and for the others nothing follows."""
    has_figures = exists().where(TaskFigures.project_id == project, TaskFigures.task_id == tasks.c.id)
    shared = select(
        tasks.c.project_id, tasks.c.id, literal(organization), literal(_mark(), BigInteger)
    ).where(
        tasks.c.project_id == project,
        tasks.c.id.in_(list(changed)),
        or_(tasks.c.total_annotations > 1, has_figures),
    )
    return [job_for(project, organization)] if _insert(session, shared) else []


def mark_all(session: Session, organization: int, project: int, chosen: Iterable[int]) -> None:
    """Mark these tasks, and nothing else."""
    mark = _mark()
    rows = [
        {"project_id": project, "task_id": task, "organization_id": organization, "mark": mark}
        for task in chosen
    ]
    if rows:
        session.execute(_upsert(session), rows)


def job_for(project: int, organization: int) -> JobSpec:
    """The job that computes all that is marked in a project; one that waits or works already does it too."""
    return JobSpec(
        COMPUTE,
        {"organization": organization},
        project=project,
        not_before=now() + GATHERED,
        idempotency_key=str(project),
        is_internal=True,
    )


def _insert(session: Session, rows: Any) -> int:
    statement = _upsert(session, rows)
    return int(session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _upsert(session: Session, rows: Any = None) -> Any:
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Stale)
    if rows is not None:
        statement = statement.from_select(["project_id", "task_id", "organization_id", "mark"], rows)
    return statement.on_conflict_do_update(
        index_elements=["project_id", "task_id"], set_={"mark": statement.excluded.mark}
    )


def _mark() -> int:
    return secrets.randbits(62)
