"""Jobs that are done in other processes: asked for, looked at, waited for."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from cryptography.fernet import Fernet

from tests.kills.rounds import LABEL_CONFIG, all_tasks, good, rows
from tests.services.labelwright import Client, LiveServer

KEYS = {
    "LABELWRIGHT_SECRET_KEY": secrets.token_hex(32),
    "LABELWRIGHT_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "LABELWRIGHT_JOBS_HEARTBEAT_S": "1",
}
CHOICE = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}}


def new_project(client: Client) -> int:
    return int(good(client.post("/api/projects/", json={"title": "Far", "label_config": LABEL_CONFIG}))["id"])


def project_with_tasks(client: Client, number: int) -> tuple[int, list[int]]:
    project = new_project(client)
    good(client.post(f"/api/projects/{project}/import", json=[{"text": f"task {n}"} for n in range(number)]))
    return project, [task["id"] for task in all_tasks(client, project)]


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


def states(client: Client, project: int) -> set[str]:
    """Those of all jobs of a project."""
    return {job["state"] for job in rows(good(client.get(f"/api/jobs?project={project}")))}


def wait_for(what: Callable[[], bool], timeout_s: float = 60) -> None:
    end = time.monotonic() + timeout_s
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def task_count(client: Client, project: int) -> int:
    return int(good(client.get(f"/api/projects/{project}/"))["task_number"])


def assert_no_traceback(server: LiveServer) -> None:
    _, found, rest = server.log.partition("Traceback")
    assert not found, rest[:5000]
