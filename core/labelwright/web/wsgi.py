"""Around the application: slashes, sub-paths, proxies. Nothing here knows a route."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.middleware.proxy_fix import ProxyFix

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
PIECE = 1024 * 1024


class OneSpelling:
    """``/api/projects/`` and ``/api/projects`` are one path, for every method, without a redirect."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if len(path) > 1 and path.endswith("/"):
            environ["labelwright.slash"] = True
            environ["PATH_INFO"] = path.rstrip("/") or "/"
        return self.app(environ, start_response)


class WholeBody:
    """A body that ends too early is the client's mistake, and never half of what was sent.

    gunicorn says of every body that it may be read to its end; the end that a client makes by going away is one, too,
    and in the middle of a chunk it is an exception of gunicorn's own.
    """

    def __init__(self, app: Application) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        else:
            environ["wsgi.input"] = _Chunks(environ["wsgi.input"])
        return self.app(environ, start_response)


class _Chunks(io.RawIOBase):
    """A body of unknown length."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self._source.read(min(len(buffer), PIECE))
        except Exception as error:
            raise ClientDisconnected() from error
        buffer[: len(piece)] = piece
        return len(piece)


class SubPath:
    """Serve below a path, whether the proxy leaves the path in the request or takes it off.

    :param path: ``/label`` for ``https://example.org/label``; ``""`` for none.
    """

    def __init__(self, app: Application, path: str) -> None:
        self.app, self.path = app, path

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == self.path or path.startswith(self.path + "/"):
            environ["PATH_INFO"] = path[len(self.path) :] or "/"
        environ["SCRIPT_NAME"] = self.path
        return self.app(environ, start_response)


class TrustedProxy:
    """Believe ``X-Forwarded-*`` only from the networks that the administrator named.

    From anyone else the headers are dropped, so that no code reads them by mistake.
    """

    HEADERS = ("FOR", "PROTO", "HOST", "PORT", "PREFIX")

    def __init__(self, app: Application, networks: Sequence[IPv4Network | IPv6Network]) -> None:
        self.app, self.networks = app, tuple(networks)
        self.trusting = ProxyFix(app, x_for=1, x_proto=1, x_host=1, x_port=1)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            return self.trusting(environ, start_response)
        for name in self.HEADERS:
            environ.pop(f"HTTP_X_FORWARDED_{name}", None)
        return self.app(environ, start_response)

    def _is_trusted(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.networks)
