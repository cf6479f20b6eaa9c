"""Synchronising a source: each object whose key is new becomes a task, or the tasks that it lists.

Each batch of tasks is one transaction with the links that say which keys they came from, so a sync that dies goes on
where it was: nothing is lost and nothing comes twice. A file with more tasks than a batch comes in unseen, and is
published at once. An object that cannot be read is named and left out, and the others come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

import orjson
from sqlalchemy import exc, select, update
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, InvalidInput, LabelwrightError, NotFound
from labelwright.events import TasksCreated
from labelwright.models import Annotation, Import, Project, Storage, StorageLink, Task, now, table_of
from labelwright.services import serializers
from labelwright.services.context import Context
from labelwright.services.imports import rows, run
from labelwright.services.imports.items import ItemReader, NewTask
from labelwright.services.imports.run import Cancelled, Lost, Watch
from labelwright.storages import LONGEST_KEY, StoredObject
from labelwright.storages import Storage as Opened

from . import filters, objects_read, opened

KIND = "storage-sync"
LISTED = 1000
"""Keys that are looked up at once."""
GONE = ("no-project", "no-storage")
"""Codes of errors that end the whole, rather than leave one object out."""
LINK_COLUMNS = ("storage_id", "key", "place", "task_id")


class HandedOver(Exception):
    """It takes too long for a request; a worker goes on."""


@dataclass(slots=True)
class Tally:
    """What a synchronisation has come to. It goes on counting where an earlier try stopped."""

    created: int = 0
    taken: int = 0
    """Objects that these tasks came from."""
    old: int = 0
    """Of these, what an earlier try of the same job has taken in: found known, they are not what was there before."""
    known: int = 0
    seen: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    """Key to what was wrong with it; the first hundred."""
    failed: int = 0

    MOST = 100

    def fail(self, key: str, words: str) -> None:
        self.failed += 1
        if len(self.errors) < self.MOST:
            self.errors[key[:1000]] = words[:1000]

    @property
    def existed(self) -> int:
        """Objects that had been taken in before this job began."""
        return max(0, self.known - self.old)

    def as_json(self) -> dict[str, int]:
        return {"created": self.created, "existed": self.existed, "failed": self.failed}

    @property
    def status(self) -> str:
        if not self.failed:
            return "completed"
        return "completed_with_errors" if self.created or self.known else "failed"

    @property
    def words(self) -> str | None:
        """An object a line, and how many more there are."""
        lines = [f"{key}: {words}" for key, words in self.errors.items()]
        if self.failed > len(lines):
            lines.append(f"... and {self.failed - len(lines)} more")
        return "\n".join(lines) or None


@dataclass(slots=True)
class _Sync:
    """A synchronisation at work."""

    ctx: Context
    row: Storage
    project: Project
    job: int
    watch: Watch
    reader: ItemReader
    import_id: int
    tally: Tally

    @property
    def user_id(self) -> int | None:
        return self.row.created_by_id


def work(
    ctx: Context,
    storage_id: int,
    job: int,
    watch: Watch,
    resume: Mapping[str, Any],
    *,
    is_last_try: bool = True,
) -> dict[str, Any] | None:
    """Synchronise a source.

    :param resume: what earlier tries of this job have kept.
    :returns: the job's result; ``None`` if the storage is gone.
    :raises LabelwrightError: why it could not be listed; the row says it too.
    """
    sync = _begin(ctx, storage_id, job, watch, resume)
    if sync is None:
        return None
    try:
        with opened.opened(ctx, sync.row) as storage:
            _take_in(sync, storage)
    except Lost:
        return None
    except HandedOver:
        raise
    except Cancelled:
        _end(sync, "failed", "It was stopped by somebody.")
        raise
    except LabelwrightError as error:
        if error.status != 503 or is_last_try:
            _end(sync, "failed", _words(error))
        raise
    except Exception:
        if is_last_try:
            _end(sync, "failed", "The server made a mistake; what was taken in until then stays.")
        raise
    _end(sync, sync.tally.status, sync.tally.words)
    if sync.tally.created:
        ctx.database.learn_sizes(table_of(Task), table_of(Annotation), table_of(StorageLink))
    return sync.tally.as_json()


def _begin(ctx: Context, storage_id: int, job: int, watch: Watch, resume: Mapping[str, Any]) -> _Sync | None:
    with ctx.database.read() as session:
        left = session.scalars(select(Import.id).where(Import.job_id == job, Import.state == "running")).all()
    for import_id in left:  # a large file on its way in when the process died
        run.fail(ctx, import_id, "interrupted")
    with ctx.database.write() as session:
        row = session.get(Storage, storage_id)
        project = session.get(Project, row.project_id) if row is not None else None
        if row is None or project is None or project.deleting:
            return None
        done = int(resume.get("taken", 0))
        tally = Tally(created=int(resume.get("created", 0)), taken=done, old=done)
        moment = serializers.moment(now())
        meta = orjson.loads(row.meta) | {"time_in_progress": moment, "time_last_ping": moment}
        row.status, row.traceback = "in_progress", None
        row.meta = orjson.dumps(meta | {"attempts": meta.get("attempts", 0) + 1}).decode()
        source = Import(
            project_id=row.project_id, user_id=row.created_by_id, job_id=job, state="published", source="{}",
            storage_id=row.id, finished_at=now(),
        )  # fmt: skip
        session.add(source)
        session.flush()
        reader = run.item_reader(ctx, session, project, row.created_by_id)
    return _Sync(ctx, row, project, job, watch, reader, source.id, tally)


def _take_in(sync: _Sync, storage: Opened) -> None:
    is_wanted = filters.compiled(sync.row.regex_filter, type(storage))
    listed = (one for one in storage.list("", bool(sync.row.recursive_scan) or not storage.folders)
              if is_wanted(one.key))  # fmt: skip
    unit: list[tuple[str, list[NewTask]]] = []
    size, most = 0, sync.ctx.settings["import.batch_size"]
    while some := list(islice(listed, LISTED)):
        for key, tasks in _tasks_of(sync, storage, _new(sync, some)):
            try:
                first = list(islice(tasks, most + 1))
                if len(first) > most:
                    _insert_large(sync, key, chain(first, tasks))
                    continue
            except (InvalidInput, NotFound) as error:
                if error.code in GONE:
                    raise
                sync.tally.fail(key, _words(error))
                continue
            if not first:
                sync.tally.fail(key, "it lists no task")
                continue
            unit.append((key, first))
            size += len(first)
            if size >= most:
                _insert(sync, unit)
                unit, size = [], 0
        _insert(sync, unit)
        unit, size = [], 0


def _new(sync: _Sync, some: Sequence[StoredObject]) -> list[str]:
    """Those of these keys that nothing has come from yet."""
    keys = []
    for one in dict.fromkeys(one.key for one in some):
        if len(one.encode("utf-8", "surrogatepass")) > LONGEST_KEY or "\x00" in one or not _is_text(one):
            sync.tally.fail(one.encode("utf-8", "replace").decode(), "its name cannot be kept")
        else:
            keys.append(one)
    with sync.ctx.database.read() as session:
        query = select(StorageLink.key).where(
            StorageLink.storage_id == sync.row.id, StorageLink.key.in_(keys), StorageLink.place == 0
        )
        known = set(session.scalars(query))
    sync.tally.seen += len(some)
    sync.tally.known += len(known)
    return [key for key in keys if key not in known]


def _is_text(key: str) -> bool:
    try:
        key.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tasks_of(sync: _Sync, storage: Opened, keys: Sequence[str]) -> Iterator[tuple[str, Iterator[NewTask]]]:
    """Each key with its tasks, which are read while they are taken."""
    if sync.row.use_blob_urls:
        for key in keys:
            yield key, objects_read.as_task(sync.reader, storage.uri(key))
        return
    with ExitStack() as ends:
        copies: Iterable[Any]
        if storage.parallel > 1 and len(keys) > 1:
            pool = ends.enter_context(ThreadPoolExecutor(storage.parallel, "labelwright-storage"))
            copies = _in_parallel(pool, sync.ctx, storage, keys)
        else:
            copies = (objects_read.copied(sync.ctx, storage, key) for key in keys)
        for key, copy in zip(keys, copies, strict=True):
            with copy:
                yield key, objects_read.listed(sync.ctx, sync.reader, storage, key, copy)


def _in_parallel(
    pool: ThreadPoolExecutor, ctx: Context, storage: Opened, keys: Sequence[str]
) -> Iterator[objects_read.Copy]:
    """Copies in the order of the keys, a few ahead of who takes them: never all at once on the disk."""
    ahead = storage.parallel * 2
    waiting = [pool.submit(objects_read.copied, ctx, storage, key) for key in keys[:ahead]]
    try:
        for place in range(len(keys)):
            copy = waiting.pop(0).result()
            if place + ahead < len(keys):
                waiting.append(pool.submit(objects_read.copied, ctx, storage, keys[place + ahead]))
            yield copy
    finally:
        for one in waiting:
            if not one.cancel():
                with suppress(Exception):
                    one.result().__exit__(None, None, None)


def _insert(sync: _Sync, unit: Sequence[tuple[str, list[NewTask]]]) -> None:
    """Tasks of a few objects, with their links and all that they bring about, in one transaction."""
    ctx, tasks = sync.ctx, [task for _, own in unit for task in own]
    _look_up(sync)
    if not tasks:
        return
    to = rows.Destination(sync.project, sync.import_id, sync.user_id)
    sums = rows.Sums()
    try:
        with ctx.database.write() as session:
            # Taken alone, so that the project's row is not locked while the batch is written.
            first = rows.reserve_inner_ids(session, sync.project.id, len(tasks))
        with ctx.database.write() as session:
            _keep_place(sync, session, len(tasks), len(unit))
            rows.insert(ctx, session, to, tasks, first, sums)
            links = ((key, place) for key, own in unit for place in range(len(own)))
            _link(sync, session, links, sums.task_ids)
            events = rows.publish(ctx, session, to, sums, organization=sync.project.organization_id)
    except exc.IntegrityError as error:
        raise _gone(error) from error
    sync.tally.created += len(tasks)
    sync.tally.taken += len(unit)
    _tell(ctx, events)


def _insert_large(sync: _Sync, key: str, tasks: Iterator[NewTask]) -> None:
    """The tasks of one large file: short transactions that nobody sees, then one that publishes them."""
    ctx, sums = sync.ctx, rows.Sums()
    with ctx.database.write() as session:
        row = Import(
            project_id=sync.project.id, user_id=sync.user_id, job_id=sync.job, state="running", source="{}",
            storage_id=sync.row.id,
        )  # fmt: skip
        session.add(row)
    to = rows.Destination(sync.project, row.id, sync.user_id)
    try:
        while batch := list(islice(tasks, ctx.settings["import.batch_size"])):
            _look_up(sync)
            with ctx.database.write() as session:
                first = rows.reserve_inner_ids(session, sync.project.id, len(batch))
            with ctx.database.write() as session:
                _keep_place(sync, session, 0, 0)
                at = len(sums.task_ids)
                rows.insert(ctx, session, to, batch, first, sums)
                new = sums.task_ids[at:]
                _link(sync, session, ((key, at + place) for place in range(len(new))), new)
        with ctx.database.write() as session:
            _keep_place(sync, session, len(sums.task_ids), 1)
            events = rows.publish(ctx, session, to, sums, organization=sync.project.organization_id)
            session.execute(
                update(Import)
                .where(Import.id == row.id)
                .values(state="published", finished_at=now(), tasks=len(sums.task_ids))
                .execution_options(synchronize_session=False)
            )
    except BaseException as error:
        run.fail(ctx, row.id, _words(error) if isinstance(error, LabelwrightError) else "interrupted")
        if isinstance(error, exc.IntegrityError):
            raise _gone(error) from error
        raise
    sync.tally.created += len(sums.task_ids)
    sync.tally.taken += 1
    _tell(ctx, events)


def _link(sync: _Sync, session: Session, places: Iterable[tuple[str, int]], ids: Iterable[int]) -> None:
    links = [(sync.row.id, key, place, task) for (key, place), task in zip(places, ids, strict=True)]
    sync.ctx.database.insert_rows(session, table_of(StorageLink), LINK_COLUMNS, links)


def _look_up(sync: _Sync) -> None:
    """Show how far it is, and stop when somebody asks for it. :raises Cancelled:"""
    tally = sync.tally
    sync.watch.progress(tally.seen, None, "Imported {count} tasks", count=tally.created)
    if sync.watch.cancelled():
        raise Cancelled


def _keep_place(sync: _Sync, session: Session, more: int, objects: int) -> None:
    """Count in the batch's own transaction. :raises Lost: if another worker has the job by now."""
    tally = sync.tally
    kept = {"created": tally.created + more, "taken": tally.taken + objects}
    if not sync.ctx.queue.checkpoint(session, sync.job, kept):
        raise Lost


