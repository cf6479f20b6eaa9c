"""A private Redis, plain or behind TLS."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.services.authority import Certificates, make_certificates
from tests.services.processes import Program, find_program, free_port


@dataclass(frozen=True)
class Redis:
    """A running server. ``certificates`` is set when it speaks TLS only."""

    url: str
    program: Program
    certificates: Certificates | None = None

    def client(self) -> redis.Redis:
        if self.certificates is None:
            return redis.Redis.from_url(self.url)
        return redis.Redis.from_url(self.url, ssl_ca_certs=str(self.certificates.authority))

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def running_redis(*, tls: bool = False) -> Iterator[Redis]:
    """Start a server that keeps nothing on disk, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="labelwright-redis-"))
    try:
        port = free_port()
        certificates = make_certificates(folder) if tls else None
        command = [find_program("redis-server"), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        if certificates is None:
            command += ["--port", str(port)]
        else:
            command += ["--port", "0", "--tls-port", str(port), "--tls-auth-clients", "no"]
            command += ["--tls-cert-file", str(certificates.certificate)]
            command += ["--tls-key-file", str(certificates.key)]
            command += ["--tls-ca-cert-file", str(certificates.authority)]
        with Program(command, log=folder / "log") as program:
            server = Redis(f"{'rediss' if tls else 'redis'}://127.0.0.1:{port}/0", program, certificates)
            program.wait_until(server.answers)
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)
