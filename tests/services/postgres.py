"""A private PostgreSQL."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.services.processes import Program, find_program, free_port

USER = "postgres"


@dataclass(frozen=True)
class Postgres:
    """A running server; everybody on this machine may log in as anybody."""

    port: int
    program: Program

    def url(self, database: str) -> str:
        return f"postgresql+psycopg2://{USER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template1") -> str:
        """Make a database, a copy of ``template`` (to which nobody may be connected). Returns its name."""
        name = f"test_{secrets.token_hex(6)}"
        # Copying the files costs half of what writing them to the log does; servers before 15 know no other way.
        strategy = "STRATEGY FILE_COPY" if self._version() >= 15_00_00 else ""
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, throwing out whoever is still connected."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with closing(self._connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def _version(self) -> int:
        with closing(self._connect()) as connection:
            return int(connection.server_version)

    def answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=USER, dbname="postgres", connect_timeout=5
        )


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres]:
    """Start a server in a folder of its own, and remove both at the end.

    :param durable: wait for the disk at each commit, as in production; twice as slow.
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="labelwright-postgres-"))
    try:
        port = free_port()
        _init(programs, folder)
        with Program(
            [str(programs / "postgres"), "-D", str(folder / "data"), *_options(folder, port, durable)],
            log=folder / "log",
            user=USER,
            cwd=folder,
            gentle=signal.SIGINT,  # "fast": closes the connections that are open
        ) as program:
            postgres = Postgres(port, program)
            program.wait_until(postgres.answers)
            yield postgres
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    newest_first = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True
    )
    return Path(find_program("initdb", *newest_first)).parent


def _init(programs: Path, folder: Path) -> None:
    as_user = None
    if os.geteuid() == 0:
        as_user = USER
        os.chown(folder, pwd.getpwnam(USER).pw_uid, -1)
    subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", str(folder / "data"), "-U", USER, "-A", "trust"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        user=as_user,
        cwd=folder,
    )


def _options(folder: Path, port: int, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "max_connections": 200,
        "shared_buffers": "64MB",
        "log_min_messages": "warning",
    }
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
