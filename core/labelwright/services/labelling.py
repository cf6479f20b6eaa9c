"""The label stream: which task comes next, and who holds it meanwhile.

A lease binds a task to a labeller. ``Task.taken`` counts the annotations that matter and the live leases; a
task is given out only while ``taken < overlap``, in one transaction that locks its row, so two labellers
never get the last place of one task, whatever their number. The page renews the lease; when it expires, the
place is free again.

A labeller waits for this at each task, so the usual way is five statements, whatever the project's size: where the
labeller is (project, role, lease in hand), the task found and counted as taken, its lease, its place in the history.
They are built once, and read rows of the tables, not objects.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.errors import NotFound
from labelwright.models import (
    Annotation,
    Draft,
    Import,
    Project,
    ProjectMembership,
    StreamPosition,
    Task,
    TaskLease,
    now,
    table_of,
)
from labelwright.queues import Queue, QueueRequest

from . import projects
from .context import Caller, Context
from .data_manager.matching import within_limit
from .data_manager.selection import Chosen
from .permissions import require_as

NEAR = 200
"""Open tasks looked at from the front of the sequence before the search goes on from where the labeller was."""
NEAR_BEGUN = 1000
"""Tasks that somebody has begun, looked at before fresh ones: who works ahead of all others has begun many."""
EXPIRED_AT_ONCE = 1000
"""Leases that one request ends: the rest is the next one's."""

TASK, LEASE, POSITION = table_of(Task), table_of(TaskLease), table_of(StreamPosition)
PROJECT, ROLE = table_of(Project), table_of(ProjectMembership)
ANNOTATION, DRAFT, IMPORT = table_of(Annotation), table_of(Draft), table_of(Import)
_IS_BEGUN = TASK.c.total_annotations > literal_column("0")

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
    """With the labeller's ``role``, ``position``, ``history``, and the task ``held``; see :func:`_situation`."""
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
        """Find an open task and count it as taken; see :func:`_taking`."""
        statement = _taking(narrowed, overlapping, self.is_ahead)
        return self.session.connection().execute(statement, self.values | values).first()


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
        if (again := _again(search, _chosen_in_hand(chosen.where))) is not None:
            task, lease = again
        else:
            query = select(TASK.c.id).where(*_open(False, False), chosen.where).order_by(TASK.c.id)
            found = session.connection().execute(_taken(query), search.values).first()
            if found is None:
                raise _nothing_left(search)
            task, lease = found, _leased(search, found.id)
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
    project = session.connection().execute(_situation(ahead_of is not None), asked).first()
    if project is None:
        raise projects.unknown(project_id)
    require_as(ctx, caller, "annotations.create", project.role, project_id)
    if project.has_expired:
        expire(session, project_id)
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


def _chosen_in_hand(chosen: ColumnElement[bool]) -> Select[Any]:
    """The task among chosen ones that the labeller has had in hand the longest."""
    return (
        select(*TASK.c)
        .join(LEASE, and_(LEASE.c.task_id == TASK.c.id, LEASE.c.user_id == bindparam("user")))
        .where(TASK.c.project_id == bindparam("project"), chosen)
        .order_by(LEASE.c.created_at)
        .limit(1)
        .with_for_update(of=TASK, skip_locked=True)
    )


def _held(search: _Search) -> tuple[Row[Any], str] | None:
    """The task in hand with its lease, which is prolonged."""
    connection, task = search.session.connection(), search.project.held
    lease = _renewed(search, task)
    row = connection.execute(_TASK, {"task": task}).first()
    return None if lease is None or row is None else (row, lease)


def _renewed(search: _Search, task_id: int) -> str | None:
    """Prolong the labeller's lease on a task. :returns: its unique id, ``None`` where there is no lease."""
    values = {
        "task": task_id,
        "user": search.caller.user_id,
        "until": search.until,
        "is_ahead": search.is_ahead,
    }
    found: str | None = search.session.connection().execute(_RENEW, values).scalar()
    return found


