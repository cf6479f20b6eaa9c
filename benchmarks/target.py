"""The server that is measured: one that we started, or any other by its address."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.services.labelwright import Client

LABEL_CONFIG = """
<View>
  <Text name="text" value="$text"/>
  <Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
  <Labels name="label" toName="text"><Label value="Person"/><Label value="Place"/></Labels>
</View>
"""
RESULT = [
    {
        "id": "a1",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": ["good"]},
    },
    {
        "id": "a2",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {"start": 0, "end": 4, "text": "Task", "labels": ["Person"]},
    },
]


@dataclass(frozen=True)
class Target:
    """A running server.

    :param pid: of its first process, when it runs on this machine; memory and CPU are measured then.
    :param database_pid: of its database's, where that is another program: its CPU counts too, its memory does not.
    """

    url: str
    token: str
    pid: int | None = None
    database_pid: int | None = None

    def client(self) -> Client:
        return Client(self.url, self.token)

    def sign_up(self) -> Client:
        """A new labeller, logged in by session."""
        client = Client(self.url)
        address = f"labeller-{secrets.token_hex(6)}@example.com"
        page = client.get("/user/signup/").text
        found = re.search(r'name="(csrf\w*)"\s+value="([^"]+)"', page)
        form = {"email": address, "password": secrets.token_urlsafe(18)}
        if found:
            form[found[1]] = found[2]
        answer = client.post("/user/signup/", data=form, headers={"Referer": self.url}, allow_redirects=False)
        if answer.status_code != 302:
            raise RuntimeError(f"sign-up answered {answer.status_code}: {answer.text[:500]}")
        cookie = next((cookie for cookie in client.cookies if "csrf" in cookie.name.lower()), None)
        if cookie is not None and cookie.value is not None:
            client.headers.update({"X-CSRFToken": cookie.value, "Referer": self.url})
        return client

    @contextmanager
    def project(self) -> Iterator[int]:
        """A project for one measurement; removed afterwards."""
        client = self.client()
        body = {"title": f"measured {secrets.token_hex(3)}", "label_config": LABEL_CONFIG}
        answer = client.post("/api/projects/", json=body)
        answer.raise_for_status()
        project = int(answer.json()["id"])
        yield project
        client.delete(f"/api/projects/{project}/", timeout=1800)

    def memory_mb(self) -> float | None:
        """Resident memory of its processes now."""
        if self.pid is None:
            return None
        return sum(_status(pid, "VmRSS") for pid in _family(self.pid)) / 1024

    def peak_memory_mb(self) -> float | None:
        """The most that each of its processes ever held, added up."""
        if self.pid is None:
            return None
        return sum(_status(pid, "VmHWM") for pid in _family(self.pid)) / 1024

    def cpu_s(self) -> float | None:
        """Processor time that it used until now."""
        if self.pid is None:
            return None
        ticks = os.sysconf("SC_CLK_TCK")
        total = 0
        for pid in (pid for first in (self.pid, self.database_pid) if first for pid in _family(first)):
            fields = _stat(pid)
            total += int(fields[11]) + int(fields[12])
            if pid == self.database_pid:
                total += int(fields[13]) + int(fields[14])  # its connections that have ended
        return total / ticks


class Meter:
    """Counts the server's processor time from its making on."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._begun = target.cpu_s()

    def read(self) -> float | None:
        now = self._target.cpu_s()
        return None if now is None or self._begun is None else now - self._begun


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(member for child in children for member in _family(int(child)))]


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0
