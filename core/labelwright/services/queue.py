"""The queue of long work: rows that are written with their cause, and claimed by whoever has a hand free.

The row is the truth. A message only says "look at job 7"; it may be lost or come twice, because a job begins with a
claim that one worker wins, and a poller looks for rows that nobody was told of. A worker shows that it lives by a
heartbeat; when that stops, the job is claimed by another, which finds where the first one was (``resume``).
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, delete, event, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from labelwright.config import Settings
from labelwright.db import Database
from labelwright.errors import LabelwrightError
from labelwright.job_kinds import JobSpec
from labelwright.models import Job, now
from labelwright.registry import Registry

log = logging.getLogger(__name__)

UNFINISHED = ("queued", "running")
SILENT_BEATS = 3
"""A worker is taken for dead after this many heartbeats without one."""
ERROR_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker won: nobody else runs it while the heartbeat goes on."""

    id: int
    kind: str
    params: dict[str, Any]
    resume: dict[str, Any]
    attempt: int
    """1 at the first try."""
    owner_id: int | None
    organization_id: int | None
    project_id: int | None


class JobQueue:
    """Rows of jobs: written, claimed, kept alive and ended.

    ``send`` tells workers of new jobs, after the commit; it may lose them and must not wait. ``jobs/`` puts it in
    place, as ``health``.
    """

    def __init__(self, database: Database, registry: Registry, settings: Settings) -> None:
        self._database = database
        self.registry = registry
        self.heartbeat_s: float = settings.jobs_heartbeat_s
        self.worker = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.send: Callable[[Sequence[int]], None] = _nobody_is_told
        self.health: Callable[[], dict[str, Any]] = _no_transport

    # written with their cause

    def add(
        self,
        session: Session,
        spec: JobSpec,
        *,
        owner: int | None = None,
        organization: int | None = None,
        running: bool = False,
    ) -> int | None:
        """Write a job in the caller's transaction; workers are told by themselves when it is committed.

        :param running: it is claimed by this process from the beginning, and run by the caller itself.
        :returns: its id; ``None`` if an unfinished one with the same key makes it superfluous.
        """
        moment = now()
        due = spec.not_before or moment
        values: dict[str, Any] = {
            "kind": spec.kind,
            "owner_id": None if spec.is_internal else owner,
            "organization_id": None if spec.is_internal else organization,
            "project_id": spec.project,
            "params": orjson.dumps(dict(spec.params)).decode(),
            "idempotency_key": f"{spec.kind}:{spec.idempotency_key}"[:160] if spec.idempotency_key else None,
            "not_before": due,
        }
        if running:
            values |= {"state": "running", "worker": self.worker, "attempts": 1}
            values |= {"started_at": moment, "heartbeat_at": moment}
        job: int | None = session.scalar(_WRITE[session.get_bind().dialect.name], values)
        if job is not None and not running and due <= moment:
            self._send_after_commit(session, job)
        return job

    def plan(
        self,
        session: Session,
        specs: Iterable[JobSpec],
        *,
        organization: int | None,
        owner: int | None = None,
    ) -> list[int]:
        """Write the jobs that ``registry.plan`` collected, in the same transaction as the event.

        :returns: ids of those written; one that an unfinished job of the same key makes superfluous is not.
        """
        ids = [self.add(session, spec, owner=owner, organization=organization) for spec in specs]
        return [job for job in ids if job is not None]

    def _send_after_commit(self, session: Session, job: int) -> None:
        waiting: list[int] | None = session.info.get("labelwright_jobs")
        if waiting is not None:
            waiting.append(job)
            return
        waiting = session.info["labelwright_jobs"] = [job]

        @event.listens_for(session, "after_commit", once=True)
        def tell(_session: Session) -> None:
            jobs, waiting[:] = list(waiting), []
            _session.info.pop("labelwright_jobs", None)
            try:
                self.send(jobs)
            except Exception:
                log.warning(
                    "workers could not be told of jobs %s; the poller will find them", jobs, exc_info=True
                )

    # claimed

    def claim(self, job: int) -> Claim | None:
        """Win a job that is due, or whose worker has died. ``None`` when there is nothing to win."""
        moment = now()
        with self._database.write() as session:
            wanted = (
                select(Job.id).where(Job.id == job, self._is_free(moment)).with_for_update(skip_locked=True)
            )
            row = session.execute(
                update(Job)
                .where(Job.id.in_(wanted))
                .values(
                    state="running",
                    worker=self.worker,
                    attempts=Job.attempts + 1,
                    updated_at=moment,
                    heartbeat_at=moment,
                    started_at=moment,
                    message="",
                    code="",
                    message_params="{}",
                )  # fmt: skip
                .returning(
                    Job.id,
                    Job.kind,
                    Job.params,
                    Job.resume,
                    Job.attempts,
                    Job.owner_id,
                    Job.organization_id,
                    Job.project_id,
                    Job.cancel_requested,
                )  # fmt: skip
                .execution_options(synchronize_session=False)
            ).first()
            if row is None:
                return None
            if row.cancel_requested:
                self._end(session, job, "cancelled")
                return None
            return Claim(
                row.id, row.kind, orjson.loads(row.params), orjson.loads(row.resume or "{}"), row.attempts,
                row.owner_id, row.organization_id, row.project_id,
            )  # fmt: skip

    def due(self, *, overlooked_s: float = 0, limit: int = 100) -> list[int]:
        """Jobs that somebody should look at.

        :param overlooked_s: only those that have waited this long: others are probably on their way to a worker.
        """
        moment = now()
        with self._database.read() as session:
            found = session.scalars(
                select(Job.id)
                .where(self._is_free(moment, moment - timedelta(seconds=overlooked_s)))
                .order_by(Job.id)
                .limit(limit)
            )
            return list(found)

    def _is_free(self, moment: Any, waited_since: Any = None) -> ColumnElement[bool]:
        silent = moment - timedelta(seconds=self.heartbeat_s * SILENT_BEATS)
        return or_(
            and_(Job.state == "queued", Job.not_before <= (waited_since or moment)),
            and_(Job.state == "running", Job.heartbeat_at < silent),
        )

    def release_dead(self) -> int:
        """Free the jobs of every other worker at once: on SQLite at the start, where no other can be alive."""
        with self._database.write() as session:
            result = session.execute(
                update(Job)
                .where(Job.state == "running", Job.worker != self.worker)
                .values(heartbeat_at=now() - timedelta(days=1))
                .execution_options(synchronize_session=False)
            )
            return int(result.rowcount)  # type: ignore[attr-defined]

    # kept alive

    def beat(self, jobs: Iterable[int]) -> dict[int, bool]:
        """Show that these jobs' worker lives.

        :returns: those that are still ours, with whether somebody asked to cancel them.
        """
        wanted = list(jobs)
        if not wanted:
            return {}
        with self._database.write() as session:
            rows = session.execute(
                update(Job)
                .where(Job.id.in_(wanted), Job.worker == self.worker, Job.state == "running")
                .values(heartbeat_at=now())
                .returning(Job.id, Job.cancel_requested)
                .execution_options(synchronize_session=False)
            )
            return {row.id: row.cancel_requested for row in rows}

    def progress(
        self,
        job: int,
        done: int,
        total: int | None = None,
        message: str | None = None,
        *,
        code: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        """Show how far a job is."""
        values: dict[str, Any] = {"done": done, "total": total, "updated_at": now(), "heartbeat_at": now()}
        if message is not None:
            values |= {
                "message": message,
                "code": code or "",
                "message_params": orjson.dumps(dict(params or {})).decode(),
            }
        with self._database.write() as session:
            self._change(session, job, values)

    def checkpoint(self, session: Session, job: int, state: Mapping[str, Any]) -> bool:
        """Keep a resume point in the caller's transaction. ``False`` if the job is not ours any more: undo it."""
        return self._change(session, job, {"resume": orjson.dumps(dict(state)).decode(), "updated_at": now()})

    def cancel(self, session: Session, job: int) -> None:
        """Ask a job to stop. One that has not begun ends at once."""
        row = session.get(Job, job, with_for_update=True)
        if row is None or row.state not in UNFINISHED:
            return
        row.cancel_requested, row.updated_at = True, now()
        session.flush()
        if row.state == "queued":
            self._end(session, job, "cancelled")

    # ended

    def finish(self, session: Session, job: int, result: Mapping[str, Any] | None = None) -> bool:
        """End a job well, in the transaction of its effect. ``False`` if it is no longer ours: undo the effect."""
        text = None if result is None else orjson.dumps(dict(result)).decode()
        return self._end(session, job, "done", result=text)

    def stop(
        self,
        job: int,
        state: str,
        error: LabelwrightError | None = None,
        result: Mapping[str, Any] | None = None,
    ) -> bool:
        """End a job in a transaction of its own: ``done``, ``failed`` or ``cancelled``."""
        values: dict[str, Any] = {}
        if error is not None:
            values = {"error": error_text(error), "message": words_of(error), "code": error.code,
                      "message_params": orjson.dumps(error.params, default=str).decode()}  # fmt: skip
        if result is not None:
            values["result"] = orjson.dumps(dict(result)).decode()
        with self._database.write() as session:
            return self._end(session, job, state, **values)

    def forget_old(self) -> None:
        """Remove rows of jobs that ended a month ago; the server's own after a day."""
        moment = now()
        ended = Job.state.not_in(UNFINISHED)
        with self._database.write() as session:
            session.execute(
                delete(Job)
                .where(
                    ended,
                    or_(
                        Job.finished_at < moment - timedelta(days=30),
                        and_(Job.organization_id.is_(None), Job.finished_at < moment - timedelta(days=1)),
                    ),
                )
                .execution_options(synchronize_session=False)
            )

    def retry(self, job: int, wait_s: float) -> None:
        """Put a job back, to be begun again after some seconds."""
        moment = now()
        with self._database.write() as session:
            later = moment + timedelta(seconds=wait_s)
            self._change(
                session, job, {"state": "queued", "worker": None, "not_before": later, "updated_at": moment}
            )

    def _end(self, session: Session, job: int, state: str, **values: Any) -> bool:
        moment = now()
        ended = {
            "state": state,
            "finished_at": moment,
            "updated_at": moment,
            "idempotency_key": None,
            "worker": None,
            **values,
        }
        mine = or_(Job.worker == self.worker, Job.state == "queued")
        result = session.execute(
            update(Job)
            .where(Job.id == job, mine, Job.state.in_(UNFINISHED))
            .values(ended)
            .execution_options(synchronize_session=False)
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]

    def _change(self, session: Session, job: int, values: Mapping[str, Any]) -> bool:
        result = session.execute(
            update(Job)
            .where(Job.id == job, Job.worker == self.worker, Job.state == "running")
            .values(dict(values))
            .execution_options(synchronize_session=False)
        )
        return bool(result.rowcount)  # type: ignore[attr-defined]


def words_of(error: LabelwrightError) -> str:
    """What went wrong in one sentence: the first, where there are several."""
    fields = getattr(error, "fields", None) or {}
    return next((messages[0] for messages in fields.values() if messages), error.message)


def error_text(error: LabelwrightError) -> str:
    """A refusal as a job keeps it: what the API would have answered."""
    body: dict[str, Any] = {
        "status_code": error.status,
        "detail": error.message,
        "code": error.code,
        "params": error.params,
    }
    if fields := getattr(error, "fields", None):
        body["validation_errors"] = fields
    elif error.field:
        body["validation_errors"] = {error.field: [error.message]}
    text = orjson.dumps(body, default=str)
    if len(text) > ERROR_BYTES:
        text = orjson.dumps({name: body[name] for name in ("status_code", "detail", "code")})
    return text.decode()


def _nobody_is_told(jobs: Sequence[int]) -> None:
    """Without a transport the poller finds every job."""


def _no_transport() -> dict[str, Any]:
    return {"status": "ok", "transport": "none"}


def _keyed(insert: Any) -> Any:
    """Write a job, unless an unfinished one has its key. Of two transactions at once the second waits for the first.

    No savepoint is used for it: at its end, SQLAlchemy tells those who wait for the commit.
    """
    has_key = Job.idempotency_key.is_not(None)
    statement = insert(Job).on_conflict_do_nothing(index_elements=[Job.idempotency_key], index_where=has_key)
    return statement.returning(Job.id)


_WRITE = {"postgresql": _keyed(postgresql.insert), "sqlite": _keyed(sqlite.insert)}
