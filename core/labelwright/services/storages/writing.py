"""Writing to a target what is noted for it: an object for each answer, with its task inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from sqlalchemy import Row, func, select

from labelwright.errors import InvalidInput, LabelwrightError
from labelwright.models import Annotation, Project, Storage, now
from labelwright.services import label_configs, records, serializers
from labelwright.services.context import Context
from labelwright.services.imports.run import Cancelled, Lost, Watch
from labelwright.storages import Storage as Opened

from . import opened, targets

BATCH = 100


def work(
    ctx: Context,
    storage_id: int,
    job: int,
    watch: Watch,
    *,
    everything: bool,
    resume: Mapping[str, Any],
    is_last_try: bool = True,
) -> dict[str, Any] | None:
    """Write what waits for a target.

    :param everything: note all answers of the project first.
    :returns: the job's result; ``None`` if the target is gone.
    :raises LabelwrightError: why it could not be written to; the row says it too, and what waits stays.
    """
    row = _begin(ctx, storage_id, everything)
    if row is None:
        return None
    done, errors = int(resume.get("done", 0)), dict[str, str]()
    try:
        total = _mark(ctx, row, job, resume) if everything else None
        with opened.opened(ctx, row) as storage:
            while True:
                while count := _write_some(ctx, row, storage, errors):
                    done += count
                    watch.progress(done, total, "Wrote {count} answers", count=done)
                    if watch.cancelled():
                        raise Cancelled
                result = {"written": done - len(errors), "failed": len(errors)}
                if _end(ctx, row, job, done, errors, result, everything):
                    return result
    except Cancelled:
        _fail(ctx, row, "It was stopped by somebody.")
        raise
    except LabelwrightError as error:
        if error.status != 503 or is_last_try:
            _fail(ctx, row, error.message)
        raise


def _begin(ctx: Context, storage_id: int, everything: bool) -> Storage | None:
    with ctx.database.write() as session:
        row = session.get(Storage, storage_id)
        if row is None:
            return None
        if everything:
            moment = serializers.moment(now())
            meta = orjson.loads(row.meta)
            meta |= {
                "attempts": meta.get("attempts", 0) + 1,
                "time_in_progress": moment,
                "time_last_ping": moment,
            }
            row.status, row.traceback, row.meta = "in_progress", None, orjson.dumps(meta).decode()
    return row


def _mark(ctx: Context, row: Storage, job: int, resume: Mapping[str, Any]) -> int:
    """Note all answers of the project, going on where an earlier try stopped. :returns: how many there are."""
    after: int | None = int(resume.get("marked", 0))
    while after is not None:
        with ctx.database.write() as session:
            last = targets.mark_all(session, row.id, row.project_id, after)
            if last is not None and not ctx.queue.checkpoint(session, job, {"marked": last}):
                raise Lost
        after = last
    with ctx.database.read() as session:
        query = select(func.count()).select_from(Annotation).where(Annotation.project_id == row.project_id)
        return session.scalar(query) or 0


def _write_some(ctx: Context, row: Storage, storage: Opened, errors: dict[str, str]) -> int:
    """Claim, read, write, put away. :returns: how many there were."""
    with ctx.database.write() as session:
        claimed = targets.claim(session, row.id, BATCH)
    if not claimed:
        return 0
    refused: dict[int, str] = {}
    try:
        bodies = answers_of(
            ctx, row.project_id, [one.annotation_id for one in claimed if one.wanted == "write"]
        )
        _write_all(storage, claimed, bodies, refused)
    except BaseException:
        with ctx.database.write() as session:
            targets.give_back(session, row.id, claimed)
        raise
    with ctx.database.write() as session:
        targets.put_away(session, row.id, claimed, refused)
    errors.update(
        {str(annotation): words for annotation, words in list(refused.items())[: 100 - len(errors)]}
    )
    return len(claimed)


def _write_all(
    storage: Opened, claimed: Sequence[Row[Any]], bodies: Mapping[int, bytes], refused: dict[int, str]
) -> None:
    def write(one: Row[Any]) -> None:
        key = storage.key_for(str(one.annotation_id))
        try:
            if one.wanted == "delete":
                storage.delete(key)
            elif one.annotation_id in bodies:  # else it was deleted meanwhile, and its note will say so
                storage.write(key, bodies[one.annotation_id])
        except InvalidInput as error:
            refused[one.annotation_id] = error.message

    if storage.parallel == 1 or len(claimed) == 1:
        for one in claimed:
            write(one)
        return
    with ThreadPoolExecutor(storage.parallel, "labelwright-storage") as pool:
        list(pool.map(write, claimed))


def answers_of(ctx: Context, project_id: int, ids: Sequence[int]) -> dict[int, bytes]:
    """Annotation id to the JSON that stands for it in a target, as Label Studio writes it: with its task inside."""
    if not ids:
        return {}
    with ctx.database.read() as session:
        project = session.get(Project, project_id)
        if project is None:
            return {}
        config = label_configs.parse(ctx, project.label_config)
        found = session.scalars(select(Annotation).where(Annotation.id.in_(ids))).all()
        numbers = sorted({one.task_id for one in found})
        tasks = {one["id"]: one for one in records.of_tasks(session, project_id, config, numbers)}
        people = serializers.people(session, {one.completed_by_id for one in found})
    return {one.id: orjson.dumps(_answer(one, people) | {"task": tasks.get(one.task_id)}) for one in found}


def _answer(row: Annotation, people: Mapping[int, serializers.Person]) -> dict[str, Any]:
    author = people.get(row.completed_by_id) if row.completed_by_id else None
    shown = serializers.annotation(row, people)
    return shown | {"completed_by": author and serializers.exported_author(author)}


def _end(
    ctx: Context,
    row: Storage,
    job: int,
    done: int,
    errors: Mapping[str, str],
    result: Mapping[str, Any],
    everything: bool,
) -> bool:
    """End the job, if nothing has come meanwhile."""
    with ctx.database.write() as session:
        if not targets.is_empty(session, row.id):
            return False
        kept = session.get(Storage, row.id)
        if kept is not None and (everything or errors or kept.status == "failed"):
            kept.status = "completed_with_errors" if errors else "completed"
            kept.traceback = "\n".join(f"{key}: {words}" for key, words in errors.items()) or None
        if kept is not None and everything:
            kept.last_sync, kept.last_sync_count = now(), done - len(errors)
            meta = orjson.loads(kept.meta) | {"time_completed": serializers.moment(now())}
            kept.meta = orjson.dumps(meta | {"total_annotations": done}).decode()
        ctx.queue.finish(session, job, result)
        return True


def _fail(ctx: Context, row: Storage, words: str) -> None:
    with ctx.database.write() as session:
        kept = session.get(Storage, row.id)
        if kept is not None:
            meta = orjson.loads(kept.meta) | {"time_failure": serializers.moment(now())}
            kept.status, kept.traceback, kept.meta = "failed", words, orjson.dumps(meta).decode()
