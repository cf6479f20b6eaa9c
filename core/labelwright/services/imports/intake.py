"""Taking an import in: at once, as Label Studio does, or later, as a job."""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import exc, exists, select
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, LabelwrightError, NotFound, TooLarge
from labelwright.job_kinds import JobSpec
from labelwright.models import FileUpload, Import, Job, Project, Task, now
from labelwright.services import projects, serializers, uploads
from labelwright.services.context import Caller, Context
from labelwright.services.permissions import require
from labelwright.services.queue import UNFINISHED

from . import bodies, problems, run, sources
from .run import Cancelled, Lost, Options
from .sources import SourceFile

KIND = "import"
STATUS = {"staged": "created", "running": "in_progress", "published": "completed", "failed": "failed"}
"""Our states as Label Studio names them."""
Follow = Callable[[float, int], None]
"""Told the share that is done, 0 to 1, and the number of tasks."""
BEAT_S = 1.0
"""How often an import inside a request shows its progress and asks whether it shall stop."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request wants imported.

    :param files: what is read.
    :param uploads: ids of the uploads that are read or belong to what is read; the answer names them.
    :param own: those of them that came with this request, and go with it if it fails.
    :param key: the request's ``Idempotency-Key``: the same request sent again is answered, and not done, again.
    """

    files: Sequence[SourceFile]
    options: Options = field(default_factory=Options)
    uploads: Sequence[int] = ()
    own: Sequence[int] = ()
    key: str | None = None

    def fingerprint(self) -> str | None:
        """What tells this request from others that come with its key."""
        if self.key is None:
            return None
        digest = hashlib.sha256(orjson.dumps(_options_json(self.options)))
        for file in self.files:
            digest.update(orjson.dumps([file.name, file.media_type, file.size]))
            if file.upload_id is not None and file.upload_id not in self.own:
                digest.update(b"%d" % file.upload_id)
                continue
            with file.open() as stream:
                while piece := stream.read(bodies.PIECE):
                    digest.update(piece)
        return digest.hexdigest()


def at_once(
    ctx: Context, caller: Caller, project_id: int, wanted: Wanted, follow: Follow | None = None
) -> dict[str, Any]:
    """Import inside the request, whole or not at all.

    :param follow: told how far a long import is, by who waits for it however long it takes.
    :raises InvalidFields: with Label Studio's text for each bad item.
    :raises Conflict: if an import with this key is under way, or the key was another request's.
    :raises TooLarge: if there is so much to read that a job has to do it.
    """
    try:
        mark = wanted.fingerprint()
        with ctx.database.read() as session:
            project = _open(ctx, session, caller, project_id)
            earlier = _earlier(session, project_id, wanted.key, mark)
            if earlier is None:
                if follow is None:
                    _refuse_long(ctx, wanted)
                reading = run.begin_reading(
                    ctx, session, project, caller.user_id, wanted.files, wanted.options, wanted.uploads
                )
        if earlier is not None:
            uploads.forget(ctx, wanted.own)
            return _answer_of(earlier)
        row = Import(
            project_id=project_id,
            user_id=caller.user_id,
            idempotency_key=wanted.key,
            fingerprint=mark,
            source=_source_of(wanted, inline=True),
        )
        first = run.next_batch(ctx, reading)
        second = run.next_batch(ctx, reading)
        if not second:
            return run.at_once(ctx, row, reading, first)
        reading.tasks = chain(first, second, reading.tasks)
        return _in_batches(ctx, caller, row, reading, follow)
    except BaseException:
        with suppress(LabelwrightError):
            uploads.forget(ctx, wanted.own)
        raise


