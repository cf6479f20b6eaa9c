"""Snapshots: a project's answers at one moment, kept as a file, and turned into other formats from it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from labelwright.doors import paths
from labelwright.doors.files import whole_file
from labelwright.errors import Conflict, InvalidFields, LabelwrightError, NotFound
from labelwright.exporters import Row
from labelwright.job_kinds import JobContext, JobSpec
from labelwright.models import Annotation, ConvertedExport, Export, Project, Task, now
from labelwright.services import avatars, label_configs, projects, serializers
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager.search import begun_where_missing
from labelwright.services.permissions import require

from . import downloads, rows

LONGEST_REQUEST = timedelta(hours=1)
"""A snapshot that a request began is written by then, or never."""
KIND = "export-snapshot"
CONVERT_KIND = "export-convert"
MOST_LISTED = 100
OPTIONS = ("task_filter_options", "annotation_filter_options", "serialization_options")
SHOWN_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Stored:
    """A snapshot's file, and what it is called for whom it is sent to."""

    path: Path
    filename: str
    media_type: str


def create(ctx: Context, caller: Caller, project_id: int, options: Mapping[str, Any], title: str = "", *,
           in_job: bool = False) -> Export:  # fmt: skip
    """Make a snapshot: before this returns, or by a job.

    :param options: ``task_filter_options``, ``annotation_filter_options``, ``serialization_options``.
    :raises InvalidFields: of an option that nobody knows.
    """
    with begun_where_missing(ctx), ctx.database.write() as session:
        project = projects.get(session, caller, project_id)
        require(ctx, caller, "exports.create", session=session, project=project_id)
        selection_of(ctx, session, caller, project, options)
        row = Export(
            project_id=project_id,
            created_by_id=caller.user_id,
            title=title or _default_title(project),
            status="in_progress",
            options=orjson.dumps(dict(options)).decode(),
        )
        session.add(row)
        session.flush()
        if in_job:
            spec = JobSpec(KIND, {"export_id": row.id}, project=project_id)
            row.job_id = ctx.queue.add(
                session, spec, owner=caller.user_id, organization=caller.organization_id
            )
    if not in_job:
        _guarded(ctx, Export, row.id, lambda: write(ctx, row.id, None))
        with ctx.database.read() as session:
            row = session.get_one(Export, row.id)
    return row


def write(ctx: Context, export_id: int, job: JobContext | None) -> dict[str, Any] | None:
    """Write a snapshot's file, whole or not at all. ``None`` if the snapshot is gone by now."""
    with ctx.database.read() as session:
        row = session.get(Export, export_id)
        project = session.get(Project, row.project_id) if row is not None else None
        if row is None or project is None:
            return None
        config = label_configs.parse(ctx, project.label_config)
        selection = selection_of(ctx, session, _maker(row, project), project, orjson.loads(row.options))
    name = f"export/{row.project_id}/{row.id}.json"
    path = ctx.media / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with ctx.database.snapshot() as session, whole_file(path) as out:
        total = rows.count(session, row.project_id, selection)
        tasks = _watched(rows.read(session, row.project_id, config, selection), job, total)
        digest, written = _write_lines(tasks, out)
    with ctx.database.write() as session:
        kept = session.get(Export, export_id)
        if kept is None:
            path.unlink(missing_ok=True)
            return None
        kept.file, kept.md5, kept.status, kept.finished_at = name, digest, "completed", now()
        kept.counters = orjson.dumps({"task_number": written}).decode()
    return {"export": export_id, "tasks": written}


