"""The label stream: which task comes next, and where the labeller is.

A task is given out with a lease (``leases``), in one transaction that locks its row, so that two labellers never get
the last place of one task, whatever their number.

A labeller waits for this at each task, so the usual way is five statements (``open_tasks``), whatever the project's
size: where the labeller is (project, role, lease in hand), the task found and counted as taken, its lease, its place
in the history.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Row, Select, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.errors import NotFound
from labelwright.models import StreamPosition, Task, now, table_of
from labelwright.queues import Queue, QueueRequest

from . import leases, open_tasks, projects
from .context import Caller, Context
from .data_manager.matching import within_limit
from .data_manager.selection import Chosen
from .permissions import require_as

POSITION = table_of(StreamPosition)

QUEUE_NAMES = {
    "Sequential sampling": "Sequence queue",
    "Uniform sampling": "Uniform queue",
    "Uncertainty sampling": "Uncertainty queue",
}


@dataclass(frozen=True)
class Given:
    """A task for a labeller, and how it was found.

    :param task: a row of the table of tasks, :param project: and of projects.
    """

    task: Row[Any]
    project: Row[Any]
    queue: str
    unique_id: str
    expires_at: datetime


@dataclass(frozen=True)
class _Search:
    """One labeller's search for a task, in its transaction."""

    session: Session
    caller: Caller
    project: Row[Any]
    """With the labeller's ``role``, ``position``, ``history``, and the task ``held``; see ``open_tasks``."""
    ahead_of: int | None
    until: datetime

    @property
    def values(self) -> dict[str, Any]:
        """What the statements of this search ask for."""
        return {"project": self.project.id, "user": self.caller.user_id, "ahead": self.ahead_of or 0}

    @property
    def is_ahead(self) -> bool:
        return self.ahead_of is not None

    def take(self, narrowed: str, overlapping: bool = False, **values: Any) -> Row[Any] | None:
        """Find an open task and count it as taken; see :func:`open_tasks.taking`."""
        statement = open_tasks.taking(narrowed, overlapping, self.is_ahead)
        return self.session.connection().execute(statement, self.values | values).first()

    def leased(self, task_id: int) -> str:
        """A new lease on a task that was counted as taken. :returns: its unique id."""
        return leases.take(
            self.session, self.caller, self.project.id, task_id, self.until, is_ahead=self.is_ahead
        )

    def renewed(self, task_id: int) -> str | None:
        """Prolong the labeller's lease on a task. :returns: its unique id, ``None`` where there is no lease."""
        return leases.prolong(self.session, self.caller, task_id, self.until, is_ahead=self.is_ahead)


def next_task(ctx: Context, caller: Caller, project_id: int, *, ahead_of: int | None = None) -> Given:
    """Lease the caller's next task of a project.

    The task that the caller holds already comes first. Then tasks that nobody may be given beyond their overlap, in the
    project's order; then the caller's postponed drafts and, where the project says so, the caller's own skipped tasks.

    :param ahead_of: the task that is being labelled: give the one after it, to be loaded ahead.
    :raises NotFound: when nothing is left for the caller.
    """
    with ctx.database.write() as session:
        search = _begun(ctx, session, caller, project_id, ahead_of)
        project = search.project
        name = QUEUE_NAMES.get(project.sampling, project.sampling)
        if project.held is not None and (held := _held(search)) is not None:
            return Given(held[0], project, name, held[1], search.until)
        task, queue, lease = _found(ctx, search)
        if ahead_of is None:
            _show(ctx, search, task)
        return Given(task, project, queue or name, lease, search.until)


def next_of(ctx: Context, caller: Caller, project_id: int, chosen: Chosen) -> Given:
    """Lease the first open task among chosen ones, in the order of their ids: the queue of the data manager.

    :raises NotFound: when none of them is left for the caller.
    """
    with ctx.database.write() as session, within_limit(session, chosen.patterns):
        search = _begun(ctx, session, caller, project_id, None)
        if (again := _again(search, open_tasks.chosen_in_hand(chosen.where))) is not None:
            task, lease = again
        else:
            statement = open_tasks.taking_of(chosen.where)
            found = session.connection().execute(statement, search.values).first()
            if found is None:
                raise _nothing_left(search)
            task, lease = found, search.leased(found.id)
        _show(ctx, search, task)
        return Given(task, search.project, "Data manager queue", lease, search.until)