def _end(sync: _Sync, status: str, words: str | None) -> None:
    tally = sync.tally
    with sync.ctx.database.write() as session:
        row = session.get(Storage, sync.row.id, with_for_update=True)
        if row is None or row.job_id != sync.job:
            return
        moment = now()
        meta = orjson.loads(row.meta)
        began = meta.get("time_queued") or meta.get("time_in_progress")
        ended = "time_failure" if status == "failed" else "time_completed"
        meta |= {
            ended: serializers.moment(moment),
            "time_last_ping": serializers.moment(moment),
            "duration": _seconds_since(began, moment),
            "tasks_existed": tally.existed,
            "tasks_failed_validation": tally.failed,
        }
        row.meta, row.status, row.traceback = orjson.dumps(meta).decode(), status, words
        row.last_sync, row.last_sync_count = moment, tally.created


def _seconds_since(began: str | None, moment: datetime) -> float:
    return 0.0 if began is None else round((moment - datetime.fromisoformat(began)).total_seconds(), 3)


def _tell(ctx: Context, events: Sequence[TasksCreated]) -> None:
    for event in events:
        ctx.tell("on_tasks_created", event)


def _words(error: LabelwrightError) -> str:
    if isinstance(error, InvalidFields):
        return "; ".join(message for messages in error.fields.values() for message in messages)
    return error.message


def _gone(error: exc.IntegrityError) -> Exception:
    """The project or the storage was deleted meanwhile."""
    if "foreign key" in str(error.orig).lower():
        return NotFound("No Storage matches the given query.", code="no-storage")
    return error
