"""Connections that are made to the address that was checked, and that end in time."""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from labelwright.doors.networks import Rules
from labelwright.doors.target import failed, refused
from labelwright.doors.waiting import Deadline

log = logging.getLogger(__name__)

CONNECT_S = 5.0
"""Longest wait for one of several addresses of a host."""


class PinnedNetwork(httpcore.NetworkBackend):
    """Connects to an address of the host that was checked, and nowhere else."""

    def __init__(self, allowed: Rules, purpose: str, deadline: Deadline) -> None:
        self._allowed = allowed
        self._purpose = purpose
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("no address")
        for address in checked_addresses(host, port, self._allowed, self._purpose, self._deadline):
            try:
                wait = self._deadline.left(CONNECT_S)
                return TimedStream(self._sockets.connect_tcp(address, port, timeout=wait), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.NetworkStream:
        raise httpcore.UnsupportedProtocol("only TCP")

    def sleep(self, seconds: float) -> None:
        time.sleep(self._deadline.left(seconds))


class TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends at the deadline, so that a slow drip does not begin the time anew."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return TimedStream(secure, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def checked_addresses(
    host: str, port: int, allowed: Rules, purpose: str, deadline: Deadline
) -> tuple[str, ...]:
    """The host's addresses, when all of them may be called."""
    addresses = _resolve(host, port, deadline)
    if not all(allowed.allow(host, port, address) for address in addresses):
        log.info(
            "outgoing request refused: %s is at %s; outbound.%s does not name it", host, addresses, purpose
        )
        raise refused("URL resolves to a reserved network address", "reserved", setting=f"outbound.{purpose}")
    return addresses


def _resolve(host: str, port: int, deadline: Deadline) -> tuple[str, ...]:
    """The addresses of a host, each once. The system's look-up knows no time limit, so it gets a thread."""
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            log.info("outgoing request: %s does not resolve: %s", host, error)

    asked = threading.Thread(target=look_up, name="resolve", daemon=True)
    asked.start()
    asked.join(deadline.left())
    if not found:
        raise failed(f"//{host}", "no address")
    return tuple(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
