"""An import at work: whole or absent.

A small one is one transaction. A large one inserts its rows in short batches under an import that nobody sees, and one
short transaction publishes it; if it fails, or its process dies, its rows are removed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import orjson
from sqlalchemy import delete, exc, select, update
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, InvalidTask, NotFound, TooLarge
from labelwright.events import TasksCreated, TasksDeleted
from labelwright.models import Annotation, Import, Membership, Project, Task, User, now
from labelwright.services import label_configs, removal
from labelwright.services.context import Context
from labelwright.services.data_manager import searched_texts

from . import problems, rows, sources
from .items import ItemReader, NewTask, People

SWEPT_ROWS = 2000
"""Tasks removed in one short transaction."""


class Watch(Protocol):
    """How a large import shows its progress, and hears that it shall stop."""

    def progress(
        self, done: int, total: int | None = None, message: str | None = None, **params: Any
    ) -> None: ...

    def cancelled(self) -> bool: ...


class Cancelled(Exception):
    """Somebody asked the import to stop; it is absent."""


class Lost(Exception):
    """Another worker has this job now, because we seemed dead: what we were about to write is not written."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the query of an import says."""

    return_task_ids: bool = False
    preannotated: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column to the field of the data that it becomes; an empty name leaves it out."""
    as_tasks_list: bool = True
    replaces: bool = False
    """Whether the tasks that were made of the same uploads before go."""


@dataclass(slots=True)
class Reading:
    """The tasks of an import, as they come out of its files."""

    project: Project
    found: sources.Found
    tasks: Iterator[NewTask]
    size: int
    began: float
    options: Options
    uploads: Sequence[int]
    """Ids of the uploads that are read, or that belong to what is read."""


def begin_reading(
    ctx: Context,
    session: Session,
    project: Project,
    user_id: int | None,
    files: Sequence[sources.SourceFile],
    options: Options,
    uploads: Sequence[int] = (),
) -> Reading:
    """Look up what the checks need, and give the tasks one by one."""
    reader = item_reader(ctx, session, project, user_id, options)
    found = sources.Found()
    tasks = _tasks(ctx, reader, files, found, options)
    size = sum(file.size for file in files)
    return Reading(project, found, tasks, size, time.monotonic(), options, uploads)


def item_reader(
    ctx: Context, session: Session, project: Project, user_id: int | None, options: Options | None = None
) -> ItemReader:
    """What turns items into new tasks of a project.

    :param user_id: whose answers those are that do not say whose.
    """
    options = options or Options()
    return ItemReader(
        label_configs.parse(ctx, project.label_config),
        _people(ctx, session, project, user_id),
        preannotated=options.preannotated,
        columns=options.columns,
        check_predictions=ctx.settings.predictions_validate,
    )


def _tasks(ctx: Context, reader: ItemReader, files: Sequence[sources.SourceFile], found: sources.Found,
           options: Options) -> Iterator[NewTask]:  # fmt: skip
    """Each task that passes its checks; after the first that does not, none.

    :raises InvalidFields: with the first hundred problems, at the end or when there are more.
    :raises TooLarge: if there are more tasks than one import may have.
    """
    most = ctx.settings["import.max_tasks"]
    bad, count = problems.Problems(), 0
    try:
        items = sources.read(ctx, files, reader.label_config, found, as_tasks_list=options.as_tasks_list)
        for index, (item, upload_id) in enumerate(items):
            count = index + 1
            if count > most:
                raise TooLarge(
                    f"One import may have {most} tasks; divide it.",
                    code="too-many-tasks",
                    params={"limit": most},
                )
            if bad.are_enough(index):
                break
            try:
                task = reader.read(index, item)
            except InvalidTask as error:
                bad.add(index, error)
                continue
            if not bad:
                task.file_upload_id = upload_id
                yield task
    except InvalidTask as error:
        bad.refuse()
        raise problems.refusal(error) from error
    bad.refuse()
    if not count:
        raise problems.no_tasks()


def at_once(ctx: Context, row: Import, reading: Reading, tasks: Sequence[NewTask]) -> dict[str, Any]:
    """Import a few tasks in one transaction.

    :param row: the import, not stored yet.
    :returns: the answer to the request.
    :raises Conflict: if the same key has been used by another import meanwhile.
    """
    sums = rows.Sums()
    try:
        with ctx.database.write() as session:
            first = rows.reserve_inner_ids(session, reading.project.id, len(tasks))
            row.state, row.finished_at = "published", now()
            session.add(row)
            session.flush()
            to = rows.Destination(reading.project, row.id, row.user_id)
            rows.insert(ctx, session, to, tasks, first, sums)
            events = _publish(ctx, session, to, reading, sums)
            answer = _answer(reading, sums)
            _keep(row, sums, answer)
    except exc.IntegrityError as error:
        raise _project_or_key_gone(error) from error
    _tell(ctx, events)
    return answer


def in_batches(
    ctx: Context,
    import_id: int,
    user_id: int | None,
    reading: Reading,
    watch: Watch,
    job: int,
) -> dict[str, Any]:
    """Import many tasks: short transactions, then one that publishes them and ends the job.

    :raises Cancelled: if somebody asked to stop.
    :raises Lost: if another worker has the job now; the import is its own.
    :raises LabelwrightError: why it failed. In every case without an answer nothing is left, see :func:`fail`.
    """
    to, sums = rows.Destination(reading.project, import_id, user_id), rows.Sums()
    try:
        while batch := next_batch(ctx, reading):
            if watch.cancelled():
                raise Cancelled
            _insert_batch(ctx, to, batch, sums, job)
            done = min(reading.found.offset, reading.size)
            watch.progress(done, reading.size, "Imported {count} tasks", count=sums.delta["tasks"])
        with ctx.database.write() as session:
            rows.reserve_inner_ids(session, reading.project.id, 0)
            row = _running(session, import_id)
            events = _publish(ctx, session, to, reading, sums)
            answer = _answer(reading, sums)
            row.state, row.finished_at = "published", now()
            _keep(row, sums, answer)
            if not ctx.queue.finish(session, job, answer):
                raise Lost
    except exc.IntegrityError as error:
        raise _project_or_key_gone(error) from error
    ctx.database.learn_sizes(Task.__table__, Annotation.__table__)  # type: ignore[arg-type]
    _tell(ctx, events)
    return answer


def next_batch(ctx: Context, reading: Reading) -> list[NewTask]:
    """The next tasks, as many as one short transaction holds; none at the end."""
    return list(islice(reading.tasks, ctx.settings["import.batch_size"]))


def fail(ctx: Context, import_id: int, error: str, report: Sequence[dict[str, Any]] = ()) -> None:
    """End an import badly: it is marked first, so that its rows can go in short transactions.

    :param report: what was wrong with its items, kept for who wants to download it.
    """
    with ctx.database.write() as session:
        session.execute(
            update(Import)
            .where(Import.id == import_id, Import.state != "published")
            .values(
                state="failed",
                error=error[:4000],
                idempotency_key=None,
                finished_at=now(),
                updated_at=now(),
                answer=orjson.dumps({"errors": report}).decode() if report else None,
            )  # fmt: skip
            .execution_options(synchronize_session=False)
        )
    sweep(ctx, import_id)


def sweep(ctx: Context, import_id: int) -> None:
    """Remove the rows that an unpublished import has brought."""
    block = select(Task.id).where(Task.import_id == import_id).limit(SWEPT_ROWS)
    while True:
        with ctx.database.write() as session:
            state = session.scalar(select(Import.state).where(Import.id == import_id))
            if state == "published":
                return
            ids = session.scalars(block).all()
            if not ids:
                return
            searched_texts.forget(session, ids)
            session.execute(delete(Task).where(Task.id.in_(ids)).execution_options(synchronize_session=False))


def _insert_batch(
    ctx: Context, to: rows.Destination, batch: Sequence[NewTask], sums: rows.Sums, job: int
) -> None:
    with ctx.database.write() as session:
        # Taken alone, so that the project's row is not locked while the batch is written.
        first = rows.reserve_inner_ids(session, to.project.id, len(batch))
    with ctx.database.write() as session:
        row = _running(session, to.import_id)
        if not ctx.queue.checkpoint(session, job, {"tasks": sums.delta["tasks"]}):
            raise Lost
        rows.insert(ctx, session, to, batch, first, sums)
        row.tasks, row.updated_at = sums.delta["tasks"], now()


def _running(session: Session, import_id: int) -> Import:
    row = session.get(Import, import_id, with_for_update=True)
    if row is None:
        raise NotFound("No Project matches the given query.", code="no-project")
    if row.state != "running":
        raise Cancelled
    return row


def _keep(row: Import, sums: rows.Sums, answer: dict[str, Any]) -> None:
    row.tasks, row.annotations, row.predictions = (
        sums.delta["tasks"],
        sums.annotations,
        sums.delta["predictions"],
    )
    row.answer = orjson.dumps(answer).decode()
    row.updated_at = now()


def _publish(
    ctx: Context, session: Session, to: rows.Destination, reading: Reading, sums: rows.Sums
) -> list[TasksCreated | TasksDeleted]:
    """Let the tasks count, and those go that they replace. :returns: the events to tell after the commit."""
    organization = reading.project.organization_id
    created = rows.publish(ctx, session, to, sums, organization=organization)
    if not reading.options.replaces:
        return [*created]
    gone = removal.delete_of_uploads(session, to.project.id, reading.uploads, but_import=to.import_id)
    for event in gone:
        ctx.plan_for(session, "plan_tasks_deleted", event, organization=organization, owner=to.importer)
    return [*created, *gone]


def _answer(reading: Reading, sums: rows.Sums) -> dict[str, Any]:
    """What Label Studio answers to an import."""
    answer: dict[str, Any] = {
        "task_count": sums.delta["tasks"],
        "annotation_count": sums.annotations,
        "prediction_count": sums.delta["predictions"],
        "duration": round(time.monotonic() - reading.began, 3),
        "file_upload_ids": list(reading.uploads),
        "could_be_tasks_list": reading.found.could_be_tasks_list,
        "found_formats": dict(reading.found.formats),
        "data_columns": _renamed(reading.found.columns or (), reading.options.columns),
    }
    if reading.options.return_task_ids:
        answer["task_ids"] = list(sums.task_ids)
    if reading.found.warnings:
        answer["warnings"] = [notice.to_json() for notice in reading.found.warnings]
    return answer


def _renamed(columns: Iterable[str], names: Mapping[str, str]) -> list[str]:
    return sorted(filter(None, (names.get(column, column) for column in columns)))


def _tell(ctx: Context, events: Sequence[TasksCreated | TasksDeleted]) -> None:
    for event in events:
        ctx.tell("on_tasks_created" if isinstance(event, TasksCreated) else "on_tasks_deleted", event)


def _people(ctx: Context, session: Session, project: Project, user_id: int | None) -> People:
    members = session.execute(
        select(User.id, User.email)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == project.organization_id, Membership.deleted_at.is_(None))
    ).all()
    return People(
        frozenset(row.id for row in members),
        {row.email.lower(): row.id for row in members},
        user_id,
        ctx.settings["import.unknown_emails"],
    )


def _project_or_key_gone(error: exc.IntegrityError) -> Exception:
    """The two things that may have happened meanwhile: the project was deleted, or the key was used by another."""
    words = str(error.orig).lower()
    if "idempotency" in words:
        return Conflict("Another import with this Idempotency-Key is under way.", code="import-under-way")
    if "foreign key" in words:
        return NotFound("No Project matches the given query.", code="no-project")
    return error