def later(ctx: Context, caller: Caller, project_id: int, wanted: Wanted) -> tuple[int | None, dict[str, Any]]:
    """Have the import done by a job. The files are on the disk; a killed job begins again.

    :returns: the job's id and what is known of the import, both of the earlier one if the same request came before; no
        job, and the answer, if that one was done without.
    :raises Conflict: if the key was another request's.
    """
    mark = wanted.fingerprint()
    try:
        with ctx.database.write() as session:
            project = _open(ctx, session, caller, project_id)
            earlier = _earlier(session, project_id, wanted.key, mark, any_state=True)
            if earlier is None:
                row = Import(
                    project_id=project.id,
                    user_id=caller.user_id,
                    idempotency_key=wanted.key,
                    fingerprint=mark,
                    source=_source_of(wanted, inline=False),
                )
                job = _with_job(ctx, session, caller, row, running=False)
                return job, {"import": row.id}
    except BaseException as error:
        _discard(ctx, wanted)
        if isinstance(error, exc.IntegrityError):
            raise _under_way() from error
        raise
    _discard(ctx, wanted)
    return earlier.job_id, {"import": earlier.id} if earlier.job_id else _answer_of(earlier)


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
        _drop(ctx, import_id, source, INTERRUPTED)
        raise Conflict(INTERRUPTED, code="import-interrupted")
    run.sweep(ctx, import_id)
    try:
        with ctx.database.read() as session:
            project = session.get(Project, row.project_id)
            if project is None or project.deleting:
                raise NotFound("No Project matches the given query.", code="no-project")
            files = _files_of(ctx, session, source)
            options = Options(**{name: _frozen(value) for name, value in source["options"].items()})
            reading = run.begin_reading(ctx, session, project, user_id, files, options, source["uploads"])
        answer = run.in_batches(ctx, import_id, user_id, reading, watch, job)
    except Lost:
        return None
    except (LabelwrightError, Cancelled) as error:
        _drop(ctx, import_id, source, str(error) or "cancelled", problems.report_of(error))
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


def get(session: Session, caller: Caller, project_id: int, import_id: int) -> dict[str, Any]:
    """An import as Label Studio's clients poll it.

    :raises NotFound: also for another organisation's.
    """
    row = _find(session, caller, project_id, import_id, "ProjectImport")
    source = orjson.loads(row.source)
    options = source.get("options", {})
    return _state_of(row, source) | {
        "url": source.get("url"),
        "preannotated_from_fields": options.get("preannotated") or None,
        "commit_to_project": True,
        "return_task_ids": options.get("return_task_ids", False),
        "created_at": serializers.moment(row.created_at),
        "updated_at": serializers.moment(row.updated_at),
        "finished_at": serializers.moment(row.finished_at),
        "could_be_tasks_list": _answer_of(row).get("could_be_tasks_list", False),
        "tasks": [],
        "task_ids": _answer_of(row).get("task_ids", []),
    }


def errors(session: Session, caller: Caller, project_id: int, import_id: int) -> list[dict[str, Any]]:
    """What was wrong with the items of an import, if it failed because of them.

    :raises NotFound: also for another organisation's.
    """
    found: list[dict[str, Any]] = _answer_of(
        _find(session, caller, project_id, import_id, "ProjectImport")
    ).get("errors", [])
    return found


def get_again(session: Session, caller: Caller, project_id: int, import_id: int) -> dict[str, Any]:
    """An import of uploads that were there before, as Label Studio's clients poll it.

    :raises NotFound: also for another organisation's.
    """
    row = _find(session, caller, project_id, import_id, "ProjectReimport")
    source = orjson.loads(row.source)
    return _state_of(row, source) | {
        "files_as_tasks_list": source.get("options", {}).get("as_tasks_list", True)
    }


def _find(session: Session, caller: Caller, project_id: int, import_id: int, noun: str) -> Import:
    projects.get(session, caller, project_id)
    row = session.scalar(select(Import).where(Import.id == import_id, Import.project_id == project_id))
    if row is None:
        raise NotFound(f"No {noun} matches the given query.", code="no-import", params={"id": import_id})
    return row


