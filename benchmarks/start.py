"""Starting: how long until the first answer, how much memory, how many bytes for the browser."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
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
                yield installed()
                yield Figure("memory, idle", target.memory_mb() or 0, "MB", at_most=100)
                yield from scripts(target)
            server.stop()


def installed() -> Figure:
    """What the server and all that it needs take on the disk, without what only its tests need."""
    wanted, seen, size = ["labelwright"], set(), 0
    while wanted:
        name = re.split(r"[^A-Za-z0-9._-]", wanted.pop(), maxsplit=1)[0].lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        try:
            found = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        paths = (Path(str(found.locate_file(file))) for file in found.files or ())
        size += sum(path.stat().st_size for path in paths if path.is_file())
        wanted += [line for line in found.requires or () if "extra ==" not in line]
    return Figure(f"installed size, {len(seen)} packages", size / 1e6, "MB", at_most=200)


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
