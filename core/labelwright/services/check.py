"""Proving the counters: every number that is kept is computed again from the rows, and mended where it differs.

Whoever runs it on a live server sees what is true at that moment: each project is read in one snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson
from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.orm import Session

from labelwright.models import (
    TOTALS,
    Annotation,
    AnnotationLabel,
    DataColumn,
    Draft,
    Import,
    Prediction,
    Project,
    ProjectDelta,
    ProjectTotals,
    Task,
    TaskLease,
)

from . import counters
from .context import Context
from .visible import published

BLOCK = 2000
"""Tasks compared at a time."""
KEPT = (
    "total_annotations", "cancelled_annotations", "total_predictions", "total_drafts", "total_ground_truths", "taken",
    "is_labeled",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """A number that is not what the rows say."""

    where: str
    """``project 3`` or ``task 17``."""
    name: str
    kept: Any
    counted: Any

    def __str__(self) -> str:
        return f"{self.where}: {self.name} is {self.kept}, the rows say {self.counted}"


def check(ctx: Context, *, mend: bool = False) -> Iterator[Difference]:
    """Compare every counter with the rows.

    :param mend: also set what is wrong to what the rows say.
    :returns: the differences, as they are found.
    """
    with ctx.database.read() as session:
        ids = list(
            session.scalars(select(Project.id).where(Project.deleting.is_(False)).order_by(Project.id))
        )
    for project_id in ids:
        yield from _check_project(ctx, project_id, mend)


def _check_project(ctx: Context, project_id: int, mend: bool) -> Iterator[Difference]:
    sums: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    last = 0
    while True:
        opened = ctx.database.write() if mend else ctx.database.snapshot()
        with opened as session:
            project = session.get(Project, project_id)
            if project is None or project.deleting:
                return
            tasks = list(
                session.scalars(
                    select(Task)
                    .where(Task.project_id == project_id, Task.id > last, published(project_id))
                    .order_by(Task.id)
                    .limit(BLOCK)
                )
            )
            if not tasks:
                break
            yield from _check_tasks(session, project, tasks, sums, columns, mend)
            last = tasks[-1].id
    opened = ctx.database.write() if mend else ctx.database.snapshot()
    with opened as session:
        yield from _check_totals(session, project_id, sums, mend)
        yield from _check_columns(session, project_id, columns, mend)
        yield from _check_imports(session, project_id)


def _check_tasks(
    session: Session,
    project: Project,
    tasks: list[Task],
    sums: Counter[str],
    columns: Counter[str],
    mend: bool,
) -> Iterator[Difference]:
    ids = [task.id for task in tasks]
    answers = _answers(session, ids)
    predictions, drafts, leases = (_count(session, table, ids) for table in (Prediction, Draft, TaskLease))
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for task in tasks:
        own = answers.get(task.id, {})
        counted = own.get("annotations", 0) + (
            own.get("skipped", 0) if project.skip_queue == counters.IGNORE_SKIPPED else 0
        )
        true = {
            "total_annotations": own.get("annotations", 0),
            "cancelled_annotations": own.get("skipped", 0),
            "total_ground_truths": own.get("ground_truths", 0),
            "total_predictions": predictions.get(task.id, 0),
            "total_drafts": drafts.get(task.id, 0),
            "taken": counted + leases.get(task.id, 0),
            "is_labeled": counted >= task.overlap,
        }
        for name in KEPT:
            if getattr(task, name) != true[name]:
                yield Difference(f"task {task.id}", name, getattr(task, name), true[name])
                if mend:
                    setattr(task, name, true[name])
        sums.update(
            tasks=1,
            finished_tasks=int(true["is_labeled"]),
            annotated_tasks=int(true["total_annotations"] > 0),
            annotations=true["total_annotations"],
            skipped=true["cancelled_annotations"],
            ground_truths=true["total_ground_truths"],
            predictions=true["total_predictions"],
        )
        columns.update(decoder.decode(task.data).keys())
    yield from _check_labels(session, ids, mend)


def _answers(session: Session, ids: list[int]) -> dict[int, dict[str, int]]:
    rows = session.execute(
        select(
            Annotation.task_id,
            func.sum(case((Annotation.was_cancelled.is_(True), 0), else_=1)).label("annotations"),
            func.sum(case((Annotation.was_cancelled.is_(True), 1), else_=0)).label("skipped"),
            func.sum(case((Annotation.ground_truth.is_(True), 1), else_=0)).label("ground_truths"),
        )
        .where(Annotation.task_id.in_(ids))
        .group_by(Annotation.task_id)
    )
    return {
        row.task_id: {name: int(getattr(row, name)) for name in ("annotations", "skipped", "ground_truths")}
        for row in rows
    }


def _count(session: Session, table: Any, ids: list[int]) -> dict[int, int]:
    rows = session.execute(
        select(table.task_id, func.count()).where(table.task_id.in_(ids)).group_by(table.task_id)
    )
    return dict(rows.all())


def _check_labels(session: Session, ids: list[int], mend: bool) -> Iterator[Difference]:
    kept: dict[int, Counter[tuple[str, str, str, str]]] = {}
    for row in session.scalars(select(AnnotationLabel).where(AnnotationLabel.task_id.in_(ids))):
        kept.setdefault(row.annotation_id, Counter())[(row.from_name, row.to_name, row.type, row.label)] = (
            row.n
        )
    for annotation in session.scalars(select(Annotation).where(Annotation.task_id.in_(ids))):
        result = orjson.loads(annotation.result) if annotation.result else []
        true, have = counters.labels_of(result), kept.pop(annotation.id, Counter())
        if true != have:
            yield Difference(f"annotation {annotation.id}", "labels", dict(have), dict(true))
            if mend:
                counters.set_labels(session, annotation, result)


def _check_totals(session: Session, project_id: int, true: Counter[str], mend: bool) -> Iterator[Difference]:
    kept = counters.totals(session, [project_id])[project_id]
    wrong = [name for name in TOTALS if kept[name] != true[name]]
    for name in wrong:
        yield Difference(f"project {project_id}", name, kept[name], true[name])
    if wrong and mend:
        version = counters.version(session, project_id)
        for table in (ProjectDelta, ProjectTotals):
            session.execute(delete(table).where(table.project_id == project_id))
        session.execute(
            insert(ProjectTotals).values(
                project_id=project_id, folded=version + 1, **{name: true[name] for name in TOTALS}
            )
        )


def _check_columns(session: Session, project_id: int, true: Counter[str], mend: bool) -> Iterator[Difference]:
    rows = session.execute(
        select(DataColumn.name, DataColumn.tasks).where(DataColumn.project_id == project_id)
    )
    kept = {name: tasks for name, tasks in rows if tasks}
    if kept == {name[:512]: count for name, count in true.items()}:
        return
    yield Difference(f"project {project_id}", "data fields", kept, dict(true))
    if mend:
        session.execute(delete(DataColumn).where(DataColumn.project_id == project_id))
        for name, count in true.items():
            session.execute(insert(DataColumn).values(project_id=project_id, name=name[:512], tasks=count))


def _check_imports(session: Session, project_id: int) -> Iterator[Difference]:
    """Imports that ended must have left nothing behind that is not seen."""
    rows = session.execute(
        select(Import.id, Import.state, func.count(Task.id))
        .join(Task, Task.import_id == Import.id)
        .where(Import.project_id == project_id, Import.state == "failed")
        .group_by(Import.id, Import.state)
    )
    for import_id, state, tasks in rows:
        yield Difference(f"import {import_id}", f"tasks of a {state} import", tasks, 0)
