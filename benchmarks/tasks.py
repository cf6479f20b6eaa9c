"""Import, list, label, export and delete the tasks of one project, at one size."""

from __future__ import annotations

import concurrent.futures
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.figures import Figure, middle, slowest
from benchmarks.target import RESULT, Meter, Target
from tests.services.labelwright import Client

WAIT_S = 3600
LABELLERS = 16
SECONDS_OF_LOAD = 20


def measure(target: Target, size: int) -> Iterator[Figure]:
    """All lines, in the order of a project's life."""
    with target.project() as project:
        yield from import_json(target, project, size)
        yield from show_list(target, project, size)
        yield from label_alone(target, project)
        yield from label_together(target, project)
        yield from export(target, project, size)
        yield from delete(target, project, size)


def import_json(target: Target, project: int, size: int) -> Iterator[Figure]:
    tasks = [
        {"text": f"Task number {number} is about the weather in town {number % 97}."}
        for number in range(size)
    ]
    body = json.dumps(tasks).encode()
    meter = Meter(target)
    took, answer = timed(
        lambda: target.client().post(
            f"/api/projects/{project}/import",
            data=body,
            headers={"Content-Type": "application/json"},
            timeout=WAIT_S,
        )
    )
    assert answer.json()["task_count"] == size, answer.text
    what = f"import {size:,} small tasks, JSON over HTTP"
    yield Figure(what, size / took, "tasks/s", at_least=18_000, cpu_s=meter.read())


def show_list(target: Target, project: int, size: int) -> Iterator[Figure]:
    client = target.client()

    def page(number: int) -> Callable[[], Any]:
        return lambda: client.get(f"/api/tasks?project={project}&page={number}&page_size=100&fields=all")

    last = max(1, size // 100)
    for name, number in (("first", 1), ("middle", max(1, last // 2)), ("last", last)):
        meter = Meter(target)
        times = repeated(page(number), 30)
        what = f"task list, 100 rows, {name} page"
        yield Figure(what, 1000 * middle(times), "ms", at_most=12, cpu_s=meter.read(), calls=31)
    meter = Meter(target)
    times = repeated(lambda: client.get("/api/projects/?page=1&page_size=30"), 30)
    yield Figure("project list", 1000 * middle(times), "ms", at_most=15, cpu_s=meter.read(), calls=31)


def label_alone(target: Target, project: int) -> Iterator[Figure]:
    client = target.client()
    asked, submitted = [], []
    meter = Meter(target)
    for _ in range(60):
        took, task = timed(lambda: client.get(f"/api/projects/{project}/next"))
        asked.append(took)
        number = task.json()["id"]
        took, _ = timed(partial(submit, client, number))
        submitted.append(took)
    yield Figure("next task, one labeller", 1000 * middle(asked), "ms", at_most=8)
    both = meter.read()
    yield Figure("submit, one labeller", 1000 * middle(submitted), "ms", at_most=8)
    yield Figure(
        "- next and submit",
        1000 * middle([*map(sum, zip(asked, submitted, strict=True))]),
        "ms",
        cpu_s=both,
        calls=60,
    )


def label_together(target: Target, project: int) -> Iterator[Figure]:
    """Labellers who ask, answer and ask again; none may get a task that another has."""
    clients = [target.sign_up() for _ in range(LABELLERS)]
    end = time.monotonic() + SECONDS_OF_LOAD

    def work(client: Client) -> tuple[list[int], list[float]]:
        done, times = [], []
        while time.monotonic() < end:
            begun = time.perf_counter()
            task = client.get(f"/api/projects/{project}/next")
            if task.status_code == 404:
                break
            task.raise_for_status()
            submit(client, task.json()["id"])
            times.append(time.perf_counter() - begun)
            done.append(task.json()["id"])
        return done, times

    meter = Meter(target)
    with concurrent.futures.ThreadPoolExecutor(LABELLERS) as pool:
        answers = list(pool.map(work, clients))
    done = [task for tasks, _ in answers for task in tasks]
    times = [took for _, taken in answers for took in taken]
    rate = len(done) / SECONDS_OF_LOAD
    what = f"{LABELLERS} labellers at once"
    yield Figure(what, rate, "labels/s", at_least=120, cpu_s=meter.read(), calls=max(1, len(done)))
    yield Figure("- next and submit together, 95 of 100 within", 1000 * slowest(times), "ms", at_most=150)
    yield Figure("- tasks given to two of them", len(done) - len(set(done)), "", at_most=0)


def export(target: Target, project: int, size: int) -> Iterator[Figure]:
    client = target.client()
    for format_name in ("JSON", "JSON_MIN"):
        before = target.peak_memory_mb()
        meter = Meter(target)
        begun = time.perf_counter()
        received = 0
        path = f"/api/projects/{project}/export?exportType={format_name}&download_all_tasks=true"
        with client.get(path, stream=True, timeout=WAIT_S) as answer:
            answer.raise_for_status()
            for block in answer.iter_content(1 << 20):
                received += len(block)
        took = time.perf_counter() - begun
        what = f"export {size:,} tasks, {format_name}"
        yield Figure(what, size / took, "tasks/s", at_least=15_000, cpu_s=meter.read())
        yield Figure("- speed of the file", received / took / 1e6, "MB/s")
        after = target.peak_memory_mb()
        if before is not None and after is not None:
            yield Figure("- memory that it added to the peak", after - before, "MB")


def delete(target: Target, project: int, size: int) -> Iterator[Figure]:
    meter = Meter(target)
    took, answer = timed(lambda: target.client().delete(f"/api/projects/{project}/tasks/", timeout=WAIT_S))
    answer.raise_for_status()
    what = f"delete all {size:,} tasks"
    yield Figure(what, size / took, "tasks/s", at_least=10_000, cpu_s=meter.read())


def submit(client: Client, task: int) -> None:
    body = {"result": RESULT, "lead_time": 3.2}
    client.post(f"/api/tasks/{task}/annotations/", json=body).raise_for_status()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def repeated(work: Callable[[], Any], times: int) -> list[float]:
    """Seconds of each try after a first one that warms up; every answer must be good."""
    work().raise_for_status()
    taken = []
    for _ in range(times):
        took, answer = timed(work)
        answer.raise_for_status()
        taken.append(took)
    return taken
