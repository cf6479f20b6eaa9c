"""Jobs inside the server process: a Celery worker in a thread, and no other program to install.

With ``redis.url`` set, this process only announces jobs, and ``labelwright worker`` does them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from celery import Celery
from celery.worker import WorkController

from labelwright.services.context import Context

from .messages import announce, celery_app
from .poller import Poller
from .runner import Runner
from .senders import Sender

log = logging.getLogger(__name__)

READY_S = 20
LAST_WORDS_S = 10
"""How long a stop waits for running jobs; what does not end by then is begun again at the next start."""


@contextmanager
def worker(ctx: Context) -> Iterator[None]:
    """Run jobs while the block lasts, or announce them to the workers on Redis."""
    if ctx.settings.redis_address:
        with _announcing(ctx):
            yield
    else:
        with _working(ctx):
            yield


@contextmanager
def _announcing(ctx: Context) -> Iterator[None]:
    sender = Sender(celery_app(ctx.settings, _not_here))
    ctx.queue.send, ctx.queue.health = sender.send, sender.health
    try:
        yield
    finally:
        sender.stop()


@contextmanager
def _working(ctx: Context) -> Iterator[None]:
    if ctx.database.is_sqlite:
        # No other process can be at work on this file, so what it was doing is free at once.
        ctx.queue.release_dead()
    runner = Runner(ctx)
    app = celery_app(ctx.settings, runner.run)

    def send(jobs: Sequence[int]) -> None:
        for job in jobs:
            announce(app, job)

    thread = start_worker(app, ctx.settings.jobs_concurrency, runner.run)
    ctx.queue.send = send
    ctx.queue.health = lambda: {"status": "ok", "transport": "embedded", "running": len(runner.running)}
    poller = Poller(ctx, runner.kinds, thread.begin, lambda: thread.concurrency - len(runner.running))
    try:
        yield
    finally:
        poller.stop()
        runner.stop(LAST_WORDS_S)
        thread.stop()


class WorkerThread:
    """A Celery worker in a thread of this process.

    :param run: does a job in one of the worker's own threads, for those that come without a message.
    """

    def __init__(self, app: Celery, concurrency: int, run: Callable[[int], None]) -> None:
        self.concurrency, self._run = concurrency, run
        self._ready = threading.Event()
        ready = self._ready

        class Controller(WorkController):
            def on_consumer_ready(self, consumer: Any) -> None:
                ready.set()

        self._worker = Controller(
            app=app, pool="threads", concurrency=concurrency, without_gossip=True, without_mingle=True,
            without_heartbeat=True, quiet=True,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._worker.start, name="labelwright-worker", daemon=True)
        self._thread.start()

    def wait_until_ready(self, timeout_s: float) -> bool:
        return self._ready.wait(timeout_s)

    def begin(self, jobs: Sequence[int]) -> None:
        """Do jobs that no message told of."""
        for job in jobs:
            self._worker.pool.executor.submit(self._run, job)

    def stop(self) -> None:
        self._worker.stop()
        self._thread.join(timeout=10)


def start_worker(app: Celery, concurrency: int, run: Callable[[int], None]) -> WorkerThread:
    """Start a worker and wait until it listens."""
    thread = WorkerThread(app, concurrency, run)
    if not thread.wait_until_ready(READY_S):
        log.warning("the embedded worker is not ready after %s seconds; jobs will begin later", READY_S)
    return thread


def _not_here(job: int) -> None:
    raise RuntimeError("this process announces jobs and does none")
