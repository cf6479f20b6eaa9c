"""The data manager's pages, filtered and ordered, and the projects' own."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from benchmarks.figures import Figure
from benchmarks.target import Target
from benchmarks.timing import WAIT_S, repeated, timed
from tests.services.labelwright import Client


def pages(target: Target, project: int, size: int) -> Iterator[Figure]:
    client, last = target.client(), max(1, size // 100)
    for name, number in (("first", 1), ("middle", max(1, last // 2)), ("last", last)):
        yield repeated(
            target, f"task list, 100 rows, {name} page", _page(client, project, page=number), at_most=12
        )


def queries(target: Target, project: int, size: int) -> Iterator[Figure]:
    """Filters and orders. A server that passes over them answers quickly, and wrongly: it gets no figure."""
    client = target.client()
    yield Figure("making the indexes that a tab asks for", timed(lambda: _save_tabs(client, project))[0], "s")
    one_town = _counts(size // 97, size // 97 + 1)
    for what, at_most, query, is_right in (
        ("contains", 100, _filtered("data.text", "contains", "String", "town 13."), one_town),
        ("equals", 50, _filtered("data.town", "equal", "String", "town 13"), one_town),
        ("by a counter", 50, _filtered("total_annotations", "greater", "Number", 100_000), _counts(0, 0)),
    ):  # fmt: skip
        yield _asked(
            target, f"task list, filter {what}", _page(client, project, query=query), at_most, is_right
        )
    for what, key in (("a data field", "data.n"), ("a counter", "total_annotations")):
        wanted = _begins("n", size - 1) if key == "data.n" else _counts(size, size)
        query = {"ordering": [f"-tasks:{key}"]}
        yield _asked(target, f"task list, ordered by {what}", _page(client, project, query=query), 50, wanted)


def searches(target: Target, project: int, size: int) -> Iterator[Figure]:
    """Words in the data. Label Studio has no such search, and gets no figure."""
    client = target.client()
    begun = time.perf_counter()
    _page(client, project, query={"search": "weather"})()
    _wait_for_jobs(client, project)
    yield Figure("making the index that a first search asks for", time.perf_counter() - begun, "s")
    one_town = _counts(size // 97, size // 97 + 1)
    for what, words, is_right in (
        ("a rare word", str(size // 2), _counts(1, 1)),
        ("a word of every task", "weather", _counts(size, size)),
        ("three words", "13 weather town", one_town),
        ("a phrase", '"weather in town 13"', one_town),
        ("two Chinese characters", "天气", one_town),
        ("four Chinese characters", "天气预报", one_town),
    ):
        yield _asked(
            target,
            f"task list, search for {what}",
            _page(client, project, query={"search": words}),
            100,
            is_right,
        )


def _save_tabs(client: Client, project: int) -> None:
    """Keep tabs that filter and sort by what is asked for below, and wait for the indexes made for them."""
    items = [
        *_filtered("data.text", "contains", "String", "x")["filters"]["items"],
        *_filtered("data.town", "equal", "String", "x")["filters"]["items"],
    ]
    for key in ("data.n", "total_annotations"):
        data = {"filters": {"conjunction": "and", "items": items}, "ordering": [f"tasks:{key}"]}
        client.post("/api/dm/views/", json={"project": project, "data": data}).raise_for_status()
    _wait_for_jobs(client, project)


def _wait_for_jobs(client: Client, project: int) -> None:
    ends = time.monotonic() + WAIT_S
    while time.monotonic() < ends:
        jobs = client.get(f"/api/jobs?project={project}")
        if not jobs.ok or all(job["state"] in ("done", "failed", "cancelled") for job in jobs.json()):
            return  # a server without jobs has nothing to wait for
        time.sleep(0.2)


def projects(target: Target, project: int) -> Iterator[Figure]:
    client = target.client()
    yield repeated(
        target, "project list", lambda: client.get("/api/projects/?page=1&page_size=30"), at_most=15
    )
    yield repeated(target, "one project", lambda: client.get(f"/api/projects/{project}/"), at_most=15)


def _page(
    client: Client, project: int, page: int = 1, query: Mapping[str, Any] | None = None
) -> Callable[[], Any]:
    values: dict[str, str | int] = {"project": project, "page": page, "page_size": 100, "fields": "all"}
    if query is not None:
        values["query"] = json.dumps(query)
    return lambda: client.get("/api/tasks", params=values, timeout=600)


def _filtered(column: str, operator: str, kind: str, value: Any) -> dict[str, Any]:
    item = {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
    return {"filters": {"conjunction": "and", "items": [item]}}


def _asked(
    target: Target, what: str, work: Callable[[], Any], at_most: float, is_right: Callable[[Any], bool]
) -> Figure:
    answer = work()
    if not answer.ok or not is_right(answer.json()):
        return Figure(f"{what}: not answered", float("nan"), "", at_most=at_most)
    return repeated(target, what, work, at_most=at_most)


def _counts(least: int, most: int) -> Callable[[Any], bool]:
    return lambda answer: least <= answer["total"] <= most


def _begins(name: str, value: Any) -> Callable[[Any], bool]:
    return lambda answer: answer["tasks"][0]["data"][name] == value
