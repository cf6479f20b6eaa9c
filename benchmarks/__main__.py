"""``python -m benchmarks``: run the lines, print them, and keep them in docs/ when asked."""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import boxes, lines, start
from benchmarks.figures import Figure, comparison, table
from benchmarks.target import Target
from labelwright.doors.keys import new_encryption_key
from tests.services.labelwright import LiveServer
from tests.services.postgres import running_postgres

DOCS = Path(__file__).parent.parent / "docs/figures.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--against", metavar="URL", help="measure this server too, in the same run, beside ours"
    )
    parser.add_argument("--url", help="measure this server alone")
    parser.add_argument("--token", default="", help="its user's token")
    parser.add_argument(
        "--pid", type=int, help="of its process on this machine: its CPU and memory are shown"
    )
    parser.add_argument(
        "--sizes",
        default="10000,100000,postgresql:1000000",
        help="tasks in a project, where wanted on one database only (%(default)s)",
    )
    parser.add_argument("--databases", default="sqlite,postgresql", help="for our own server (%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="of ours on PostgreSQL (%(default)s)")
    parser.add_argument("--lines", default=",".join(lines.GROUPS), help="what is measured (%(default)s)")
    parser.add_argument("--no-browser", action="store_true", help="leave out what needs Chromium")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {DOCS.name}")
    arguments = parser.parse_args()
    databases = arguments.databases.split(",")
    sizes = {database: sizes_for(database, arguments.sizes) for database in databases}
    smallest = min(map(min, sizes.values()))
    groups = tuple(arguments.lines.split(","))

    report: list[str] = []
    if arguments.url:
        target = Target(arguments.url, arguments.token, arguments.pid)
        for size in sizes[databases[0]]:
            say(report, f"{arguments.url}, {size:,} tasks", lines.measure(target, size, groups))
        return
    theirs: list[Figure] = []
    if arguments.against:
        other = Target(arguments.against, arguments.token, arguments.pid)
        title = f"the server beside ours, {smallest:,} tasks"
        theirs = say(report, title, lines.measure(other, smallest, groups))
    for database in databases:
        with fresh_database(database) as (url, _):
            say(report, f"{database}: starting", start.measure(url))
        for size in sizes[database]:
            title = f"{database}, {size:,} tasks"
            with our_server(database, arguments.processes) as target:
                ours = say(report, title, lines.measure(target, size, groups))
            if theirs and size == smallest:
                report.append(comparison(f"{title}, both", ours, theirs))
                print(report[-1], flush=True)
    if not arguments.no_browser:
        with our_server("sqlite") as target:
            say(report, "boxes in Chromium", boxes.measure(target))
    if arguments.write:
        DOCS.write_text("\n".join([*heading(), *report]), "utf-8")


def sizes_for(database: str, sizes: str) -> list[int]:
    """``10000,postgresql:1000000`` is 10,000 everywhere and a million on PostgreSQL."""
    pairs = [size.rpartition(":") for size in sizes.split(",")]
    return [int(size) for only, _, size in pairs if only in ("", database)]


def say(report: list[str], title: str, figures: Iterator[Figure]) -> list[Figure]:
    """Print each line as it comes; keep the whole table."""
    print(f"\n{title}", flush=True)
    kept = []
    for figure in figures:
        print(figure.row(), flush=True)
        kept.append(figure)
    report.append(table(title, kept))
    return kept


@contextmanager
def fresh_database(kind: str) -> Iterator[tuple[str | None, int | None]]:
    """The address of an empty database, ``None`` for the SQLite file of the data folder; and its server's process."""
    if kind == "sqlite":
        yield None, None
        return
    with running_postgres(durable=True) as postgres:
        yield postgres.url(postgres.create_database()), postgres.program.pid


@contextmanager
def our_server(database: str, processes: int = 1) -> Iterator[Target]:
    settings = {}
    if database != "sqlite" and processes > 1:
        settings = {
            "LABELWRIGHT_PROCESSES": str(processes),
            "LABELWRIGHT_SECRET_KEY": secrets.token_urlsafe(40),
            "LABELWRIGHT_ENCRYPTION_KEYS": new_encryption_key(),
        }
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_database(database) as (url, database_pid),
        LiveServer(Path(folder), url, settings=settings) as server,
    ):
        yield Target(server.url, server.token, server.pid, database_pid)


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
