"""A small model behind real HTTP, which speaks the protocol of Label Studio's ML backends."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


def said(choice: str = "Good", **more: Any) -> dict[str, Any]:
    region = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [choice]}}
    return {"result": [region], "score": 0.75, **more}


@dataclass
class Model:
    """What it answers, and what it was asked: path and parsed body."""

    port: int = 0
    version: str = "v1"
    password: str = ""
    answer: Any = None
    """Instead of a prediction for each task."""
    status: int = 200
    lasts: int = 1_000_000
    """So many predictions it makes before it breaks."""
    wait_s: float = 0.0
    is_simple: bool = False
    """It answers for the first task only, and knows no versions."""
    asked: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def bodies(self, path: str) -> list[Any]:
        return [body for name, body in self.asked if name == path]

    def reply(self, path: str, body: Any) -> tuple[int, Any]:
        if path == "/health":
            return 200, {"status": "UP", "model_class": "Test"}
        if path == "/setup":
            return self.status, {"model_version": self.version}
        if path == "/versions" and not self.is_simple:
            return 200, {"versions": ["v0", self.version]}
        if path == "/webhook":
            return 201, {"result": {}, "status": "ok"}
        if path == "/predict":
            time.sleep(self.wait_s)
            self.lasts -= 1
            if self.lasts < 0:
                return 500, {"detail": "out of memory"}
            tasks = body["tasks"][:1] if self.is_simple else body["tasks"]
            return self.status, {"results": [said() for _ in tasks]} if self.answer is None else self.answer
        return 404, {"detail": "nothing here"}


@contextmanager
def serving(model: Model) -> Iterator[Model]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or "null")
            model.asked.append((self.path, body))
            if model.password and self.headers.get("Authorization") != f"Basic {model.password}":
                status, answer = 401, {"detail": "who are you?"}
            else:
                status, answer = model.reply(self.path, body)
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
