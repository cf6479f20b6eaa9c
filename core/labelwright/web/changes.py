"""/api/changes: what is new, asked by cursor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from labelwright.services import changes

from . import answers, fields
from .routing import Routes, caller, context

routes = Routes("changes", "Jobs")
ROUTES = [routes]


class ChangesQuery(fields.Schema):
    since = fields.Text(blank=True, most=40)
    project = fields.Whole(least=1)
    lease = fields.Whole(least=1)


@routes.get("/api/changes", query=ChangesQuery, answers={200: "what is new", 204: "nothing", 304: "the same"})
def since(query: Mapping[str, Any]) -> Response:
    """Say what has changed since the cursor of the last answer, and renew the lease on a task.

    Ask again after ``interval_ms``, which also stands in the header ``X-Interval-Ms`` of an answer without a body.
    """
    found = changes.since(
        context(),
        caller(),
        cursor=query.get("since", ""),
        project_id=query.get("project"),
        lease=query.get("lease"),
    )
    headers = {
        "ETag": f'"{found.etag}"',
        "X-Interval-Ms": str(found.interval_ms),
        "Cache-Control": "no-cache",
    }
    if found.etag in request.if_none_match:
        return Response(status=304, headers=headers)
    if found.is_empty:
        return Response(status=204, headers=headers)
    return answers.json(found.body, headers=headers)
