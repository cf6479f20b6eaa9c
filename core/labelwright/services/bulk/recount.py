"""Counters of many tasks at once: computed again from the rows, in one statement a batch on either database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Subquery, and_, case, cast, func, null, select, update
from sqlalchemy.orm import Session

from labelwright.models import Annotation, Draft, Prediction, Project, Task, TaskLease, now
from labelwright.services import counters
from labelwright.services.counters import IGNORE_SKIPPED

from .among import among


def sums(session: Session, ids: Sequence[int]) -> dict[str, int]:
    """What these tasks add to their project's totals, by the names of ``models.TOTALS``."""
    return counters.added_by(session, among(session, Task.id, ids))


def recount(session: Session, project: Project, ids: Sequence[int]) -> None:
    """Set every counter of these tasks to what the rows say. The transaction has locked them."""
    true = _counted(session, ids)
    answers = true.c.done + (true.c.skipped if project.skip_queue == IGNORE_SKIPPED else 0)
    finished = answers >= Task.overlap
    session.execute(
        update(Task)
        .where(Task.id == true.c.id)
        .values(
            total_annotations=true.c.done,
            cancelled_annotations=true.c.skipped,
            total_ground_truths=true.c.ground_truths,
            lead_time_sum=true.c.lead_time,
            lead_time_count=true.c.lead_times,
            total_predictions=true.c.predictions,
            prediction_score_sum=true.c.score,
            prediction_score_count=true.c.scores,
            total_drafts=true.c.drafts,
            taken=answers + true.c.leases,
            is_labeled=finished,
            completed_at=case(
                (and_(finished, Task.completed_at.is_(None)), now()),
                (finished, Task.completed_at),
                else_=null(),
            ),
        )
        .execution_options(synchronize_session=False)
    )


def _counted(session: Session, ids: Sequence[int]) -> Subquery:
    skipped = Annotation.was_cancelled.is_(True)
    annotations = _of(
        session,
        Annotation,
        ids,
        done=_number(~skipped),
        skipped=_number(skipped),
        ground_truths=_number(Annotation.ground_truth.is_(True)),
        lead_time=func.sum(Annotation.lead_time),
        lead_times=func.count(Annotation.lead_time),
    )
    predictions = _of(
        session,
        Prediction,
        ids,
        predictions=func.count(),
        score=func.sum(Prediction.score),
        scores=func.count(Prediction.score),
    )
    drafts = _of(session, Draft, ids, drafts=func.count())
    leases = _of(session, TaskLease, ids, leases=func.count())
    parts = (annotations, predictions, drafts, leases)
    columns = [
        func.coalesce(column, 0).label(column.name)
        for part in parts
        for column in part.c
        if column.name != "task_id"
    ]
    query = select(Task.id, *columns).where(among(session, Task.id, ids))
    for part in parts:
        query = query.outerjoin(part, part.c.task_id == Task.id)
    return query.subquery("true_counts")


def _of(session: Session, table: Any, ids: Sequence[int], **columns: Any) -> Subquery:
    named = [column.label(name) for name, column in columns.items()]
    return (
        select(table.task_id, *named)
        .where(among(session, table.task_id, ids))
        .group_by(table.task_id)
        .subquery()
    )


def _number(condition: Any) -> Any:
    return cast(func.sum(case((condition, 1), else_=0)), Integer)