def convert(ctx: Context, caller: Caller, project_id: int, export_id: int, export_type: str, *,
            in_job: bool = False) -> ConvertedExport:  # fmt: skip
    """Turn a snapshot into a format, before this returns or by a job.

    :raises InvalidFields: of an unknown format, or one that was begun already.
    """
    downloads.exporter_of(ctx, export_type, field="export_type")
    with ctx.database.write() as session:
        export = get(session, caller, project_id, export_id)
        _refuse_unfinished(export)
        row = session.scalar(_converted(export_id, export_type))
        if row is not None and row.status != "failed":
            raise InvalidFields(
                {"non_field_errors": [f"Conversion to {export_type} already started"]},
                code="conversion-begun", params={"format": export_type},
            )  # fmt: skip
        if row is None:
            row = ConvertedExport(export_id=export_id, export_type=export_type)
            session.add(row)
        row.status = "in_progress"
        session.flush()
        if in_job:
            spec = JobSpec(CONVERT_KIND, {"converted_id": row.id}, project=project_id)
            row.job_id = ctx.queue.add(
                session, spec, owner=caller.user_id, organization=caller.organization_id
            )
    if not in_job:
        _guarded(ctx, ConvertedExport, row.id, lambda: write_converted(ctx, row.id, None))
    return row


def write_converted(ctx: Context, converted_id: int, job: JobContext | None) -> dict[str, Any] | None:
    """Write a converted snapshot's file, whole or not at all. ``None`` if it is gone by now."""
    with ctx.database.read() as session:
        row = session.get(ConvertedExport, converted_id)
        export = session.get(Export, row.export_id) if row is not None else None
        project = session.get(Project, export.project_id) if export is not None else None
    if row is None or export is None or project is None or export.file is None:
        return None
    exporter = downloads.exporter_of(ctx, row.export_type)
    name = f"export/{export.project_id}/{export.id}-{row.id}{downloads.suffix_of(exporter)}"
    wanted = downloads.Wanted(row.export_type)
    config = label_configs.parse(ctx, project.label_config)
    context = downloads.context_of(ctx, project, config, exporter, wanted)
    with whole_file(ctx.media / name) as out:
        tasks = _watched(_read_lines(ctx.media / export.file), job, _tasks_in(export))
        downloads.write_format(exporter, tasks, out, context)
    with ctx.database.write() as session:
        kept = session.get(ConvertedExport, converted_id)
        if kept is None:
            (ctx.media / name).unlink(missing_ok=True)
            return None
        kept.file, kept.status, kept.finished_at = name, "completed", now()
    return {"export": export.id, "warnings": [notice.to_json() for notice in context.warnings]}


def stored(ctx: Context, caller: Caller, project_id: int, export_id: int, export_type: str) -> Stored:
    """A snapshot's file in a format, converted now if it was not before.

    :raises NotFound: if the snapshot is not there, or not complete.
    """
    exporter = downloads.exporter_of(ctx, export_type)
    with ctx.database.read() as session:
        export = get(session, caller, project_id, export_id)
        require(ctx, caller, "exports.create", session=session, project=project_id)
        _refuse_unfinished(export)
        name = export.file
        if export_type != "JSON":
            row = session.scalar(_converted(export_id, export_type))
            name = row.file if row is not None and row.status == "completed" else None
    if name is None:
        converted = convert(ctx, caller, project_id, export_id, export_type)
        with ctx.database.read() as session:
            name = session.get_one(ConvertedExport, converted.id).file
    path = paths.existing_file(ctx.media, name or "")
    filename = downloads.file_name(project_id, exporter, export.created_at, export.md5)
    return Stored(path, filename, f"application/{downloads.suffix_of(exporter).lstrip('.')}")


def get(session: Session, caller: Caller, project_id: int, export_id: int) -> Export:
    """The snapshot. :raises NotFound: also for another organisation's."""
    projects.get(session, caller, project_id)
    row = session.scalar(select(Export).where(Export.id == export_id, Export.project_id == project_id))
    if row is None:
        raise NotFound("No Export matches the given query.", code="no-export", params={"id": export_id})
    return row


def find(session: Session, caller: Caller, project_id: int) -> Sequence[Export]:
    """The newest snapshots of a project."""
    projects.get(session, caller, project_id)
    query = (
        select(Export).where(Export.project_id == project_id).order_by(Export.id.desc()).limit(MOST_LISTED)
    )
    return session.scalars(query).all()


