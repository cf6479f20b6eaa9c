"""Leases: who holds a task while labelling it.

A lease binds a task to a labeller. ``Task.taken`` counts the annotations that matter and the live leases; who makes or
ends a lease keeps that number right. The page renews the lease; when it expires, the place is free again.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from labelwright.models import Task, TaskLease, now, table_of

from .context import Caller, Context

EXPIRED_AT_ONCE = 1000
"""Leases that one request ends: the rest is the next one's."""

TASK, LEASE = table_of(Task), table_of(TaskLease)


def take(
    session: Session,
    caller: Caller,
    project_id: int,
    task_id: int,
    until: datetime,
    *,
    is_ahead: bool = False,
) -> str:
    """A new lease on a task that was counted as taken. :returns: its unique id."""
    lease = {
        "task_id": task_id, "user_id": caller.user_id, "project_id": project_id, "unique_id": str(uuid.uuid4()),
        "prefetched": is_ahead, "created_at": now(), "expires_at": until,
    }  # fmt: skip
    session.connection().execute(_NEW_LEASE, lease)
    return str(lease["unique_id"])


def prolong(
    session: Session, caller: Caller, task_id: int, until: datetime, *, is_ahead: bool = False
) -> str | None:
    """Prolong the caller's lease on a task.

    :param is_ahead: the task is loaded ahead of another, and not shown yet.
    :returns: the lease's unique id, ``None`` where there is no lease.
    """
    values = {"task": task_id, "user": caller.user_id, "until": until, "is_ahead": is_ahead}
    found: str | None = session.connection().execute(_RENEW, values).scalar()
    return found


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


def _free(session: Session, task_ids: Sequence[int]) -> None:
    """Take ended leases out of their tasks' count: one statement for all tasks that lost the same number."""
    number = itemgetter(1)
    for ended, group in groupby(sorted(Counter(task_ids).items(), key=number), key=number):
        session.execute(
            update(TASK)
            .where(TASK.c.id.in_([task for task, _ in group]), TASK.c.taken >= ended)
            .values(taken=TASK.c.taken - ended)
        )


_NEW_LEASE = insert(LEASE)
_RENEW = (
    update(LEASE)
    .where(LEASE.c.task_id == bindparam("task"), LEASE.c.user_id == bindparam("user"))
    .values(expires_at=bindparam("until"), prefetched=bindparam("is_ahead"))
    .returning(LEASE.c.unique_id)
)
_RELEASE = delete(LEASE).where(LEASE.c.task_id == bindparam("task"), LEASE.c.user_id == bindparam("user"))
