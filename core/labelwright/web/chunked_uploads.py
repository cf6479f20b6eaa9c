"""/api/projects/{id}/uploads: large files in pieces, which may break off and go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from labelwright.errors import InvalidFields, TooLarge
from labelwright.models import ChunkedUpload
from labelwright.services import chunked_uploads

from . import answers, fields
from .routing import Routes, caller, context

routes = Routes("chunked_uploads", "Import")
ROUTES = [routes]
OFFSET = "Upload-Offset"


class UploadIn(fields.Schema):
    name = fields.Text(required=True, most=512)
    size = fields.Whole(required=True, least=1)
    sha256 = fields.Text(most=64, allow_none=True)


class PieceQuery(fields.Schema):
    offset = fields.Whole(least=0)


class UploadOut(fields.Schema):
    id = fields.Whole(required=True)
    project = fields.Whole(required=True)
    name = fields.Text(required=True)
    size = fields.Whole(required=True)
    sha256 = fields.Text(allow_none=True)
    offset = fields.Whole(required=True)
    file_upload_ids = fields.Many(fields.Whole(), allow_none=True)
    expires_at = fields.Text(required=True)


@routes.post("/api/projects/<int:project_id>/uploads", body=UploadIn, answers={201: UploadOut})
def begin(project_id: int, body: Mapping[str, Any]) -> Response:
    """Begin a file that is sent in pieces.

    Then ``PUT`` its pieces, each at the ``offset`` that the last answer named, and end with ``complete``.
    """
    row = chunked_uploads.begin(
        context(), caller(), project_id, name=body["name"], size=body["size"], sha256=body.get("sha256")
    )
    answer = _answer(row, 201)
    answer.headers["Location"] = f"{request.script_root}/api/projects/{project_id}/uploads/{row.id}"
    return answer


@routes.get("/api/projects/<int:project_id>/uploads")
def list_unfinished(project_id: int) -> list[dict[str, Any]]:
    """List a project's uploads that are on their way."""
    with context().database.read() as session:
        rows = chunked_uploads.find(context(), session, caller(), project_id)
        return [chunked_uploads.to_json(row) for row in rows]


@routes.get("/api/projects/<int:project_id>/uploads/<int:upload_id>", answers={200: UploadOut})
def show(project_id: int, upload_id: int) -> Response:
    """Show how much of a file has come: ``offset`` in the body, ``Upload-Offset`` in the headers."""
    with context().database.read() as session:
        return _answer(chunked_uploads.get(context(), session, caller(), project_id, upload_id))


@routes.put(
    "/api/projects/<int:project_id>/uploads/<int:upload_id>", query=PieceQuery, answers={200: UploadOut}
)
def append(project_id: int, upload_id: int, query: Mapping[str, Any]) -> Response:
    """Add a piece of a file: its bytes in the body, its place in ``Upload-Offset`` or in ``offset``."""
    ctx = context()
    limit = ctx.settings.upload_max_bytes
    if (request.content_length or 0) > limit:
        raise TooLarge(f"One piece may have {limit} bytes.", code="large-piece", params={"limit": limit})
    row = chunked_uploads.append(
        ctx, caller(), project_id, upload_id, _offset(query.get("offset")), request.stream
    )
    return _answer(row)


@routes.post("/api/projects/<int:project_id>/uploads/<int:upload_id>/complete", answers={201: UploadOut})
def complete(project_id: int, upload_id: int) -> Response:
    """End a file that has come whole: ``file_upload_ids`` are what an import takes."""
    return _answer(chunked_uploads.complete(context(), caller(), project_id, upload_id), 201)


@routes.delete("/api/projects/<int:project_id>/uploads/<int:upload_id>", answers={204: "given up"})
def give_up(project_id: int, upload_id: int) -> tuple[None, int]:
    """Give a file up that is on its way."""
    chunked_uploads.remove(context(), caller(), project_id, upload_id)
    return None, 204


def _offset(given: int | None) -> int:
    text = request.headers.get(OFFSET, "")
    if given is None and text.isdecimal() and len(text) < 19:
        return int(text)
    if given is None:
        raise InvalidFields(
            {"offset": ["Say where the piece begins, in Upload-Offset or offset."]}, code="no-offset"
        )
    return given


def _answer(row: ChunkedUpload, status: int = 200) -> Response:
    answer = answers.json(chunked_uploads.to_json(row), status)
    answer.headers[OFFSET] = str(row.received_bytes)
    answer.headers["Cache-Control"] = "no-store"
    return answer
