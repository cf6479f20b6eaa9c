"""The tasks of an export, as JSON: stored text is passed on unread, a thousand tasks at a time.

Five queries a thousand tasks at the most, no object a row, no parsing: the memory is that of one chunk, whatever the
project's size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from labelwright.exporters import Row as ExportRow
from labelwright.label_config import LabelConfig
from labelwright.models import Annotation, Draft, FileUpload, Prediction, Task
from labelwright.services import serializers, undefined
from labelwright.services.data_manager.matching import within_limit
from labelwright.services.visible import published

from . import key_frames

CHUNK = 1000
Hanging = defaultdict[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tasks are exported, and what of them.

    :param ids: only these tasks; ``None``: all.
    :param annotated_only: leave out tasks without an annotation.
    :param full_drafts, full_predictions, full_authors: their contents, rather than their ids.
    :param each_frame: fill in the frames between key frames.
    :param where: further conditions on tasks; :param patterns: where the request has the regular expressions in them.
    :param annotations: conditions on annotations.
    """

    ids: tuple[int, ...] | None = None
    annotated_only: bool = True
    full_drafts: bool = True
    full_predictions: bool = False
    full_authors: bool = False
    each_frame: bool = False
    where: tuple[ColumnElement[bool], ...] = ()
    patterns: tuple[str, ...] = ()
    annotations: tuple[ColumnElement[bool], ...] = ()


def read(
    session: Session, project_id: int, label_config: LabelConfig, selection: Selection
) -> Iterator[ExportRow]:
    """The tasks in order of their ids. Keep the session's transaction open while you read."""
    for tasks in _chunks(session, project_id, selection):
        ids = [task.id for task in tasks]
        annotations = _by_task(session, _of_tasks(_ANNOTATIONS, Annotation, ids, selection.annotations))
        drafts = _by_task(session, _of_tasks(_DRAFTS if selection.full_drafts else _IDS[Draft], Draft, ids))
        predictions = _by_task(
            session,
            _of_tasks(_PREDICTIONS if selection.full_predictions else _IDS[Prediction], Prediction, ids),
        )
        people = _people(session, selection, annotations, drafts)
        for task in tasks:
            row = serializers.exported_task(
                task,
                data=undefined.shown(task.data, label_config),
                file=task.file,
                annotations=[_annotation(row, selection, people) for row in annotations[task.id]],
                drafts=[
                    serializers.exported_draft(row, people) if selection.full_drafts else row.id
                    for row in drafts[task.id]
                ],
                predictions=[
                    serializers.prediction(row) if selection.full_predictions else row.id
                    for row in predictions[task.id]
                ],
            )
            yield ExportRow(orjson.dumps(row))


def count(session: Session, project_id: int, selection: Selection) -> int:
    """How many tasks :func:`read` would give."""
    query = select(func.count()).select_from(Task).where(*_conditions(project_id, selection))
    with within_limit(session, selection.patterns):
        return session.scalar(query) or 0


def _chunks(session: Session, project_id: int, selection: Selection) -> Iterator[Sequence[Any]]:
    query = (
        select(*_TASK, FileUpload.file)
        .outerjoin(FileUpload, FileUpload.id == Task.file_upload_id)
        .where(*_conditions(project_id, selection))
        .order_by(Task.id)
    )
    if selection.ids is not None:
        wanted = sorted(set(selection.ids))
        for start in range(0, len(wanted), CHUNK):
            yield _found(session, query.where(Task.id.in_(wanted[start : start + CHUNK])), selection)
        return
    last = 0
    while rows := _found(session, query.where(Task.id > last).limit(CHUNK), selection):
        yield rows
        last = rows[-1].id


def _found(session: Session, query: Any, selection: Selection) -> Sequence[Any]:
    with within_limit(session, selection.patterns):
        return session.execute(query).all()


def _conditions(project_id: int, selection: Selection) -> list[ColumnElement[bool]]:
    conditions = [Task.project_id == project_id, published(project_id), *selection.where]
    if selection.annotated_only:
        conditions.append(Task.total_annotations + Task.cancelled_annotations > 0)
    return conditions


def _of_tasks(
    columns: Sequence[Any], model: Any, ids: Sequence[int], conditions: Sequence[ColumnElement[bool]] = ()
) -> Select[Any]:
    return select(*columns).where(model.task_id.in_(ids), *conditions).order_by(model.task_id, model.id)


def _by_task(session: Session, query: Select[Any]) -> Hanging:
    found: Hanging = defaultdict(list)
    for row in session.execute(query):
        found[row.task_id].append(row)
    return found


def _people(
    session: Session, selection: Selection, annotations: Hanging, drafts: Hanging
) -> dict[int, serializers.Person]:
    """Who is spoken of by more than an id."""
    ids: set[int | None] = set()
    if selection.full_authors:
        ids.update(row.completed_by_id for rows in annotations.values() for row in rows)
    if selection.full_drafts:
        ids.update(row.user_id for rows in drafts.values() for row in rows)
    return serializers.people(session, ids)


def _annotation(row: Any, selection: Selection, people: Mapping[int, serializers.Person]) -> dict[str, Any]:
    author = row.completed_by_id
    if selection.full_authors and author in people:
        author = serializers.exported_author(people[author])
    annotation = serializers.exported_annotation(row, author)
    if selection.each_frame and row.result is not None:
        annotation["result"] = orjson.Fragment(key_frames.filled(row.result))
    return annotation


_TASK = (
    Task.id, Task.data, Task.meta, Task.created_at, Task.updated_at, Task.allow_skip, Task.inner_id,
    Task.total_annotations, Task.cancelled_annotations, Task.total_predictions, Task.comment_count,
    Task.unresolved_comment_count, Task.last_comment_updated_at, Task.project_id, Task.updated_by_id,
)  # fmt: skip
_ANNOTATIONS = (
    Annotation.id, Annotation.completed_by_id, Annotation.result, Annotation.was_cancelled, Annotation.ground_truth,
    Annotation.created_at, Annotation.updated_at, Annotation.draft_created_at, Annotation.lead_time,
    Annotation.prediction, Annotation.result_count, Annotation.unique_id, Annotation.import_id, Annotation.last_action,
    Annotation.bulk_created, Annotation.task_id, Annotation.project_id, Annotation.updated_by_id,
    Annotation.parent_prediction_id, Annotation.parent_annotation_id, Annotation.last_created_by_id,
)  # fmt: skip
_DRAFTS = (
    Draft.id, Draft.result, Draft.lead_time, Draft.was_postponed, Draft.import_id, Draft.created_at, Draft.updated_at,
    Draft.task_id, Draft.annotation_id, Draft.user_id,
)  # fmt: skip
_PREDICTIONS = (
    Prediction.id, Prediction.result, Prediction.score, Prediction.model_version, Prediction.cluster,
    Prediction.neighbors, Prediction.mislabeling, Prediction.created_at, Prediction.updated_at, Prediction.task_id,
    Prediction.project_id,
)  # fmt: skip
_IDS: dict[Any, tuple[Any, ...]] = {model: (model.id, model.task_id) for model in (Draft, Prediction)}
