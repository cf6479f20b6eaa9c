"""Imports on the wire: bodies that break off, lie about their size or creep; and readers beside a long import."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from tests.services.labelwright import Client, LiveServer
from tests.web.application import SENTIMENT


@pytest.fixture
def client(shared_server: LiveServer) -> Client:
    return shared_server.client()


@pytest.fixture
def project(client: Client) -> int:
    return int(client.post("/api/projects/", json={"title": "Wire", "label_config": SENTIMENT}).json()["id"])


def connect(server: LiveServer, project: int, length: int, kind: str = "application/json") -> socket.socket:
    """A connection on which an import has been announced."""
    wire = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    wire.sendall(
        f"POST /api/projects/{project}/import HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
        f"Authorization: Token {server.token}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    return wire


def tasks(client: Client, project: int) -> int:
    return int(client.get(f"/api/projects/{project}/").json()["task_number"])


def test_a_body_that_breaks_off_leaves_nothing(
    shared_server: LiveServer, client: Client, project: int
) -> None:
    body = json.dumps([{"text": "a" * 100}] * 1000).encode()
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        with connect(shared_server, project, len(body), kind) as wire:
            wire.sendall(body[: len(body) // 2])
    time.sleep(0.5)
    assert tasks(client, project) == 0
    assert list((shared_server.data_dir / "staging").glob("*")) == []


def test_ten_gigabytes_are_refused_before_they_come(
    shared_server: LiveServer, client: Client, project: int
) -> None:
    began = time.monotonic()
    with connect(shared_server, project, 10 * 1024**3) as wire:
        wire.sendall(b"[" + b" " * 1000)
        answer = wire.recv(4096)
    assert answer.split(b" ")[1] == b"413"
    assert time.monotonic() - began < 5


def test_creeping_bodies_hold_nobody_up(shared_server: LiveServer, client: Client, project: int) -> None:
    wires = [connect(shared_server, project, 1000) for _ in range(40)]
    try:
        for wire in wires:
            wire.sendall(b"[")
        for _ in range(5):
            began = time.monotonic()
            assert client.get(f"/api/projects/{project}/").status_code == 200
            assert time.monotonic() - began < 2
    finally:
        for wire in wires:
            wire.close()


def test_readers_and_labellers_go_on_beside_a_long_import(
    client: Client, shared_server: LiveServer, project: int
) -> None:
    first = client.post(f"/api/projects/{project}/import?return_task_ids=1", json=[{"text": "first"}]).json()[
        "task_ids"
    ][0]
    answer = client.post(
        f"/api/projects/{project}/import",
        json=[{"text": "x" * 200}] * 15_000,
        headers={"Prefer": "respond-async"},
    )
    job = answer.json()["id"]
    codes: list[int] = []
    lasted: list[float] = []

    def read() -> None:
        mine = shared_server.client()
        while not done.wait(0.02):
            for path in (f"/api/tasks?project={project}", f"/api/projects/{project}/", f"/api/tasks/{first}"):
                began = time.monotonic()
                codes.append(mine.get(path).status_code)
                lasted.append(time.monotonic() - began)

    def label() -> None:
        mine = shared_server.client()
        while not done.wait(0.02):
            began = time.monotonic()
            codes.append(mine.post(f"/api/tasks/{first}/drafts/", json={"result": []}).status_code - 1)
            lasted.append(time.monotonic() - began)

    done = threading.Event()
    threads = [threading.Thread(target=work) for work in (read, read, label)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    while client.get(f"/api/jobs/{job}").json()["state"] in ("queued", "running") and time.monotonic() < end:
        time.sleep(0.1)
    done.set()
    for thread in threads:
        thread.join()
    assert client.get(f"/api/jobs/{job}").json()["state"] == "done"
    assert set(codes) == {200}
    assert max(lasted) < 10
    assert tasks(client, project) == 15_001


def test_an_export_streams(client: Client, project: int) -> None:
    client.post(f"/api/projects/{project}/import", json=[{"text": "y" * 500}] * 6000)
    with client.get(f"/api/projects/{project}/export?download_all_tasks=true", stream=True) as answer:
        assert "Content-Length" not in answer.headers
        assert len(answer.json()) == 6000
