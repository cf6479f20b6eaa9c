"""Redis goes away and comes back: requests go on, workers find jobs in the database, none is lost."""

from __future__ import annotations

import time

from tests.conftest import StartServer
from tests.services.redis_server import running_redis
from tests.workers.test_workers import KEYS, import_later, new_project, state, task_count, wait_for


def test_jobs_are_done_at_a_slower_pace_while_redis_is_away(
    start_server: StartServer, postgres_url: str
) -> None:
    with running_redis() as redis:
        server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis.url})
        client = server.client()
        project = new_project(client)
        assert client.get("/health").json()["status"] == "UP"
        with server.worker():
            wait_for(lambda job=import_later(client, project, 10): state(client, job) == "done")
            redis.program.kill()
            began = time.monotonic()
            jobs = [import_later(client, project, 10) for _ in range(3)]
            assert time.monotonic() - began < 5, "requests waited for Redis"
            assert client.get("/health").json()["status"] == "DEGRADED"
            wait_for(lambda: {state(client, job) for job in jobs} == {"done"})
            redis.program.start_again()
            redis.program.wait_until(redis.answers)
            wait_for(lambda job=import_later(client, project, 10): state(client, job) == "done")
        assert task_count(client, project) == 50
        assert client.get("/health").json()["status"] == "UP"


def test_messages_that_redis_forgot_are_found_in_the_database(
    start_server: StartServer, postgres_url: str
) -> None:
    with running_redis() as redis:
        server = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis.url})
        client = server.client()
        project = new_project(client)
        jobs = [import_later(client, project, 10) for _ in range(3)]
        with redis.client() as connection:
            wait_for(lambda: bool(connection.exists("labelwright")))
            connection.flushall()
        with server.worker():
            wait_for(lambda: {state(client, job) for job in jobs} == {"done"})
        assert task_count(client, project) == 30
