"""Show, filter and sort the tasks of one project, at one size; the fields that a tab asks for are indexed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import quote

from benchmarks.figures import Figure, middle
from benchmarks.target import Meter, Target
from benchmarks.tasks import WAIT_S, repeated, timed

TOWNS = 997
"""A town in about a thousandth of the texts."""
BLOCK = 200_000


def measure(target: Target, size: int) -> Iterator[Figure]:
    with target.project() as project:
        fill(target, project, size)
        yield from pages(target, project, size)
        took, _ = timed(lambda: index(target, project))
        yield Figure("making the indexes of a tab", took, "s")
        yield from filtered(target, project)
        yield from ordered(target, project)
        yield from searched(target, project)


def fill(target: Target, project: int, size: int) -> None:
    for begin in range(0, size, BLOCK):
        tasks = [
            {
                "text": f"Task number {n} is about the weather in town{n % TOWNS:03}x.",
                "cat": f"c{n % 1000}",
                "n": n * 7919 % size,
            }
            for n in range(begin, min(size, begin + BLOCK))
        ]
        target.client().post(
            f"/api/projects/{project}/import", data=json.dumps(tasks).encode(),
            headers={"Content-Type": "application/json"}, timeout=WAIT_S,
        ).raise_for_status()  # fmt: skip


def condition(field: str, operator: str, value: Any, kind: str = "String") -> dict[str, Any]:
    return {"filter": f"filter:tasks:{field}", "operator": operator, "type": kind, "value": value}


def index(target: Target, project: int) -> None:
    """Save a tab that filters and sorts by what is asked for below, and wait until its indexes are there."""
    client = target.client()
    for ordering in ("tasks:data.n", "tasks:total_annotations"):
        items = [condition("data.text", "contains", "x"), condition("data.cat", "equal", "x")]
        data = {"filters": {"conjunction": "and", "items": items}, "ordering": [ordering]}
        client.post("/api/dm/views/", json={"project": project, "data": data}).raise_for_status()
    ends = time.monotonic() + 600
    while time.monotonic() < ends:
        jobs = client.get(f"/api/jobs?project={project}").json()
        if jobs and all(job["state"] in ("done", "failed") for job in jobs):
            return
        time.sleep(0.2)


def pages(target: Target, project: int, size: int) -> Iterator[Figure]:
    last = max(1, size // 100)
    for name, number in (("first", 1), ("middle", max(1, last // 2)), ("last", last)):
        yield line(target, f"page of 100, {name}", 12, asking(target, project, f"&page={number}"))


def asking(target: Target, project: int, rest: str) -> Callable[[], Any]:
    client = target.client()
    return lambda: client.get(f"/api/tasks?project={project}&page_size=100{rest}")


def filtered(target: Target, project: int) -> Iterator[Figure]:
    client, number = target.client(), count()

    def ask(field: str, operator: str, value: Callable[[int], str]) -> Callable[[], Any]:
        def get() -> Any:
            items = [condition(field, operator, value(next(number)))]
            query = json.dumps({"filters": {"conjunction": "and", "items": items}})
            return client.get(f"/api/tasks?project={project}&page_size=100&query={quote(query)}")

        return get

    contains = ask("data.text", "contains", lambda n: f"town{n % TOWNS:03}X")
    yield line(target, "filter contains, counted anew", 100, contains)
    yield line(target, "filter equal, counted anew", 50, ask("data.cat", "equal", lambda n: f"c{n % 1000}"))
    yield line(
        target, "filter contains, the same again", 50, ask("data.text", "contains", lambda n: "town007X")
    )


def ordered(target: Target, project: int) -> Iterator[Figure]:
    for name, column in (("data field", "data.n"), ("counter", "total_annotations")):
        for sign, direction in (("", "up"), ("-", "down")):
            query = quote(json.dumps({"ordering": [f"{sign}tasks:{column}"]}))
            what = f"ordered by a {name}, {direction}"
            yield line(target, what, 50, asking(target, project, f"&query={query}"))


def searched(target: Target, project: int) -> Iterator[Figure]:
    client, number = target.client(), count()
    path = f"/api/tasks?project={project}&page_size=100&search="
    yield line(target, "search for words", 100, lambda: client.get(f"{path}weather+town{next(number):03}x"))


def line(target: Target, what: str, at_most: float, ask: Callable[[], Any]) -> Figure:
    meter = Meter(target)
    times = repeated(ask, 20)
    return Figure(what, 1000 * middle(times), "ms", at_most=at_most, cpu_s=meter.read(), calls=21)
