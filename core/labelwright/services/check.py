"""Proving the counters: every number that is kept is computed again from the rows, and mended where it differs.

Each project is read in one snapshot, block by block, so that it is true on a live server too. What is mended is counted
again behind the locks that writers take; sums are mended by what is missing from them within one snapshot, which stays
right whatever is written meanwhile.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import orjson
from sqlalchemy import and_, case, func, select
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
    Task,
    TaskLease,
)

from . import counters, tasks
from .context import Context
from .data_manager import searched_texts
from .visible import published

BLOCK = 2000
"""Tasks compared at a time, and the most that are mended in one transaction."""
LONGEST_NAME = 512
"""Characters of a data field's name that are kept."""
SUMS = ("lead_time_sum", "prediction_score_sum")
"""Sums of fractions: added in another order they differ in their last digits."""

_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


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


@dataclass
class _Findings:
    """What a walk through a project's rows has counted, and what it found wrong."""

    sums: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    tasks: list[int] = field(default_factory=list)
    annotations: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    """Tasks that the search finds by other words than their data's."""
    is_total_wrong: bool = False
    fields: dict[str, int] = field(default_factory=dict)
    """What is to be added to the numbers of its data fields."""


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
        found = _Findings()
        with ctx.database.snapshot() as session:
            yield from _compare(session, project_id, found)
        if mend:
            _mend(ctx, project_id, found)


def _compare(session: Session, project_id: int, found: _Findings) -> Iterator[Difference]:
    project = session.get(Project, project_id)
    if project is None or project.deleting:
        return
    last, is_searched = 0, searched_texts.is_ready(session, project_id)
    while rows := _block(session, project, last):
        yield from _compare_tasks(session, project, rows, found)
        if is_searched:
            yield from _compare_words(session, rows, found)
        yield from _compare_annotations(session, [row.id for row in rows], found)
        last = rows[-1].id
    yield from _compare_totals(session, project_id, found)
    yield from _compare_columns(session, project_id, found)
    yield from _compare_numbers(session, project)
    yield from _compare_imports(session, project_id)


def _block(session: Session, project: Project, last: int) -> Sequence[Any]:
    return session.execute(
        select(*(getattr(Task, name) for name in ("id", "data", "overlap", *KEPT)))
        .where(Task.project_id == project.id, Task.id > last, published(project.id))
        .order_by(Task.id)
        .limit(BLOCK)
    ).all()


# --- tasks ----------------------------------------------------------------------------------------------------

OF_ANNOTATIONS: Mapping[str, Any] = {
    "total_annotations": func.sum(case((Annotation.was_cancelled.is_(True), 0), else_=1)),
    "cancelled_annotations": func.sum(case((Annotation.was_cancelled.is_(True), 1), else_=0)),
    "total_ground_truths": func.sum(case((Annotation.ground_truth.is_(True), 1), else_=0)),
    "lead_time_sum": func.sum(Annotation.lead_time),
    "lead_time_count": func.count(Annotation.lead_time),
}
OF_PREDICTIONS: Mapping[str, Any] = {
    "total_predictions": func.count(Prediction.id),
    "prediction_score_sum": func.sum(Prediction.score),
    "prediction_score_count": func.count(Prediction.score),
}
KEPT = (*OF_ANNOTATIONS, *OF_PREDICTIONS, "total_drafts", "taken", "is_labeled")
"""The columns of a task that are kept for what hangs on it."""


def _compare_tasks(
    session: Session, project: Project, rows: Sequence[Any], found: _Findings
) -> Iterator[Difference]:
    true = _true(session, project, {row.id: row.overlap for row in rows})
    for row in rows:
        own = true[row.id]
        wrong = [name for name in KEPT if not _is_same(name, getattr(row, name), own[name])]
        if wrong:
            found.tasks.append(row.id)
        for name in wrong:
            yield Difference(f"task {row.id}", name, getattr(row, name), own[name])
        found.sums.update(
            tasks=1,
            finished_tasks=int(own["is_labeled"]),
            annotated_tasks=int(own["total_annotations"] > 0),
            annotations=own["total_annotations"],
            skipped=own["cancelled_annotations"],
            ground_truths=own["total_ground_truths"],
            predictions=own["total_predictions"],
        )
        found.columns.update(name[:LONGEST_NAME] for name in _fields.decode(row.data))


