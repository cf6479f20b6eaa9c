"""Counters: exact on the task row, deltas for the project, labels in a table of their own.

Whoever writes annotations, predictions or drafts calls these in the same transaction. Lists then never aggregate, and
``labelwright check`` can prove every number against the rows (see ``services/check.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from labelwright.models import (
    TOTALS,
    Annotation,
    AnnotationLabel,
    ProjectDelta,
    ProjectTotals,
    Task,
    now,
    table_of,
)

IGNORE_SKIPPED = "IGNORE_SKIPPED"
FOLD_AT = 512
"""Deltas of one project that are worth a fold."""
LONGEST_LABEL = 512
"""Characters of a label that the derived table keeps."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one annotation adds to its task's counters."""

    was_cancelled: bool
    ground_truth: bool
    lead_time: float | None


_ADD_DELTA = insert(table_of(ProjectDelta))
_ADD_LABELS = insert(table_of(AnnotationLabel))
_NO_CHANGE = dict.fromkeys(TOTALS, 0)


def lock_task(session: Session, task_id: int) -> Task | None:
    """The task, locked for this transaction: annotators of one task pass one after the other."""
    return session.get(Task, task_id, with_for_update=True, populate_existing=True)


def change_annotation(
    session: Session, task: Task, *, before: Weight | None, after: Weight | None, skip_queue: str
) -> None:
    """Count one annotation's coming, change or going.

    :param task: locked by :func:`lock_task`.
    :param before: what it added until now, ``None`` for a new one; :param after: what it adds now, ``None`` if deleted.
    """
    counts, delta = moved(task, before=before, after=after, skip_queue=skip_queue)
    for name, value in counts.items():
        setattr(task, name, value)
    session.flush()
    add_delta(session, task.project_id, delta)


def moved(
    task: Any, *, before: Weight | None, after: Weight | None, skip_queue: str
) -> tuple[dict[str, Any], dict[str, int]]:
    """What one annotation's coming, change or going makes of its task's counters.

    :param task: the counters of ``models.Task``, read from a row that is locked.
    :returns: the task's counters from now on, and what is added to its project's totals.
    """
    counts: Counter[str] = Counter()
    lead_time_sum, lead_times = task.lead_time_sum, task.lead_time_count
    for weight, sign in ((before, -1), (after, 1)):
        if weight is None:
            continue
        counts["skipped" if weight.was_cancelled else "annotations"] += sign
        counts["ground_truths"] += sign * weight.ground_truth
        if weight.lead_time is not None:
            lead_time_sum += sign * weight.lead_time
            lead_times += sign
    annotations, skipped = (
        task.total_annotations + counts["annotations"],
        task.cancelled_annotations + counts["skipped"],
    )
    added = counts["annotations"] + (counts["skipped"] if skip_queue == IGNORE_SKIPPED else 0)
    counted = annotations + (skipped if skip_queue == IGNORE_SKIPPED else 0)
    is_labeled = counted >= task.overlap
    delta = dict(counts) | {
        "finished_tasks": int(is_labeled) - int(task.is_labeled),
        "annotated_tasks": int(annotations > 0) - int(task.total_annotations > 0),
    }
    return {
        "total_annotations": annotations,
        "cancelled_annotations": skipped,
        "total_ground_truths": task.total_ground_truths + counts["ground_truths"],
        "lead_time_sum": lead_time_sum if lead_times else 0.0,
        "lead_time_count": lead_times,
        "taken": task.taken + added,
        "is_labeled": is_labeled,
        "completed_at": (task.completed_at or now()) if is_labeled else None,
    }, delta


def add_delta(session: Session, project_id: int, delta: Mapping[str, int]) -> None:
    """Add to a project's totals. One row, so that no submit waits for another's.

    A row of zeros is written too: the number of rows is the version of what is counted over the project's tasks.
    """
    session.connection().execute(_ADD_DELTA, {**_NO_CHANGE, **delta, "project_id": project_id})


def touch(session: Session, project_id: int) -> None:
    """Say that something about a project's tasks has changed, though no total has."""
    add_delta(session, project_id, {})


def version(session: Session, project_id: int) -> int:
    """How often a project's tasks have changed: the number of deltas ever written. It only grows."""
    open_deltas = select(func.count()).where(ProjectDelta.project_id == project_id).scalar_subquery()
    folded = (
        select(func.coalesce(func.sum(ProjectTotals.folded), 0))
        .where(ProjectTotals.project_id == project_id)
        .scalar_subquery()
    )
    return int(session.execute(select(open_deltas + folded)).scalar() or 0)


