"""The files behind addresses in task data that no browser knows: of storages, by way of the server or by a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, redirect, request

from labelwright.doors import media_types
from labelwright.services import tasks
from labelwright.services.storages import objects

from . import fields
from .routing import Routes, caller, context

routes = Routes("stored_files", "Storages")
ROUTES = [routes]
FRESH_S = 3600
ANSWERS = {200: "the file", 206: "a part of it", 303: "where it is", 304: "the same as before"}


class Which(fields.Schema):
    fileuri = fields.Text(required=True, most=16_384)


@routes.get("/tasks/<int:task_id>/resolve", "/tasks/<int:task_id>/presign", query=Which, answers=ANSWERS)
def of_task(task_id: int, query: Mapping[str, Any]) -> Response:
    """Send the file that an address in a task's data names, or say where a browser finds it."""
    ctx = context()
    with ctx.database.read() as session:
        project_id = tasks.get(session, caller(), task_id).project_id
    return _resolved(project_id, query["fileuri"])


@routes.get(
    "/projects/<int:project_id>/resolve", "/projects/<int:project_id>/presign", query=Which, answers=ANSWERS
)
def of_project(project_id: int, query: Mapping[str, Any]) -> Response:
    """Send the file that an address in a project's data names, or say where a browser finds it."""
    return _resolved(project_id, query["fileuri"])


def _resolved(project_id: int, fileuri: str) -> Response:
    ctx = context()
    with ctx.database.read() as session:
        place = objects.in_project(ctx, session, caller(), project_id, objects.uri_of(fileuri))
    address = objects.link(ctx, place)
    if address is not None:
        answer = redirect(address, 303)
        answer.headers["Cache-Control"] = "no-store"
        return answer  # type: ignore[return-value]
    return sent(place)


def sent(place: objects.Place) -> Response:
    """An object, or the range of it that is asked for. Nothing in it can run on our address."""
    ctx = context()
    part, most = _part(), ctx.settings["storage.max_range_bytes"]
    start, end = part or (0, None)
    if part is not None and start >= 0:
        end = start + most if end is None else min(end, start + most)
    try:
        sending = objects.send(ctx, place, start, end)
    except objects.RangeRefused as refused:
        return Response(status=416, headers={"Content-Range": f"bytes */{refused.size}"})
    answer = Response(sending, status=200 if part is None else 206)
    answer.call_on_close(sending.close)
    answer.headers.update(media_types.serving_headers(place.key.rpartition("/")[2]))
    answer.headers["Content-Length"] = str(sending.end - sending.start)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Cache-Control"] = f"private, max-age={FRESH_S}"
    answer.headers["Vary"] = "Cookie, Authorization"
    if part is not None:
        answer.headers["Content-Range"] = f"bytes {sending.start}-{sending.end - 1}/{sending.size}"
    if sending.content.modified_at is not None:
        answer.last_modified = sending.content.modified_at
    if sending.etag:
        answer.set_etag(sending.etag)
        if part is None and request.if_none_match.contains(sending.etag):
            sending.close()
            return _unchanged(answer)
    return answer


def _part() -> tuple[int, int | None] | None:
    """The bytes that are asked for; ``None``: all. Several parts at once are all of them."""
    wanted = request.range
    if wanted is None or wanted.units != "bytes" or len(wanted.ranges) != 1:
        return None
    return wanted.ranges[0]


def _unchanged(answer: Response) -> Response:
    same = Response(status=304)
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        if name in answer.headers:
            same.headers[name] = answer.headers[name]
    return same
