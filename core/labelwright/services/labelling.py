"""The label stream: which task comes next, and who holds it meanwhile.

A lease binds a task to a labeller. ``Task.taken`` counts the annotations that matter and the live leases; a
task is given out only while ``taken < overlap``, in one transaction that locks its row, so two labellers
never get the last place of one task, whatever their number. The page renews the lease; when it expires, the
place is free again.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, delete, exists, func, select, update
from sqlalchemy.orm import Session

from labelwright.errors import NotFound
from labelwright.models import Annotation, Draft, Project, StreamPosition, Task, TaskLease, now
from labelwright.queues import Queue, QueueRequest

from . import projects
from .context import Caller, Context
from .permissions import require
from .visible import published

NEAR = 200
"""Open tasks looked at from the front of the sequence before the search goes on from where the labeller was."""

QUEUE_NAMES = {
    "Sequential sampling": "Sequence queue",
    "Uniform sampling": "Uniform queue",
    "Uncertainty sampling": "Uncertainty queue",
}


@dataclass(frozen=True)
class Given:
    """A task for a labeller, and how it was found."""

    task: Task
    queue: str
    unique_id: str
    expires_at: datetime


def next_task(ctx: Context, caller: Caller, project_id: int, *, ahead_of: int | None = None) -> Given:
    """Lease the caller's next task of a project.

    The task that the caller holds already comes first. Then tasks that nobody may be given beyond their overlap, in the
    project's order; then the caller's postponed drafts and, where the project says so, the caller's own skipped tasks.

    :param ahead_of: the task that is being labelled: give the one after it, to be loaded ahead.
    :raises NotFound: when nothing is left for the caller.
    """
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "annotations.create", session=session, project=project_id)
        expire(session, project.id)
        until = now() + timedelta(seconds=project.custom_task_lock_ttl or ctx.settings.tasks_lock_ttl_s)
        held = _held(session, caller, project, ahead_of)
        if held is not None:
            lease, task = held
            lease.expires_at, lease.prefetched = until, ahead_of is not None
            return Given(task, QUEUE_NAMES.get(project.sampling, project.sampling), lease.unique_id, until)
        task, queue = _find(ctx, session, caller, project, ahead_of)
        lease = take(session, task, caller.user_id, until, prefetched=ahead_of is not None)
        if ahead_of is None:
            remember(session, project.id, caller.user_id, task.id, None, ctx.settings.tasks_history_limit)
        return Given(task, queue, lease.unique_id, until)


def next_of(ctx: Context, caller: Caller, project_id: int, chosen: ColumnElement[bool]) -> Given:
    """Lease the first open task among chosen ones, in the order of their ids: the queue of the data manager.

    :raises NotFound: when none of them is left for the caller.
    """
    with ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "annotations.create", session=session, project=project_id)
        expire(session, project.id)
        until = now() + timedelta(seconds=project.custom_task_lock_ttl or ctx.settings.tasks_lock_ttl_s)
        held = session.scalar(
            select(Task)
            .join(TaskLease, and_(TaskLease.task_id == Task.id, TaskLease.user_id == caller.user_id))
            .where(Task.project_id == project.id, chosen)
            .order_by(TaskLease.created_at)
            .limit(1)
        )
        open_tasks = [*_open(project, caller, None), chosen]
        task = held or _locked(session, select(Task).where(*open_tasks).order_by(Task.id))
        if task is None:
            raise NotFound(
                f"There are no tasks for {caller.email}", code="no-more-tasks", params={"project": project.id}
            )
        lease = take(session, task, caller.user_id, until)
        remember(session, project.id, caller.user_id, task.id, None, ctx.settings.tasks_history_limit)
        return Given(task, "Data manager queue", lease.unique_id, until)


def take(
    session: Session, task: Task, user_id: int, until: datetime, *, prefetched: bool = False
) -> TaskLease:
    """Lease a task whose row this transaction has locked. A lease that is there already is prolonged."""
    lease = session.get(TaskLease, (task.id, user_id))
    if lease is None:
        lease = TaskLease(
            task_id=task.id, user_id=user_id, project_id=task.project_id, unique_id=str(uuid.uuid4())
        )
        session.add(lease)
        task.taken += 1
    lease.expires_at, lease.prefetched = until, prefetched
    session.flush()
    return lease


def renew(session: Session, caller: Caller, task_id: int, lasts_s: float) -> datetime | None:
    """Prolong the caller's lease on a task; the open page does so.

    :param lasts_s: seconds from now.
    :returns: when it expires, ``None`` if the caller holds none (it expired and the place was given to somebody else).
    """
    until = now() + timedelta(seconds=lasts_s)
    changed = session.execute(
        update(TaskLease)
        .where(TaskLease.task_id == task_id, TaskLease.user_id == caller.user_id)
        .values(expires_at=until)
        .execution_options(synchronize_session=False)
    )
    return until if changed.rowcount else None  # type: ignore[attr-defined]


def release(session: Session, task_id: int, user_id: int) -> bool:
    """End a lease without touching ``taken``: for callers who settle the task themselves."""
    removed = session.execute(
        delete(TaskLease)
        .where(TaskLease.task_id == task_id, TaskLease.user_id == user_id)
        .execution_options(synchronize_session=False)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def give_back(ctx: Context, caller: Caller, task_id: int) -> bool:
    """Give a lease back when the labeller leaves: the task is free for others at once.

    :returns: whether there was one.
    """
    with ctx.database.write() as session:
        if not release(session, task_id, caller.user_id):
            return False
        _free(session, [task_id])
    return True


def expire(session: Session, project_id: int) -> int:
    """End the leases of a project that have run out. :returns: how many."""
    rows = session.scalars(
        delete(TaskLease)
        .where(TaskLease.project_id == project_id, TaskLease.expires_at < now())
        .returning(TaskLease.task_id)
        .execution_options(synchronize_session=False)
    ).all()
    if rows:
        _free(session, list(rows))
    return len(rows)


def remember(
    session: Session, project_id: int, user_id: int, task_id: int, annotation_id: int | None, limit: int
) -> None:
    """Note where the labeller is: the search goes on from here, and "previous" finds the way back."""
    position = session.get(StreamPosition, (project_id, user_id))
    if position is None:
        position = StreamPosition(project_id=project_id, user_id=user_id, task_id=0, history="[]")
        session.add(position)
    history = [entry for entry in orjson.loads(position.history) if entry[0] != task_id]
    history.append([task_id, annotation_id])
    position.history = orjson.dumps(history[-limit:] if limit else []).decode()
    position.task_id = max(task_id, position.task_id) if annotation_id is None else position.task_id
    session.flush()


def history(ctx: Context, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """The caller's last tasks in a project's stream, oldest first, with the annotation made there."""
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        position = session.get(StreamPosition, (project_id, caller.user_id))
        entries = orjson.loads(position.history) if position else []
        alive = set(session.scalars(select(Task.id).where(Task.id.in_([entry[0] for entry in entries]))))
    return [{"taskId": task, "annotationId": annotation} for task, annotation in entries if task in alive]


def _free(session: Session, task_ids: list[int]) -> None:
    for task_id in task_ids:
        session.execute(
            update(Task)
            .where(Task.id == task_id, Task.taken > 0)
            .values(taken=Task.taken - 1)
            .execution_options(synchronize_session=False)
        )


def _held(
    session: Session, caller: Caller, project: Project, ahead_of: int | None
) -> tuple[TaskLease, Task] | None:
    """A task that the caller holds and has not answered. Those shown before come before those only loaded ahead."""
    query = (
        select(TaskLease, Task)
        .join(Task, Task.id == TaskLease.task_id)
        .where(
            TaskLease.project_id == project.id,
            TaskLease.user_id == caller.user_id,
            Task.is_labeled.is_(False),
        )
        .order_by(TaskLease.prefetched, TaskLease.created_at)
        .limit(1)
    )
    if ahead_of is not None:
        query = query.where(TaskLease.task_id != ahead_of, TaskLease.prefetched.is_(True))
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def _find(
    ctx: Context, session: Session, caller: Caller, project: Project, ahead_of: int | None
) -> tuple[Task, str]:
    name = QUEUE_NAMES.get(project.sampling, project.sampling)
    open_tasks = _open(project, caller, ahead_of)
    found = _ground_truth_first(session, project, open_tasks) or _by_sampling(
        ctx, session, caller, project, open_tasks
    )
    if found is not None:
        return found, name
    if (task := _postponed(session, caller, project, ahead_of)) is not None:
        return task, "Postponed draft"
    if (
        project.skip_queue == "REQUEUE_FOR_ME"
        and (task := _own_skipped(session, caller, project, ahead_of)) is not None
    ):
        return task, "Skipped queue"
    raise NotFound(
        f"There are no tasks for {caller.email}", code="no-more-tasks", params={"project": project.id}
    )


def _open(project: Project, caller: Caller, ahead_of: int | None) -> list[ColumnElement[bool]]:
    """The conditions of a task that the caller may be given."""
    conditions = [
        Task.project_id == project.id,
        Task.taken < Task.overlap,
        ~exists().where(Annotation.task_id == Task.id, Annotation.completed_by_id == caller.user_id),
        ~exists().where(TaskLease.task_id == Task.id, TaskLease.user_id == caller.user_id),
        ~exists().where(
            Draft.task_id == Task.id, Draft.user_id == caller.user_id, Draft.was_postponed.is_(True)
        ),
        published(project.id),
    ]
    if project.show_overlap_first:
        more = select(Task.id).where(
            Task.project_id == project.id, Task.taken < Task.overlap, Task.overlap > 1
        )
        conditions.append(~more.exists() | (Task.overlap > 1))
    if ahead_of is not None:
        conditions.append(Task.id != ahead_of)
    return conditions


def _locked(session: Session, query: Any) -> Task | None:
    """The first task of the query that no other transaction holds."""
    task: Task | None = session.scalars(
        query.limit(1).with_for_update(of=Task, skip_locked=True).execution_options(populate_existing=True)
    ).first()
    return task


def _ground_truth_first(
    session: Session, project: Project, open_tasks: list[ColumnElement[bool]]
) -> Task | None:
    if not (project.annotator_evaluation_enabled or project.show_ground_truth_first):
        return None
    return _locked(session, select(Task).where(*open_tasks, Task.total_ground_truths > 0).order_by(Task.id))


def _by_sampling(
    ctx: Context, session: Session, caller: Caller, project: Project, open_tasks: list[ColumnElement[bool]]
) -> Task | None:
    if project.maximum_annotations > 1:
        begun = _locked(
            session,
            select(Task).where(*open_tasks, Task.total_annotations >
            0).order_by(Task.total_annotations.desc(), Task.id),
        ) if _has_begun(session, project) else None  # fmt: skip
        if begun is not None:
            return begun
    if (queue := ctx.registry.queues.get(project.sampling)) is not None:
        return _by_plugin(session, caller, project, queue, open_tasks)
    if project.sampling == "Uniform sampling":
        return _uniform(session, project, open_tasks, ctx.settings.tasks_random_sample)
    if project.sampling == "Uncertainty sampling":
        least = _uncertain(session, open_tasks)
        return least or _uniform(session, project, open_tasks, ctx.settings.tasks_random_sample)
    return _sequential(session, caller, project, open_tasks)


def _by_plugin(
    session: Session, caller: Caller, project: Project, queue: Queue, open_tasks: list[ColumnElement[bool]]
) -> Task | None:
    """The first open task in the order of a plugin's queue."""
    asked, rows = QueueRequest(project.id, caller.user_id), Task.__table__
    where = queue.where(rows, asked)
    query = select(Task).where(*open_tasks, *([] if where is None else [where]))
    return _locked(session, query.order_by(*queue.order(rows, asked), Task.id))


