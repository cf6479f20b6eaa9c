"""Taking a run of a bulk action back: newest work first, a batch a transaction, and never over newer work of others.

First everything is looked at. If one answer or task has been changed since, nothing is touched, and the refusal names
it. Then each note is undone in one transaction and deleted with it, so that a killed undo goes on with what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from labelwright.errors import Conflict
from labelwright.events import TasksCreated, in_batches
from labelwright.job_kinds import JobSpec
from labelwright.models import ActionRun, ActionUndo, Annotation, Draft, Project, Task, now
from labelwright.services import projects, tasks
from labelwright.services.context import Caller, Context
from labelwright.services.data_manager import searched_texts
from labelwright.services.imports.run import Cancelled, Lost
from labelwright.services.permissions import require

from . import runs
from .among import among
from .batch import TaskBatch
from .keep import RESTORED, columns_of, digest, revived, unpacked

KIND = "bulk-action-undo"
SAID = 20
"""Ids that a refusal names."""
Content = dict[str, Any]


def begin(ctx: Context, caller: Caller, run_id: int, *, in_job: bool) -> int:
    """Claim a run for being taken back.

    :returns: the job that shows how it goes; with ``in_job`` it also does it.
    :raises Conflict: if it cannot be taken back, or is under way.
    """
    with ctx.database.write() as session:
        run = runs.get(session, caller, run_id)
        for permission in ("actions.perform", "tasks.change"):
            require(ctx, caller, permission, session=session, project=run.project_id)
        session.refresh(run, with_for_update=True)
        if (refusal := runs.why_not(run)) is not None:
            raise Conflict(refusal, code=f"undo-{run.undo}", params={"run": run_id, "title": run.title})
        if run.state in ("running", "undoing"):
            raise Conflict("The action is under way.", code="action-under-way", params={"run": run_id})
        _refuse_newer_work(session, run)
        run.state = "undoing"
        spec = JobSpec(KIND, {"run_id": run.id, "user_id": caller.user_id}, project=run.project_id)
        job = ctx.queue.add(
            session,
            spec,
            owner=caller.user_id,
            organization=caller.organization_id,
            running=not in_job,
        )
        assert job is not None, "an undo's job has no key that could make it superfluous"
        run.job_id = job
    return job


def take_back(ctx: Context, caller: Caller, run_id: int, watch: Any) -> int:
    """Undo what is left of a run. :returns: how many items were put back.

    :raises Conflict: naming what has changed since; what was undone before it stays undone.
    """
    done = 0
    while True:
        with ctx.database.write() as session:
            run = session.get(ActionRun, run_id)
            if run is None:
                return done
            note = session.scalar(
                select(ActionUndo).where(ActionUndo.run_id == run_id).order_by(ActionUndo.id.desc()).limit(1)
            )
            if note is None:
                run.state, run.undo, run.undo_bytes = "undone", "used", 0
                run.undone_by_id, run.undone_at = caller.user_id, now()
                return done
            project = projects.get(session, caller, run.project_id)
            content = unpacked(note.content)
            ids = POWERS[note.power].tasks(session, content)
            _lock(session, project.id, ids)
            _refuse(run, note.power, list(POWERS[note.power].newer(session, content)))
            batch = TaskBatch(ctx, session, caller, project, ids)
            told = POWERS[note.power].undo(ctx, session, caller, project, batch, content)
            events = batch.settle() + told
            session.execute(
                delete(ActionUndo)
                .where(ActionUndo.id == note.id)
                .execution_options(synchronize_session=False)
            )
            done += note.items
        for hook, event in events:
            ctx.tell(hook, event)
        if watch is not None:
            watch.progress(done)
            if watch.cancelled():
                raise Cancelled


def work(ctx: Context, caller: Caller, run_id: int, watch: Any) -> dict[str, Any]:
    """Take a claimed run back; if that is refused or stopped, it can be tried again."""
    try:
        return {"processed_items": take_back(ctx, caller, run_id, watch), "run": run_id}
    except Lost:
        raise
    except BaseException:
        with ctx.database.write() as session:
            session.execute(
                update(ActionRun)
                .where(ActionRun.id == run_id, ActionRun.state == "undoing")
                .values(state="done")
                .execution_options(synchronize_session=False)
            )
        raise


def _refuse_newer_work(session: Session, run: ActionRun) -> None:
    last = 0
    while True:
        note = session.scalar(
            select(ActionUndo)
            .where(ActionUndo.run_id == run.id, ActionUndo.id > last)
            .order_by(ActionUndo.id)
            .limit(1)
        )
        if note is None:
            return
        _refuse(run, note.power, list(POWERS[note.power].newer(session, unpacked(note.content))))
        last = note.id
        session.expunge(note)


def _refuse(run: ActionRun, power: str, newer: list[int]) -> None:
    if not newer:
        return
    what = POWERS[power].what
    named = ", ".join(map(str, newer[:SAID])) + (" and others" if len(newer) > SAID else "")
    raise Conflict(
        f"{run.title!r} cannot be taken back: newer work would be lost. Changed since: {what} {named}.",
        code="undo-newer-work", params={"run": run.id, "what": what, "ids": newer[:SAID]},
    )  # fmt: skip


def _lock(session: Session, project_id: int, ids: list[int]) -> None:
    mine = (Task.project_id == project_id, Task.id.in_(ids))
    session.execute(select(Task.id).where(*mine).order_by(Task.id).with_for_update()).all()


class _Power:
    """How one power is taken back.

    :param what: what its notes are of, for a refusal.
    :param tasks: the tasks that are touched; :param newer: what has been changed since.
    :param undo: does it; answers events to tell besides the batch's.
    """

    def __init__(
        self,
        what: str,
        tasks: Callable[[Session, Content], list[int]],
        newer: Callable[[Session, Content], Iterator[int]],
        undo: Callable[[Context, Session, Caller, Project, TaskBatch, Content], list[tuple[str, Any]]],
    ) -> None:
        self.what, self.tasks, self.newer, self.undo = what, tasks, newer, undo


# task data: before, digest of what was written


def _data_tasks(session: Session, content: Content) -> list[int]:
    return sorted(map(int, content))


def _data_newer(session: Session, content: Content) -> Iterator[int]:
    rows = session.execute(select(Task.id, Task.data).where(Task.id.in_(_data_tasks(session, content))))
    return (row.id for row in rows if digest(row.data) != content[str(row.id)][1])


def _data_undo(
    ctx: Context, session: Session, caller: Caller, project: Project, batch: TaskBatch, content: Content
) -> list[tuple[str, Any]]:
    there = batch.data()
    batch.write_data({int(task): before for task, (before, _) in content.items() if int(task) in there})
    return []


# results: before, digest of what was written


def _tasks_of_annotations(session: Session, content: Content) -> list[int]:
    found = session.scalars(
        select(Annotation.task_id).where(among(session, Annotation.id, list(map(int, content)))).distinct()
    )
    return sorted(found)


def _results_newer(session: Session, content: Content) -> Iterator[int]:
    rows = session.execute(
        select(Annotation.id, Annotation.result).where(among(session, Annotation.id, list(map(int, content))))
    )
    return (row.id for row in rows if digest(row.result or "[]") != content[str(row.id)][1])


def _results_undo(
    ctx: Context, session: Session, caller: Caller, project: Project, batch: TaskBatch, content: Content
) -> list[tuple[str, Any]]:
    there = set(
        session.scalars(select(Annotation.id).where(among(session, Annotation.id, list(map(int, content)))))
    )
    texts = {int(number): before for number, (before, _) in content.items() if int(number) in there}
    batch.write_results(texts, asked=False)
    return []


# created annotations: digest of what was written


def _created_newer(session: Session, content: Content) -> Iterator[int]:
    ids = list(map(int, content))
    has_draft = exists().where(Draft.annotation_id == Annotation.id)
    rows = session.execute(
        select(
            Annotation.id,
            Annotation.result,
            Annotation.last_action,
            Annotation.ground_truth,
            has_draft.label("draft"),
        ).where(among(session, Annotation.id, ids))
    )
    for row in rows:
        is_touched = row.last_action is not None or row.ground_truth or row.draft
        if is_touched or digest(row.result or "[]") != content[str(row.id)]:
            yield row.id


def _created_undo(
    ctx: Context, session: Session, caller: Caller, project: Project, batch: TaskBatch, content: Content
) -> list[tuple[str, Any]]:
    batch.remove_annotations(among(session, Annotation.id, list(map(int, content))))
    return []


# merged tasks: their rows, and whose the answers were


def _merge_tasks(session: Session, content: Content) -> list[int]:
    return sorted(set(content["into"].values()))


def _merge_newer(session: Session, content: Content) -> Iterator[int]:
    """Nothing is overwritten when tasks come back; only what they were merged into must be there."""
    wanted = _merge_tasks(session, content)
    there = set(session.scalars(select(Task.id).where(Task.id.in_(wanted))))
    return (task for task in wanted if task not in there)


def _merge_undo(
    ctx: Context, session: Session, caller: Caller, project: Project, batch: TaskBatch, content: Content
) -> list[tuple[str, Any]]:
    """Bring the tasks back, then give them their answers and drafts."""
    for model in RESTORED:
        rows = revived(model, content[model.__tablename__])
        if model is Task:
            rows = _without_lost_references(session, rows)
        ctx.database.insert_rows(session, model.__table__, columns_of(model), rows)
    ids = [int(task) for task in content["into"]]
    _read_fields(ctx, session, project, ids)
    batch.hand_back(ids, dict(content[Annotation.__tablename__]), dict(content[Draft.__tablename__]))
    events = [TasksCreated(project.id, some) for some in in_batches(ids)]
    for event in events:
        ctx.plan(session, "plan_tasks_created", event, caller)
    return [("on_tasks_created", event) for event in events]


def _without_lost_references(session: Session, rows: list[list[Any]]) -> list[list[Any]]:
    """Tasks as they were, but for files and people that are gone by now."""
    names = columns_of(Task)
    for name in ("file_upload_id", "updated_by_id"):
        place = names.index(name)
        (key,) = Task.__table__.c[name].foreign_keys
        wanted = {row[place] for row in rows if row[place] is not None}
        there = set(session.scalars(select(key.column).where(key.column.in_(wanted)))) if wanted else set()
        for row in rows:
            row[place] = row[place] if row[place] in there else None
    return rows


def _read_fields(ctx: Context, session: Session, project: Project, ids: list[int]) -> None:
    """Count the fields of tasks that are back, and keep their words."""
    seen: dict[str, int] = {}
    rows = session.execute(select(Task.id, Task.data).where(Task.id.in_(ids))).all()
    for row in rows:
        for name in orjson.loads(row.data):
            seen[name] = seen.get(name, 0) + 1
    tasks.count_columns(session, project.id, seen)
    searched_texts.keep(ctx, session, project.id, ((row.id, row.data) for row in rows), are_new=True)


POWERS: Mapping[str, _Power] = {
    "data": _Power("the data of tasks", _data_tasks, _data_newer, _data_undo),
    "results": _Power("annotations", _tasks_of_annotations, _results_newer, _results_undo),
    "annotations": _Power("annotations", _tasks_of_annotations, _created_newer, _created_undo),
    "merge": _Power("deleted tasks", _merge_tasks, _merge_newer, _merge_undo),
}
"""Name of a power, as ``Keep.note`` has it, to how it is taken back."""
