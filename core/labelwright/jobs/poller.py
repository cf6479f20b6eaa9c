"""Rows that nobody was told of, found; and periodic jobs, begun."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from labelwright.errors import Unavailable
from labelwright.job_kinds import JobKind, JobSpec
from labelwright.models import Job, now
from labelwright.services.context import Context
from labelwright.services.queue import UNFINISHED

log = logging.getLogger(__name__)

TURN_S = 2.0
OVERLOOKED_S = 3.0
"""A job that has waited this long was probably never announced."""
AGAIN_S = 30.0
"""A job that still waits after an announcement is announced again: workers may be busy, or the message lost."""


class Poller:
    """Looks every two seconds, or when it is woken.

    :param announce: hands ids of jobs to workers; handing one over twice does no harm.
    """

    def __init__(
        self, ctx: Context, kinds: Mapping[str, JobKind], announce: Callable[[Sequence[int]], None]
    ) -> None:
        self._ctx, self._announce = ctx, announce
        self._periodic = [kind for kind in kinds.values() if kind.every_s]
        self._announced: dict[int, float] = {}
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="labelwright-poller", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    def turn(self, *, overlooked_s: float = OVERLOOKED_S) -> None:
        """Begin periodic jobs whose time has come, and announce what was overlooked."""
        for kind in self._periodic:
            self._begin(kind)
        due = self._ctx.queue.due(overlooked_s=overlooked_s)
        moment = time.monotonic()
        self._announced = {
            job: at for job, at in self._announced.items() if job in due and moment - at < AGAIN_S
        }
        fresh = [job for job in due if job not in self._announced]
        if fresh:
            self._announce(fresh)
            self._announced.update(dict.fromkeys(fresh, moment))

    def _work(self) -> None:
        overlooked_s = 0.0
        while True:
            try:
                self.turn(overlooked_s=overlooked_s)
            except Unavailable as error:
                log.warning("the poller could not look for jobs; it tries again: %s", error)
            except Exception:
                log.warning("the poller could not look for jobs; it tries again", exc_info=True)
            overlooked_s = OVERLOOKED_S
            if self._stopping.wait(TURN_S):
                return

    def _begin(self, kind: JobKind) -> None:
        """Write a periodic job, unless another process did, or the last one is too recent."""
        assert kind.every_s is not None
        since = now() - timedelta(seconds=kind.every_s)
        recent = select(Job.id).where(
            Job.kind == kind.kind, (Job.created_at > since) | Job.state.in_(UNFINISHED)
        )
        with self._ctx.database.read() as session:
            if session.scalar(recent.limit(1)) is not None:
                return
        with self._ctx.database.write() as session:
            self._ctx.queue.add(session, JobSpec(kind.kind, idempotency_key="periodic"))
