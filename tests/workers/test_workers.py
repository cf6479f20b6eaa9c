"""Jobs outside the server: on Redis, with workers in processes of their own, with and without TLS."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import StartServer
from tests.services.labelwright import LiveServer
from tests.services.processes import Program
from tests.services.redis_server import Redis
from tests.workers.far import KEYS, import_later, new_project, state, states, task_count, wait_for


def tls(redis: Redis) -> dict[str, str]:
    assert redis.certificates is not None
    return {
        "LABELWRIGHT_REDIS_URL": redis.url,
        "LABELWRIGHT_REDIS_SSL_CA_CERTS": str(redis.certificates.authority),
    }


def test_a_worker_on_redis_does_what_the_server_only_writes_down(server: LiveServer) -> None:
    client = server.client()
    project = new_project(client)
    job = import_later(client, project, 500)
    time.sleep(2)
    assert state(client, job) == "queued", "the server did a job although workers are configured"
    with server.worker():
        wait_for(lambda: state(client, job) == "done")
    assert task_count(client, project) == 500


def test_a_worker_on_redis_behind_tls(start_server: StartServer, postgres_url: str, redis_tls: Redis) -> None:
    server = start_server(postgres_url, settings=KEYS | tls(redis_tls))
    client = server.client()
    project = new_project(client)
    with server.worker():
        job = import_later(client, project, 50)
        wait_for(lambda: state(client, job) == "done")
    assert task_count(client, project) == 50


def test_a_redis_whose_certificate_nobody_trusts_is_not_spoken_to(
    start_server: StartServer, postgres_url: str, redis_tls: Redis
) -> None:
    """It is said where administrators look, and no job goes over that line."""
    server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis_tls.url})
    client = server.client()
    import_later(client, new_project(client), 5)
    wait_for(lambda: "certificate" in server.log.lower())
    with redis_tls.client() as redis:
        assert redis.keys("*celery*") == []


@pytest.mark.kill
def test_a_job_whose_worker_was_killed_is_done_once_by_another(server: LiveServer) -> None:
    client = server.client()
    project = new_project(client)
    with ExitStack() as workers:
        first = workers.enter_context(server.worker())
        job = import_later(client, project, 15_000)
        wait_for(lambda: state(client, job) == "running")
        first.kill()
        assert task_count(client, project) == 0
        workers.enter_context(server.worker())
        wait_for(lambda: state(client, job) == "done", timeout_s=120)
    assert task_count(client, project) == 15_000


def test_two_workers_share_the_jobs_and_none_is_done_twice(server: LiveServer) -> None:
    client = server.client()
    project = new_project(client)
    with server.worker(), server.worker():
        for _ in range(20):
            import_later(client, project, 20)
        wait_for(lambda: states(client, project) == {"done"})
    assert task_count(client, project) == 400


def test_without_redis_two_servers_on_one_postgres_share_the_jobs(
    start_server: StartServer, postgres_url: str
) -> None:
    first: LiveServer = start_server(postgres_url, settings=KEYS)
    second: LiveServer = start_server(postgres_url, settings=KEYS, data_dir=first.data_dir)
    client = first.client()
    project = new_project(client)
    for server in (first, second):
        for _ in range(10):
            import_later(server.client(), project, 20)
    wait_for(lambda: states(client, project) == {"done"})
    assert task_count(client, project) == 400


def test_a_worker_says_at_once_when_its_redis_is_not_there(database: str, tmp_path: Path) -> None:
    nowhere = KEYS | {"LABELWRIGHT_REDIS_URL": "redis://127.0.0.1:1/0"}
    worker: Program
    with LiveServer(tmp_path, database, settings=nowhere).worker() as worker:
        wait_for(lambda: "127.0.0.1:1" in worker.log_tail(200))
        assert "Traceback" not in worker.log_tail(200)


def test_only_json_is_taken_from_the_queue(server: LiveServer, redis: Redis) -> None:
    """Whoever can write to Redis must not be able to run code in a worker."""
    client = server.client()
    project = new_project(client)
    trap = server.data_dir / "trapped"
    with server.worker() as worker:
        _send(redis, {"serializer": "pickle"}, Trap(str(trap)))
        _send(redis, {"serializer": "yaml"}, {"args": ["!!python/object/apply:os.system ['id']"]})
        for body in (
            "text",
            7,
            [],
            [[], {}, {}],
            [["1; drop", "labelwright"], {}, {}],
            [[10**30, "labelwright"], {}, {}],
            [[1, "elsewhere"], {}, {}],
            [[1, "labelwright"], {"x": 1}, {}],
        ):
            _send(redis, {"serializer": "json"}, body)
        job = import_later(client, project, 10)
        wait_for(lambda: state(client, job) == "done", timeout_s=30)
        assert worker.process.poll() is None
    assert not trap.exists()
    assert task_count(client, project) == 10


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return open, (self.path, "w")


def _send(redis: Redis, how: dict[str, str], body: object) -> None:
    from kombu import Connection

    headers = {"task": "labelwright.run_job", "id": "x", "lang": "py", "argsrepr": "", "kwargsrepr": ""}
    with Connection(redis.url) as connection:
        connection.SimpleQueue("labelwright", serializer=how["serializer"]).put(body, headers=headers)
