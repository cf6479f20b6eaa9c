"""What travels in the queue: JSON alone, and over TLS only to whom the administrator trusts."""

from __future__ import annotations

import pickle
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection

from labelwright import config
from labelwright.jobs.embedded import WorkerThread
from labelwright.jobs.messages import TASK, announce, celery_app


def settings(tmp_path: Path, **given: Any) -> config.Settings:
    return config.load(tmp_path, environ={}, overrides=given)


def test_only_json_is_sent_and_accepted(tmp_path: Path) -> None:
    conf = celery_app(settings(tmp_path), print).conf
    assert conf.accept_content == ["json"]
    assert conf.task_serializer == conf.result_serializer == conf.event_serializer == "json"


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, ssl.CERT_REQUIRED), ({"redis_ssl_cert_reqs": "optional"}, ssl.CERT_OPTIONAL),
     ({"redis_ssl_cert_reqs": "none"}, ssl.CERT_NONE)],
)  # fmt: skip
def test_redis_over_tls_must_show_a_certificate_unless_the_setting_says_otherwise(
    tmp_path: Path, given: dict[str, str], expected: ssl.VerifyMode
) -> None:
    conf = celery_app(settings(tmp_path, redis_url="rediss://queue.example.org:6380/0", **given), print).conf
    assert conf.broker_use_ssl["ssl_cert_reqs"] == expected


ran: list[bool] = []


def explode() -> None:
    ran.append(True)


class Exploit:
    """Runs code when it is unpickled."""

    def __reduce__(self) -> Any:
        return (explode, ())


def test_a_pickled_message_is_not_opened(tmp_path: Path) -> None:
    done: list[int] = []
    arrived = threading.Event()

    def run(job: int) -> None:
        done.append(job)
        arrived.set()

    app = celery_app(settings(tmp_path), run)
    worker = WorkerThread(app, 1, run)
    assert worker.wait_until_ready(20)
    try:
        with Connection("memory://localhost/") as connection, connection.channel() as channel:
            for kind, body in (
                ("application/x-python-serialize", pickle.dumps(Exploit())),
                ("application/json", b"{oops"),
            ):
                message = channel.prepare_message(
                    body,
                    content_type=kind,
                    content_encoding="binary",
                    headers={"task": TASK, "id": "x", "lang": "py"},
                )
                channel.basic_publish(message, "", app.conf.task_default_queue)
        announce(app, 7)
        assert arrived.wait(20), "the worker did not survive the messages before"
    finally:
        worker.stop()
    assert done == [7]
    assert ran == []


def test_two_applications_in_one_process_do_not_hear_each_other(tmp_path: Path) -> None:
    heard: dict[str, list[int]] = {"one": [], "two": []}
    apps = {
        name: celery_app(settings(tmp_path), lambda job, name=name: heard[name].append(job)) for name in heard
    }
    workers = [WorkerThread(app, 1, heard[name].append) for name, app in apps.items()]
    try:
        assert all(worker.wait_until_ready(20) for worker in workers)
        for number, app in enumerate(apps.values(), 1):
            announce(app, number)
        end = threading.Event()
        for _ in range(100):
            if all(heard.values()):
                break
            end.wait(0.05)
    finally:
        for worker in workers:
            worker.stop()
    assert heard == {"one": [1], "two": [2]}
