"""A server of a tree, as ``apiUrl`` names one: it answers the level whose path it is asked for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LEVELS: dict[tuple[str, ...], list[dict[str, Any]]] = {
    (): [
        {"value": "Animal", "alias": "animalia", "isLeaf": False, "color": "#aa3300"},
        {"value": "Plant", "isLeaf": True, "hint": "Green things"},
    ],
    ("animalia",): [{"value": "Cat", "alias": "felis"}, {"value": "Dog", "isLeaf": False}],
    ("animalia", "Dog"): [{"value": "Poodle & co"}],
}


@dataclass
class TreeServer:
    """:param odd: path to what is answered there instead of a level: a status with a body, or with an address."""

    url: str = ""
    odd: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    credentials: list[str | None] = field(default_factory=list)


@contextmanager
def serving_a_tree() -> Iterator[TreeServer]:
    tree = TreeServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = tuple(parse_qs(parts.query).get("path", ()))
            tree.asked.append(path)
            tree.credentials.append(self.headers.get("Authorization"))
            items = json.dumps({"items": LEVELS.get(path, [])}).encode()
            status, body = tree.odd.get(parts.path, (200, items))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
                body = b""
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tree.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield tree
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