def _begun(ctx: Context, session: Session, caller: Caller, project_id: int, ahead_of: int | None) -> _Search:
    """A search: where the labeller is has been read, and leases that have run out are ended.

    :raises NotFound: of another organisation's project.
    :raises NotAllowed: to who may not label in it.
    """
    moment = now()
    asked = {"project": project_id, "user": caller.user_id, "organization": caller.organization_id,
             "ahead": ahead_of or 0, "moment": moment}  # fmt: skip
    project = session.connection().execute(open_tasks.situation(ahead_of is not None), asked).first()
    if project is None:
        raise projects.unknown(project_id)
    require_as(ctx, caller, "annotations.create", project.role, project_id)
    if project.has_expired:
        leases.expire(session, project_id)
    until = moment + timedelta(seconds=project.custom_task_lock_ttl or ctx.settings.tasks_lock_ttl_s)
    return _Search(session, caller, project, ahead_of, until)


def _show(ctx: Context, search: _Search, task: Row[Any]) -> None:
    """Note that the labeller is shown a task."""
    project, limit = search.project, ctx.settings.tasks_history_limit
    remember(search.session, project.id, search.caller.user_id, project, task.id, None, limit)


def _nothing_left(search: _Search) -> NotFound:
    return NotFound(
        f"There are no tasks for {search.caller.email}",
        code="no-more-tasks",
        params={"project": search.project.id},
    )


def _held(search: _Search) -> tuple[Row[Any], str] | None:
    """The task in hand with its lease, which is prolonged."""
    connection, task = search.session.connection(), search.project.held
    lease = search.renewed(task)
    row = connection.execute(open_tasks.TASK_BY_ID, {"task": task}).first()
    return None if lease is None or row is None else (row, lease)


def remember(
    session: Session,
    project_id: int,
    user_id: int,
    place: Row[Any],
    task_id: int,
    annotation_id: int | None,
    limit: int,
) -> None:
    """Note where the labeller is: the search goes on from here, and "previous" finds the way back.

    :param place: ``position`` and ``history`` as they are stored; ``None`` both, where nothing is.
    :param annotation_id: ``None`` when the task is only shown.
    """
    kept, position = orjson.loads(place.history or "[]"), place.position or 0
    entries = [entry for entry in kept if entry[0] != task_id]
    entries.append([task_id, annotation_id])
    values = {
        "project_id": project_id,
        "user_id": user_id,
        "task_id": max(task_id, position) if annotation_id is None else position,
        "history": orjson.dumps(entries[-limit:] if limit else []).decode(),
    }
    connection = session.connection()
    connection.execute(_REMEMBER[connection.dialect.name], values)


def history(ctx: Context, caller: Caller, project_id: int) -> list[dict[str, Any]]:
    """The caller's last tasks in a project's stream, oldest first, with the annotation made there."""
    with ctx.database.read() as session:
        projects.get(session, caller, project_id)
        position = session.get(StreamPosition, (project_id, caller.user_id))
        entries = orjson.loads(position.history) if position else []
        alive = set(session.scalars(select(Task.id).where(Task.id.in_([entry[0] for entry in entries]))))
    return [{"taskId": task, "annotationId": annotation} for task, annotation in entries if task in alive]


def _found(ctx: Context, search: _Search) -> tuple[Row[Any], str, str]:
    """The task, the queue that it comes from (``""``: the project's order), and the lease's unique id."""
    task = _ground_truth_first(search) or _by_sampling(ctx, search)
    if task is not None:
        return task, "", search.leased(task.id)
    if (again := _again(search, open_tasks.POSTPONED)) is not None:
        return again[0], "Postponed draft", again[1]
    if (
        search.project.skip_queue == "REQUEUE_FOR_ME"
        and (again := _again(search, open_tasks.OWN_SKIPPED)) is not None
    ):
        return again[0], "Skipped queue", again[1]
    raise _nothing_left(search)


