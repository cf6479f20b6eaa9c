"""Taking an import in: at once, as Label Studio does, or later, as a job."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import exc, exists, select
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, LabelwrightError, NotFound
from labelwright.job_kinds import JobSpec
from labelwright.models import FileUpload, Import, Job, Project, Task, now
from labelwright.services import projects, serializers, uploads
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.services.queue import UNFINISHED

from . import bodies, run
from .run import Cancelled, Lost, Options
from .sources import SourceFile

KIND = "import"
STATUS = {"staged": "created", "running": "in_progress", "published": "completed", "failed": "failed"}
"""Our states as Label Studio names them."""
BEAT_S = 1.0
"""How often an import inside a request shows its progress and asks whether it shall stop."""


def at_once(
    ctx: Context,
    caller: Caller,
    project_id: int,
    files: Sequence[SourceFile],
    options: Options,
    *,
    key: str | None = None,
) -> dict[str, Any]:
    """Import inside the request, whole or not at all.

    :param files: what is read; those with an ``upload_id`` are named in the answer.
    :param key: the request's ``Idempotency-Key``: the same import sent again is answered, and not done, again.
    :raises InvalidFields: with Label Studio's text for each bad item.
    :raises Conflict: if an import with this key is under way.
    """
    with ctx.database.read() as session:
        project = _open(ctx, session, caller, project_id)
        if (earlier := _earlier(session, project_id, key)) is not None:
            return _answer_of(earlier)
        reading = run.begin_reading(ctx, session, project, caller.user_id, files, options)
    first = run.next_batch(ctx, reading)
    second = run.next_batch(ctx, reading)
    if not second:
        answer = run.at_once(ctx, project, caller.user_id, reading, first, options, key)
    else:
        reading.tasks = chain(first, second, reading.tasks)
        answer = _in_batches(ctx, caller, reading, options, key)
    return answer | {"file_upload_ids": [file.upload_id for file in files if file.upload_id is not None]}


def later(
    ctx: Context,
    caller: Caller,
    project_id: int,
    files: Sequence[SourceFile],
    options: Options,
    *,
    key: str | None = None,
    own_uploads: bool = False,
) -> int:
    """Have the import done by a job. The files are on the disk; a killed job begins again.

    :param own_uploads: the uploads came with this import, and go with it if it fails.
    :returns: the job's id; of the earlier one, if the same key was used before.
    """
    source = {
        "uploads": [file.upload_id for file in files if file.upload_id is not None],
        "own_uploads": own_uploads,
        "bodies": [
            {"path": str(file.path), "media_type": file.media_type}
            for file in files
            if file.upload_id is None
        ],
        "options": _options_json(options),
    }
    try:
        with ctx.database.write() as session:
            project = _open(ctx, session, caller, project_id)
            earlier = _earlier(session, project_id, key, any_state=True)
            if earlier is not None and earlier.job_id is not None:
                return earlier.job_id
            row = Import(project_id=project.id, user_id=caller.user_id, idempotency_key=key)
            row.source = orjson.dumps(source).decode()
            return _with_job(ctx, session, caller, row, running=False)
    except exc.IntegrityError as error:
        raise Conflict(
            "Another import with this Idempotency-Key is under way.", code="import-under-way"
        ) from error


def work(
    ctx: Context, import_id: int, job: int, watch: run.Watch, *, is_last_try: bool
) -> dict[str, Any] | None:
    """Do an import that was put off, or clear up after one whose process died.

    :raises LabelwrightError: why it failed; nothing of it is left.
    """
    with ctx.database.write() as session:
        row = session.get(Import, import_id)
        if row is None:
            return None
        state, source, user_id = row.state, orjson.loads(row.source), row.user_id
        if state == "published":
            return _answer_of(row)
        if state == "failed":
            raise Conflict(row.error or "The import has failed.", code="import-failed")
        if not source.get("inline"):
            row.state, row.updated_at = "running", now()
    if source.get("inline"):
        run.fail(ctx, import_id, INTERRUPTED)
        raise Conflict(INTERRUPTED, code="import-interrupted")
    run.sweep(ctx, import_id)
    try:
        with ctx.database.read() as session:
            project = session.get(Project, row.project_id)
            if project is None or project.deleting:
                raise NotFound("No Project matches the given query.", code="no-project")
            files = _files_of(ctx, session, source)
            options = Options(**{name: _frozen(value) for name, value in source["options"].items()})
            reading = run.begin_reading(ctx, session, project, user_id, files, options)
        answer = run.in_batches(ctx, import_id, user_id, reading, options, watch, job)
        answer["file_upload_ids"] = source["uploads"]
    except Lost:
        return None
    except (LabelwrightError, Cancelled) as error:
        _drop(ctx, import_id, source, str(error) or "cancelled")
        raise
    except Exception:
        if is_last_try:
            _drop(
                ctx,
                import_id,
                source,
                "The server made a mistake during this import; nothing of it was kept.",
            )
        raise
    _remove_bodies(source)
    return answer


INTERRUPTED = "The server was stopped during this import; nothing of it was kept. Send it again."


def get(
    session: Session, caller: Caller, project_id: int, import_id: int, *, name: str = "ProjectImport"
) -> dict[str, Any]:
    """An import as Label Studio's clients poll it.

    :raises NotFound: also for another organisation's.
    """
    projects.get(session, caller, project_id)
    row = session.scalar(select(Import).where(Import.id == import_id, Import.project_id == project_id))
    if row is None:
        raise NotFound(f"No {name} matches the given query.", code="no-import", params={"id": import_id})
    answer = orjson.loads(row.answer or "{}")
    return {
        "id": row.id,
        "project": row.project_id,
        "status": STATUS[row.state],
        "error": row.error,
        "url": None,
        "preannotated_from_fields": None,
        "commit_to_project": True,
        "return_task_ids": "task_ids" in answer,
        "created_at": serializers.moment(row.created_at),
        "updated_at": serializers.moment(row.updated_at),
        "finished_at": serializers.moment(row.finished_at),
        "task_count": row.tasks if row.state == "published" else 0,
        "annotation_count": row.annotations,
        "prediction_count": row.predictions,
        "duration": round(answer.get("duration", 0)),
        "file_upload_ids": answer.get("file_upload_ids", []),
        "could_be_tasks_list": answer.get("could_be_tasks_list", False),
        "found_formats": answer.get("found_formats", {}),
        "data_columns": answer.get("data_columns", []),
        "tasks": [],
        "task_ids": answer.get("task_ids", []),
    }


def clear_up(ctx: Context) -> None:
    """Remove what dead imports have left: those without a job that could still end them, and rows of failed ones."""
    alive = exists().where(Job.id == Import.job_id, Job.state.in_(UNFINISHED))
    with ctx.database.read() as session:
        dead = session.scalars(select(Import.id).where(Import.state.in_(("staged", "running")), ~alive)).all()
        left = session.scalars(
            select(Import.id).where(Import.state == "failed", exists().where(Task.import_id == Import.id))
        ).all()
    for import_id in dead:
        run.fail(ctx, import_id, INTERRUPTED)
    for import_id in left:
        run.sweep(ctx, import_id)
    bodies.clear_up(ctx)


class _InlineWatch:
    """Progress of an import that runs inside a request, for the others who look at the project."""

    def __init__(self, ctx: Context, job: int) -> None:
        self._queue, self._job = ctx.queue, job
        self._shown_at, self._cancelled = 0.0, False

    def progress(
        self, done: int, total: int | None = None, message: str | None = None, **params: Any
    ) -> None:
        if time.monotonic() - self._shown_at < BEAT_S:
            return
        self._queue.progress(self._job, done, total, message, params=params)
        self._cancelled = self._queue.beat([self._job]).get(self._job, True)
        self._shown_at = time.monotonic()

    def cancelled(self) -> bool:
        return self._cancelled


def _in_batches(
    ctx: Context, caller: Caller, reading: run.Reading, options: Options, key: str | None
) -> dict[str, Any]:
    try:
        with ctx.database.write() as session:
            row = Import(
                project_id=reading.project.id, user_id=caller.user_id, state="running", idempotency_key=key
            )
            row.source = '{"inline":true}'
            job = _with_job(ctx, session, caller, row, running=True)
    except exc.IntegrityError as error:
        raise Conflict(
            "Another import with this Idempotency-Key is under way.", code="import-under-way"
        ) from error
    try:
        return run.in_batches(ctx, row.id, caller.user_id, reading, options, _InlineWatch(ctx, job), job)
    except Cancelled as error:
        run.fail(ctx, row.id, "cancelled")
        ctx.queue.stop(job, "cancelled")
        raise Conflict(
            "The import was cancelled; nothing of it was kept.", code="import-cancelled"
        ) from error
    except Lost as error:
        raise Conflict(INTERRUPTED, code="import-interrupted") from error
    except BaseException as error:
        run.fail(ctx, row.id, str(error))
        ctx.queue.stop(job, "failed", error if isinstance(error, LabelwrightError) else None)
        raise


def _open(ctx: Context, session: Session, caller: Caller, project_id: int) -> Project:
    project = projects.get(session, caller, project_id)
    require(ctx, caller, "tasks.create", session=session, project=project_id)
    return project


def _with_job(ctx: Context, session: Session, caller: Caller, row: Import, *, running: bool) -> int:
    session.add(row)
    session.flush()
    spec = JobSpec(KIND, {"import_id": row.id}, project=row.project_id)
    job = ctx.queue.add(
        session, spec, owner=caller.user_id, organization=caller.organization_id, running=running
    )
    assert job is not None, "an import's job has no key that could make it superfluous"
    row.job_id = job
    return job


def _earlier(session: Session, project_id: int, key: str | None, *, any_state: bool = False) -> Import | None:
    if key is None:
        return None
    row = session.scalar(select(Import).where(Import.project_id == project_id, Import.idempotency_key == key))
    if row is not None and row.state != "published" and not any_state:
        raise Conflict("An import with this Idempotency-Key is under way.", code="import-under-way")
    return row


def _answer_of(row: Import) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(row.answer or "{}")
    return answer


def _options_json(options: Options) -> dict[str, Any]:
    return {name: getattr(options, name) for name in options.__slots__}


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _files_of(ctx: Context, session: Session, source: Mapping[str, Any]) -> list[SourceFile]:
    found = {
        row.id: row for row in session.scalars(select(FileUpload).where(FileUpload.id.in_(source["uploads"])))
    }
    files = [uploads.source_of(ctx, found[number]) for number in source["uploads"] if number in found]
    return files + [
        SourceFile(Path(body["path"]), media_type=body["media_type"]) for body in source["bodies"]
    ]


def _drop(ctx: Context, import_id: int, source: Mapping[str, Any], error: str) -> None:
    run.fail(ctx, import_id, error)
    _remove_bodies(source)
    if source["own_uploads"]:
        uploads.forget(ctx, source["uploads"])


def _remove_bodies(source: Mapping[str, Any]) -> None:
    for body in source["bodies"]:
        Path(body["path"]).unlink(missing_ok=True)
