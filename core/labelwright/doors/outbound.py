"""The one door to other servers.

Every request that somebody outside can cause goes through :class:`Outbound`: the host is resolved once, all its
addresses are checked, the connection is made to the address that was checked (the name stays in ``Host`` and in the
TLS check), each redirect starts over, and bytes and time are limited. What the other side said is never repeated to
the person who asked: a refusal reads the same whether a port is open, closed or silent. The log has the reason.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import urljoin

from labelwright.config import Settings
from labelwright.doors.networks import Purpose, Rules, rules
from labelwright.doors.target import Target, failed
from labelwright.doors.waiting import Deadline
from labelwright.errors import InvalidInput

if TYPE_CHECKING:
    import ssl

    import httpcore

# httpcore and the module that builds on it are imported by the first request that goes out: they cost a start-up
# a tenth of a second and six megabytes.

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
CHUNK = 65536
SET_BY_US = frozenset(
    ("host", "content-length", "connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade")
    + ("expect", "proxy-authorization", "proxy-authenticate", "proxy-connection")
)
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True)
class Fetched:
    """What a download brought; its bytes are in the file that was given."""

    final_url: str
    content_type: str
    size: int
    filename: str


@dataclass(frozen=True)
class Answer:
    """What another server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Checked:
    """A place that may be called, and the addresses at which it was found."""

    url: str
    host: str
    port: int
    addresses: tuple[str, ...]


class Outbound:
    """The client for all outgoing HTTP. One object serves all threads."""

    def __init__(self, settings: Settings) -> None:
        self._rules: dict[str, Rules] = {
            name: rules(settings, name) for name in ("import", "storage", "ml", "webhook")
        }
        self._timeout_s = float(settings.outbound_timeout_s)
        self._max_bytes = int(settings.upload_max_bytes)
        self._verifies = bool(settings.outbound_verify_tls)
        self._tls: ssl.SSLContext | None = None

    def fetch(
        self,
        url: str,
        purpose: Purpose = "import",
        *,
        into: BinaryIO,
        max_bytes: int | None = None,
        timeout_s: float | None = None,
    ) -> Fetched:
        """Download a file.

        :param into: where its bytes go; what was written before a refusal is of no use.
        :param max_bytes: the most it may have, unpacked; the upload limit if not given.
        :param timeout_s: the most it may take altogether, redirects included.
        :raises InvalidInput: code ``url-refused`` (a bad or reserved address), ``url-too-large``, ``url-too-slow``, or
            ``url-failed`` for everything that went wrong on the way.
        """
        limit = self._max_bytes if max_bytes is None else max_bytes
        deadline = Deadline(self._timeout_s if timeout_s is None else timeout_s)
        for _ in range(MOST_REDIRECTS + 1):
            with self._exchange("GET", url, purpose, {}, b"", deadline) as (target, response):
                location = _header(response.headers, "location")
                if response.status in REDIRECTS and location:
                    url = urljoin(target.text, location)
                    continue
                if response.status != 200:
                    raise failed(url, f"answered {response.status}")
                size = _copy(response, into, limit, deadline)
                kind = _header(response.headers, "content-type").partition(";")[0].strip().lower()
                return Fetched(target.text, kind, size, target.filename)
        raise failed(url, f"redirected more than {MOST_REDIRECTS} times")

    def send(
        self,
        method: str,
        url: str,
        purpose: Purpose,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout_s: float | None = None,
        max_bytes: int = 32 * 1024 * 1024,
    ) -> Answer:
        """Make one request, without following redirects, and answer what came back.

        :raises InvalidInput: as :meth:`fetch`; also code ``header-refused``.
        """
        check_headers(headers or {})
        deadline = Deadline(self._timeout_s if timeout_s is None else timeout_s)
        with self._exchange(method, url, purpose, headers or {}, body, deadline) as (_, response):
            received = Memory()
            _copy(response, received, max_bytes, deadline)
            seen = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            }
            return Answer(response.status, seen, bytes(received.content))

    def check(self, url: str, purpose: Purpose) -> Checked:
        """Refuse an address when it is saved, rather than when it is used. Nothing is sent.

        A client that is not ours (of a cloud) must connect to one of the addresses answered here.

        :raises InvalidInput: code ``url-refused``.
        """
        from labelwright.doors.pinned import checked_addresses

        target = Target.parse(url)
        deadline = Deadline(self._timeout_s)
        addresses = checked_addresses(target.host, target.port, self._rules[purpose], purpose, deadline)
        return Checked(target.text, target.host, target.port, addresses)

    @contextmanager
    def _exchange(
        self,
        method: str,
        url: str,
        purpose: Purpose,
        headers: Mapping[str, str],
        body: bytes,
        deadline: Deadline,
    ) -> Iterator[tuple[Target, httpcore.Response]]:
        import httpcore

        from labelwright.doors.pinned import PinnedNetwork

        target = Target.parse(url)
        sent = {
            "Host": target.authority,
            "User-Agent": "labelwright",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
        }
        sent.update(headers)
        if body or method in ("POST", "PUT", "PATCH"):
            sent["Content-Length"] = str(len(body))
        address = httpcore.URL(
            scheme=target.scheme.encode(),
            host=target.host.encode(),
            port=target.port,
            target=target.path.encode(),
        )
        pool = httpcore.ConnectionPool(
            ssl_context=self._tls_context(target.scheme),
            network_backend=PinnedNetwork(self._rules[purpose], purpose, deadline),
            max_keepalive_connections=0,
        )
        answered = False
        try:
            with (
                pool,
                pool.stream(method, address, headers=list(sent.items()), content=body or None) as response,
            ):
                answered = True
                yield target, response
        except (
            TimeoutError,
            zlib.error,
            httpcore.TimeoutException,
            httpcore.NetworkError,
            httpcore.ProtocolError,
        ) as error:
            if answered:  # before that, a silent port must read like a closed one
                deadline.check(url)
            raise failed(url, error) from error

    def _tls_context(self, scheme: str) -> ssl.SSLContext | None:
        if scheme == "https" and self._tls is None:
            import ssl

            context = ssl.create_default_context()
            if not context.cert_store_stats()["x509_ca"]:
                import certifi

                context.load_verify_locations(certifi.where())
            if not self._verifies:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            self._tls = context
        return self._tls


