"""/api/projects/{id}/import: tasks from files, bodies and addresses, as Label Studio takes them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from flask import Response, request
from werkzeug.formparser import FormDataParser

from labelwright.doors import media_types
from labelwright.errors import InvalidFields, InvalidInput, TooLarge
from labelwright.models import FileUpload
from labelwright.services import jobs, uploads
from labelwright.services.imports import bodies, intake, predictions, reports
from labelwright.services.imports.intake import Wanted
from labelwright.services.imports.run import Options

from . import fields, ids, requests, shapes
from .routing import Routes, caller, context

routes = Routes("imports", "Import")
ROUTES = [routes]
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
FILES = "application/vnd.labelwright.files+json"
"""A body that names files that were uploaded before."""
LONGEST_KEY = 160
NO_FILES = "load_tasks: No data found in DATA or in FILES"
OF_NO_FILE: dict[str, Any] = {"found_formats": [], "data_columns": []}
"""What Label Studio says of the files of a JSON body, which had none."""


class ImportQuery(fields.Schema):
    commit_to_project = fields.Flag(load_default=True)
    return_task_ids = fields.Flag(load_default=False)
    preannotated_from_fields = fields.Many(fields.Text(blank=True, most=512))
    file_upload_ids = fields.Many(fields.Text())
    columns = fields.Text(blank=True, most=100_000)


class ErrorsQuery(fields.Schema):
    format = fields.Choice(("table", "lines"), load_default="table")


class ReimportIn(fields.Schema):
    file_upload_ids = fields.Anything(allow_none=True)
    files_as_tasks_list = fields.Flag(load_default=True)


class FileList(fields.Schema):
    file_upload_ids = fields.Anything(required=True)
    files_as_tasks_list = fields.Flag(load_default=True)


class PredictionIn(fields.Schema):
    task = fields.Anything()
    result = fields.Anything()
    score = fields.Anything(allow_none=True)
    model_version = fields.Text(blank=True, allow_none=True)


@routes.post(
    "/api/projects/<int:project_id>/import",
    "/api/projects/<int:project_id>/tasks/bulk",
    query=ImportQuery,
    answers={201: shapes.ImportAnswer, 202: "the job, with ``Prefer: respond-async``"},
)
def import_tasks(project_id: int, query: Mapping[str, Any]) -> tuple[Any, int]:
    """Import tasks: JSON in the body, files by multipart, or an address in a form's ``url``.

    All of them are stored or none. An ``Idempotency-Key`` makes the same request, sent again, be answered again only.
    With ``Prefer: respond-async`` a job does the work. Files that were uploaded before are named by
    ``file_upload_ids`` in the query, or, when there are many, by a body of the type
    ``application/vnd.labelwright.files+json``: ``{"file_upload_ids": [...], "files_as_tasks_list": true}``.
    ``columns`` gives columns other names in the tasks' data: ``{"body": "text", "note": ""}`` makes the column ``body``
    the field ``text`` and leaves ``note`` out.
    """
    options = Options(
        return_task_ids=query["return_task_ids"],
        preannotated=tuple(
            name for text in query.get("preannotated_from_fields", ()) for name in text.split(",") if name
        ),
        columns=_columns(query.get("columns") or "{}"),
    )
    kind = (request.mimetype or "").lower()
    if "file_upload_ids" in query:
        return _from_ids(project_id, query["file_upload_ids"], options)
    if kind == FILES:
        return _from_list(project_id, options)
    if kind in (MULTIPART, FORM):
        return _from_form(project_id, options, is_committed=query["commit_to_project"], kind=kind)
    return _from_body(project_id, options, kind, is_committed=query["commit_to_project"])


@routes.post(
    "/api/projects/<int:project_id>/reimport",
    body=ReimportIn,
    answers={
        200: shapes.ReimportAnswer,
        201: shapes.ReimportAnswer,
        202: "the job, with ``Prefer: respond-async``",
    },
)
def reimport(project_id: int, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Import files that were uploaded before; tasks that were made of them earlier are replaced."""
    ctx = context()
    wanted = ids.of(body.get("file_upload_ids") or [], "file_upload_ids")
    with ctx.database.read() as session:
        rows = uploads.find(session, caller(), project_id, wanted)
    if not rows:
        nothing: dict[str, Any] = {
            "task_count": 0,
            "annotation_count": 0,
            "prediction_count": 0,
            "duration": 0,
        }
        nothing |= {"file_upload_ids": wanted, "found_formats": {}, "data_columns": []}
        return nothing, 201 if wanted else 200
    answer, status = _from_rows(
        project_id, rows, Options(as_tasks_list=body["files_as_tasks_list"], replaces=True), own=False
    )
    answer.pop("could_be_tasks_list", None)
    return answer, status