def _again(search: _Search, query: Select[Any]) -> tuple[Row[Any], str] | None:
    """A task that the labeller comes back to, and its lease: the one that is there, or a new one."""
    connection = search.session.connection()
    task = connection.execute(query, search.values).first()
    if task is None:
        return None
    if (lease := search.renewed(task.id)) is not None:
        return task, lease
    connection.execute(open_tasks.TAKE_AGAIN, {"task": task.id})
    return task, search.leased(task.id)


def _ground_truth_first(search: _Search) -> Row[Any] | None:
    project = search.project
    if not (project.annotator_evaluation_enabled or project.show_ground_truth_first):
        return None
    return search.take("ground truths")


def _by_sampling(ctx: Context, search: _Search) -> Row[Any] | None:
    project, queue = search.project, ctx.registry.queues.get(search.project.sampling)
    if project.maximum_annotations > 1 and (task := search.take("begun")) is not None:
        return task
    if queue is not None:
        return _by_plugin(search, queue)
    overlaps = project.show_overlap_first and project.maximum_annotations > 1
    for overlapping in (True, False) if overlaps else (False,):
        task = _in_order(ctx, search, overlapping)
        if task is not None:
            return task
    return None


def _in_order(ctx: Context, search: _Search, overlapping: bool) -> Row[Any] | None:
    """The next open task in the project's order.

    :param overlapping: only of those that several people label.
    """
    if search.project.sampling == "Uniform sampling":
        return _uniform(ctx, search, overlapping)
    if search.project.sampling == "Uncertainty sampling":
        return search.take("uncertain", overlapping) or _uniform(ctx, search, overlapping)
    return _sequential(search, overlapping)


def _by_plugin(search: _Search, queue: Queue) -> Row[Any] | None:
    """The first open task in the order of a plugin's queue."""
    asked = QueueRequest(search.project.id, search.caller.user_id)
    where = queue.where(open_tasks.TASK, asked)
    statement = open_tasks.taking_of(
        *([] if where is None else [where]),
        order=queue.order(open_tasks.TASK, asked),
        ahead=search.is_ahead,
    )
    return search.session.connection().execute(statement, search.values).first()


def _sequential(search: _Search, overlapping: bool) -> Row[Any] | None:
    """The first open task; found without walking past all that the labeller has answered.

    Looks at the first ``NEAR`` open tasks, then goes on from where the labeller was, and only then walks from
    the beginning.
    """
    return (
        search.take("near", overlapping)
        or (search.project.position and search.take("onwards", overlapping, position=search.project.position))
        or search.take("any", overlapping)
    )


def _uniform(ctx: Context, search: _Search, overlapping: bool) -> Row[Any] | None:
    """One of the open tasks after a random place in the project: equal chances without reading them all."""
    connection = search.session.connection()
    first, last = connection.execute(open_tasks.BOUNDS, {"project": search.project.id}).one()
    if first is None:
        return None
    pivot, size = random.randint(first, last), ctx.settings.tasks_random_sample
    for above in (True, False):
        sample = open_tasks.sample(above, overlapping, search.is_ahead)
        ids = list(connection.execute(sample, search.values | {"pivot": pivot, "size": size}).scalars())
        random.shuffle(ids)
        for task_id in ids:
            if (task := search.take("one", overlapping, task=task_id)) is not None:
                return task
    return None


def _kept(insert: Any) -> Any:
    """Write where a labeller is, over what was written before."""
    place = insert(POSITION)
    return place.on_conflict_do_update(
        index_elements=["project_id", "user_id"],
        set_={"task_id": place.excluded.task_id, "history": place.excluded.history},
    )


_REMEMBER = {"postgresql": _kept(postgresql.insert), "sqlite": _kept(sqlite.insert)}
