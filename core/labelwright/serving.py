"""The HTTP servers: waitress, one process with several threads; gunicorn, where several processes share PostgreSQL."""

from __future__ import annotations

import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.utilities import Error

from labelwright.config import Settings
from labelwright.errors import ConfigurationError

log = logging.getLogger(__name__)

BODY_OVERHEAD = 1024 * 1024
"""Bytes that a multipart body may have beyond its files."""
CHANNEL_TIMEOUT_S = 120
GRACE_S = 30
"""How long running requests may take to end when a process is told to stop."""

if TYPE_CHECKING:
    from flask import Flask


class PortInUse(ConfigurationError):
    """Another program listens there already."""


def bind(app: Flask, settings: Settings) -> Any:
    """Listen, without answering yet.

    :raises ConfigurationError: if the port is in use, or the address is not this machine's.
    """
    listener = listen(settings.internal_host, settings.port)
    server = create_server(
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
    server.channel_class = _Channel
    return server


class _DiskIsFull(Error):
    code = 507
    reason = "Insufficient Storage"


class _Parser(HTTPRequestParser):
    """Large bodies wait in a temporary file; when the disk is full, the client is told, instead of being cut off."""

    def received(self, data: bytes) -> int:
        try:
            return int(super().received(data))
        except OSError as error:
            log.warning("a request's body cannot be kept: %s", error)
            self.error = _DiskIsFull(
                "The server's disk is full. Nothing was stored; try again when there is space."
            )
            self.completed = True
            return len(data)

    def close(self) -> None:
        with suppress(OSError):  # what cannot be written cannot be flushed either
            super().close()


class _Channel(HTTPChannel):
    parser_class = _Parser


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


def run_processes(
    settings: Settings,
    make_app: Callable[[], Flask],
    running: Callable[[Flask], AbstractContextManager[None]],
    on_listening: Callable[[], None],
) -> None:
    """Serve with several processes until SIGTERM or SIGINT. One that dies is replaced.

    :param make_app: called in each process: connections and threads do not survive a fork.
    :param running: what goes on beside the requests of one process.
    """
    from gunicorn.app.base import BaseApplication
    from gunicorn.glogging import Logger

    class OurLog(Logger):
        """Gunicorn's words go where ours go, through the filter that leaves secrets out."""

        def setup(self, cfg: Any) -> None:
            super().setup(cfg)
            self.error_log.handlers.clear()
            self.error_log.propagate = True

    beside = ExitStack()

    class Processes(BaseApplication):
        def load_config(self) -> None:
            host = f"[{settings.internal_host}]" if ":" in settings.internal_host else settings.internal_host
            options = {
                "bind": f"{host}:{settings.port}",
                "workers": settings.processes,
                "worker_class": "gthread",
                "threads": settings.threads,
                "timeout": CHANNEL_TIMEOUT_S,
                "graceful_timeout": GRACE_S,
                "keepalive": 5,
                "limit_request_line": 8190,
                "forwarded_allow_ips": "",  # who is believed is decided by our own middleware
                "logger_class": OurLog,
                "loglevel": "warning",
                "control_socket_disable": True,
                "proc_name": "labelwright",
                "when_ready": lambda _master: on_listening(),
                "post_worker_init": lambda worker: beside.enter_context(running(worker.wsgi)),
                "worker_exit": lambda _master, _worker: beside.close(),
            }
            for name, value in options.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Flask:
            return make_app()

    Processes().run()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    :param port: 0 lets the system choose.
    :raises PortInUse: if another program has it.
    :raises ConfigurationError: if the address is not this machine's, or the port is for root alone.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        kind = PortInUse if error.errno == errno.EADDRINUSE else ConfigurationError
        raise kind(_why(host, port, error)) from error
    listener.setblocking(False)
    return listener


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be used without root's rights. Choose one above 1023 with --port."
    return f"Cannot listen on {host}:{port}: {error.strerror or error}. Check internal_host."
