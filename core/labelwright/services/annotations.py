"""Annotations: submitted, changed, skipped, deleted. Each write settles counters, labels, drafts and lease at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, Select, and_, bindparam, delete, exc, exists, false, insert, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, InvalidFields, InvalidInput, NotFound
from labelwright.events import AnnotationsChanged
from labelwright.models import (
    Annotation,
    Draft,
    Import,
    Prediction,
    Project,
    ProjectMembership,
    StreamPosition,
    Task,
    now,
    table_of,
)

from . import counters, label_configs, labelling, leases, projects, tasks
from .context import Caller, Context
from .permissions import require, require_as


def get(session: Session, caller: Caller, annotation_id: int) -> Annotation:
    """The annotation, if the caller's organisation has it.

    :raises NotFound: also for another organisation's.
    """
    row = session.execute(
        select(Annotation, Project.organization_id, Project.deleting)
        .join(Project, Project.id == Annotation.project_id)
        .where(Annotation.id == annotation_id)
    ).first()
    if row is None or row.organization_id != caller.organization_id or row.deleting:
        raise NotFound(
            "No Annotation matches the given query.", code="no-annotation", params={"id": annotation_id}
        )
    tasks.get(session, caller, row.Annotation.task_id)
    found: Annotation = row.Annotation
    return found


def of_task(session: Session, caller: Caller, task_id: int) -> list[Annotation]:
    """A task's annotations, oldest first."""
    tasks.get(session, caller, task_id)
    return list(
        session.scalars(select(Annotation).where(Annotation.task_id == task_id).order_by(Annotation.id))
    )


def submit(
    ctx: Context, caller: Caller, task_id: int, values: Mapping[str, Any], *, skip: bool | None = None
) -> Annotation:
    """Save the caller's answer for a task.

    A lease on the task is given back, and the caller's drafts of it end. The same ``unique_id`` again is
    answered with the annotation that is stored, when it is the same answer; another answer under it is refused.

    :param values: ``result`` as JSON text, and Label Studio's further fields, checked.
    :param skip: that the task was skipped, whatever ``values`` say.
    :raises InvalidRegion: with the path of what does not fit; nothing is saved, the draft stays.
    :raises Conflict: if the ``unique_id`` is another answer's.
    """
    try:
        return _submit(ctx, caller, task_id, values, skip)
    except exc.IntegrityError as error:
        if values.get("unique_id") and "unique_id" in str(error.orig):
            with ctx.database.read() as session:
                return _same_again(session, caller, task_id, values)
        raise NotFound("No Task matches the given query.", code="no-task", params={"id": task_id}) from error


def _submit(
    ctx: Context, caller: Caller, task_id: int, values: Mapping[str, Any], skip: bool | None
) -> Annotation:
    result = _result(values.get("result"))
    with ctx.database.write() as session:
        asked = {"task": task_id, "user": caller.user_id, "organization": caller.organization_id}
        task = session.connection().execute(_SITUATION, asked).first()
        if task is None:
            raise NotFound("No Task matches the given query.", code="no-task", params={"id": task_id})
        require_as(ctx, caller, "annotations.create", task.role, task.project_id)
        if values.get("unique_id") and _known(session, values["unique_id"]) is not None:
            return _same_again(session, caller, task_id, values)
        cancelled = bool(values.get("was_cancelled")) if skip is None else skip
        if cancelled and not task.allow_skip:
            raise InvalidInput(
                "Skipping is not allowed for this task.", code="skip-not-allowed", field="was_cancelled"
            )
        label_configs.parse(ctx, task.label_config).check(result or [], orjson.loads(task.data))
        ctx.registry.check(
            "check_annotations",
            project=task.project_id,
            task=task.id,
            user=caller.user_id,
            results=[result or []],
        )
        drafts = _end_drafts(session, caller, task, values.get("draft_id"))
        annotation = _added(session, caller, task, values, len(result or []), cancelled, drafts)
        counters.add_labels(session, annotation, result)
        counted = counters.moved(task, before=None, after=_weight(annotation), skip_queue=task.skip_queue)
        _settle(session, caller, task, annotation, counted, drafts.number)
        limit = ctx.settings.tasks_history_limit
        labelling.remember(session, task.project_id, caller.user_id, task, task.id, annotation.id, limit)
        event = AnnotationsChanged(task.project_id, created=(annotation.id,), tasks=(task.id,))
        ctx.plan(session, "plan_annotations_changed", event, caller)
    ctx.tell("on_annotations_changed", event)
    return annotation


