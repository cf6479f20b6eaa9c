"""Many labellers at once, with scripts and imports beside them: nobody sees an error, and every number is right.

What must hold afterwards: no task has more answers than its overlap from the label stream, every acknowledged answer is
there, and ``labelwright check`` finds no counter that differs from the rows.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks import load
from benchmarks.target import LABEL_CONFIG, RESULT, Target
from tests.services.labelwright import COMMAND, LiveServer

OVERLAP = 2
IMPORT_SIZE = 500


def run(server: LiveServer, *, labellers: int, seconds: float, thinking_s: float) -> load.Load:
    """Let everybody work, then look at what came of it."""
    target = Target(server.url, server.token, server.pid)
    client = target.client()
    settings = {"title": "Soak", "label_config": LABEL_CONFIG, "maximum_annotations": OVERLAP}
    stream, scripts = (client.post("/api/projects/", json=settings).json()["id"] for _ in range(2))
    for project in (stream, scripts):
        _import(target, project, 5_000)
    with ThreadPoolExecutor(8) as pool:
        people = list(pool.map(lambda _: load.Labeller(target, stream), range(labellers)))
    beside = _Beside(target, stream, scripts)
    with beside:
        seen = load.run(people, seconds, thinking_s=thinking_s)
    assert not seen.errors, seen.errors
    assert not beside.errors, beside.errors
    assert seen.beyond(OVERLAP) == []
    _compare(target, stream, seen.done)
    _compare(target, scripts, beside.posted)
    _prove_counters(server)
    return seen


class _Beside:
    """A script that posts annotations, and one that imports into the project that is being labelled."""

    def __init__(self, target: Target, stream: int, scripts: int) -> None:
        self.posted: list[int] = []
        self.errors: Counter[str] = Counter()
        self._over = threading.Event()
        self._target, self._stream, self._scripts = target, stream, scripts
        self._threads = [threading.Thread(target=work) for work in (self._post, self._bring)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _post(self) -> None:
        client = self._target.client()
        query = f"/api/tasks?project={self._scripts}&page_size=200"
        tasks = [task["id"] for task in client.get(query).json()["tasks"]]
        while not self._over.wait(0.2):
            task = tasks[len(self.posted) % len(tasks)]
            answer = client.post(f"/api/tasks/{task}/annotations/", json={"result": RESULT})
            if answer.status_code == 201:
                self.posted.append(task)
            else:
                self.errors[f"{answer.status_code}: {answer.text[:200]}"] += 1

    def _bring(self) -> None:
        while not self._over.wait(2):
            try:
                _import(self._target, self._stream, IMPORT_SIZE)
            except AssertionError as error:
                self.errors[str(error)] += 1


def _import(target: Target, project: int, size: int) -> None:
    tasks = [{"text": f"task {number}"} for number in range(size)]
    answer = target.client().post(f"/api/projects/{project}/import", json=tasks)
    assert answer.status_code == 201, f"{answer.status_code}: {answer.text[:300]}"


def _compare(target: Target, project: int, done: list[int]) -> None:
    """The server's numbers beside what the clients were told: the project's, and those of the tasks answered first."""
    client = target.client()
    told = client.get(f"/api/projects/{project}/").json()
    assert told["total_annotations_number"] == len(done)
    counted = Counter(done)
    first = client.get(f"/api/tasks?project={project}&page_size=1000&fields=all").json()["tasks"]
    wrong = {
        task["id"]: task["total_annotations"]
        for task in first
        if task["total_annotations"] != counted[task["id"]]
    }
    assert not wrong


def _prove_counters(server: LiveServer) -> None:
    """Every counter against the rows; the server is stopped first, so that the SQLite file is free."""
    server.stop()
    command = [str(COMMAND), "check", "--data-dir", str(server.data_dir)]
    ended = subprocess.run(
        command, env=server.environment(), cwd=server.data_dir, capture_output=True, text=True, timeout=600
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def timed(begun: float, seen: load.Load) -> str:
    """What a run came to, for the page of trials."""
    return f"{len(seen.done)} labels, {seen.rate:.0f} a second, in {time.monotonic() - begun:.0f} s with the checks"
