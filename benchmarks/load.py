"""Many labellers at once: each asks for a task, answers it and asks again, over a connection of their own."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import urllib3

from benchmarks.target import RESULT, Target

ANSWER = json.dumps({"result": RESULT, "lead_time": 3.2}).encode()
TIMEOUT_S = 120


@dataclass
class Load:
    """What the labellers saw."""

    done: list[int] = field(default_factory=list)
    """Tasks answered, one entry for each answer."""
    times: list[float] = field(default_factory=list)
    """Seconds of each next and submit together."""
    errors: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Labels a second."""
        return len(self.done) / self.seconds

    def beyond(self, overlap: int) -> list[int]:
        """Tasks that were answered more often than they should."""
        return [task for task, times in Counter(self.done).items() if times > overlap]


class Labeller:
    """One person's browser, as far as the server sees it. A thin client: the server should be the busy one."""

    def __init__(self, target: Target, project: int) -> None:
        signed_up = target.sign_up()
        self.headers = {
            "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in signed_up.cookies),
            "Content-Type": "application/json",
            "X-CSRFToken": str(signed_up.headers.get("X-CSRFToken", "")),
        }
        self.pool = urllib3.connectionpool.connection_from_url(target.url, maxsize=1, retries=False)
        self.project = project

    def ask(self) -> dict[str, Any] | None:
        """The next task, ``None`` when nothing is left."""
        answer = self._request("GET", f"/api/projects/{self.project}/next")
        if answer.status == 404:
            return None
        return self._good(answer)

    def submit(self, task: int) -> dict[str, Any]:
        return self._good(self._request("POST", f"/api/tasks/{task}/annotations/", ANSWER))

    def _request(self, method: str, path: str, body: bytes | None = None) -> urllib3.BaseHTTPResponse:
        return self.pool.urlopen(method, path, body, self.headers, timeout=TIMEOUT_S, retries=False)

    @staticmethod
    def _good(answer: urllib3.BaseHTTPResponse) -> dict[str, Any]:
        if answer.status not in (200, 201):
            raise RuntimeError(f"{answer.status}: {answer.data[:200]!r}")
        found: dict[str, Any] = json.loads(answer.data)
        return found


def run(labellers: Sequence[Labeller], seconds: float, *, thinking_s: float = 0.0) -> Load:
    """Let them work for some seconds; an error is counted, and its labeller goes on.

    :param thinking_s: how long each looks at a task before answering.
    """
    load, guard = Load(), threading.Lock()
    begun = time.monotonic()

    def work(labeller: Labeller) -> None:
        while time.monotonic() < begun + seconds:
            try:
                began = time.perf_counter()
                task = labeller.ask()
                if task is None:
                    return
                asked = time.perf_counter() - began
                time.sleep(thinking_s)
                began = time.perf_counter()
                labeller.submit(task["id"])
                took = asked + time.perf_counter() - began
            except (RuntimeError, urllib3.exceptions.HTTPError) as error:
                with guard:
                    load.errors[f"{type(error).__name__}: {error}"[:200]] += 1
                continue
            with guard:
                load.done.append(task["id"])
                load.times.append(took)

    with ThreadPoolExecutor(len(labellers)) as pool:
        list(pool.map(work, labellers))
    load.seconds = time.monotonic() - begun
    return load