def remove(ctx: Context, caller: Caller, project_id: int, export_id: int) -> None:
    """Delete a snapshot with its files."""
    with ctx.database.write() as session:
        row = get(session, caller, project_id, export_id)
        require(ctx, caller, "exports.create", session=session, project=project_id)
        converted = session.scalars(
            select(ConvertedExport.file).where(ConvertedExport.export_id == export_id)
        )
        files = [name for name in (row.file, *converted) if name]
        session.delete(row)
    for name in files:
        (ctx.media / name).unlink(missing_ok=True)


def to_json(ctx: Context, session: Session, rows: Sequence[Export]) -> list[dict[str, Any]]:
    """Snapshots as Label Studio's clients see them; two queries for any number of them."""
    people = serializers.people(session, {row.created_by_id for row in rows})
    converted: dict[int, list[ConvertedExport]] = {}
    of_these = ConvertedExport.export_id.in_([row.id for row in rows])
    for one in session.scalars(select(ConvertedExport).where(of_these).order_by(ConvertedExport.id)):
        converted.setdefault(one.export_id, []).append(one)
    return [_one(ctx, row, people.get(row.created_by_id or 0), converted.get(row.id, [])) for row in rows]


def _one(
    ctx: Context, row: Export, person: serializers.Person | None, converted: Sequence[ConvertedExport]
) -> dict[str, Any]:
    return {
        "title": row.title,
        "id": row.id,
        "created_by": None
        if person is None
        else {
            "id": person.id,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "email": person.email,
            "avatar": avatars.url(ctx, person.avatar),
        },
        "created_at": serializers.moment(row.created_at),
        "finished_at": serializers.moment(row.finished_at),
        "status": row.status,
        "md5": row.md5,
        "counters": orjson.Fragment(row.counters),
        "converted_formats": [
            {"id": one.id, "status": one.status, "export_type": one.export_type, "traceback": one.traceback}
            for one in converted
        ],
        "job": row.job_id,
    }


def selection_of(
    ctx: Context, session: Session, caller: Caller, project: Project, options: Mapping[str, Any]
) -> rows.Selection:
    """Label Studio's options as conditions.

    :raises InvalidFields: of a value that is none of those there are.
    """
    tasks = _part(options, "task_filter_options")
    shown = _part(options, "serialization_options")
    where = [
        condition
        for name, test in _TASK_TESTS.items()
        for condition in _only_or_not(name, tasks.get(name), test)
    ]
    if tasks.get("only_with_annotations"):
        where.append(Task.total_annotations + Task.cancelled_annotations > 0)
    patterns: tuple[str, ...] = ()
    if tasks.get("view") is not None:
        field = "task_filter_options.view"
        view = downloads.in_view(ctx, session, caller, project, tasks["view"], field)
        where.append(view.where)
        patterns = view.patterns
    return rows.Selection(
        annotated_only=False,
        full_drafts=not _part(shown, "drafts").get("only_id", True),
        full_predictions=not _part(shown, "predictions").get("only_id", True),
        full_authors=not _part(shown, "annotations__completed_by").get("only_id", True),
        each_frame=bool(shown.get("interpolate_key_frames", ctx.settings.exports_each_frame)),
        where=tuple(where),
        patterns=patterns,
        annotations=_annotation_conditions(options),
    )


_TASK_TESTS: dict[str, ColumnElement[bool]] = {
    "skipped": Task.cancelled_annotations > 0,
    "finished": Task.is_labeled.is_(True),
    "annotated": Task.total_annotations > 0,
}