@routes.get("/api/projects/<int:project_id>/imports/<int:import_id>", answers={200: shapes.ImportOut})
def get_import(project_id: int, import_id: int) -> dict[str, Any]:
    """Show how far an import is."""
    with context().database.read() as session:
        return intake.get(session, caller(), project_id, import_id)


@routes.get(
    "/api/projects/<int:project_id>/imports/<int:import_id>/errors",
    query=ErrorsQuery,
    answers={200: "a table, or a line of JSON for each"},
)
def get_errors(project_id: int, import_id: int, query: Mapping[str, Any]) -> Response:
    """Download what was wrong with the items of an import that failed: their places, counted from 1, fields, reasons.

    ``format`` is ``table`` (CSV) or ``lines`` (JSON Lines). Listed are the first 10,000; a file is looked through for
    20,000 items after the first that is wrong. An import that has not failed has none.
    """
    with context().database.read() as session:
        found = intake.errors(session, caller(), project_id, import_id)
    media_type, suffix = reports.KINDS[query["format"]]
    answer = Response(reports.written(found, query["format"]), content_type=media_type)
    name = f"project-{project_id}-import-{import_id}-errors{suffix}"
    answer.headers["Content-Disposition"] = media_types.content_disposition(name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@routes.get("/api/projects/<int:project_id>/reimports/<int:import_id>", answers={200: shapes.ReimportOut})
def get_reimport(project_id: int, import_id: int) -> dict[str, Any]:
    """Show how far an import of files that were uploaded before is."""
    with context().database.read() as session:
        return intake.get_again(session, caller(), project_id, import_id)


@routes.post(
    "/api/projects/<int:project_id>/import/predictions",
    body=PredictionIn,
    many=True,
    answers={201: shapes.Created},
)
def import_predictions(project_id: int, body: list[Mapping[str, Any]]) -> tuple[Any, int]:
    """Store predictions for tasks that are there already, all or none."""
    return {"created": predictions.import_predictions(context(), caller(), project_id, body)}, 201


def _columns(text: str) -> dict[str, str]:
    """:raises InvalidFields: of anything but an object of names, and where two columns would have one name."""
    try:
        columns = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise InvalidFields({"columns": [f"JSON parse error - {error}"]}, code="not-json") from error
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        words = 'Expected an object of names, such as {"body": "text"}.'
        raise InvalidFields({"columns": [words]}, code="columns-not-names")
    name, count = next(iter(Counter(filter(None, columns.values())).most_common(1)), ("", 0))
    if count > 1:
        words = f'Two columns would be called "{name[:80]}".'
        raise InvalidFields({"columns": [words]}, code="column-twice", params={"name": name[:80]})
    return columns


def _from_ids(project_id: int, given: Any, options: Options) -> tuple[Any, int]:
    """Files that were uploaded before, in pieces or without being imported."""
    wanted = ids.of(given, "file_upload_ids")
    with context().database.read() as session:
        rows = uploads.find(session, caller(), project_id, wanted)
    missing = sorted(set(wanted) - {row.id for row in rows})
    if missing or not rows:
        names = ", ".join(map(str, missing[:10])) or "none were given"
        raise InvalidFields(
            {"file_upload_ids": [f"This project has no uploaded files with these ids: {names}"]},
            code="no-file-upload", params={"ids": missing[:100]},
        )  # fmt: skip
    return _from_rows(project_id, rows, options, own=False)


def _from_list(project_id: int, options: Options) -> tuple[Any, int]:
    """The same, named by the body: a hundred thousand of them are too many for a query."""
    given = requests.body(FileList)
    options = replace(options, as_tasks_list=given["files_as_tasks_list"])
    return _from_ids(project_id, given["file_upload_ids"], options)


def _from_body(project_id: int, options: Options, kind: str, *, is_committed: bool) -> tuple[Any, int]:
    ctx = context()
    if kind in ("application/json", ""):
        requests.refuse_charsets()
    with ctx.database.read() as session:
        bodies.check(ctx, session, caller(), project_id, kind)
    limit = ctx.settings.upload_max_bytes
    _refuse_large(limit)
    if requests.is_async():
        staged = bodies.stage(ctx, request.stream, kind, limit)
        return _run(project_id, Wanted([staged], options, key=_key()))
    with bodies.held(ctx, request.stream, request.content_length, kind, limit) as source:
        if not is_committed:
            raise InvalidInput("Only files can be uploaded without being imported.", code="nothing-to-keep")
        answer, status = _run(project_id, Wanted([source], options, key=_key()))
    return answer | OF_NO_FILE if kind in ("application/json", "") else answer, status


def _from_form(project_id: int, options: Options, *, is_committed: bool, kind: str) -> tuple[Any, int]:
    ctx = context()
    with uploads.incoming(ctx, caller(), project_id) as files:
        url = _read_form(files, kind)
        if url and not files.names:
            return _from_address(project_id, url, options, is_committed=is_committed)
        if not files.names:
            words = '"url" is not found in request data' if kind == FORM else NO_FILES
            raise InvalidFields({"non_field_errors": [words]}, code="no-files")
        rows = files.keep()
    return _from_uploads(project_id, rows, options, is_committed=is_committed)


def _from_address(project_id: int, url: str, options: Options, *, is_committed: bool) -> tuple[Any, int]:
    """A file at an address; or, as Label Studio takes it, JSON itself in the place of the address."""
    ctx = context()
    if url.lstrip()[:1] in ("[", "{"):
        with uploads.incoming(ctx, caller(), project_id) as files:
            files.open("tasks.json").write(url.encode())
            rows = files.keep()
    else:
        rows = uploads.fetch(ctx, caller(), project_id, url)
    return _from_uploads(project_id, rows, options, is_committed=is_committed)


def _from_uploads(
    project_id: int, rows: list[FileUpload], options: Options, *, is_committed: bool
) -> tuple[Any, int]:
    """Files that this request brought: imported, or only kept."""
    if is_committed:
        return _from_rows(project_id, rows, options, own=True)
    ctx, began = context(), time.monotonic()
    try:
        seen = bodies.looked_at(ctx, uploads.sources_of(ctx, rows))
    except BaseException:
        uploads.forget(ctx, [row.id for row in rows])
        raise
    return {
        "annotation_count": None,
        "prediction_count": None,
        "duration": round(time.monotonic() - began, 3),
        "file_upload_ids": [row.id for row in rows],
        **seen,
    }, 201


def _from_rows(project_id: int, rows: list[FileUpload], options: Options, *, own: bool) -> tuple[Any, int]:
    numbers = [row.id for row in rows]
    wanted = Wanted(
        uploads.sources_of(context(), rows), options, numbers, own=numbers if own else (), key=_key()
    )
    return _run(project_id, wanted)


def _run(project_id: int, wanted: Wanted) -> tuple[Any, int]:
    ctx = context()
    if not requests.is_async():
        return intake.at_once(ctx, caller(), project_id, wanted), 201
    job, known = intake.later(ctx, caller(), project_id, wanted)
    if job is None:
        return known, 201
    with ctx.database.read() as session:
        return jobs.to_json(jobs.get(session, caller(), job)) | known, 202


def _read_form(files: uploads.Incoming, kind: str) -> str:
    """Read the form, its files straight to the disk. Answers its ``url``."""
    settings = context().settings
    _refuse_large(settings.upload_max_bytes)
    request.max_content_length = settings.upload_max_bytes + 1024 * 1024
    parser = FormDataParser(
        stream_factory=lambda total_content_length, content_type, filename, content_length=None: files.open(
            filename or ""
        ),
        max_form_memory_size=settings.upload_max_bytes if kind == FORM else 1024 * 1024,
        max_form_parts=settings.upload_max_fields + settings.upload_max_files,
        silent=False,
    )
    try:
        _, form, _ = parser.parse(request.stream, kind, request.content_length, request.mimetype_params)
    except ValueError as error:
        raise InvalidInput(f"Multipart form parse error - {error}", code="bad-form") from error
    return str(form.get("url", ""))


def _refuse_large(limit: int) -> None:
    """Before anything is read."""
    if (request.content_length or 0) > limit + 1024 * 1024:
        raise TooLarge(
            f"The request is larger than {limit} bytes. Send a large file in pieces, by /api/projects/{{id}}/uploads.",
            params={"limit": limit},
        )


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY:
        raise InvalidInput(f"An Idempotency-Key has at most {LONGEST_KEY} characters.", code="long-key")
    return key or None
