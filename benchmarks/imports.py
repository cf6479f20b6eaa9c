"""Bringing tasks in and taking them away again: JSON, CSV, with annotations, with predictions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.figures import Figure
from benchmarks.target import RESULT, Meter, Target
from benchmarks.timing import WAIT_S, timed


def texts(size: int) -> list[dict[str, Any]]:
    """Small tasks: a sentence, of one town with Chinese in it, a number that every task has another of, and one of 97
    towns.
    """
    return [
        {
            "text": f"Task number {number} is about the weather in town {number % 97}."
            + "（天气预报）" * (number % 97 == 13),
            "n": number,
            "town": f"town {number % 97}",
        }
        for number in range(size)
    ]


def import_json(target: Target, project: int, size: int) -> Figure:
    body = json.dumps(texts(size)).encode()
    what = f"import {size:,} small tasks, JSON"
    return _import(target, project, size, what, at_least=18_000, json=body)


def others(target: Target, size: int) -> Iterator[Figure]:
    """The other ways in, each into a project of its own."""
    lines = ["text,n,town", *(f'"{task["text"]}",{task["n"]},{task["town"]}' for task in texts(size))]
    with target.project() as project:
        yield _import(
            target,
            project,
            size,
            f"import {size:,} tasks, CSV",
            at_least=15_000,
            csv="\n".join(lines).encode(),
        )
        yield delete(target, project, size)
    for name, more in (
        ("annotations", {"annotations": [{"result": RESULT}]}),
        ("predictions", {"predictions": [{"result": RESULT, "score": 0.7, "model_version": "one"}]}),
    ):
        body = json.dumps([{"data": task, **more} for task in texts(size)]).encode()
        with target.project() as project:
            yield _import(
                target, project, size, f"import {size:,} tasks with {name}", at_least=6_000, json=body
            )


def delete(target: Target, project: int, size: int) -> Figure:
    meter = Meter(target)
    took, answer = timed(lambda: target.client().delete(f"/api/projects/{project}/tasks/", timeout=WAIT_S))
    answer.raise_for_status()
    what = f"delete all {size:,} tasks"
    return Figure(what, size / took, "tasks/s", at_least=10_000, cpu_s=meter.read())


def _import(
    target: Target,
    project: int,
    size: int,
    what: str,
    *,
    at_least: float,
    json: bytes | None = None,
    csv: bytes | None = None,
) -> Figure:
    path, client, meter = f"/api/projects/{project}/import", target.client(), Meter(target)
    if csv is not None:
        files = {"file": ("tasks.csv", csv, "text/csv")}
        took, answer = timed(lambda: client.post(path, files=files, timeout=WAIT_S))
    else:
        headers = {"Content-Type": "application/json"}
        took, answer = timed(lambda: client.post(path, data=json, headers=headers, timeout=WAIT_S))
    answer.raise_for_status()
    if answer.json()["task_count"] != size:
        raise RuntimeError(f"{what}: {answer.text[:500]}")
    return Figure(what, size / took, "tasks/s", at_least=at_least, cpu_s=meter.read())