def added_by(session: Session, where: ColumnElement[bool]) -> dict[str, int]:
    """What tasks add to their project's totals, by the names of ``models.TOTALS``.

    :param where: the condition on :class:`Task` that picks them.
    """
    row = session.execute(
        select(
            func.count().label("tasks"),
            func.sum(case((Task.is_labeled.is_(True), 1), else_=0)).label("finished_tasks"),
            func.sum(case((Task.total_annotations > 0, 1), else_=0)).label("annotated_tasks"),
            func.sum(Task.total_annotations).label("annotations"),
            func.sum(Task.cancelled_annotations).label("skipped"),
            func.sum(Task.total_ground_truths).label("ground_truths"),
            func.sum(Task.total_predictions).label("predictions"),
        ).where(where)
    ).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}


def totals(session: Session, project_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """The totals of projects: id to counts by the names of ``models.TOTALS``."""
    found = {project_id: dict.fromkeys(TOTALS, 0) for project_id in project_ids}
    for table in (ProjectTotals, ProjectDelta):
        columns = [func.sum(getattr(table, name)).label(name) for name in TOTALS]
        rows = session.execute(
            select(table.project_id, *columns)
            .where(table.project_id.in_(project_ids))
            .group_by(table.project_id)
        )
        for row in rows:
            for name in TOTALS:
                found[row.project_id][name] += int(getattr(row, name) or 0)
    return found


def fold(session: Session, project_id: int) -> None:
    """Add the deltas up into the totals row. Readers see the same sums before and after."""
    removed = session.execute(
        delete(ProjectDelta)
        .where(ProjectDelta.project_id == project_id)
        .returning(*(getattr(ProjectDelta, name) for name in TOTALS))
        .execution_options(synchronize_session=False)
    ).all()
    if not removed:
        return
    sums = {name: sum(getattr(row, name) for row in removed) for name in TOTALS} | {"folded": len(removed)}
    changed = session.execute(
        update(ProjectTotals)
        .where(ProjectTotals.project_id == project_id)
        .values(
            {
                getattr(ProjectTotals, name): getattr(ProjectTotals, name) + value
                for name, value in sums.items()
            }
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        session.execute(insert(ProjectTotals).values(project_id=project_id, **sums))


def worth_folding(session: Session, least: int = FOLD_AT) -> list[int]:
    """Projects whose deltas have become many."""
    return list(
        session.scalars(
            select(ProjectDelta.project_id).group_by(ProjectDelta.project_id).having(func.count() >= least)
        )
    )


def labels_of(result: Iterable[Any]) -> Counter[tuple[str, str, str, str]]:
    """The labels in a result: ``(from_name, to_name, type, label)`` to how often.

    The labels of an item stand in its value under the item's own type; an item without any counts under ``""``.
    """
    counted: Counter[tuple[str, str, str, str]] = Counter()
    for item in result:
        if not isinstance(item, dict) or "from_name" not in item:
            continue
        kind, value = str(item.get("type", "")), item.get("value")
        key = (str(item["from_name"])[:256], str(item.get("to_name", ""))[:256], kind[:64])
        labels = value.get(kind) if isinstance(value, dict) else None
        texts = [label_text(label) for label in labels] if isinstance(labels, list) else []
        for label in texts or [""]:
            counted[(*key, label)] += 1
    return counted


def label_text(label: Any) -> str:
    """A label as the derived table has it: its text, or the path of texts that leads to it."""
    text = label if isinstance(label, str) else _path(label)
    return text[:LONGEST_LABEL]


def _path(label: Any) -> str:
    return " / ".join(map(str, label)) if isinstance(label, list) else orjson.dumps(label).decode()


def set_labels(session: Session, annotation: Annotation, result: Iterable[Any] | None) -> None:
    """Replace the rows of an annotation's labels."""
    session.execute(
        delete(AnnotationLabel)
        .where(AnnotationLabel.annotation_id == annotation.id)
        .execution_options(synchronize_session=False)
    )
    add_labels(session, annotation, result)


def add_labels(session: Session, annotation: Annotation, result: Iterable[Any] | None) -> None:
    """Write the rows of a new annotation's labels, which has its id."""
    rows = [
        {
            "annotation_id": annotation.id,
            "task_id": annotation.task_id,
            "project_id": annotation.project_id,
            "from_name": from_name,
            "to_name": to_name,
            "type": kind,
            "label": label,
            "n": n,
        }
        for (from_name, to_name, kind, label), n in labels_of(result or []).items()
    ]
    if rows:
        session.connection().execute(_ADD_LABELS, rows)
