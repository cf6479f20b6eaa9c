"""Redis goes away and comes back: requests go on, workers find jobs in the database, none is lost."""

from __future__ import annotations

import time

from tests.kills.rounds import good
from tests.services.labelwright import LiveServer
from tests.services.redis_server import Redis
from tests.workers.far import (
    CHOICE,
    assert_no_traceback,
    import_later,
    new_project,
    project_with_tasks,
    state,
    states,
    task_count,
    wait_for,
)


def test_jobs_are_done_at_a_slower_pace_while_redis_is_away(server: LiveServer, redis: Redis) -> None:
    client = server.client()
    project = new_project(client)
    assert client.get("/health").json()["status"] == "UP"
    with server.worker():
        wait_for(lambda job=import_later(client, project, 10): state(client, job) == "done")
        redis.program.kill()
        began = time.monotonic()
        for _ in range(3):
            import_later(client, project, 10)
        assert time.monotonic() - began < 5, "requests waited for Redis"
        assert client.get("/health").json()["status"] == "DEGRADED"
        wait_for(lambda: states(client, project) == {"done"})
        redis.program.start_again()
        redis.program.wait_until(redis.answers)
        wait_for(lambda job=import_later(client, project, 10): state(client, job) == "done")
    assert task_count(client, project) == 50
    assert client.get("/health").json()["status"] == "UP"


def test_messages_that_redis_forgot_are_found_in_the_database(server: LiveServer, redis: Redis) -> None:
    client = server.client()
    project = new_project(client)
    for _ in range(3):
        import_later(client, project, 10)
    with redis.client() as connection:
        wait_for(lambda: bool(connection.exists("labelwright")))
        connection.flushall()
    with server.worker():
        wait_for(lambda: states(client, project) == {"done"})
    assert task_count(client, project) == 30


def test_without_redis_people_work_on_and_jobs_are_done_when_it_is_back(
    server: LiveServer, redis: Redis
) -> None:
    client = server.client()
    project, tasks = project_with_tasks(client, 5)
    import_later(client, project, 30)
    time.sleep(0.5)
    with redis.client() as connection:
        connection.flushall()

    redis.program.stop()
    start = time.monotonic()
    good(client.post(f"/api/tasks/{tasks[0]}/annotations/", json={"result": [CHOICE | {"id": "r"}]}))
    import_later(client, project, 30)
    assert time.monotonic() - start < 3
    health = client.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "DEGRADED")
    assert states(client, project) == {"queued"}

    redis.program.start_again()
    redis.program.wait_until(redis.answers)
    with server.worker():
        wait_for(lambda: states(client, project) == {"done"}, timeout_s=40)
    assert task_count(client, project) == 65
    assert client.get("/health").json()["status"] == "UP"
    assert_no_traceback(server)
