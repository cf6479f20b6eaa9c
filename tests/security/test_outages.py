"""What the server stands on goes away while people work: nothing acknowledged is lost, and the words are plain."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from tests.conftest import StartServer
from tests.kills.rounds import all_tasks, good, settle
from tests.services.labelwright import COMMAND, Client, LiveServer
from tests.services.postgres import Postgres, running_postgres
from tests.services.redis_server import Redis, running_redis
from tests.workers.test_workers import KEYS, import_later, new_project, state, task_count, wait_for

CHOICE = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}}


def project_with_tasks(client: Client, number: int) -> tuple[int, list[int]]:
    project = new_project(client)
    good(client.post(f"/api/projects/{project}/import", json=[{"text": f"task {n}"} for n in range(number)]))
    return project, [task["id"] for task in all_tasks(client, project)]


def assert_no_traceback(server: LiveServer) -> None:
    _, found, rest = server.log.partition("Traceback")
    assert not found, rest[:5000]


# --- PostgreSQL ---------------------------------------------------------------------------------------------


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


def test_a_restart_of_postgres_costs_nothing_that_was_acknowledged(
    start_server: StartServer, own_postgres: Postgres
) -> None:
    server: LiveServer = start_server(own_postgres.url(own_postgres.create_database()), settings=KEYS)
    project, tasks = project_with_tasks(server.client(), 40)
    answers: list[requests.Response] = []
    stop = threading.Event()

    def label(offset: int) -> None:
        client = server.client()
        number = offset
        while not stop.is_set():
            number += 1
            body = {"result": [CHOICE | {"id": f"r{number}"}]}
            answers.append(client.post(f"/api/tasks/{tasks[number % 40]}/annotations/", json=body))

    threads = [threading.Thread(target=label, args=(10_000 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    own_postgres.program.stop()
    time.sleep(1)
    assert requests.get(server.url + "/health", timeout=20).status_code == 503
    own_postgres.program.start_again()
    own_postgres.program.wait_until(own_postgres.answers)
    begun = len(answers)
    wait_for(lambda: any(answer.status_code == 201 for answer in answers[begun:]), timeout_s=10)
    stop.set()
    for thread in threads:
        thread.join()

    assert {answer.status_code for answer in answers} == {201, 503}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert all("Retry-After" in answer.headers and "exc_info" in answer.json() for answer in refused)
    stored = {
        annotation["id"]
        for task in tasks
        for annotation in good(server.client().get(f"/api/tasks/{task}/annotations/"))
    }
    assert {answer.json()["id"] for answer in answers if answer.status_code == 201} <= stored
    counted = good(server.client().get(f"/api/projects/{project}/"))["total_annotations_number"]
    assert counted == len(stored)
    assert_no_traceback(server)
    assert server.client().get("/health").json() == {"status": "UP"}


# --- the disk -----------------------------------------------------------------------------------------------


def test_a_full_disk_stores_nothing_by_half_and_all_goes_on_when_there_is_space(
    start_server: StartServer,
) -> None:
    """A limit on the size of files stands for a full disk: writes fail in their middle."""
    server: LiveServer = start_server(command=("prlimit", "--fsize=8000000:unlimited", str(COMMAND), "start"))
    client = server.client()
    project, tasks = project_with_tasks(client, 20)
    large = [{"text": "x" * 20_000, "number": number} for number in range(1_500)]
    answers = [
        client.post(f"/api/projects/{project}/import", json=large),
        client.post(f"/api/projects/{project}/import", files={"f": ("a.csv", b"text\n" + b"y" * 9_000_000)}),
        client.post(
            f"/api/projects/{project}/import?commit_to_project=false",
            files={"f": ("a.txt", b"z\n" * 5_000_000)},
        ),
        client.post(f"/api/projects/{project}/import", json=large, headers={"Prefer": "respond-async"}),
    ]
    assert {answer.status_code for answer in answers} <= {503, 507}, [answer.text for answer in answers]
    assert all("space" in answer.text or "disk" in answer.text for answer in answers)
    assert task_count(client, project) == 20
    assert good(client.get(f"/api/projects/{project}/file-uploads?all=true")) == []
    left = [path for path in server.data_dir.rglob("*") if path.is_file() and path.stat().st_size > 8_000_000]
    assert [path for path in left if "sqlite" not in path.name] == []
    assert not list((server.data_dir / "media").rglob("*.*"))

    subprocess.run(["prlimit", "--pid", str(server.pid), "--fsize=unlimited"], check=True)
    settle(client, project)
    good(client.post(f"/api/projects/{project}/import", json=large))
    good(client.post(f"/api/tasks/{tasks[0]}/annotations/", json={"result": [CHOICE | {"id": "r"}]}))
    assert task_count(client, project) == 1_520
    server.stop()
    checked = subprocess.run(
        [str(COMMAND), "check", "--data-dir", str(server.data_dir)], env=server.environment(), text=True,
        capture_output=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert_no_traceback(server)


# --- Redis --------------------------------------------------------------------------------------------------


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


def test_without_redis_people_work_on_and_jobs_are_done_when_it_is_back(
    start_server: StartServer, postgres_url: str, own_redis: Redis
) -> None:
    server: LiveServer = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": own_redis.url})
    client = server.client()
    project, tasks = project_with_tasks(client, 5)
    lost = import_later(client, project, 30)
    time.sleep(0.5)
    with own_redis.client() as redis:
        redis.flushall()

    own_redis.program.stop()
    start = time.monotonic()
    good(client.post(f"/api/tasks/{tasks[0]}/annotations/", json={"result": [CHOICE | {"id": "r"}]}))
    kept = import_later(client, project, 30)
    assert time.monotonic() - start < 3
    health = client.get("/health")
    assert (health.status_code, health.json()["status"]) == (200, "DEGRADED")
    assert {state(client, job) for job in (lost, kept)} == {"queued"}

    own_redis.program.start_again()
    own_redis.program.wait_until(own_redis.answers)
    with server.worker():
        wait_for(lambda: {state(client, job) for job in (lost, kept)} == {"done"}, timeout_s=40)
    assert task_count(client, project) == 65
    assert client.get("/health").json()["status"] == "UP"
    assert_no_traceback(server)


def test_only_json_is_taken_from_the_queue(
    start_server: StartServer, postgres_url: str, redis_url: str
) -> None:
    """Whoever can write to Redis must not be able to run code in a worker."""
    server: LiveServer = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_REDIS_URL": redis_url})
    client = server.client()
    project = new_project(client)
    trap = server.data_dir / "trapped"
    with server.worker() as worker:
        _send(redis_url, {"serializer": "pickle"}, Trap(str(trap)))
        _send(redis_url, {"serializer": "yaml"}, {"args": ["!!python/object/apply:os.system ['id']"]})
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
            _send(redis_url, {"serializer": "json"}, body)
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


def _send(redis_url: str, how: dict[str, str], body: object) -> None:
    from kombu import Connection

    headers = {"task": "labelwright.run_job", "id": "x", "lang": "py", "argsrepr": "", "kwargsrepr": ""}
    with Connection(redis_url) as connection:
        connection.SimpleQueue("labelwright", serializer=how["serializer"]).put(body, headers=headers)


# --- a migration --------------------------------------------------------------------------------------------

DIES = """
import os, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from labelwright.db import open_database
from labelwright.schema import migrate