def _leased(search: _Search, task_id: int) -> str:
    """A new lease on a task that was counted as taken. :returns: its unique id."""
    lease = {
        "task_id": task_id, "user_id": search.caller.user_id, "project_id": search.project.id,
        "unique_id": str(uuid.uuid4()), "prefetched": search.is_ahead, "created_at": now(),
        "expires_at": search.until,
    }  # fmt: skip
    search.session.connection().execute(_NEW_LEASE, lease)
    return str(lease["unique_id"])


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
    """End a lease without touching ``taken``: for callers who have locked the task, and count it themselves."""
    removed = session.connection().execute(_RELEASE, {"task": task_id, "user": user_id})
    return bool(removed.rowcount)


def give_back(ctx: Context, caller: Caller, task_id: int) -> bool:
    """Give a lease back when the labeller leaves: the task is free for others at once.

    :returns: whether there was one.
    """
    with ctx.database.write() as session:
        session.execute(select(TASK.c.id).where(TASK.c.id == task_id).with_for_update())
        if not release(session, task_id, caller.user_id):
            return False
        _free(session, [task_id])
    return True


def expire(session: Session, project_id: int) -> int:
    """End the leases of a project that have run out, as far as no other transaction is at their tasks.

    Tasks are locked before leases, as everywhere: a late answer and the end of its lease do not wait for each other.

    :returns: how many.
    """
    over = and_(LEASE.c.project_id == project_id, LEASE.c.expires_at < now())
    held = (
        select(TASK.c.id)
        .where(TASK.c.id.in_(select(LEASE.c.task_id).where(over)))
        .order_by(TASK.c.id)
        .limit(EXPIRED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    tasks = session.scalars(held).all()
    ended = session.scalars(
        delete(LEASE).where(over, LEASE.c.task_id.in_(tasks)).returning(LEASE.c.task_id)
    ).all()
    _free(session, ended)
    return len(ended)


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


def _free(session: Session, task_ids: Sequence[int]) -> None:
    """Take ended leases out of their tasks' count: one statement for all tasks that lost the same number."""
    number = itemgetter(1)
    for ended, group in groupby(sorted(Counter(task_ids).items(), key=number), key=number):
        session.execute(
            update(TASK)
            .where(TASK.c.id.in_([task for task, _ in group]), TASK.c.taken >= ended)
            .values(taken=TASK.c.taken - ended)
        )


def _found(ctx: Context, search: _Search) -> tuple[Row[Any], str, str]:
    """The task, the queue that it comes from (``""``: the project's order), and the lease's unique id."""
    task = _ground_truth_first(search) or _by_sampling(ctx, search)
    if task is not None:
        return task, "", _leased(search, task.id)
    if (again := _again(search, _POSTPONED)) is not None:
        return again[0], "Postponed draft", again[1]
    if search.project.skip_queue == "REQUEUE_FOR_ME" and (again := _again(search, _OWN_SKIPPED)) is not None:
        return again[0], "Skipped queue", again[1]
    raise _nothing_left(search)


def _again(search: _Search, query: Select[Any]) -> tuple[Row[Any], str] | None:
    """A task that the labeller comes back to, and its lease: the one that is there, or a new one."""
    connection = search.session.connection()
    task = connection.execute(query, search.values).first()
    if task is None:
        return None
    if (lease := _renewed(search, task.id)) is not None:
        return task, lease
    connection.execute(_TAKE_AGAIN, {"task": task.id})
    return task, _leased(search, task.id)


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
    where = queue.where(TASK, asked)
    query = select(TASK.c.id).where(*_open(False, search.is_ahead), *([] if where is None else [where]))
    found = _taken(query.order_by(*queue.order(TASK, asked), TASK.c.id))
    return search.session.connection().execute(found, search.values).first()


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
    first, last = connection.execute(_BOUNDS, {"project": search.project.id}).one()
    if first is None:
        return None
    pivot, size = random.randint(first, last), ctx.settings.tasks_random_sample
    for above in (True, False):
        sample = _sample(above, overlapping, search.is_ahead)
        ids = list(connection.execute(sample, search.values | {"pivot": pivot, "size": size}).scalars())
        random.shuffle(ids)
        for task_id in ids:
            if (task := search.take("one", overlapping, task=task_id)) is not None:
                return task
    return None


# --- the statements, each built once ------------------------------------------------------------------------


@cache
def _situation(ahead: bool) -> Select[Any]:
    """The project and where the labeller is in it, in one row.

    Of the tasks that the labeller holds and has not answered, those shown before come before those only loaded ahead.

    :param ahead: look for a task loaded ahead of another.
    """
    held = (
        select(LEASE.c.task_id)
        .join(TASK, TASK.c.id == LEASE.c.task_id)
        .where(
            LEASE.c.project_id == bindparam("project"), LEASE.c.user_id == bindparam("user"),
            LEASE.c.expires_at >= bindparam("moment"), TASK.c.is_labeled == false(),
        )
        .order_by(LEASE.c.prefetched, LEASE.c.created_at)
        .limit(1)
    )  # fmt: skip
    if ahead:
        held = held.where(LEASE.c.task_id != bindparam("ahead"), LEASE.c.prefetched == true())
    expired = exists().where(
        LEASE.c.project_id == bindparam("project"), LEASE.c.expires_at < bindparam("moment")
    )
    return (
        select(
            *PROJECT.c, ROLE.c.role, POSITION.c.task_id.label("position"), POSITION.c.history,
            held.scalar_subquery().label("held"), expired.label("has_expired"),
        )
        .outerjoin(ROLE, and_(ROLE.c.project_id == PROJECT.c.id, ROLE.c.user_id == bindparam("user")))
        .outerjoin(POSITION, and_(POSITION.c.project_id == PROJECT.c.id, POSITION.c.user_id == bindparam("user")))
        .where(
            PROJECT.c.id == bindparam("project"), PROJECT.c.organization_id == bindparam("organization"),
            PROJECT.c.deleting == false(),
        )
    )  # fmt: skip


@cache
def _taking(narrowed: str, overlapping: bool, ahead: bool) -> Update:
    """Find an open task and count it as taken.

    :param narrowed: which open tasks, and in what order: see below.
    """
    query = select(TASK.c.id).where(*_open(overlapping, ahead))
    order: tuple[ColumnElement[Any], ...] = (TASK.c.id,)
    match narrowed:
        case "near":
            query = query.where(TASK.c.id.in_(_first(NEAR, overlapping, TASK.c.id)))
        case "onwards":
            query = query.where(TASK.c.id > bindparam("position"))
        case "one":
            query = query.where(TASK.c.id == bindparam("task"))
        case "ground truths":
            query = query.where(TASK.c.total_ground_truths > literal_column("0"))
        case "begun":
            most_begun = (TASK.c.total_annotations.desc(), TASK.c.id)
            begun = _first(NEAR_BEGUN, overlapping, *most_begun, where=_IS_BEGUN)
            query = query.where(TASK.c.id.in_(begun))
            # Sorted by a sum, so that SQLite begins with those found and does not walk along an index again.
            order = ((TASK.c.total_annotations + literal_column("0")).desc(), TASK.c.id)
        case "uncertain":
            query = query.where(TASK.c.prediction_score_count > 0)
            order = (TASK.c.prediction_score_sum / TASK.c.prediction_score_count, TASK.c.id)
    return _taken(query.order_by(*order))


def _taken(query: Select[Any]) -> Update:
    """Count the first task of a query, which gives ids, as taken; what another transaction has locked is passed by."""
    first = query.limit(1).with_for_update(of=TASK, skip_locked=True).correlate(None).scalar_subquery()
    return update(TASK).where(TASK.c.id == first).values(taken=TASK.c.taken + 1).returning(*TASK.c)


def _first(
    number: int, overlapping: bool, *order: ColumnElement[Any], where: ColumnElement[bool] | None = None
) -> Select[Any]:
    """The first tasks that have a free place, whoever asks."""
    wanted = [*_places(overlapping), *([] if where is None else [where])]
    return select(TASK.c.id).where(*wanted).order_by(*order).limit(number).correlate(None)


@cache
def _sample(above: bool, overlapping: bool, ahead: bool) -> Select[Any]:
    pivot: ColumnElement[int] = bindparam("pivot")
    where = TASK.c.id >= pivot if above else TASK.c.id < pivot
    query = select(TASK.c.id).where(*_open(overlapping, ahead), where)
    return query.order_by(TASK.c.id).limit(bindparam("size"))


def _places(overlapping: bool = False) -> list[ColumnElement[bool]]:
    """A task of the project that has a free place; an index holds no others."""
    places = [TASK.c.project_id == bindparam("project"), TASK.c.taken < TASK.c.overlap]
    return [*places, TASK.c.overlap > literal_column("1")] if overlapping else places


def _open(overlapping: bool, ahead: bool) -> list[ColumnElement[bool]]:
    """The conditions of a task that the labeller may be given."""
    user: ColumnElement[int] = bindparam("user")
    hidden = select(IMPORT.c.id).where(
        IMPORT.c.project_id == bindparam("project"), IMPORT.c.state != literal_column("'published'")
    )
    conditions = [
        *_places(overlapping),
        ~exists().where(ANNOTATION.c.task_id == TASK.c.id, ANNOTATION.c.completed_by_id == user),
        ~exists().where(LEASE.c.task_id == TASK.c.id, LEASE.c.user_id == user),
        ~exists().where(DRAFT.c.task_id == TASK.c.id, DRAFT.c.user_id == user, DRAFT.c.was_postponed == true()),
        TASK.c.import_id.not_in(hidden),
    ]  # fmt: skip
    return [*conditions, TASK.c.id != bindparam("ahead")] if ahead else conditions


def _mine(what: FromClause, owner: ColumnElement[Any], where: ColumnElement[bool]) -> Select[Any]:
    """An unfinished task with something of the labeller's, the oldest first."""
    return (
        select(*TASK.c)
        .join(what, and_(what.c.task_id == TASK.c.id, owner == bindparam("user"), where))
        .where(
            TASK.c.project_id == bindparam("project"), TASK.c.is_labeled == false(), TASK.c.id != bindparam("ahead")
        )
        .order_by(what.c.updated_at)
        .limit(1)
        .with_for_update(of=TASK, skip_locked=True)
    )  # fmt: skip


_POSTPONED = _mine(DRAFT, DRAFT.c.user_id, DRAFT.c.was_postponed == true())
_OWN_SKIPPED = _mine(ANNOTATION, ANNOTATION.c.completed_by_id, ANNOTATION.c.was_cancelled == true())
_BOUNDS = select(func.min(TASK.c.id), func.max(TASK.c.id)).where(*_places())
_TASK = select(*TASK.c).where(TASK.c.id == bindparam("task"))
_TAKE_AGAIN = update(TASK).where(TASK.c.id == bindparam("task")).values(taken=TASK.c.taken + 1)
_NEW_LEASE = insert(LEASE)
_RENEW = (
    update(LEASE)
    .where(LEASE.c.task_id == bindparam("task"), LEASE.c.user_id == bindparam("user"))
    .values(expires_at=bindparam("until"), prefetched=bindparam("is_ahead"))
    .returning(LEASE.c.unique_id)
)
_RELEASE = delete(LEASE).where(LEASE.c.task_id == bindparam("task"), LEASE.c.user_id == bindparam("user"))


def _kept(insert: Any) -> Any:
    """Write where a labeller is, over what was written before."""
    place = insert(POSITION)
    return place.on_conflict_do_update(
        index_elements=["project_id", "user_id"],
        set_={"task_id": place.excluded.task_id, "history": place.excluded.history},
    )


_REMEMBER = {"postgresql": _kept(postgresql.insert), "sqlite": _kept(sqlite.insert)}
