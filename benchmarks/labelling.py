"""The label stream: one labeller alone, and sixteen at once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks import load
from benchmarks.figures import Figure, middle, slowest
from benchmarks.target import RESULT, Meter, Target
from benchmarks.timing import timed

LABELLERS = 16
SECONDS_OF_LOAD = 20
ALONE = 60


def alone(target: Target, project: int) -> Iterator[Figure]:
    client, body = target.client(), {"result": RESULT, "lead_time": 3.2}
    asked, submitted = [], []
    meter = Meter(target)
    for _ in range(ALONE):
        took, task = timed(lambda: client.get(f"/api/projects/{project}/next"))
        task.raise_for_status()
        asked.append(took)
        path = f"/api/tasks/{task.json()['id']}/annotations/"
        took, answer = timed(partial(client.post, path, json=body))
        answer.raise_for_status()
        submitted.append(took)
    cpu = meter.read()
    yield Figure("next task, one labeller", 1000 * middle(asked), "ms", at_most=8)
    yield Figure("submit, one labeller", 1000 * middle(submitted), "ms", at_most=8)
    both = [*map(sum, zip(asked, submitted, strict=True))]
    yield Figure("- next and submit", 1000 * middle(both), "ms", cpu_s=cpu, calls=ALONE)


def together(target: Target, project: int) -> Iterator[Figure]:
    """Labellers who ask, answer and ask again; none may get a task that another has."""
    labellers = [load.Labeller(target, project) for _ in range(LABELLERS)]
    meter = Meter(target)
    seen = load.run(labellers, SECONDS_OF_LOAD)
    what, calls = f"{LABELLERS} labellers at once", max(1, len(seen.done))
    yield Figure(what, seen.rate, "labels/s", at_least=120, cpu_s=meter.read(), calls=calls)
    yield Figure(
        "- next and submit together, 95 of 100 within", 1000 * slowest(seen.times), "ms", at_most=150
    )
    yield Figure("- tasks given to two of them", len(seen.beyond(1)), "", at_most=0)
    yield Figure("- errors", seen.errors.total(), "", at_most=0)