def _only_or_not(name: str, value: Any, test: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    if not value:
        return []
    if value not in ("only", "exclude"):
        field = f"task_filter_options.{name}"
        raise InvalidFields({field: [f'"{value}" is not a valid choice.']}, code="bad-choice")
    return [test if value == "only" else ~test]


def _annotation_conditions(options: Mapping[str, Any]) -> tuple[ColumnElement[bool], ...]:
    """Kinds of annotations to keep: all, unless the options speak of them; then the usual ones, unless they say not."""
    if options.get("annotation_filter_options") is None:
        return ()
    wanted = {"usual": True, **_part(options, "annotation_filter_options")}
    kinds = {
        "usual": and_(Annotation.was_cancelled.is_(False), Annotation.ground_truth.is_(False)),
        "ground_truth": Annotation.ground_truth.is_(True),
        "skipped": Annotation.was_cancelled.is_(True),
    }
    chosen = [condition for name, condition in kinds.items() if wanted.get(name)]
    return (or_(*chosen),) if chosen else ()


def _part(options: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = options.get(name) or {}
    if not isinstance(part, Mapping):
        raise InvalidFields({name: ["Invalid data. Expected a dictionary."]}, code="bad-options")
    return part


def _write_lines(tasks: Iterator[Row], out: IO[bytes]) -> tuple[str, int]:
    """A JSON list with one task a line, so that it is read back line by line."""
    digest, written = hashlib.md5(usedforsecurity=False), 0

    def put(piece: bytes) -> None:
        digest.update(piece)
        out.write(piece)

    put(b"[")
    for written, row in enumerate(tasks, 1):
        put(b"\n" if written == 1 else b",\n")
        put(row.raw)
    put(b"\n]\n")
    return digest.hexdigest(), written


def _read_lines(path: Path) -> Iterator[Row]:
    with open(path, "rb") as lines:
        for line in lines:
            text = line.strip().rstrip(b",")
            if text not in (b"[", b"]", b""):
                yield Row(text)


def _watched(tasks: Iterator[Row], job: JobContext | None, total: int) -> Iterator[Row]:
    for done, row in enumerate(tasks):
        if job is not None and done % SHOWN_EVERY == 0:
            if job.cancelled():
                raise Conflict("The export was cancelled.", code="export-cancelled")
            job.progress(done, total, "Exporting")
        yield row


def clear_up(ctx: Context) -> None:
    """Mark what a request that died left unfinished: nobody writes it any more."""
    with ctx.database.write() as session:
        for table in (Export, ConvertedExport):
            session.execute(
                update(table)
                .where(
                    table.status == "in_progress",
                    table.job_id.is_(None),
                    table.created_at < now() - LONGEST_REQUEST,
                )
                .values(status="failed", finished_at=now())
                .execution_options(synchronize_session=False)
            )


def _guarded(ctx: Context, model: Any, row_id: int, work: Callable[[], Any]) -> None:
    """Do the work; if it fails, the row says so."""
    try:
        work()
    except BaseException as error:
        with ctx.database.write() as session:
            row = session.get(model, row_id)
            if row is not None:
                row.status, row.finished_at = "failed", now()
                if model is ConvertedExport:
                    row.traceback = (
                        str(error)[:4000] if isinstance(error, LabelwrightError) else type(error).__name__
                    )
        raise


def _default_title(project: Project) -> str:
    """As Label Studio titles them: the project's, with dashes, and the moment."""
    return f"{project.title.replace(' ', '-')}-at-{now():%Y-%m-%d-%H-%M}"


def _maker(row: Export, project: Project) -> Caller:
    """Who asked for it, as the one whose view is looked at. What they may was asked when they did."""
    return Caller(row.created_by_id or 0, "", project.organization_id, "member")


def _tasks_in(export: Export) -> int:
    return int(orjson.loads(export.counters).get("task_number", 0))


def _converted(export_id: int, export_type: str) -> Any:
    return select(ConvertedExport).where(
        ConvertedExport.export_id == export_id, ConvertedExport.export_type == export_type
    )


def _refuse_unfinished(export: Export) -> None:
    if export.status != "completed":
        raise NotFound("Export is not completed", code="export-unfinished", params={"status": export.status})
