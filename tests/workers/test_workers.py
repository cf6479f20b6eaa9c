"""Jobs outside the server: on Redis, with workers in processes of their own, with and without TLS."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.conftest import StartServer
from tests.kills.rounds import LABEL_CONFIG, good
from tests.services.labelwright import Client, LiveServer
from tests.services.processes import Program
from tests.services.redis_server import Redis

KEYS = {
    "LABELWRIGHT_SECRET_KEY": secrets.token_hex(32),
    "LABELWRIGHT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "LABELWRIGHT_JOBS_HEARTBEAT_S": "1",
}


def tls(redis: Redis) -> dict[str, str]:
    assert redis.certificates is not None
    return {
        "LABELWRIGHT_REDIS_URL": redis.url,
        "LABELWRIGHT_REDIS_SSL_CA_CERTS": str(redis.certificates.authority),
    }


def new_project(client: Client) -> int:
    return int(good(client.post("/api/projects/", json={"title": "Far", "label_config": LABEL_CONFIG}))["id"])


def import_later(client: Client, project: int, size: int) -> dict[str, Any]:
    answer = client.post(
        f"/api/projects/{project}/import",
        json=[{"text": f"task {number}"} for number in range(size)],
        headers={"Prefer": "respond-async"},
    )
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    return job


def state(client: Client, job: dict[str, Any]) -> str:
    return str(good(client.get(f"/api/jobs/{job['id']}"))["state"])


def wait_for(what: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def task_count(client: Client, project: int) -> int:
    return int(good(client.get(f"/api/projects/{project}/"))["task_number"])


def test_a_worker_on_redis_does_what_the_server_only_writes_down(
    start_server: StartServer, postgres_url: str, redis_url: str
) -> None:
    server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis_url})
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
def test_a_job_whose_worker_was_killed_is_done_once_by_another(
    start_server: StartServer, postgres_url: str, redis_url: str
) -> None:
    server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis_url})
    client = server.client()
    project = new_project(client)
    with ExitStack() as workers:
        first = workers.enter_context(server.worker())
        job = import_later(client, project, 60_000)
        wait_for(lambda: state(client, job) == "running")
        first.kill()
        assert task_count(client, project) == 0
        workers.enter_context(server.worker())
        wait_for(lambda: state(client, job) == "done", timeout_s=120)
    assert task_count(client, project) == 60_000


def test_two_workers_share_the_jobs_and_none_is_done_twice(
    start_server: StartServer, postgres_url: str, redis_url: str
) -> None:
    server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis_url})
    client = server.client()
    project = new_project(client)
    with server.worker(), server.worker():
        jobs = [import_later(client, project, 20) for _ in range(20)]
        wait_for(lambda: {state(client, job) for job in jobs} == {"done"})
    assert task_count(client, project) == 400


def test_without_redis_two_servers_on_one_postgres_share_the_jobs(
    start_server: StartServer, postgres_url: str
) -> None:
    first: LiveServer = start_server(postgres_url, settings=KEYS)
    second: LiveServer = start_server(postgres_url, settings=KEYS, data_dir=first.data_dir)
    client = first.client()
    project = new_project(client)
    jobs = [import_later(server.client(), project, 20) for server in (first, second) for _ in range(10)]
    wait_for(lambda: {state(client, job) for job in jobs} == {"done"})
    assert task_count(client, project) == 400


def test_a_worker_says_at_once_when_its_redis_is_not_there(
    start_server: StartServer, postgres_url: str
) -> None:
    server = start_server(postgres_url, settings=KEYS)
    nowhere = LiveServer(
        server.data_dir, postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": "redis://127.0.0.1:1/0"}
    )
    worker: Program
    with nowhere.worker() as worker:
        wait_for(lambda: "127.0.0.1:1" in worker.log_tail(200))
        assert "Traceback" not in worker.log_tail(200)
