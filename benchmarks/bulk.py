"""Large files in and out: tables, lines and annotated tasks, sent in pieces from the disk, done by jobs.

``python -m benchmarks --lines bulk --sizes 1000000 --no-browser`` takes a million of each. The memory below each line
is what it added to the most that the server ever held.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.target import RESULT, Meter, Target
from labelwright.client import Job, Labelwright


def measure(target: Target, size: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        for name, wanted in (("rows.csv", 15_000), ("lines.jsonl", 18_000), ("annotated.jsonl", 6_000)):
            path = Path(folder) / name
            _write(path, size)
            with target.project() as project:
                yield from _import(target, project, path, size, wanted)
                if name.startswith("annotated"):
                    for format_name in ("JSON", "CSV"):
                        yield from _export(target, project, format_name, size)
            path.unlink()


def _write(path: Path, size: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        if path.suffix == ".csv":
            out.write("text,n,town\n")
        for number in range(size):
            text, town = f"Task number {number} is about the weather.", f"town {number % 97}"
            if path.suffix == ".csv":
                out.write(f'"{text}",{number},{town}\n')
                continue
            data = {"text": text, "n": number, "town": town}
            task = {"data": data, "annotations": [{"result": RESULT}]} if "annotated" in path.name else data
            out.write(json.dumps(task) + "\n")


def _import(target: Target, project: int, path: Path, size: int, wanted: float) -> Iterator[Figure]:
    client = Labelwright(base_url=target.url, api_key=target.token)

    def work() -> None:
        job = client.projects.import_file(project, path, respond_async=True)
        assert isinstance(job, Job)
        done = client.jobs.wait(job.id)
        if done.result["task_count"] != size:
            raise RuntimeError(f"{path.name}: {done.result}")

    yield from _measured(target, f"import {size:,} tasks, {path.name}", size, wanted, work)


def _export(target: Target, project: int, format_name: str, size: int) -> Iterator[Figure]:
    client = Labelwright(base_url=target.url, api_key=target.token)

    def work() -> None:
        for _ in client.projects.export_file(project, format_name):
            pass

    yield from _measured(target, f"export {size:,} annotated tasks, {format_name}", size, 15_000, work)


def _measured(
    target: Target, what: str, size: int, wanted: float, work: Callable[[], None]
) -> Iterator[Figure]:
    before, meter, begun = target.peak_memory_mb(), Meter(target), time.perf_counter()
    work()
    took = time.perf_counter() - begun
    yield Figure(what, size / took, "tasks/s", at_least=wanted, cpu_s=meter.read())
    after = target.peak_memory_mb()
    if before is not None and after is not None:
        yield Figure("- memory that it added to the peak", after - before, "MB", at_most=100)
