"""Rows that nobody was told of, found; and periodic jobs, begun."""

from __future__ import annotations

import logging
import threading
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


class Poller:
    """Looks every two seconds, and gives what was overlooked to the threads of its own process.

    No message is sent for it, so a worker goes on, at this slower pace, whatever becomes of Redis and of Celery's
    connection to it.

    :param hand_over: begins these jobs here; a job that somebody else has won meanwhile is not run twice.
    :param room: how many more jobs this process can begin now.
    """

    def __init__(
        self,
        ctx: Context,
        kinds: Mapping[str, JobKind],
        hand_over: Callable[[Sequence[int]], None],
        room: Callable[[], int],
    ) -> None:
        self._ctx, self._hand_over, self._room = ctx, hand_over, room
        self._periodic = [kind for kind in kinds.values() if kind.every_s]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="labelwright-poller", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    def turn(self, *, overlooked_s: float = OVERLOOKED_S) -> None:
        """Begin periodic jobs whose time has come, and what was overlooked, as far as there is room."""
        for kind in self._periodic:
            self._begin(kind)
        room = self._room()
        if room > 0:
            self._hand_over(self._ctx.queue.due(overlooked_s=overlooked_s, limit=room))

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
