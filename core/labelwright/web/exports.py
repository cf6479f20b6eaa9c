"""/api/projects/{id}/export: answers, in the formats that plugins bring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, request, send_file

from labelwright.doors import media_types
from labelwright.services import projects
from labelwright.services.exports import downloads, snapshots
from labelwright.services.permissions import require

from . import fields, ids, requests, shapes
from .routing import Routes, caller, context

routes = Routes("exports", "Export")
ROUTES = [routes]

EXPORT_FILE = re.compile(r"(?:.*/)?export/(?P<project>[0-9]{1,18})-[^/]*")
"""What Label Studio calls them behind its proxy: ``/export/3-at-...``."""


class ExportQuery(fields.Schema):
    exportType = fields.Text(most=80)
    export_type = fields.Text(most=80)
    download_all_tasks = fields.Flag()
    download_resources = fields.Flag()
    interpolate_key_frames = fields.Flag()
    ids = fields.Many(fields.Text())
    view = fields.Whole(least=1)


class OnlyId(fields.Schema):
    only_id = fields.Flag()


class TaskFilterIn(fields.Schema):
    view = fields.Whole(least=1, allow_none=True)
    skipped = fields.Choice(("only", "exclude"), allow_none=True)
    finished = fields.Choice(("only", "exclude"), allow_none=True)
    annotated = fields.Choice(("only", "exclude"), allow_none=True)
    only_with_annotations = fields.Flag(allow_none=True)


class AnnotationFilterIn(fields.Schema):
    usual = fields.Flag(allow_none=True)
    ground_truth = fields.Flag(allow_none=True)
    skipped = fields.Flag(allow_none=True)


class SerializationIn(fields.Schema):
    drafts = fields.Part(OnlyId, allow_none=True)
    predictions = fields.Part(OnlyId, allow_none=True)
    annotations__completed_by = fields.Part(OnlyId, allow_none=True)
    include_annotation_history = fields.Flag(allow_none=True)
    interpolate_key_frames = fields.Flag()


class SnapshotIn(fields.Schema):
    title = fields.Text(blank=True, most=2048)
    task_filter_options = fields.Part(TaskFilterIn, allow_none=True)
    annotation_filter_options = fields.Part(AnnotationFilterIn, allow_none=True)
    serialization_options = fields.Part(SerializationIn, allow_none=True)


class ConvertIn(fields.Schema):
    export_type = fields.Text(required=True, most=64)
    download_resources = fields.Flag()


class DownloadQuery(fields.Schema):
    exportType = fields.Text(most=80)
    export_type = fields.Text(most=80)


@routes.get("/api/projects/<int:project_id>/export/formats", answers={200: [shapes.ExportFormat]})
def formats(project_id: int) -> list[dict[str, Any]]:
    """List the export formats: those that suit the configuration first, the others marked ``disabled``."""
    return downloads.formats(context(), caller(), project_id)


@routes.get(
    "/api/projects/<int:project_id>/export",
    query=ExportQuery,
    answers={200: "the file", 409: "what the view searches for is not found by words yet"},
)
def export(project_id: int, query: Mapping[str, Any]) -> Response:
    """Download a project's answers in one format, streamed as they are read.

    Only tasks with an annotation, unless ``download_all_tasks`` says otherwise; ``ids[]`` and ``view`` pick tasks.
    ``interpolate_key_frames`` writes a value for each frame of a film, not for the key frames alone.
    """
    wanted = downloads.Wanted(
        format=query.get("exportType") or query.get("export_type") or "JSON",
        ids=ids.of(query["ids"], "ids") if query.get("ids") else None,
        all_tasks=bool(query.get("download_all_tasks")),
        with_media=bool(query.get("download_resources")),
        each_frame=bool(query.get("interpolate_key_frames", context().settings.exports_each_frame)),
        view=query.get("view"),
        options=request.args.to_dict(),
    )
    return sent(downloads.download(context(), caller(), project_id, wanted))


@routes.get("/api/projects/<int:project_id>/export/files", hidden=True)
def files(project_id: int) -> dict[str, Any]:
    """List the files that earlier exports have left on the server: none, since exports are streamed."""
    with context().database.read() as session:
        projects.get(session, caller(), project_id)
    return {"export_files": []}


@routes.get("/api/auth/export", hidden=True, answers={200: "it may", 422: "the name of no export"})
def may_download() -> tuple[dict[str, str], int]:
    """Say whether the caller may have the file of an export, for a proxy that sends files itself."""
    name = EXPORT_FILE.match(request.headers.get("X-Original-URI", ""))
    if name is None:
        return {"detail": "Incorrect filename in export"}, 422
    ctx, project_id = context(), int(name["project"])
    with ctx.database.read() as session:
        projects.get(session, caller(), project_id)
        require(ctx, caller(), "exports.create", session=session, project=project_id)
    return {"detail": "auth ok"}, 200


def sent(download: downloads.Download) -> Response:
    """A file on its way, under Label Studio's headers."""
    response = Response(download.pieces, content_type=download.media_type)
    response.headers["Content-Disposition"] = media_types.content_disposition(download.filename)
    response.headers["filename"] = download.filename
    response.headers["Cache-Control"] = "no-store"
    return response