def _true(session: Session, project: Project, overlaps: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """What the rows say of these tasks: four queries."""
    ids = list(overlaps)
    annotations = _sums(session, Annotation, OF_ANNOTATIONS, ids)
    predictions = _sums(session, Prediction, OF_PREDICTIONS, ids)
    drafts = _sums(session, Draft, {"n": func.count()}, ids)
    leases = _sums(session, TaskLease, {"n": func.count()}, ids)
    found = {}
    for task_id, overlap in overlaps.items():
        own = dict.fromkeys(KEPT, 0) | annotations.get(task_id, {}) | predictions.get(task_id, {})
        counted = own["total_annotations"]
        if project.skip_queue == counters.IGNORE_SKIPPED:
            counted += own["cancelled_annotations"]
        own["total_drafts"] = drafts.get(task_id, {}).get("n", 0)
        own["taken"] = counted + leases.get(task_id, {}).get("n", 0)
        own["is_labeled"] = counted >= overlap
        found[task_id] = own
    return found


def _sums(
    session: Session, model: Any, columns: Mapping[str, Any], ids: Sequence[int]
) -> dict[int, dict[str, Any]]:
    named = [column.label(name) for name, column in columns.items()]
    query = select(model.task_id, *named).where(model.task_id.in_(ids)).group_by(model.task_id)
    return {
        row.task_id: {
            name: float(getattr(row, name) or 0) if name in SUMS else int(getattr(row, name) or 0)
            for name in columns
        }
        for row in session.execute(query)
    }


def _is_same(name: str, kept: Any, true: Any) -> bool:
    return math.isclose(kept, true, rel_tol=1e-9, abs_tol=1e-6) if name in SUMS else kept == true


def _mend_tasks(session: Session, project: Project, ids: Sequence[int]) -> None:
    rows = list(
        session.scalars(
            select(Task)
            .where(Task.id.in_(ids), Task.project_id == project.id)
            .order_by(Task.id)
            .with_for_update()
        )
    )
    true = _true(session, project, {row.id: row.overlap for row in rows})
    for row in rows:
        for name, value in true[row.id].items():
            if not _is_same(name, getattr(row, name), value):
                setattr(row, name, value)


def _compare_words(session: Session, rows: Sequence[Any], found: _Findings) -> Iterator[Difference]:
    for number, (kept, own) in searched_texts.different(session, rows).items():
        yield Difference(f"task {number}", "words for the search", kept, own)
        found.words.append(number)


# --- annotations ----------------------------------------------------------------------------------------------


def _compare_annotations(session: Session, task_ids: Sequence[int], found: _Findings) -> Iterator[Difference]:
    """The labels of each, in the derived table, and how many results it has."""
    kept: dict[int, Counter[Any]] = {}
    own = and_(
        AnnotationLabel.task_id == Annotation.task_id, AnnotationLabel.project_id == Annotation.project_id
    )
    labels = AnnotationLabel
    query = (
        select(
            labels.annotation_id, labels.from_name, labels.to_name, labels.type, labels.label, labels.n,
            own.label("is_own"),
        )
        .join(Annotation, Annotation.id == labels.annotation_id)
        .where(Annotation.task_id.in_(task_ids))
    )  # fmt: skip
    for row in session.execute(query):
        key = (row.from_name, row.to_name, row.type, row.label)
        kept.setdefault(row.annotation_id, Counter())[key if row.is_own else (*key, "of another task")] = (
            row.n
        )
    answers = session.execute(
        select(Annotation.id, Annotation.result, Annotation.result_count).where(
            Annotation.task_id.in_(task_ids)
        )
    )
    for answer in answers:
        result = orjson.loads(answer.result) if answer.result else None
        true, have = counters.labels_of(result or []), kept.get(answer.id, Counter())
        if true != have:
            yield Difference(f"annotation {answer.id}", "labels", dict(have), dict(true))
        if answer.result_count != len(result or []):
            yield Difference(
                f"annotation {answer.id}", "result_count", answer.result_count, len(result or [])
            )
        if true != have or answer.result_count != len(result or []):
            found.annotations.append(answer.id)


def _mend_annotations(session: Session, ids: Sequence[int]) -> None:
    of_these = select(Annotation.task_id).where(Annotation.id.in_(ids))
    session.execute(select(Task.id).where(Task.id.in_(of_these)).order_by(Task.id).with_for_update())
    for row in session.scalars(select(Annotation).where(Annotation.id.in_(ids)).order_by(Annotation.id)):
        result = orjson.loads(row.result) if row.result else None
        row.result_count = len(result or [])
        counters.set_labels(session, row, result)


# --- projects -------------------------------------------------------------------------------------------------


def _compare_totals(session: Session, project_id: int, found: _Findings) -> Iterator[Difference]:
    kept = counters.totals(session, [project_id])[project_id]
    for name in TOTALS:
        if kept[name] != found.sums[name]:
            yield Difference(f"project {project_id}", name, kept[name], found.sums[name])
            found.is_total_wrong = True


def _compare_columns(session: Session, project_id: int, found: _Findings) -> Iterator[Difference]:
    rows = session.execute(
        select(DataColumn.name, DataColumn.tasks).where(DataColumn.project_id == project_id)
    )
    kept = dict(rows.all())
    for name in sorted({*kept, *found.columns}):
        have, true = kept.get(name, 0), found.columns[name]
        if have != true:
            yield Difference(f"project {project_id}", f"tasks with the field {name!r}", have, true)
            found.fields[name] = true - have


def _compare_numbers(session: Session, project: Project) -> Iterator[Difference]:
    """The next free number of a task must be free."""
    last = _last_number(session, project.id)
    if project.next_inner_id <= last:
        yield Difference(f"project {project.id}", "next_inner_id", project.next_inner_id, last + 1)


def _last_number(session: Session, project_id: int) -> int:
    return session.scalar(select(func.max(Task.inner_id)).where(Task.project_id == project_id)) or 0


def _compare_imports(session: Session, project_id: int) -> Iterator[Difference]:
    """Imports that ended must have left nothing behind that is not seen. The server sweeps it by itself."""
    rows = session.execute(
        select(Import.id, func.count(Task.id))
        .join(Task, Task.import_id == Import.id)
        .where(Import.project_id == project_id, Import.state == "failed")
        .group_by(Import.id)
    )
    for import_id, left in rows:
        yield Difference(f"import {import_id}", "tasks of a failed import", left, 0)


def _mend(ctx: Context, project_id: int, found: _Findings) -> None:
    """Set right what was found wrong, in short transactions."""
    for begin in range(0, len(found.tasks), BLOCK):
        with ctx.database.write() as session:
            if (project := session.get(Project, project_id)) is not None:
                _mend_tasks(session, project, found.tasks[begin : begin + BLOCK])
    for begin in range(0, len(found.annotations), BLOCK):
        with ctx.database.write() as session:
            _mend_annotations(session, found.annotations[begin : begin + BLOCK])
    for begin in range(0, len(found.words), BLOCK):
        with ctx.database.write() as session:
            searched_texts.read_again(ctx, session, project_id, found.words[begin : begin + BLOCK])
    wrong: dict[str, int] = {}
    if found.is_total_wrong or found.tasks:
        with ctx.database.snapshot() as session:
            wrong = _missing_from_totals(session, project_id)
    with ctx.database.write() as session:
        project = session.get(Project, project_id, with_for_update=True)
        if project is None:
            return
        counters.add_delta(session, project_id, wrong)
        tasks.count_columns(session, project_id, found.fields)
        project.next_inner_id = max(project.next_inner_id, _last_number(session, project_id) + 1)


def _missing_from_totals(session: Session, project_id: int) -> dict[str, int]:
    """What is to be added to the project's totals. Its tasks are right by now, and so are all changes since."""
    columns = {
        "tasks": func.count(),
        "finished_tasks": func.sum(case((Task.is_labeled.is_(True), 1), else_=0)),
        "annotated_tasks": func.sum(case((Task.total_annotations > 0, 1), else_=0)),
        "annotations": func.sum(Task.total_annotations),
        "skipped": func.sum(Task.cancelled_annotations),
        "ground_truths": func.sum(Task.total_ground_truths),
        "predictions": func.sum(Task.total_predictions),
    }
    named = [columns[name].label(name) for name in TOTALS]
    row = session.execute(select(*named).where(Task.project_id == project_id, published(project_id))).one()
    kept = counters.totals(session, [project_id])[project_id]
    return {name: int(getattr(row, name) or 0) - kept[name] for name in TOTALS}
