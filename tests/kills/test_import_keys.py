"""A request whose answer was lost is sent again with its key: it is done once, wherever the server was killed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests

from tests.kills import rounds
from tests.services.labelwright import Client, LiveServer

SIZE = 4_000
TASKS = [{"text": f"task {index}"} for index in range(SIZE)]


@pytest.fixture(scope="module")
def server(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Killed and started again by each test."""
    with LiveServer(tmp_path_factory.mktemp("server"), shared_url, settings=rounds.SETTINGS) as started:
        yield started


def send(client: Client, project: int, *, prefer: str = "") -> requests.Response:
    headers = {"Idempotency-Key": "one"} | ({"Prefer": prefer} if prefer else {})
    return client.post(f"/api/projects/{project}/import", json=TASKS, headers=headers)


def until_written(server: LiveServer, project: int) -> None:
    """Until the import is at work and has shown progress."""
    client = server.client()
    end = time.monotonic() + 60
    while time.monotonic() < end:
        jobs = rounds.rows(rounds.good(client.get(f"/api/jobs?project={project}")))
        if any(job["state"] == "running" and job["done"] for job in jobs):
            return
        time.sleep(0.02)
    raise AssertionError(f"the import does not begin: {jobs}")


def sent_until_answered(client: Client, project: int, prefer: str) -> Any:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        answer = send(client, project, prefer=prefer)
        if answer.status_code != 409:
            return rounds.good(answer)
        assert answer.json()["code"] == "import-under-way"
        time.sleep(0.3)
    raise AssertionError("the key is never free again")


@pytest.mark.kill
@pytest.mark.timeout(300)
@pytest.mark.parametrize("prefer", ["", "respond-async"])
def test_the_same_request_after_a_kill_is_one_import(server: LiveServer, prefer: str) -> None:
    client = server.client()
    project = rounds.good(
        client.post("/api/projects/", json={"title": "Keys", "label_config": rounds.LABEL_CONFIG})
    )["id"]

    def lost() -> None:
        with suppress(requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            send(server.client(), project, prefer=prefer)

    sender = threading.Thread(target=lost)
    sender.start()
    until_written(server, project)
    server.kill()
    sender.join()
    server.start()
    client = server.client()
    sent_until_answered(client, project, prefer)
    rounds.settle(client, project)
    again = rounds.good(send(client, project))
    assert again["task_count"] == SIZE
    assert len(rounds.all_tasks(client, project)) == SIZE
    assert rounds.good(client.get(f"/api/projects/{project}/"))["task_number"] == SIZE
