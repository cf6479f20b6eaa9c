"""A synchronisation begun by somebody: inside the request, as Label Studio does it, or as a job."""

from __future__ import annotations

import time
from typing import Any

import orjson
from sqlalchemy import select

from labelwright.errors import InvalidFields, LabelwrightError
from labelwright.job_kinds import JobSpec
from labelwright.models import Job, Storage, now
from labelwright.services import serializers
from labelwright.services.context import Caller, Context
from labelwright.services.imports.run import Cancelled
from labelwright.services.permissions import require
from labelwright.storages import Side

from . import kept, sync, writing
from .sync import HandedOver

BEAT_S = 1.0
WAIT_S = 0.2


def begin(
    ctx: Context, caller: Caller, side: Side, kind: str, storage_id: int, *, running: bool = False
) -> tuple[int, bool]:
    """Have a storage synchronised.

    :param running: by the caller itself, until it hands the job over.
    :returns: the job, and whether it is a new one: a storage is synchronised by one at a time.
    :raises InvalidFields: if somebody has said that it may not be.
    """
    with ctx.database.write() as session:
        row = kept.get(session, caller, side, kind, storage_id)
        require(ctx, caller, "storages.sync", session=session, project=row.project_id)
        if not row.synchronizable:
            raise InvalidFields(
                {"synchronizable": ["This storage is not to be synchronised."]}, code="not-synchronizable"
            )
        spec = JobSpec(sync.KIND, {"storage_id": row.id}, project=row.project_id, idempotency_key=str(row.id))
        job = ctx.queue.add(
            session, spec, owner=caller.user_id, organization=caller.organization_id, running=running
        )
        if job is None:
            at_it = select(Job.id).where(Job.idempotency_key == f"{sync.KIND}:{row.id}")
            return session.scalar(at_it) or row.job_id or 0, False
        meta = {"attempts": 0, "time_queued": serializers.moment(now())}
        row.job_id, row.status, row.traceback = job, "queued", None
        row.meta = orjson.dumps(meta).decode()
    return job, True


def at_once(ctx: Context, caller: Caller, side: Side, kind: str, storage_id: int) -> None:
    """Synchronise inside the request; what takes longer than the settings allow goes on as a job.

    How it went is told by the storage, not by an exception.
    """
    ends = time.monotonic() + ctx.settings["storage.sync_at_once_s"]
    while True:
        job, is_new = begin(ctx, caller, side, kind, storage_id, running=True)
        if is_new:
            break
        # Somebody is at it, and may have passed by what this request means: it has its turn after them.
        if time.monotonic() > ends:
            return
        time.sleep(WAIT_S)
    watch = _RequestWatch(ctx, job, ends)
    try:
        result = work(ctx, storage_id, job, watch)
    except HandedOver:
        ctx.queue.retry(job, 0)
        return
    except Cancelled:
        ctx.queue.stop(job, "cancelled")
    except LabelwrightError as error:
        ctx.queue.stop(job, "failed", error)
    except BaseException:
        ctx.queue.stop(job, "failed")
        raise
    else:
        ctx.queue.stop(job, "done", result=result)


def work(
    ctx: Context,
    storage_id: int,
    job: int,
    watch: Any,
    resume: dict[str, Any] | None = None,
    *,
    is_last_try: bool = True,
) -> dict[str, Any] | None:
    """Synchronise a storage of either side."""
    resume = resume or {}
    with ctx.database.read() as session:
        side = session.scalar(select(Storage.side).where(Storage.id == storage_id))
    if side == "target":
        return writing.work(
            ctx, storage_id, job, watch, everything=True, resume=resume, is_last_try=is_last_try
        )
    return sync.work(ctx, storage_id, job, watch, resume, is_last_try=is_last_try)


class _RequestWatch:
    """Shows others how far a request is, and ends its patience."""

    def __init__(self, ctx: Context, job: int, ends: float) -> None:
        self._queue, self._job = ctx.queue, job
        self._ends = ends
        self._shown_at, self._cancelled = time.monotonic(), False

    def progress(
        self, done: int, total: int | None = None, message: str | None = None, **params: Any
    ) -> None:
        moment = time.monotonic()
        if moment > self._ends:
            raise HandedOver
        if moment - self._shown_at >= BEAT_S:
            self._shown_at = moment
            self._queue.progress(self._job, done, total, message, params=params)
            self._cancelled = self._queue.beat([self._job]).get(self._job, True)

    def cancelled(self) -> bool:
        return self._cancelled
