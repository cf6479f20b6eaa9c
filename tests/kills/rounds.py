"""Rounds of: people label and import, the server is killed without warning, it starts again, nothing is wrong.

What must hold after each: an answer that was acknowledged is there, once, as it was sent; an import that was
accepted is whole, one that was not is whole or absent; the counters of tasks and of the project say what the rows say.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.services.labelwright import Client, LiveServer

LABEL_CONFIG = """
<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
</View>
"""
SETTINGS = {"LABELWRIGHT_JOBS_HEARTBEAT_S": "1", "LABELWRIGHT_IMPORT_BATCH_SIZE": "100"}
"""A job of a killed worker is taken over after three heartbeats; imports are written in several transactions, so that a
kill finds them half done."""
LABELLERS = 4
IMPORT_SIZE = 400
FIRST_TASKS = 200


@dataclass
class Account:
    """What the clients know: what they sent, and what was acknowledged."""

    project: int
    tasks: list[int]
    annotations: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Acknowledged: id of the annotation -> (id of its task, the id of its region, which nobody else uses)."""
    sent: Counter[str] = field(default_factory=Counter)
    imports_begun: set[int] = field(default_factory=set)
    imports_accepted: set[int] = field(default_factory=set)
    """Numbers of imports whose job or whose end was acknowledged; each task carries its import's number."""


def begin(server: LiveServer) -> Account:
    """Make a project with some tasks."""
    client = server.client()
    project = good(client.post("/api/projects/", json={"title": "Kills", "label_config": LABEL_CONFIG}))["id"]
    account = Account(project, [])
    send_import(client, account, 0, respond_async=False, size=FIRST_TASKS)
    account.tasks = [task["id"] for task in all_tasks(client, project)]
    return account


def run_round(server: LiveServer, account: Account, number: int, chance: random.Random) -> None:
    """Label and import, kill, start again, check."""
    stop = threading.Event()
    work = [
        lambda seed=chance.random(): label(server, account, stop, random.Random(seed))
        for _ in range(LABELLERS)
    ]
    work.append(lambda: import_often(server, account, stop, number))
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    time.sleep(chance.uniform(0.2, 0.8))
    server.kill()
    stop.set()
    for thread in threads:
        thread.join()
    server.start()
    client = server.client()
    settle(client, account.project)
    check(client, account)


def label(server: LiveServer, account: Account, stop: threading.Event, chance: random.Random) -> None:
    client = server.client()
    while not stop.is_set():
        task = chance.choice(account.tasks)
        region = f"r{chance.getrandbits(60):x}"
        account.sent[region] += 1
        result = {"id": region, "from_name": "mood", "to_name": "text", "type": "choices"}
        body = {"result": [result | {"value": {"choices": ["good"]}}], "lead_time": 1.0}
        try:
            saved = good(client.post(f"/api/tasks/{task}/annotations/", json=body))
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return
        account.annotations[saved["id"]] = (task, region)


def import_often(server: LiveServer, account: Account, stop: threading.Event, round_number: int) -> None:
    client = server.client()
    number = 1000 * (round_number + 1)
    while not stop.is_set():
        number += 1
        try:
            send_import(client, account, number, respond_async=number % 2 == 0)
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
            return


def send_import(
    client: Client, account: Account, number: int, *, respond_async: bool, size: int = IMPORT_SIZE
) -> None:
    account.imports_begun.add(number)
    tasks = [{"text": f"task {index}", "import": number, "size": size} for index in range(size)]
    headers = {"Prefer": "respond-async"} if respond_async else {}
    good(client.post(f"/api/projects/{account.project}/import", json=tasks, headers=headers))
    account.imports_accepted.add(number)


def settle(client: Client, project: int, timeout_s: float = 60) -> None:
    """Wait until no job is left to do."""
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        jobs = rows(good(client.get(f"/api/jobs?project={project}")))
        if not [job for job in jobs if job["state"] in ("queued", "running")]:
            return
        time.sleep(0.3)
    raise AssertionError(f"jobs that never end: {jobs}")


def check(client: Client, account: Account) -> None:
    tasks = {task["id"]: task for task in all_tasks(client, account.project)}
    check_imports(tasks, account)
    check_annotations(tasks, account)
    check_counters(client, tasks, account)


def check_imports(tasks: dict[int, Any], account: Account) -> None:
    there = Counter(task["data"]["import"] for task in tasks.values())
    sizes = {task["data"]["import"]: task["data"]["size"] for task in tasks.values()}
    assert there == sizes, "an import is there in part, or twice"
    assert account.imports_accepted <= set(there), "an import that was accepted is missing"
    assert set(there) <= account.imports_begun


def check_annotations(tasks: dict[int, Any], account: Account) -> None:
    stored: dict[int, tuple[int, str]] = {}
    for key, task in tasks.items():
        answers = task["annotations"]
        assert len(answers) == task["total_annotations"], f"the counter of task {key} is wrong"
        stored |= {answer["id"]: (key, answer["result"][0]["id"]) for answer in answers}
    missing = {key: value for key, value in account.annotations.items() if stored.get(key) != value}
    assert missing == {}, "acknowledged annotations are missing or different"
    regions = Counter(region for _, region in stored.values())
    assert [region for region, times in regions.items() if times > account.sent[region]] == [], "stored twice"


def check_counters(client: Client, tasks: dict[int, Any], account: Account) -> None:
    project = good(client.get(f"/api/projects/{account.project}/"))
    assert project["task_number"] == len(tasks)
    assert project["total_annotations_number"] == sum(task["total_annotations"] for task in tasks.values())


def all_tasks(client: Client, project: int) -> list[Any]:
    found: list[Any] = []
    while True:
        page = len(found) // 1000 + 1
        answer = good(client.get(f"/api/tasks?project={project}&page={page}&page_size=1000&fields=all"))
        found += answer["tasks"]
        if len(found) >= answer["total"]:
            assert len(found) == len({task["id"] for task in found}) == answer["total"]
            return found


def good(answer: requests.Response) -> Any:
    assert answer.ok, (
        f"{answer.request.method} {answer.request.path_url}: {answer.status_code} {answer.text[:500]}"
    )
    return answer.json()


def rows(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else answer["results"]


def run(start: Callable[[], LiveServer], rounds: int, seed: int) -> None:
    """Run so many rounds on one server. ``seed`` makes the times of the kills the same again."""
    chance = random.Random(seed)
    server = start()
    account = begin(server)
    for number in range(rounds):
        run_round(server, account, number, chance)
