"""Jobs as people see them: those of their own organisation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from labelwright.errors import NotAllowed, NotFound
from labelwright.models import Job

from . import serializers
from .context import Caller, Context
from .permissions import require
from .queue import UNFINISHED

MOST_LISTED = 200


def get(session: Session, caller: Caller, job_id: int) -> Job:
    """The job. :raises NotFound: also for another organisation's, and for the server's own."""
    row = session.scalar(_own(caller).where(Job.id == job_id))
    if row is None:
        raise NotFound("No Job matches the given query.", code="no-job", params={"id": job_id})
    return row


def find(
    session: Session, caller: Caller, *, project_id: int | None = None, since: datetime | None = None
) -> Sequence[Job]:
    """The newest jobs.

    :param since: only those that changed after it.
    """
    query = _own(caller).order_by(Job.id.desc()).limit(MOST_LISTED)
    if project_id is not None:
        query = query.where(Job.project_id == project_id)
    if since is not None:
        query = query.where(or_(Job.updated_at > since, Job.state == "running"))
    return session.scalars(query).all()


def cancel(ctx: Context, caller: Caller, job_id: int) -> Job:
    """Ask a job to stop. One that has ended stays as it is.

    :raises NotAllowed: of somebody else's, unless the caller may change its project.
    """
    with ctx.database.write() as session:
        row = get(session, caller, job_id)
        if row.owner_id != caller.user_id:
            if row.project_id is None:
                raise NotAllowed(
                    "You do not have permission to perform this action.", code="permission-denied"
                )
            require(ctx, caller, "projects.change", session=session, project=row.project_id)
        ctx.queue.cancel(session, job_id)
        session.refresh(row)
    return row


def to_json(row: Job) -> dict[str, Any]:
    """A job as the browser gets it. ``progress`` is 0..1, or null while nobody knows how much there is."""
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "progress": _progress(row),
        "done": row.done,
        "total": row.total,
        "message": row.message,
        "code": row.code,
        "params": orjson.Fragment(row.message_params or "{}"),
        "result": serializers.raw(row.result),
        "error": serializers.raw(row.error),
        "project": row.project_id,
        "owner": row.owner_id,
        "cancel_requested": row.cancel_requested,
        "created_at": serializers.moment(row.created_at),
        "started_at": serializers.moment(row.started_at),
        "finished_at": serializers.moment(row.finished_at),
    }


def _progress(row: Job) -> float | None:
    if row.state == "done":
        return 1.0
    if not row.total:
        return None if row.state in UNFINISHED else 0.0
    return round(min(1.0, row.done / row.total), 4)


def _own(caller: Caller) -> Select[Job]:
    visible: ColumnElement[bool] = Job.organization_id == caller.organization_id
    return select(Job).where(visible)