def _added(
    session: Session,
    caller: Caller,
    task: Row[Any],
    values: Mapping[str, Any],
    result_count: int,
    cancelled: bool,
    drafts: _EndedDrafts,
) -> Annotation:
    """Write a new annotation. What is returned has its id, and belongs to no session."""
    moment = now()
    row = {
        "task_id": task.id,
        "project_id": task.project_id,
        "completed_by_id": caller.user_id,
        "updated_by_id": caller.user_id,
        "last_created_by_id": None,
        "result": _text(values.get("result")),
        "result_count": result_count,
        "was_cancelled": cancelled,
        "ground_truth": bool(values.get("ground_truth")),
        "lead_time": _sum(values.get("lead_time"), drafts.seconds),
        "created_at": moment,
        "updated_at": moment,
        "draft_created_at": drafts.began_at,
        "unique_id": values.get("unique_id"),
        "import_id": None,
        "parent_prediction_id": values.get("parent_prediction"),
        "parent_annotation_id": values.get("parent_annotation"),
        "last_action": "skipped" if cancelled else "submitted",
        "bulk_created": False,
        "prediction": _shown_prediction(session, task.id, values.get("parent_prediction")),
    }
    return Annotation(id=session.connection().execute(_ADD, row).scalar_one(), **row)


def _settle(
    session: Session,
    caller: Caller,
    task: Row[Any],
    annotation: Annotation,
    counted: tuple[dict[str, Any], dict[str, int]],
    drafts: int,
) -> None:
    """Count a new annotation, the lease and the drafts that end with it, and the ground truths that it replaces."""
    counts, delta = counted
    replaced = _only_ground_truth(session, annotation) if annotation.ground_truth else 0
    released = leases.release(session, task.id, caller.user_id)
    row = counts | {
        "taken": counts["taken"] - released,
        "total_ground_truths": counts["total_ground_truths"] - replaced,
        "total_drafts": task.total_drafts - drafts,
        "updated_at": annotation.created_at,
        "updated_by_id": caller.user_id,
    }
    session.connection().execute(_COUNT, row | {"task": task.id})
    gained = delta | {"ground_truths": delta.get("ground_truths", 0) - replaced}
    counters.add_delta(session, task.project_id, gained)


def change(ctx: Context, caller: Caller, annotation_id: int, values: Mapping[str, Any]) -> Annotation:
    """Change an annotation. Only what is named changes; its task and project never do.

    :raises InvalidRegion: with the path of what does not fit; nothing is saved.
    """
    with ctx.database.write() as session:
        annotation = get(session, caller, annotation_id)
        require(ctx, caller, "annotations.change", session=session, project=annotation.project_id)
        task = counters.lock_task(session, annotation.task_id)
        session.refresh(annotation)
        if task is None:
            raise NotFound(
                "No Task matches the given query.", code="no-task", params={"id": annotation.task_id}
            )
        project, config = tasks.config_of_task(ctx, session, caller, task)
        before = _weight(annotation)
        if "result" in values:
            result = _result(values["result"])
            config.check(result or [], orjson.loads(task.data))
            ctx.registry.check(
                "check_annotations",
                project=project.id,
                task=task.id,
                user=caller.user_id,
                results=[result or []],
            )
            annotation.result, annotation.result_count = _text(values["result"]), len(result or [])
            counters.set_labels(session, annotation, result)
        for name in ("was_cancelled", "ground_truth"):
            if values.get(name) is not None:
                setattr(annotation, name, values[name])
        if values.get("lead_time") is not None:
            annotation.lead_time = values["lead_time"]
        drafts = list(
            session.scalars(
                select(Draft).where(Draft.annotation_id == annotation.id, Draft.user_id == caller.user_id)
            )
        )
        for draft in drafts:
            session.delete(draft)
        task.total_drafts -= len(drafts)
        annotation.updated_at, annotation.updated_by_id, annotation.last_action = (
            now(),
            caller.user_id,
            "updated",
        )
        session.flush()
        if annotation.ground_truth and not before.ground_truth:
            replaced = _only_ground_truth(session, annotation)
            task.total_ground_truths -= replaced
            counters.add_delta(session, task.project_id, {"ground_truths": -replaced})
        counters.change_annotation(
            session, task, before=before, after=_weight(annotation), skip_queue=project.skip_queue
        )
        task.updated_at, task.updated_by_id = now(), caller.user_id
        event = AnnotationsChanged(project.id, updated=(annotation.id,), tasks=(task.id,))
        ctx.plan(session, "plan_annotations_changed", event, caller)
    ctx.tell("on_annotations_changed", event)
    return annotation