seen = 0

@event.listens_for(Engine, "after_cursor_execute")
def die(conn, cursor, statement, *_):
    global seen
    seen += statement.lstrip().upper().startswith(("CREATE TABLE", "CREATE INDEX"))
    if seen == int(sys.argv[2]):
        os._exit(9)

migrate(open_database(sys.argv[1]))
"""


@pytest.mark.parametrize("statements", [2, 20])
def test_a_migration_that_was_killed_is_done_by_the_next_start(database_url: str, statements: int) -> None:
    import sys

    from labelwright.db import open_database
    from labelwright.models import Model
    from labelwright.schema import migrate, pending

    died = subprocess.run([sys.executable, "-c", DIES, database_url, str(statements)], capture_output=True)
    assert died.returncode == 9, died.stderr.decode()
    database = open_database(database_url)
    try:
        assert pending(database) == ["core"]
        assert migrate(database)
        assert pending(database) == []
        with database.engine.connect() as connection:
            from sqlalchemy import inspect

            assert set(Model.metadata.tables) <= set(inspect(connection).get_table_names())
    finally:
        database.close()


# --- clients ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", ["1", "2"])
def test_half_a_body_is_no_import(start_server: StartServer, postgres_url: str, processes: str) -> None:
    """The client goes away in the middle of a text whose first half would be tasks, too."""
    import socket

    server: LiveServer = start_server(postgres_url, settings=KEYS | {"LABELWRIGHT_PROCESSES": processes})
    client = server.client()
    project = new_project(client)
    for media_type, half in (
        ("text/csv", b"text\nfirst\nsecond\n"), ("application/json", b'[{"text":"first"}]      '),
        ("application/x-www-form-urlencoded", b"url=%5B%7B%22text%22%3A%22first%22%7D%5D"),
    ):  # fmt: skip
        for body in (b"Content-Length: 5000\r\n\r\n" + half, b"Transfer-Encoding: chunked\r\n\r\n"
                     + b"%x\r\n%b\r\n" % (len(half), half)):  # fmt: skip
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
                head = f"POST /api/projects/{project}/import HTTP/1.1\r\nHost: localhost\r\n"
                head += f"Authorization: Token {server.token}\r\nContent-Type: {media_type}\r\n"
                connection.sendall(head.encode() + body)
                connection.shutdown(socket.SHUT_WR)
                answer = connection.makefile("rb").read()
            assert b" 201 " not in answer[:20], answer
            assert b" 500 " not in answer[:20], answer
    assert task_count(client, project) == 0
    assert_no_traceback(server)