def _has_begun(session: Session, project: Project) -> bool:
    query = select(Task.id).where(
        Task.project_id == project.id, Task.taken < Task.overlap, Task.total_annotations > 0
    )
    return session.scalar(query.limit(1)) is not None


def _sequential(
    session: Session, caller: Caller, project: Project, open_tasks: list[ColumnElement[bool]]
) -> Task | None:
    """The first open task; found without walking past all that the caller has answered.

    Looks at the first ``NEAR`` open tasks, then goes on from where the caller was, and only then walks from
    the beginning.
    """
    near = (
        select(Task.id)
        .where(Task.project_id == project.id, Task.taken < Task.overlap)
        .order_by(Task.id)
        .limit(NEAR)
    )
    ordered = select(Task).where(*open_tasks).order_by(Task.id)
    if (task := _locked(session, ordered.where(Task.id.in_(near)))) is not None:
        return task
    position = session.get(StreamPosition, (project.id, caller.user_id))
    if (
        position is not None
        and (task := _locked(session, ordered.where(Task.id > position.task_id))) is not None
    ):
        return task
    return _locked(session, ordered)


def _uniform(
    session: Session, project: Project, open_tasks: list[ColumnElement[bool]], sample: int
) -> Task | None:
    """One of the open tasks after a random place in the project: equal chances without reading them all."""
    bounds = session.execute(
        select(func.min(Task.id), func.max(Task.id)).where(
            Task.project_id == project.id, Task.taken < Task.overlap
        )
    ).one()
    if bounds[0] is None:
        return None
    pivot = random.randint(bounds[0], bounds[1])
    for where in (Task.id >= pivot, Task.id < pivot):
        ids = list(session.scalars(select(Task.id).where(*open_tasks, where).order_by(Task.id).limit(sample)))
        random.shuffle(ids)
        for task_id in ids:
            if (task := _locked(session, select(Task).where(Task.id == task_id, *open_tasks))) is not None:
                return task
    return None


