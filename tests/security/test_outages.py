"""What the server stands on goes away while people work: nothing acknowledged is lost, and the words are plain."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import requests
from sqlalchemy import inspect

from labelwright.db import open_database
from labelwright.models import Model
from labelwright.schema import migrate, pending
from tests.conftest import StartServer
from tests.kills.rounds import good, settle
from tests.services import warm
from tests.services.labelwright import COMMAND, LiveServer
from tests.services.postgres import Postgres, running_postgres
from tests.workers.far import (
    CHOICE,
    KEYS,
    assert_no_traceback,
    new_project,
    project_with_tasks,
    task_count,
    wait_for,
)

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
        while not stop.wait(0.05):
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
    server: LiveServer = start_server(command=("prlimit", "--fsize=4000000:unlimited", str(COMMAND), "start"))
    client = server.client()
    project, tasks = project_with_tasks(client, 20)
    large = [{"text": "x" * 20_000, "number": number} for number in range(400)]
    answers = [
        client.post(f"/api/projects/{project}/import", json=large),
        client.post(f"/api/projects/{project}/import", files={"f": ("a.csv", b"text\n" + b"y" * 5_000_000)}),
        client.post(
            f"/api/projects/{project}/import?commit_to_project=false",
            files={"f": ("a.txt", (b"z" * 99 + b"\n") * 50_000)},
        ),
        client.post(f"/api/projects/{project}/import", json=large, headers={"Prefer": "respond-async"}),
    ]
    assert {answer.status_code for answer in answers} <= {503, 507}, [answer.text for answer in answers]
    assert all("space" in answer.text or "disk" in answer.text for answer in answers)
    assert task_count(client, project) == 20
    assert good(client.get(f"/api/projects/{project}/file-uploads?all=true")) == []
    left = [path for path in server.data_dir.rglob("*") if path.is_file() and path.stat().st_size > 4_000_000]
    assert [path for path in left if "sqlite" not in path.name] == []
    assert not list((server.data_dir / "media").rglob("*.*"))

    subprocess.run(["prlimit", "--pid", str(server.pid), "--fsize=unlimited"], check=True)
    settle(client, project)
    good(client.post(f"/api/projects/{project}/import", json=large))
    good(client.post(f"/api/tasks/{tasks[0]}/annotations/", json={"result": [CHOICE | {"id": "r"}]}))
    assert task_count(client, project) == 420
    server.stop()
    checked = warm.run(
        [str(COMMAND), "check", "--data-dir", str(server.data_dir)],
        env=server.environment(),
        cwd=server.data_dir,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert_no_traceback(server)


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


def test_a_migration_that_was_killed_is_done_by_the_next_start(database_url: str) -> None:
    """Killed at its beginning, and once more when it is well under way."""
    for statements in ("2", "20"):
        died = subprocess.run([sys.executable, "-c", DIES, database_url, statements], capture_output=True)
        assert died.returncode == 9, died.stderr.decode()
        with closing(open_database(database_url)) as database:
            assert pending(database) == ["core"]
    with closing(open_database(database_url)) as database:
        assert migrate(database)
        assert pending(database) == []
        with database.engine.connect() as connection:
            assert set(Model.metadata.tables) <= set(inspect(connection).get_table_names())


# --- clients ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("processes", ["1", "2"])
def test_half_a_body_is_no_import(start_server: StartServer, postgres_url: str, processes: str) -> None:
    """The client goes away in the middle of a text whose first half would be tasks, too."""
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
