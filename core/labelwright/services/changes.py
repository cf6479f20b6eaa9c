"""What is new for somebody who looks at a page: asked by cursor, answered at once, so that no thread waits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields
from labelwright.models import Project, Task, TaskLease, now

from . import jobs, leases, projects, serializers
from .context import Caller, Context
from .queue import UNFINISHED

BUSY_MS = 1000
"""Until the next question, while a job of the caller's runs; otherwise :data:`QUIET_MS`."""
QUIET_MS = 5000
OVERLAP = timedelta(seconds=2)
"""A change is committed a little after the time that stands in it: look back this far."""


RENEWED_S = 60
"""A lease is prolonged once a minute, not at each question."""


@dataclass(frozen=True, slots=True)
class Changes:
    """An answer, and its fingerprint: the same fingerprint twice means that nothing is new."""

    body: dict[str, Any]
    etag: str
    interval_ms: int
    is_empty: bool


def since(
    ctx: Context, caller: Caller, *, cursor: str = "", project_id: int | None = None, lease: int | None = None
) -> Changes:
    """What has changed for the caller since the cursor of the last answer; also renews the lease on a task.

    :param cursor: ``""`` at the first time.
    :raises InvalidFields: of a cursor that is none of ours.
    """
    after, moment = _moment(cursor), now()
    with ctx.database.read() as session:
        if project_id is not None:
            projects.get(session, caller, project_id)
        found = jobs.find(session, caller, project_id=project_id, since=after)
        held = _lease(session, caller, lease)
    if lease is not None and held is not None:
        held = _renewed(ctx, caller, lease, held, moment)
    listed = [jobs.to_json(row) for row in found]
    shown = None if held is None else {"task": lease, "expires_at": serializers.moment(held)}
    is_busy = any(row.state in UNFINISHED for row in found)
    interval = BUSY_MS if is_busy else QUIET_MS
    body = {
        "cursor": _cursor(moment - OVERLAP),
        "interval_ms": interval,
        "jobs": listed,
        "lease": shown,
        "presence": [],
    }
    fingerprint = hashlib.sha256(orjson.dumps([listed, shown])).hexdigest()[:20]
    is_lost = lease is not None and held is None
    return Changes(body, fingerprint, interval, is_empty=bool(cursor) and not listed and not is_lost)


def _lease(session: Session, caller: Caller, task_id: int | None) -> datetime | None:
    return session.scalar(
        select(TaskLease.expires_at).where(
            TaskLease.task_id == task_id, TaskLease.user_id == caller.user_id, TaskLease.expires_at > now()
        )
    )


def _renewed(ctx: Context, caller: Caller, task_id: int, held: datetime, moment: datetime) -> datetime | None:
    with ctx.database.read() as session:
        own = session.scalar(
            select(Project.custom_task_lock_ttl)
            .join(Task, Task.project_id == Project.id)
            .where(Task.id == task_id)
        )
    lasts_s = own or ctx.settings.tasks_lock_ttl_s
    if (held - moment).total_seconds() > lasts_s - min(RENEWED_S, lasts_s / 2):
        return held
    with ctx.database.write() as session:
        return leases.renew(session, caller, task_id, lasts_s)


def _cursor(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def _moment(cursor: str) -> datetime | None:
    if not cursor:
        return None
    try:
        return datetime.fromtimestamp(int(cursor) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidFields({"since": ["Not a cursor of an earlier answer."]}, code="bad-cursor") from None
