"""Our own server, a process of its own that is told what to do by words and variables, as people start it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import requests

from tests.services.processes import Program, free_port
from tests.services.warm import COMMAND as COMMAND

USERNAME = "first@example.com"
PASSWORD = "a long enough password"
TOKEN = "0123456789abcdef0123456789abcdef01234567"

_numbers = itertools.count(1)

_OURS = ("LABELWRIGHT_", "LABEL_STUDIO_", "POSTGRE_", "REDIS_", "DJANGO_", "FLASK_", "CELERY_")
_OURS_ALONE = {"HOST", "PORT", "SECRET_KEY", "DEBUG", "LOG_LEVEL", "USERNAME", "PASSWORD"}


class LiveServer:
    """A ``labelwright start``; a context manager that starts it and ends it.

    :param data_dir: its data folder; what it says goes to ``server.log`` in there.
    :param database_url: ``None`` for the SQLite file that it makes in the data folder.
    :param settings: environment variables, such as ``{"LABELWRIGHT_THREADS": "4"}``.
    :param options: further words for the command line.
    :param health: the path that answers when it is ready.
    :param command: the words that start the program, when not the ``labelwright`` of this environment.
    """

    def __init__(
        self,
        data_dir: Path,
        database_url: str | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        command: Sequence[str] = (str(COMMAND), "start"),
        health: str = "/health",
    ) -> None:
        self.data_dir = data_dir
        self.database_url = database_url
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = TOKEN
        self.username, self.password = USERNAME, PASSWORD
        self._health = health
        self._settings = dict(settings or {})
        self._command = [*command, *options]
        self._program: Program | None = None
        data_dir.mkdir(parents=True, exist_ok=True)

    @property
    def program(self) -> Program:
        assert self._program is not None, "the server was not started"
        return self._program

    @property
    def pid(self) -> int:
        return self.program.pid

    @property
    def log(self) -> str:
        """All that it said since the first start."""
        return self.program.log.read_text("utf-8", "replace")

    def start(self, *, timeout_s: float = 60) -> LiveServer:
        """Start it and wait until it answers. After :meth:`kill` or :meth:`stop`: same port, same data."""
        self._program = Program(
            [
                *self._command,
                *("--internal-host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self.data_dir)),
                *("--username", USERNAME, "--password", PASSWORD, "--user-token", TOKEN, "--no-browser"),
            ],
            log=self.data_dir / "server.log",
            env=self.environment(),
            cwd=self.data_dir,
            is_warm=True,
        )
        self._program.wait_until(self.answers, timeout_s=timeout_s)
        return self

    def environment(self) -> dict[str, str]:
        """The environment it runs in: ours without settings of a server, and its own."""
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_OURS) and name not in _OURS_ALONE
        }
        if self.database_url is not None:
            env["LABELWRIGHT_DATABASE_URL"] = self.database_url
        return env | {"PYTHONUNBUFFERED": "1"} | self._settings

    def worker(self) -> Program:
        """Start a ``labelwright worker`` with the same settings and data; end it as a context manager."""
        log = self.data_dir / f"worker-{next(_numbers)}.log"
        command = [self._command[0], "worker", "--data-dir", str(self.data_dir)]
        return Program(command, log=log, env=self.environment(), cwd=self.data_dir, is_warm=True)

    def answers(self) -> bool:
        try:
            return requests.get(self.url + self._health, timeout=5).ok
        except requests.RequestException:
            return False

    def client(self) -> Client:
        """Requests as the first user, by token."""
        return Client(self.url, self.token)

    def stop(self) -> int:
        return self.program.stop()

    def kill(self) -> None:
        self.program.kill()

    def __enter__(self) -> LiveServer:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._program is not None:
            self._program.stop()


class Client(requests.Session):
    """Requests to one server, with paths instead of addresses."""

    def __init__(self, base: str, token: str | None = None) -> None:
        super().__init__()
        self.base = base
        if token:
            self.headers["Authorization"] = f"Token {token}"

    def request(
        self, method: str | bytes, url: str | bytes, *args: object, **kwargs: object
    ) -> requests.Response:
        kwargs.setdefault("timeout", 60)
        path = url.decode() if isinstance(url, bytes) else url
        return super().request(method, self.base + path, *args, **kwargs)  # type: ignore[arg-type]