def remove(ctx: Context, caller: Caller, annotation_id: int) -> None:
    """Delete an annotation with its drafts and labels."""
    with ctx.database.write() as session:
        annotation = get(session, caller, annotation_id)
        require(ctx, caller, "annotations.delete", session=session, project=annotation.project_id)
        event = _remove(ctx, session, caller, annotation)
    ctx.tell("on_annotations_changed", event)


def to_draft(ctx: Context, caller: Caller, annotation_id: int) -> Draft:
    """Turn an annotation back into a draft of the caller's: it no longer counts as an answer."""
    with ctx.database.write() as session:
        annotation = get(session, caller, annotation_id)
        require(ctx, caller, "annotations.change", session=session, project=annotation.project_id)
        draft = Draft(
            task_id=annotation.task_id,
            project_id=annotation.project_id,
            user_id=caller.user_id,
            result=annotation.result or "[]",
            lead_time=annotation.lead_time,
        )
        event = _remove(ctx, session, caller, annotation)
        session.add(draft)
        session.flush()
        session.execute(
            sql_update(Task)
            .where(Task.id == draft.task_id)
            .values(total_drafts=Task.total_drafts + 1)
            .execution_options(synchronize_session=False)
        )
    ctx.tell("on_annotations_changed", event)
    return draft


