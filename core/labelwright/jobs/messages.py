"""The message "look at job 7", over Celery: in memory inside the server, or over Redis to workers.

Only JSON is sent and accepted, and only ids. Losing a message loses nothing: the poller finds the row.
"""

from __future__ import annotations

import logging
import ssl
import uuid
from collections.abc import Callable
from typing import Any

from celery import Celery
from celery.worker.strategy import default as default_strategy

from labelwright.config import Settings

log = logging.getLogger(__name__)

TASK = "labelwright.run_job"
POLLING_S = 0.02
_runs: dict[str, Callable[[int], None]] = {}
"""Queue to what runs its jobs. Celery's workers of one process share the tasks of the last one that was started, so
the message says whose job it is."""
CERTIFICATES = {"required": ssl.CERT_REQUIRED, "optional": ssl.CERT_OPTIONAL, "none": ssl.CERT_NONE}


def celery_app(settings: Settings, run: Callable[[int], None]) -> Celery:
    """The Celery application of this process.

    :param run: what a worker does with a job's id; not called where no worker runs.
    """
    app = Celery("labelwright", broker=settings.redis_address or "memory://localhost/", set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_serializer="json",
        event_serializer="json",
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_acks_late=False,
        task_default_queue=queue_name(settings),
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_prefetch_multiplier=1,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_transport(settings),
        **_tls(settings),
    )

    _runs[app.conf.task_default_queue] = run
    app.task(name=TASK, ignore_result=True, shared=False, Strategy=staticmethod(_only_ours))(_run_job)
    # Pool threads look for the current application; without this they would find one that speaks AMQP.
    app.set_default()
    return app


def announce(app: Celery, job: int) -> None:
    """Send one message. :raises Exception: of whatever kind, when the broker cannot be reached."""
    app.send_task(TASK, args=[job, app.conf.task_default_queue], retry=False, ignore_result=True)


def _run_job(job: int, queue: str) -> None:
    _runs[queue](job)


def _only_ours(task: Any, app: Celery, consumer: Any, **options: Any) -> Callable[..., None]:
    """Celery's way of taking a message, for those that we send. It falls over others, and then takes no more at all."""
    take = default_strategy(task, app, consumer, **options)

    def take_ours(message: Any, body: Any, ack: Any, reject: Any, callbacks: Any, **given: Any) -> None:
        if not is_ours(message):
            log.warning("a message in the queue is none of ours; it is thrown away")
            ack(log, (ConnectionError,))
            return
        take(message, body, ack, reject, callbacks, **given)

    return take_ours


def is_ours(message: Any) -> bool:
    """Whether a message says "look at job 7", and nothing else."""
    try:
        [job, queue], kwargs, _options = message.decode()
        return kwargs == {} and type(job) is int and 0 < job < 2**63 and queue in _runs
    except Exception:
        return False


def queue_name(settings: Settings) -> str:
    """One queue for all processes on Redis; in memory one for each application, since the memory is shared by all."""
    return "labelwright" if settings.redis_address else f"labelwright-{uuid.uuid4().hex}"


def _transport(settings: Settings) -> dict[str, Any]:
    if not settings.redis_address:
        return {"polling_interval": POLLING_S}
    return {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "retry_on_timeout": False,
        "visibility_timeout": 3600,
        "max_retries": 0,
    }


def _tls(settings: Settings) -> dict[str, Any]:
    """Certificates are always checked, unless the administrator says otherwise: Celery's own default checks nothing."""
    given = dict(settings.redis_tls)
    if not given:
        return {}
    given["ssl_cert_reqs"] = CERTIFICATES[given.get("ssl_cert_reqs", "required")]
    return {"broker_use_ssl": given}
