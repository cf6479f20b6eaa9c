"""Scripts of other sites, as far as the settings let them in; without settings, not at all.

They may call the API with a token. Cookies are never shared: no answer says that credentials are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from labelwright.config import Settings

METHODS = "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"
HEADERS = "authorization, content-type, prefer, idempotency-key, x-api-key, x-requested-with"
SHOWN = "content-disposition, link, location, retry-after"
REMEMBERED_S = "600"
LONGEST_ORIGIN = 300

Start = Callable[..., Any]


def is_configured(settings: Settings) -> bool:
    """Whether any other site may call."""
    return bool(settings.cors_allow_all or settings.cors_origins or settings.cors_origin_patterns)


class Cors:
    """WSGI: answers what browsers ask beforehand, and names the origin in the answers it may read."""

    def __init__(self, wsgi: Callable[..., Iterable[bytes]], settings: Settings) -> None:
        self._wsgi = wsgi
        self._origins = frozenset(settings.cors_origins)
        self._patterns = [re.compile(pattern) for pattern in settings.cors_origin_patterns]
        # As in Label Studio, a list takes the place of "all".
        self._all = settings.cors_allow_all and not self._origins and not self._patterns

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        origin = environ.get("HTTP_ORIGIN", "")
        if not origin:
            return self._wsgi(environ, start)
        allowed = [("Vary", "Origin")]
        if self.allows(origin):
            named = "*" if self._all else origin
            allowed += [("Access-Control-Allow-Origin", named), ("Access-Control-Expose-Headers", SHOWN)]
        if environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ:
            if len(allowed) > 1:
                allowed += [
                    ("Access-Control-Allow-Methods", METHODS),
                    ("Access-Control-Allow-Headers", HEADERS),
                ]
                allowed += [("Access-Control-Max-Age", REMEMBERED_S)]
            start("204 No Content", allowed)
            return []

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start(status, [*headers, *allowed], *rest)

        return self._wsgi(environ, begin)

    def allows(self, origin: str) -> bool:
        """Whether a site's scripts may read our answers."""
        if len(origin) > LONGEST_ORIGIN or origin == "null":
            return False
        return (
            self._all or origin in self._origins or any(found.fullmatch(origin) for found in self._patterns)
        )