def _state_of(row: Import, source: Mapping[str, Any]) -> dict[str, Any]:
    """What both kinds of imports show."""
    answer = _answer_of(row)
    return {
        "id": row.id,
        "project": row.project_id,
        "status": STATUS[row.state],
        "error": row.error,
        "task_count": row.tasks if row.state == "published" else 0,
        "annotation_count": row.annotations,
        "prediction_count": row.predictions,
        "duration": round(answer.get("duration", 0)),
        "file_upload_ids": source.get("uploads", []),
        "found_formats": answer.get("found_formats", {}),
        "data_columns": answer.get("data_columns", []),
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

    def __init__(self, ctx: Context, job: int, follow: Follow | None) -> None:
        self._queue, self._job, self._follow = ctx.queue, job, follow
        self._shown_at, self._cancelled = 0.0, False

    def progress(
        self, done: int, total: int | None = None, message: str | None = None, **params: Any
    ) -> None:
        if time.monotonic() - self._shown_at < BEAT_S:
            return
        self._queue.progress(self._job, done, total, message, params=params)
        if self._follow is not None:
            self._follow(done / total if total else 1.0, params.get("count", 0))
        self._cancelled = self._queue.beat([self._job]).get(self._job, True)
        self._shown_at = time.monotonic()

    def cancelled(self) -> bool:
        return self._cancelled


def _in_batches(
    ctx: Context, caller: Caller, row: Import, reading: run.Reading, follow: Follow | None
) -> dict[str, Any]:
    try:
        with ctx.database.write() as session:
            row.state = "running"
            job = _with_job(ctx, session, caller, row, running=True)
    except exc.IntegrityError as error:
        raise _under_way() from error
    try:
        return run.in_batches(ctx, row.id, caller.user_id, reading, _InlineWatch(ctx, job, follow), job)
    except Cancelled as error:
        run.fail(ctx, row.id, "cancelled")
        ctx.queue.stop(job, "cancelled")
        raise Conflict(
            "The import was cancelled; nothing of it was kept.", code="import-cancelled"
        ) from error
    except Lost as error:
        raise Conflict(INTERRUPTED, code="import-interrupted") from error
    except BaseException as error:
        run.fail(ctx, row.id, str(error), problems.report_of(error))
        ctx.queue.stop(job, "failed", error if isinstance(error, LabelwrightError) else None)
        raise


def _refuse_long(ctx: Context, wanted: Wanted) -> None:
    most = ctx.settings.import_max_bytes_at_once
    read = [file for file in wanted.files if sources.importer_of(ctx.registry, file) is not None]
    if sum(file.size for file in read) > most:
        raise TooLarge(
            f"Files of more than {most} bytes together are imported by a job: send the request with the header "
            '"Prefer: respond-async".',
            code="needs-respond-async", params={"limit": most},
        )  # fmt: skip


def _source_of(wanted: Wanted, *, inline: bool) -> str:
    """What the row keeps of a request: all that a job needs to do it, and what is shown of it."""
    source: dict[str, Any] = {"uploads": list(wanted.uploads), "options": _options_json(wanted.options)}
    source["own_uploads"] = bool(wanted.own)
    if inline:
        source["inline"] = True
    else:
        source["bodies"] = [
            {"path": str(file.path), "media_type": file.media_type}
            for file in wanted.files
            if file.upload_id is None
        ]
    return orjson.dumps(source).decode()


def _discard(ctx: Context, wanted: Wanted) -> None:
    """Remove what a request that is not done has brought."""
    for file in wanted.files:
        if file.upload_id is None and file.path is not None:
            file.path.unlink(missing_ok=True)
    with suppress(LabelwrightError):
        uploads.forget(ctx, wanted.own)


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


def _earlier(
    session: Session, project_id: int, key: str | None, mark: str | None, *, any_state: bool = False
) -> Import | None:
    if key is None:
        return None
    row = session.scalar(select(Import).where(Import.project_id == project_id, Import.idempotency_key == key))
    if row is None:
        return None
    if row.fingerprint != mark:
        raise Conflict(
            "This Idempotency-Key came with another request before; send a new key with a new request.",
            code="key-of-another-request",
        )
    if row.state != "published" and not any_state:
        raise _under_way()
    return row


def _under_way() -> Conflict:
    return Conflict("An import with this Idempotency-Key is under way.", code="import-under-way")


def _answer_of(row: Import) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(row.answer or "{}")
    return answer


def _options_json(options: Options) -> dict[str, Any]:
    return dataclasses.asdict(options)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _files_of(ctx: Context, session: Session, source: Mapping[str, Any]) -> list[SourceFile]:
    found: list[FileUpload] = []
    for begin in range(0, len(source["uploads"]), uploads.BLOCK):
        some = source["uploads"][begin : begin + uploads.BLOCK]
        found += session.scalars(select(FileUpload).where(FileUpload.id.in_(some)).order_by(FileUpload.id))
    return uploads.sources_of(ctx, found) + [
        SourceFile(Path(body["path"]), media_type=body["media_type"]) for body in source["bodies"]
    ]


def _drop(
    ctx: Context, import_id: int, source: Mapping[str, Any], error: str, report: Sequence[dict[str, Any]] = ()
) -> None:
    run.fail(ctx, import_id, error, report)
    _remove_bodies(source)
    if source["own_uploads"]:
        uploads.forget(ctx, source["uploads"])


def _remove_bodies(source: Mapping[str, Any]) -> None:
    for body in source.get("bodies", ()):
        Path(body["path"]).unlink(missing_ok=True)
