"""Starting: how long until the first answer, how much memory, how many bytes for the browser."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.target import Target
from tests.services.labelwright import LiveServer


def measure(database_url: str | None) -> Iterator[Figure]:
    """Start a server twice: with nothing there, and with everything there."""
    with tempfile.TemporaryDirectory() as folder:
        server = LiveServer(Path(folder), database_url)
        for what, at_most in (("first start, tables made", 5.0), ("start", 2.0)):
            begun = time.perf_counter()
            server.start()
            yield Figure(f"{what}, until /health answers", time.perf_counter() - begun, "s", at_most=at_most)
            target = Target(server.url, server.token, server.pid)
            if what == "start":
                yield Figure("memory, idle", target.memory_mb() or 0, "MB", at_most=100)
                yield from scripts(target)
            server.stop()


def scripts(target: Target) -> Iterator[Figure]:
    """What the first page loads before it can be used, and the tags of a project on top."""
    client = target.sign_up()
    page = client.get("/projects").text
    entry = set(re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page))
    found = re.search(r'<script type="importmap"[^>]*>(.*?)</script>', page, re.DOTALL)
    shared = set(json.loads(found[1])["imports"].values()) if found else set()
    yield Figure(
        "first page: scripts and styles, gzip",
        _gzipped(client, entry | shared) / 1000,
        "kB",
        at_most=150,
    )


def _gzipped(client: object, paths: set[str]) -> int:
    total = 0
    for path in paths:
        answer = client.get(path)  # type: ignore[attr-defined]
        answer.raise_for_status()
        total += len(gzip.compress(answer.content, 6))
    return total
