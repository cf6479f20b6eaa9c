"""``python -m benchmarks``: run the lines, print them, and keep them in docs/ when asked."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import boxes, start, tasks
from benchmarks.figures import Figure, table
from benchmarks.target import Target
from tests.services.labelwright import LiveServer
from tests.services.postgres import running_postgres

DOCS = Path(__file__).parent.parent / "docs/figures.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--url", help="measure this server instead of starting our own")
    parser.add_argument("--token", default="", help="its user's token")
    parser.add_argument("--sizes", default="10000,100000", help="tasks in a project (%(default)s)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="for our own server (%(default)s)")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {DOCS.name}")
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]

    report: list[str] = []
    if arguments.url:
        target = Target(arguments.url, arguments.token)
        for size in sizes:
            say(report, f"{arguments.url}, {size:,} tasks", tasks.measure(target, size))
    else:
        for database in arguments.databases.split(","):
            with fresh_database(database) as url:
                say(report, f"{database}: starting", start.measure(url))
            for size in sizes:
                with fresh_database(database) as url, our_server(url) as target:
                    say(report, f"{database}, {size:,} tasks", measured(target, size))
        with fresh_database("sqlite") as url, our_server(url) as target:
            say(report, "boxes in Chromium", boxes.measure(target))
    if arguments.write:
        DOCS.write_text("\n".join([*heading(), *report]), "utf-8")


def measured(target: Target, size: int) -> Iterator[Figure]:
    yield from tasks.measure(target, size)
    yield Figure("memory, most ever", target.peak_memory_mb() or 0, "MB", at_most=300)


def say(report: list[str], title: str, figures: Iterator[Figure]) -> None:
    """Print each line as it comes; keep the whole table."""
    print(f"\n{title}", flush=True)
    kept = []
    for figure in figures:
        print(figure.row(), flush=True)
        kept.append(figure)
    report.append(table(title, kept))


@contextmanager
def fresh_database(kind: str) -> Iterator[str | None]:
    """The address of an empty database; ``None`` for the SQLite file of the data folder."""
    if kind == "sqlite":
        yield None
        return
    with running_postgres(durable=True) as postgres:
        yield postgres.url(postgres.create_database())


@contextmanager
def our_server(database_url: str | None) -> Iterator[Target]:
    with tempfile.TemporaryDirectory() as folder, LiveServer(Path(folder), database_url) as server:
        yield Target(server.url, server.token, server.pid)


def heading() -> list[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        "# Figures",
        "",
        f"Measured on {datetime.datetime.now(datetime.UTC):%Y-%m-%d} with `make bench` on {os.cpu_count()} cores and "
        f"{memory:.0f} GB, {platform.system()}, Python {platform.python_version()}; the client shares the machine with "
        "the server. What misses its target, and why: [trials](trials.md).",
        "",
    ]


if __name__ == "__main__":
    main()
