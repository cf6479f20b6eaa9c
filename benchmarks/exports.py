"""Taking the answers out, and what it costs in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figures import Figure
from benchmarks.target import Meter, Target
from benchmarks.timing import WAIT_S


def export(target: Target, project: int, size: int) -> Iterator[Figure]:
    client = target.client()
    for format_name in ("JSON", "CSV", "JSON_MIN"):
        before, meter = target.peak_memory_mb(), Meter(target)
        begun, received = time.perf_counter(), 0
        path = f"/api/projects/{project}/export?exportType={format_name}&download_all_tasks=true"
        with client.get(path, stream=True, timeout=WAIT_S) as answer:
            if answer.status_code in (400, 404):
                yield Figure(f"export {format_name}: not offered", float("nan"), "", at_least=15_000)
                continue
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
