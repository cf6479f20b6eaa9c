"""A URL from outside, read once: what is checked and what is connected to are the same parts."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from labelwright.errors import InvalidInput

log = logging.getLogger(__name__)

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 8192
CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*")


@dataclass(frozen=True)
class Target:
    """A URL, read once; what connects and what is checked are the same parts."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> Target:
        """:raises InvalidInput: if it is not an http address without name and password."""
        if len(url) > LONGEST_URL or CONTROL.search(url):
            raise refused("This is not a valid URL.", "malformed")
        try:
            parts = urlsplit(url.strip())
            port = parts.port
            host = _ascii_host(parts.hostname or "")
            path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
            query = quote(parts.query, safe="/%:@!$&'()*+,;=?~-._")
        except ValueError:
            raise refused("This is not a valid URL.", "malformed") from None
        if parts.scheme not in PORTS:
            raise refused("Only http:// and https:// URLs can be used.", "scheme")
        if not HOST.fullmatch(host) or parts.username is not None or parts.password is not None or port == 0:
            raise refused("This is not a valid URL.", "malformed")
        return cls(parts.scheme, host, port or PORTS[parts.scheme], f"{path}?{query}" if query else path)

    @property
    def filename(self) -> str:
        """The last part of the path, as a name for what is behind it."""
        return unquote(self.path.partition("?")[0].rpartition("/")[2]) or "file"

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def shown(url: str) -> str:
    """A URL for the log: without query and password, which may hold a signature."""
    try:
        parts = urlsplit(url)
        text = f"{parts.scheme}://{parts.hostname}{parts.path}"[:200]
        return text.encode("ascii", "backslashreplace").decode()
    except ValueError:
        return "(malformed)"


def refused(words: str, reason: str, **params: Any) -> InvalidInput:
    """The answer to a URL that will not be called."""
    return InvalidInput(words, code="url-refused", params={"reason": reason, **params})


def failed(url: str, reason: object) -> InvalidInput:
    """The answer to everything that went wrong on the way, always the same; the log has the reason."""
    log.info("outgoing request to %s failed: %s", shown(url), reason)
    return InvalidInput("Nothing could be downloaded from this URL.", code="url-failed")


def _ascii_host(host: str) -> str:
    """The host as it is looked up: lower case, without the final dot, other scripts in their ASCII form."""
    if ":" in host:
        return host.lower()
    return host.encode("idna").decode("ascii").lower().rstrip(".")