def _remove(ctx: Context, session: Session, caller: Caller, annotation: Annotation) -> AnnotationsChanged:
    task = counters.lock_task(session, annotation.task_id)
    if task is None:
        raise NotFound(
            "No Annotation matches the given query.", code="no-annotation", params={"id": annotation.id}
        )
    project = projects.get(session, caller, annotation.project_id)
    gone = session.execute(
        delete(Draft).where(Draft.annotation_id == annotation.id).execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    task.total_drafts -= gone
    weight = _weight(annotation)
    removed = session.execute(
        delete(Annotation).where(Annotation.id == annotation.id).execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if removed == 0:
        raise NotFound(
            "No Annotation matches the given query.", code="no-annotation", params={"id": annotation.id}
        )
    session.expunge(annotation)
    counters.change_annotation(session, task, before=weight, after=None, skip_queue=project.skip_queue)
    event = AnnotationsChanged(project.id, deleted=(annotation.id,), tasks=(task.id,))
    ctx.plan(session, "plan_annotations_changed", event, caller)
    return event


def _result(value: bytes | None) -> list[Any] | None:
    """The parsed result.

    :raises InvalidFields: if it is no list.
    """
    if value is None:
        return None
    parsed = orjson.loads(value)
    if parsed is not None and not isinstance(parsed, list):
        raise InvalidFields({"result": ["Expected a list of items."]}, code="result-not-a-list")
    return parsed


def _text(value: bytes | None) -> str | None:
    return None if value is None or value.strip() == b"null" else value.decode()


def _weight(annotation: Annotation) -> counters.Weight:
    return counters.Weight(annotation.was_cancelled, annotation.ground_truth, annotation.lead_time)


def _known(session: Session, unique_id: str) -> Annotation | None:
    return session.scalar(select(Annotation).where(Annotation.unique_id == unique_id))


def _same_again(session: Session, caller: Caller, task_id: int, values: Mapping[str, Any]) -> Annotation:
    """The annotation stored under this ``unique_id``, if it is the same answer sent again."""
    known = _known(session, values["unique_id"])
    is_own = known is not None and known.task_id == task_id and known.completed_by_id == caller.user_id
    if known is not None and is_own and known.result == _text(values.get("result")):
        return known
    raise Conflict(
        "Annotation with this unique id already exists",
        code="duplicate-unique-id",
        params={"unique_id": values["unique_id"]},
    )


@dataclass(frozen=True)
class _EndedDrafts:
    """A labeller's drafts of a task that became an annotation."""

    number: int = 0
    seconds: float = 0.0
    """Of work in them."""
    began_at: datetime | None = None
    """When the first of them began."""


def _end_drafts(session: Session, caller: Caller, task: Row[Any], draft_id: int | None) -> _EndedDrafts:
    """Delete the caller's drafts of a task that belong to no annotation."""
    if task.total_drafts == 0:
        return _EndedDrafts()
    ended = session.connection().execute(_END_DRAFTS, {"task": task.id, "user": caller.user_id}).all()
    return _EndedDrafts(
        number=len(ended),
        seconds=sum(row.lead_time or 0.0 for row in ended if draft_id is None or row.id == draft_id),
        began_at=min((row.created_at for row in ended), default=None),
    )


def _sum(lead_time: float | None, drafts: float) -> float | None:
    return drafts or None if lead_time is None else lead_time + drafts


def _shown_prediction(session: Session, task_id: int, prediction_id: int | None) -> str:
    """A copy of the prediction that the labeller began from."""
    if prediction_id is None:
        return "{}"
    row = session.execute(
        select(Prediction.id, Prediction.result, Prediction.score, Prediction.model_version).where(
            Prediction.id == prediction_id, Prediction.task_id == task_id
        )
    ).first()
    if row is None:
        return "{}"
    copy = {
        "id": row.id,
        "result": orjson.Fragment(row.result or "null"),
        "score": row.score,
        "model_version": row.model_version,
    }
    return orjson.dumps(copy).decode()


def _only_ground_truth(session: Session, annotation: Annotation) -> int:
    """A task has one ground truth: the others stop being it. :returns: how many did."""
    others = session.execute(
        sql_update(Annotation)
        .where(
            Annotation.task_id == annotation.task_id,
            Annotation.id != annotation.id,
            Annotation.ground_truth.is_(True),
        )
        .values(ground_truth=False)
        .execution_options(synchronize_session=False)
    )
    return int(others.rowcount)  # type: ignore[attr-defined]


# --- the statements of a submit, each built once ------------------------------------------------------------

_TASK, _PROJECT, _DRAFT = table_of(Task), table_of(Project), table_of(Draft)
_ROLE, _POSITION = table_of(ProjectMembership), table_of(StreamPosition)
_SITUATION: Select[Any] = (
    select(
        *_TASK.c, _PROJECT.c.label_config, _PROJECT.c.skip_queue, _ROLE.c.role,
        _POSITION.c.task_id.label("position"), _POSITION.c.history,
    )
    .join(_PROJECT, _PROJECT.c.id == _TASK.c.project_id)
    .outerjoin(_ROLE, and_(_ROLE.c.project_id == _PROJECT.c.id, _ROLE.c.user_id == bindparam("user")))
    .outerjoin(_POSITION, and_(_POSITION.c.project_id == _PROJECT.c.id, _POSITION.c.user_id == bindparam("user")))
    .where(
        _TASK.c.id == bindparam("task"),
        _PROJECT.c.organization_id == bindparam("organization"),
        _PROJECT.c.deleting == false(),
        ~exists().where(Import.id == _TASK.c.import_id, Import.state != "published"),
    )
    .with_for_update(of=_TASK)
)  # fmt: skip
"""The task, locked, with what else a submit must know, in one row."""
_ADD = insert(table_of(Annotation)).returning(table_of(Annotation).c.id)
_COUNT = sql_update(_TASK).where(_TASK.c.id == bindparam("task"))
_END_DRAFTS = (
    delete(_DRAFT)
    .where(
        _DRAFT.c.task_id == bindparam("task"),
        _DRAFT.c.user_id == bindparam("user"),
        _DRAFT.c.annotation_id.is_(None),
    )
    .returning(_DRAFT.c.id, _DRAFT.c.lead_time, _DRAFT.c.created_at)
)
