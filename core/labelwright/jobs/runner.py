"""One job, run: claimed, kept alive, ended. Whatever happens in it, the row says how it went."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from labelwright.errors import LabelwrightError, NotAllowed, NotFound, Unavailable
from labelwright.events import JobsEnded
from labelwright.job_kinds import JobKind
from labelwright.services import facts
from labelwright.services.context import Context
from labelwright.services.imports.run import Cancelled
from labelwright.services.plugin_scope import PluginScope
from labelwright.services.queue import Claim

from .kinds import core_kinds

log = logging.getLogger(__name__)

SHOWN_EVERY_S = 1.0
FIRST_WAIT_S = 2.0
"""Before a second try; doubled for each further one."""


class Runner:
    """Runs the jobs that this process wins.

    A thread of its own beats for all of them, so that a job which computes for minutes is not taken for dead.
    """

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.kinds: Mapping[str, JobKind] = {**ctx.registry.jobs, **core_kinds(ctx)}
        self._running: dict[int, RunningJob] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._heart = threading.Thread(target=self._beat, name="labelwright-heart", daemon=True)
        self._heart.start()

    def run(self, job: int) -> None:
        """Run a job, if it can be won; otherwise somebody else does or has."""
        try:
            claim = self.ctx.queue.claim(job)
        except Unavailable as error:
            log.warning("job %s waits: %s", job, error.message)
            return
        if claim is None:
            return
        running = RunningJob(self.ctx, claim)
        with self._lock:
            self._running[job] = running
        try:
            self._run(claim, running)
        except Exception:
            # The database went away while the end was to be written: the heartbeat stops, and the job is begun again.
            log.exception("job %s (%s): its end could not be written", job, claim.kind)
        finally:
            with self._lock:
                self._running.pop(job, None)

    def stop(self, timeout_s: float = 10) -> None:
        """Ask running jobs to stop, and put back what does not end in time: it is begun again at the next start."""
        self._stopping.set()
        ends = time.monotonic() + timeout_s
        while self._running and time.monotonic() < ends:
            time.sleep(0.05)
        for job in list(self._running):
            self.ctx.queue.retry(job, 0)
        self._heart.join(timeout=2)

    @property
    def running(self) -> list[int]:
        return list(self._running)

    def _run(self, claim: Claim, running: RunningJob) -> None:
        queue, kind = self.ctx.queue, self.kinds.get(claim.kind)
        if kind is None:
            queue.stop(claim.id, "failed", _no_plugin(claim.kind))
        elif claim.attempt > kind.tries:
            queue.stop(claim.id, "failed", _gave_up(claim.attempt - 1))
        else:
            try:
                running.settings = self._settings_of(claim.kind)
                result = kind.run(running, **claim.params)
            except Cancelled:
                queue.stop(claim.id, "cancelled")
            except LabelwrightError as error:
                self._refused(claim, kind, error)
            except Exception as error:
                self._broke(claim, kind, error)
            else:
                queue.stop(claim.id, "cancelled" if running.is_cancelled else "done", result=result)
        self.ctx.tell("on_jobs_ended", JobsEnded((claim.id,)))

    def _refused(self, claim: Claim, kind: JobKind, error: LabelwrightError) -> None:
        if isinstance(error, Unavailable) and error.status == 503 and claim.attempt < kind.tries:
            self.ctx.queue.retry(claim.id, FIRST_WAIT_S * 2 ** (claim.attempt - 1))
        else:
            self.ctx.queue.stop(claim.id, "failed", error)

    def _broke(self, claim: Claim, kind: JobKind, error: Exception) -> None:
        log.error("job %s (%s) failed at try %s", claim.id, claim.kind, claim.attempt, exc_info=error)
        blamed = self.ctx.registry.blame(error)
        if claim.attempt < kind.tries:
            self.ctx.queue.retry(claim.id, FIRST_WAIT_S * 2 ** (claim.attempt - 1))
        else:
            self.ctx.queue.stop(claim.id, "failed", blamed or _gave_up(claim.attempt))

    def _settings_of(self, kind: str) -> dict[str, Any]:
        if kind not in self.ctx.registry.jobs:
            return {}
        return self.ctx.registry.settings_for("register_jobs", kind, self.ctx.settings)

    def _beat(self) -> None:
        while not self._stopping.wait(self.ctx.queue.heartbeat_s / 2):
            with self._lock:
                running = dict(self._running)
            try:
                ours = self.ctx.queue.beat(running)
            except Exception:
                log.warning("the heartbeat of jobs %s could not be written", list(running), exc_info=True)
                continue
            for job, one in running.items():
                if ours.get(job, True):
                    one.is_cancelled = True


class RunningJob(PluginScope):
    """What a running job has at hand: the context that :class:`~labelwright.job_kinds.JobKind` promises."""

    def __init__(self, ctx: Context, claim: Claim) -> None:
        super().__init__(ctx, organization=claim.organization_id, owner=claim.owner_id, settings={})
        self.job = claim.id
        self.project = claim.project_id
        self.owner = claim.owner_id
        self.resume: Mapping[str, Any] = claim.resume
        self.attempt = claim.attempt
        self.is_cancelled = False
        self._shown_at = 0.0

    def progress(
        self, done: int, total: int | None = None, message: str | None = None, **params: Any
    ) -> None:
        if time.monotonic() - self._shown_at < SHOWN_EVERY_S:
            return
        self._shown_at = time.monotonic()
        self._ctx.queue.progress(self.job, done, total, message, params=params)
        if self._ctx.queue.beat([self.job]).get(self.job, True):
            self.is_cancelled = True

    def cancelled(self) -> bool:
        return self.is_cancelled

    def set_facts(
        self, column: str, values: Mapping[int, float | str | None], session: Session | None = None
    ) -> None:
        if self.project is None:
            raise ValueError("only a job of a project keeps values for its tasks")
        facts.keep(self._ctx, self.project, column, values, session)

    def checkpoint(self, state: Mapping[str, Any]) -> None:
        with self._ctx.database.write() as session:
            if not self._ctx.queue.checkpoint(session, self.job, state):
                self.is_cancelled = True

    def within(self, organization: int) -> PluginScope:
        if self.organization not in (None, organization):
            raise NotAllowed("This job belongs to another organisation.", code="other-organization")
        return PluginScope(self._ctx, organization=organization, owner=None, settings=self.settings)


def _no_plugin(kind: str) -> NotFound:
    return NotFound(
        f"No plugin at work knows the kind of job {kind!r}.", code="unknown-job-kind", params={"kind": kind}
    )


def _gave_up(tries: int) -> LabelwrightError:
    return LabelwrightError(
        f"Something went wrong on the server, {tries} times; it was given up.",
        code="job-gave-up",
        params={"tries": tries},
    )
