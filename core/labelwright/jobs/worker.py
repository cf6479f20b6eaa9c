"""``labelwright worker``: a process that does jobs which others have announced on Redis."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable

from labelwright.errors import ConfigurationError
from labelwright.services.context import Context

from .embedded import LAST_WORDS_S, WorkerThread
from .messages import celery_app
from .poller import Poller
from .runner import Runner
from .senders import Sender

log = logging.getLogger(__name__)


def run(ctx: Context, *, concurrency: int | None = None, on_ready: Callable[[], None] = lambda: None) -> None:
    """Do jobs until SIGTERM or SIGINT; running ones get ten seconds to end, and are begun again elsewhere otherwise.

    :param on_ready: called when the worker listens.
    :raises ConfigurationError: without Redis, where the server does its jobs itself.
    """
    if not ctx.settings.redis_address:
        raise ConfigurationError(
            "redis.url is not set: the server does its jobs itself, and needs no worker."
        )
    if ctx.database.is_sqlite:
        raise ConfigurationError(
            "An SQLite database is used by one process only: a worker needs PostgreSQL (database.engine)."
        )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    runner = Runner(ctx)
    app = celery_app(ctx.settings, runner.run)
    sender = Sender(app)
    ctx.queue.send, ctx.queue.health = sender.send, sender.health
    worker = WorkerThread(app, concurrency or ctx.settings.jobs_concurrency, runner.run)
    poller = Poller(ctx, runner.kinds, worker.begin, lambda: worker.concurrency - len(runner.running))
    on_ready()
    try:
        stop.wait()
    finally:
        log.warning("stopping; %s jobs are at work", len(runner.running))
        poller.stop()
        runner.stop(LAST_WORDS_S)
        sender.stop()
        worker.stop()