class Memory:
    """A file in memory, for answers that are small."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> int:
        self.content += data
        return len(data)


def check_headers(headers: Mapping[str, str]) -> None:
    """Refuse headers that would change the request around them.

    :raises InvalidInput: code ``header-refused``.
    """
    for name, value in headers.items():
        is_text = isinstance(name, str) and isinstance(value, str)
        if not is_text or not HEADER_NAME.fullmatch(name) or not HEADER_VALUE.fullmatch(value):
            raise InvalidInput(
                f"The header {str(name)[:50]!r} cannot be sent.",
                code="header-refused",
                params={"name": str(name)[:50]},
            )
        if name.lower() in SET_BY_US:
            raise InvalidInput(
                f"The header {name!r} is set by the server.", code="header-refused", params={"name": name}
            )


def _copy(response: httpcore.Response, into: Any, limit: int, deadline: Deadline) -> int:
    """The body, unpacked, into a file. :returns: its size."""
    declared = _header(response.headers, "content-length")
    encoding = _header(response.headers, "content-encoding").lower().strip()
    if encoding in ("", "identity") and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    size = 0
    for piece in _unpacked(response.iter_stream(), encoding):
        deadline.left()
        size += len(piece)
        if size > limit:
            raise _too_large(limit)
        into.write(piece)
    return size


def _unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    if encoding in ("", "identity"):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise zlib.error(f"unknown encoding {encoding[:20]!r}")
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for piece in pieces:
        # A few bytes can hold gigabytes: they are unpacked a little at a time, so that the limit stops them. A full
        # chunk may leave some of its own behind although all that came was read.
        unpacked = unpack.decompress(piece, CHUNK)
        yield unpacked
        while not unpack.eof and (unpack.unconsumed_tail or len(unpacked) == CHUNK):
            unpacked = unpack.decompress(unpack.unconsumed_tail, CHUNK)
            yield unpacked
        if unpack.eof:
            return
    raise zlib.error("cut short")


def _header(headers: Iterable[tuple[bytes, bytes]], name: str) -> str:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name.encode()), "")


def _too_large(limit: int) -> InvalidInput:
    return InvalidInput(
        f"The file is larger than {limit} bytes.", code="url-too-large", params={"limit": limit}
    )