@routes.get("/api/projects/<int:project_id>/exports", answers={200: [shapes.ExportOut]})
def list_snapshots(project_id: int) -> list[dict[str, Any]]:
    """List a project's newest snapshots."""
    ctx = context()
    with ctx.database.read() as session:
        return snapshots.to_json(ctx, session, snapshots.find(session, caller(), project_id))


@routes.post(
    "/api/projects/<int:project_id>/exports",
    body=SnapshotIn,
    answers={
        201: shapes.ExportMade,
        202: shapes.ExportMade,
        409: "what the view searches for is not found by words yet",
    },
)
def create_snapshot(project_id: int, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Keep a project's answers, as they are now, in a file."""
    ctx, in_job = context(), requests.is_async()
    options = {name: body[name] for name in snapshots.OPTIONS if body.get(name) is not None}
    row = snapshots.create(ctx, caller(), project_id, options, body.get("title", ""), in_job=in_job)
    with ctx.database.read() as session:
        [shown] = snapshots.to_json(ctx, session, [row])
    return shown | dict.fromkeys(snapshots.OPTIONS), 202 if in_job else 201


@routes.get("/api/projects/<int:project_id>/exports/<int:export_id>", answers={200: shapes.ExportOut})
def get_snapshot(project_id: int, export_id: int) -> dict[str, Any]:
    """Show a snapshot."""
    ctx = context()
    with ctx.database.read() as session:
        return snapshots.to_json(ctx, session, [snapshots.get(session, caller(), project_id, export_id)])[0]


@routes.delete("/api/projects/<int:project_id>/exports/<int:export_id>", answers={204: "deleted"})
def delete_snapshot(project_id: int, export_id: int) -> tuple[None, int]:
    """Delete a snapshot with its files."""
    snapshots.remove(context(), caller(), project_id, export_id)
    return None, 204


@routes.post(
    "/api/projects/<int:project_id>/exports/<int:export_id>/convert",
    body=ConvertIn,
    answers={200: shapes.ExportConverted},
)
def convert_snapshot(project_id: int, export_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a snapshot into another format."""
    row = snapshots.convert(
        context(), caller(), project_id, export_id, body["export_type"], in_job=requests.is_async()
    )
    return {"export_type": row.export_type, "converted_format": row.id}


@routes.get(
    "/api/projects/<int:project_id>/exports/<int:export_id>/download",
    query=DownloadQuery,
    answers={200: "the file", 206: "a part of it"},
)
def download_snapshot(project_id: int, export_id: int, query: Mapping[str, Any]) -> Response:
    """Download a snapshot in one format, or the range of it that is asked for."""
    wanted = query.get("exportType") or query.get("export_type") or "JSON"
    stored = snapshots.stored(context(), caller(), project_id, export_id, wanted)
    response = send_file(
        stored.path, mimetype=stored.media_type.replace("/.", "/"), conditional=True, etag=True
    )
    response.headers["Content-Disposition"] = media_types.content_disposition(stored.filename)
    response.headers["filename"] = stored.filename
    response.headers["Cache-Control"] = "private, no-cache"
    return response
