"""Telling workers of new jobs, without letting anybody wait: a thread of its own speaks to Redis."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Sequence
from typing import Any

from celery import Celery

from .messages import announce

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
QUIET_S = 5.0
"""After a failure, messages are dropped for this long: the poller of a worker finds their rows."""


class Sender:
    """Sends ids of jobs to the queue. A request never waits for Redis, and none fails because of it."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._waiting: queue.Queue[int | None] = queue.Queue(MOST_WAITING)
        self._failed_at = 0.0
        self.error = ""
        """Why the last message could not be sent; empty when it could."""
        self._thread = threading.Thread(target=self._work, name="labelwright-sender", daemon=True)
        self._thread.start()

    def send(self, jobs: Sequence[int]) -> None:
        for job in jobs:
            try:
                self._waiting.put_nowait(job)
            except queue.Full:
                log.warning(
                    "job %s is not announced: %s others wait; a worker's poller will find it",
                    job,
                    MOST_WAITING,
                )

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join(timeout=5)

    def health(self) -> dict[str, Any]:
        """``degraded`` while Redis cannot be reached: jobs are written, and begin when it is back."""
        try:
            with self._app.connection_for_write(
                transport_options={"socket_connect_timeout": 1}
            ) as connection:
                connection.ensure_connection(max_retries=0, timeout=1)
                connection.default_channel.client.ping()
        except Exception as error:
            return {"status": "degraded", "transport": "redis", "error": type(error).__name__}
        return {"status": "ok", "transport": "redis"}

    def _work(self) -> None:
        while (job := self._waiting.get()) is not None:
            if self.error and time.monotonic() - self._failed_at < QUIET_S:
                continue
            try:
                self._announce(job)
                self.error = ""
            except Exception as error:
                if not self.error:
                    log.warning(
                        "Redis cannot be reached (%s); jobs wait until it is back", type(error).__name__
                    )
                self.error, self._failed_at = type(error).__name__, time.monotonic()

    def _announce(self, job: int) -> None:
        """Send one message; once more where that fails, since a connection of before Redis was gone fails once."""
        try:
            announce(self._app, job)
        except Exception:
            announce(self._app, job)
