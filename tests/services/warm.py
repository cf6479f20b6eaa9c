"""Our command as a process of its own that need not import anything: it is forked from one that has.

A run starts some two hundred ``labelwright``, each of which would import for a second before it does what the test is
about. What is imported, and how long it may take, is for the tests of the command line and of the wheels, which start
the installed program itself.

The first half is what tests call; the second is the process that imports once and forks.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO, Any

COMMAND = Path(sys.executable).with_name("labelwright")


def can_be_warm(command: Sequence[str]) -> bool:
    """Whether it is our command as it is, on a system that can wait for the child of another process."""
    return command[0] == str(COMMAND) and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


def run(
    command: Sequence[str], *, env: Mapping[str, str], cwd: Path, typed: str = "", timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """What ``subprocess.run`` does, with all that it said as text.

    :param typed: what comes from its standard input.
    """
    if not can_be_warm(command):
        return subprocess.run(
            command, env=env, cwd=cwd, input=typed, capture_output=True, text=True, timeout=timeout
        )
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        with tempfile.TemporaryFile() as keyboard:
            keyboard.write(typed.encode())
            keyboard.seek(0)
            process = Process(command, stdin=keyboard, stdout=said, stderr=complained, env=env, cwd=cwd)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        said.seek(0)
        complained.seek(0)
        return subprocess.CompletedProcess(
            command, process.wait(), said.read().decode(), complained.read().decode()
        )


class Process:
    """As much of a ``subprocess.Popen`` as tests need.

    :param dies_with_us: the signal that it gets when this test run ends without ending it.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        stdin: IO[bytes],
        stdout: IO[bytes],
        stderr: IO[bytes],
        env: Mapping[str, str],
        cwd: Path | None,
        dies_with_us: signal.Signals = signal.SIGKILL,
    ) -> None:
        self.args = list(command)
        self.returncode: int | None = None
        reading, writing = os.pipe()
        self._told = os.fdopen(reading, "rb", buffering=0)
        wish = {
            "words": self.args,
            "env": dict(env),
            "cwd": str(cwd or Path.cwd()),
            "dies_with_us": int(dies_with_us),
        }
        with _sending:
            socket.send_fds(
                _forker(),
                [json.dumps(wish).encode()],
                [stdin.fileno(), stdout.fileno(), stderr.fileno(), writing],
            )
        os.close(writing)
        self.pid = int(self._told.readline())

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], 0)[0]:
            self._note_end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """:raises subprocess.TimeoutExpired: when it is still running then."""
        if self.returncode is None and not select.select([self._told], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return self._note_end()

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _note_end(self) -> int:
        if self.returncode is None:
            self.returncode = int(self._told.readline() or -signal.SIGKILL)
            self._told.close()
        return self.returncode


_sending = threading.Lock()


@cache
def _forker() -> socket.socket:
    """The line to the process that has imported everything; it ends when the line does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-P", __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
        )
    return ours


# --- the process that forks ---------------------------------------------------------------------------------


def main(line: int) -> None:
    """Fork for each wish; in the child, go on as the command that was wished for."""
    _import_everything()
    assert threading.active_count() == 1, "a process with threads must not fork"
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the tests' Ctrl-C; they end what they started
    wish = _fork_for_each(socket.socket(fileno=line))
    if wish is not None:
        _become(wish)
        from labelwright import cli

        cli.main()


NOT_IMPORTED = tuple(
    f"labelwright.{name}" for name in ("migrations", "scaffold", "cli.__main__", "client", "testing")
)


def _import_everything() -> None:
    import importlib
    import importlib.metadata
    import pkgutil

    import labelwright

    for module in pkgutil.walk_packages(labelwright.__path__, "labelwright."):
        if not module.name.startswith(NOT_IMPORTED):
            importlib.import_module(module.name)
    for point in importlib.metadata.entry_points(group="labelwright"):
        importlib.import_module(point.module)
    for name in (
        "alembic.command",
        "celery.worker.components",
        "celery.worker.consumer",
        "celery.concurrency.thread",
        "gunicorn.app.base",
        "kombu.transport.memory",
        "psycopg2",
        "sqlalchemy.dialects.postgresql.psycopg2",
        "sqlalchemy.dialects.sqlite.pysqlite",
    ):
        importlib.import_module(name)


def _fork_for_each(line: socket.socket) -> dict[str, Any] | None:
    """:returns: the wish, in the child that is to fulfil it; nothing in this process, when the tests have ended."""
    chooser = selectors.DefaultSelector()
    chooser.register(line, selectors.EVENT_READ)
    while True:
        for key, _ in chooser.select():
            if key.fileobj is line:
                wish, files, _, _ = socket.recv_fds(line, 1 << 20, 4)
                if not wish:
                    return None
                *standard, told = files
                if (pid := os.fork()) == 0:
                    chooser.close()
                    line.close()
                    for number, file in enumerate(standard):
                        os.dup2(file, number)
                    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
                    return dict(json.loads(wish))
                for file in standard:
                    os.close(file)
                os.write(told, b"%d\n" % pid)
                chooser.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, told))
            else:
                pid, told = key.data
                chooser.unregister(key.fileobj)
                os.close(key.fd)
                _, status = os.waitpid(pid, 0)
                os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
                os.close(told)


def _become(wish: dict[str, Any]) -> None:
    """Be as a process that was started so."""
    forker = os.getppid()
    ctypes.CDLL(None).prctl(1, wish["dies_with_us"])  # PR_SET_PDEATHSIG
    if os.getppid() != forker:
        os._exit(1)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(wish["env"])
    os.chdir(wish["cwd"])
    sys.argv = wish["words"]
    is_unbuffered = bool(os.environ.get("PYTHONUNBUFFERED"))
    sys.stdin = open(0, closefd=False)
    sys.stdout = open(1, "w", buffering=1 if is_unbuffered else -1, closefd=False)
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
