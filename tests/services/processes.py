"""Starting a program, waiting until it answers, and ending it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from tests.services import warm


class DidNotStart(RuntimeError):
    """A program ended, or did not answer in time. The message carries the end of its log."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def find_program(name: str, *folders: Path) -> str:
    """The path of a program, in these folders or in PATH.

    :raises DidNotStart: when it is not installed, with the words to install it.
    """
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        raise DidNotStart(f"{name} is not installed; run scripts/services.sh as root")
    return found


class Program:
    """One running program; a context manager that ends it.

    :param log: file that gets what it prints; appended to, so that a restart keeps the first run's words.
    :param user: run as this user when we are root (PostgreSQL refuses root).
    :param gentle: the signal that asks it to end.
    :param is_warm: where it is our own command: without the second that it takes to import, see ``warm.py``.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: dict[str, str] | None = None,
        user: str | None = None,
        cwd: Path | None = None,
        gentle: signal.Signals = signal.SIGTERM,
        is_warm: bool = False,
    ) -> None:
        self.log = log
        self.name = Path(command[0]).name
        self._command = list(command)
        self._env = env
        self._user = user if os.geteuid() == 0 else None
        self._cwd = cwd
        self._gentle = gentle
        self._is_warm = is_warm and warm.can_be_warm(command)
        self.start_again()

    def start_again(self) -> None:
        """Start it once more, after it ended."""
        with self.log.open("ab") as output:
            self.process = self._begin(output)

    def _begin(self, output: IO[bytes]) -> warm.Process | subprocess.Popen[bytes]:
        if self._is_warm:
            with open(os.devnull, "rb") as nothing:
                return warm.Process(
                    self._command, stdin=nothing, stdout=output, stderr=output,
                    env=os.environ if self._env is None else self._env, cwd=self._cwd, dies_with_us=self._gentle,
                )  # fmt: skip
        return subprocess.Popen(
            [*_dies_with_us(self._gentle), *self._command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=self._env,
            cwd=self._cwd,
            user=self._user,
        )

    @property
    def pid(self) -> int:
        return self.process.pid

    def wait_until(self, answers: Callable[[], bool], *, timeout_s: float = 60) -> None:
        """Wait until ``answers()`` is true.

        :raises DidNotStart: when the program ends first, or the time is over; it is ended then.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise DidNotStart(f"{self.name} ended with {self.process.returncode}:\n{self.log_tail()}")
            if answers():
                return
            time.sleep(0.05)
        self.kill()
        raise DidNotStart(f"{self.name} did not answer within {timeout_s:g} s:\n{self.log_tail()}")

    def log_tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-lines:])

    def stop(self, *, timeout_s: float = 20) -> int:
        """Ask it to end, and insist when it does not. Returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(self._gentle)
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.wait()

    def kill(self) -> None:
        """End it as a power cut would: no signal that it could catch."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _dies_with_us(sign: signal.Signals) -> list[str]:
    """A killed test run must leave no server behind; Linux can promise that."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", sign.name.removeprefix("SIG"), "--"] if setpriv else []
