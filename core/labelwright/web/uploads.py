"""Uploaded files: their rows under /api, their bytes under /data/upload."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request, send_file

from labelwright.doors import media_types
from labelwright.services import uploads

from . import fields, ids, shapes
from .routing import Routes, caller, context

routes = Routes("uploads", "Import")
ROUTES = [routes]
FRESH_S = 300
"""Seconds for which a browser does not ask again: pictures of a task that is opened twice."""


class UploadsQuery(fields.Schema):
    all = fields.Flag()
    ids = fields.Many(fields.Text())


class UploadIn(fields.Schema):
    """What Label Studio's clients send; nothing of it can change."""

    file = fields.Text(blank=True)


class UploadIds(fields.Schema):
    file_upload_ids = fields.Anything(allow_none=True)


@routes.get(
    "/api/projects/<int:project_id>/file-uploads", query=UploadsQuery, answers={200: [shapes.FileUploadOut]}
)
def list_uploads(project_id: int, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List a project's uploaded files, or those of ``ids``."""
    wanted = None if query.get("all") or "ids" not in query else ids.of(query["ids"], "ids")
    with context().database.read() as session:
        return [uploads.to_json(row) for row in uploads.find(session, caller(), project_id, wanted)]


@routes.delete("/api/projects/<int:project_id>/file-uploads", body=UploadIds, answers={200: shapes.Deleted})
def delete_uploads(project_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Delete uploaded files: those of ``file_upload_ids``, or all. Tasks made of them stay."""
    given = body.get("file_upload_ids")
    wanted = None if given is None else ids.of(given, "file_upload_ids")
    return {"deleted": uploads.remove(context(), caller(), project_id, wanted)}


@routes.get("/api/import/file-upload/<int:upload_id>", answers={200: shapes.FileUploadOut})
def get_upload(upload_id: int) -> dict[str, Any]:
    """Show an uploaded file's row."""
    with context().database.read() as session:
        return uploads.to_json(uploads.get(session, caller(), upload_id))


@routes.patch("/api/import/file-upload/<int:upload_id>", body=UploadIn, answers={200: shapes.FileUploadOut})
def keep_upload(upload_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Show an uploaded file's row: nothing of it can change, since tasks name the file."""
    return get_upload(upload_id)


@routes.delete("/api/import/file-upload/<int:upload_id>", answers={204: "deleted"})
def delete_upload(upload_id: int) -> tuple[None, int]:
    """Delete an uploaded file. Tasks made of it stay."""
    with context().database.read() as session:
        row = uploads.get(session, caller(), upload_id)
    uploads.remove(context(), caller(), row.project_id, [row.id])
    return None, 204


@routes.get(
    "/data/upload/<int:project_id>/<path:name>", answers={200: "the file", 206: "a part", 304: "the same"}
)
def get_file(project_id: int, name: str) -> Response:
    """Send an uploaded file, or the range of it that is asked for. Nothing in it can run on our address."""
    path = uploads.open_file(context(), caller(), project_id, name)
    headers = media_types.serving_headers(path.name)
    response = send_file(
        path, mimetype=headers["Content-Type"], conditional=True, etag=True, last_modified=None, max_age=None
    )
    for header, value in headers.items():
        response.headers[header] = value
    response.headers["Cache-Control"] = f"private, max-age={FRESH_S}"
    response.headers["Vary"] = "Cookie, Authorization"
    if request.method == "GET" and response.status_code == 200:
        response.headers.setdefault("Accept-Ranges", "bytes")
    return response