def _uncertain(session: Session, open_tasks: list[ColumnElement[bool]]) -> Task | None:
    """The task whose predictions have the lowest average score."""
    score = Task.prediction_score_sum / Task.prediction_score_count
    return _locked(
        session, select(Task).where(*open_tasks, Task.prediction_score_count > 0).order_by(score, Task.id)
    )


def _postponed(session: Session, caller: Caller, project: Project, ahead_of: int | None) -> Task | None:
    query = (
        select(Task)
        .join(
            Draft,
            and_(Draft.task_id == Task.id, Draft.user_id == caller.user_id, Draft.was_postponed.is_(True)),
        )
        .where(Task.project_id == project.id, Task.is_labeled.is_(False), Task.id != (ahead_of or 0))
        .order_by(Draft.updated_at)
    )
    return _locked(session, query)


def _own_skipped(session: Session, caller: Caller, project: Project, ahead_of: int | None) -> Task | None:
    query = (
        select(Task)
        .join(Annotation, and_(Annotation.task_id == Task.id, Annotation.completed_by_id == caller.user_id))
        .where(
            Task.project_id == project.id,
            Task.is_labeled.is_(False),
            Annotation.was_cancelled.is_(True),
            Task.id != (ahead_of or 0),
        )
        .order_by(Annotation.updated_at)
    )
    return _locked(session, query)
