"""One request, or many of the same, timed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.figures import Figure, middle
from benchmarks.target import Meter, Target

WAIT_S = 3600
TRIES = 30


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def repeated(
    target: Target, what: str, work: Callable[[], Any], *, at_most: float | None = None, tries: int = TRIES
) -> Figure:
    """The middle time of many tries after a first one that warms up; every answer must be good."""
    first, answer = timed(work)
    answer.raise_for_status()
    tries = (
        max(3, min(tries, int(10 / first))) if first > 0 else tries
    )  # a slow server is not asked thirty times
    meter, taken = Meter(target), []
    for _ in range(tries):
        took, answer = timed(work)
        answer.raise_for_status()
        taken.append(took)
    return Figure(what, 1000 * middle(taken), "ms", at_most=at_most, cpu_s=meter.read(), calls=tries)
