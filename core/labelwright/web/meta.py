"""Is it alive, and which version: for probes, load balancers and the SDK."""

from __future__ import annotations

from typing import Any

from flask import Response

from labelwright import __version__
from labelwright.errors import Unavailable

from . import answers
from .routing import Routes, context

routes = Routes("meta", "Server")
ROUTES = [routes]


@routes.get(
    "/health",
    "/api/health",
    auth="none",
    scope="public",
    answers={200: "the server's state", 503: "the database is away"},
)
def health() -> Response:
    """Say whether the server can do its work.

    ``UP``: all is well. ``DEGRADED``: requests are served, but the job queue does not answer; jobs are kept
    and run later.
    """
    ctx = context()
    try:
        ctx.database.ping()
    except Unavailable:
        return _state({"status": "DOWN", "database": "unavailable"}, 503)
    queue = ctx.queue.health()
    return _state(
        {"status": "UP"} if queue["status"] == "ok" else {"status": "DEGRADED", "queue": queue}, 200
    )


def _state(body: dict[str, Any], status: int) -> Response:
    return Response(
        answers.dump(body), status=status, mimetype="text/html"
    )  # Label Studio's probe has this type


@routes.get("/api/version", "/version", auth="none", scope="public")
def version() -> dict[str, Any]:
    """Say which release runs, and whose API it speaks."""
    return {
        "release": answers.LABEL_STUDIO_VERSION,
        "edition": "Community",
        "label-studio-os-package": {"version": answers.LABEL_STUDIO_VERSION, "short_version": "1.23"},
        "labelwright": {"version": __version__},
    }


@routes.get("/metrics", auth="none", scope="public", hidden=True)
def metrics() -> Response:
    """Nothing is measured for the public."""
    return Response("", mimetype="text/plain")
