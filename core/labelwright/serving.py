"""The HTTP server of the embedded default: waitress, one process, several threads."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress.server import create_server

from labelwright.config import Settings
from labelwright.errors import ConfigurationError

BODY_OVERHEAD = 1024 * 1024
"""Bytes that a multipart body may have beyond its files."""
CHANNEL_TIMEOUT_S = 120


def bind(app: Flask, settings: Settings) -> Any:
    """Listen, without answering yet.

    :raises ConfigurationError: if the port is in use, or the address is not this machine's.
    """
    listener = _listener(settings.internal_host, settings.port)
    return create_server(
        app,
        sockets=[listener],
        threads=settings.threads,
        ident=None,
        channel_timeout=CHANNEL_TIMEOUT_S,
        max_request_body_size=max(settings.upload_max_bytes, 256 * 1024 * 1024) + BODY_OVERHEAD,
        max_request_header_size=64 * 1024,
        connection_limit=1000,
        backlog=1024,
        expose_tracebacks=False,
        clear_untrusted_proxy_headers=False,
    )


def address(server: Any, settings: Settings) -> str:
    """The address that people type."""
    if settings.host:
        return str(settings.host)
    return f"http://localhost:{server.effective_port if hasattr(server, 'effective_port') else settings.port}"


def run(server: Any, on_listening: Callable[[], None]) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        if not stopping.is_set():
            stopping.set()
            raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    on_listening()
    try:
        server.run()
    finally:
        server.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigurationError(_why(host, port, error)) from error
    listener.listen(1024)
    listener.setblocking(False)
    return listener


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used without root's rights. Choose one above 1023 with --port."
    return f"Cannot listen on {host}:{port}: {error.strerror}. Check internal_host."
