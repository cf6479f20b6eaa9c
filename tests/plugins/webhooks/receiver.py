"""A program that webhooks are sent to: it keeps what it hears, and answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Heard:
    path: str
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


@dataclass
class Receiver:
    """Answers ``statuses`` in turn and then 200; a path that begins with ``/hang`` is not answered until the end."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    ending: threading.Event = field(default_factory=threading.Event)

    def of(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def wait(self, path: str, count: int = 1, timeout_s: float = 20) -> list[Heard]:
        """What came to a path, when it is so much."""
        self.until(lambda: len(self.of(path)) >= count, timeout_s, lambda: f"{path} heard {self.of(path)}")
        return self.of(path)

    def action(self, path: str, action: str, timeout_s: float = 20) -> dict[str, Any]:
        """The body of the first that speaks of this action."""

        def found() -> list[Heard]:
            return [one for one in self.of(path) if one.body["action"] == action]

        self.until(
            found, timeout_s, lambda: f"no {action} in {[one.body['action'] for one in self.of(path)]}"
        )
        return found()[0].body

    @staticmethod
    def until(holds: Callable[[], Any], timeout_s: float, words: Callable[[], str]) -> None:
        ends = time.monotonic() + timeout_s
        while not holds():
            assert time.monotonic() < ends, words()
            time.sleep(0.05)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, content))
            if self.path.startswith("/hang"):
                receiver.ending.wait(60)
                return
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()
