"""Annotations: submitted, changed, skipped, deleted. Each write settles counters, labels, drafts and lease at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import delete, exc, select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from labelwright.errors import Conflict, InvalidFields, InvalidInput, NotFound
from labelwright.events import AnnotationsChanged
from labelwright.models import Annotation, Draft, Prediction, Project, Task, now

from . import counters, labelling, projects, tasks
from .context import Caller, Context
from .permissions import require


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
        task = tasks.get(session, caller, task_id, for_update=True)
        project, config = tasks.config_of_task(ctx, session, caller, task)
        require(ctx, caller, "annotations.create", session=session, project=project.id)
        if values.get("unique_id") and _known(session, values["unique_id"]) is not None:
            return _same_again(session, caller, task_id, values)
        cancelled = bool(values.get("was_cancelled")) if skip is None else skip
        if cancelled and not task.allow_skip:
            raise InvalidInput(
                "Skipping is not allowed for this task.", code="skip-not-allowed", field="was_cancelled"
            )
        config.check(result or [], orjson.loads(task.data))
        ctx.registry.check(
            "check_annotations", project=project.id, task=task.id, user=caller.user_id, results=[result or []]
        )
        drafts, drafted_at = _end_drafts(session, caller, task, values.get("draft_id"))
        annotation = Annotation(
            task_id=task.id,
            project_id=project.id,
            completed_by_id=caller.user_id,
            updated_by_id=caller.user_id,
            last_created_by_id=None,
            result=_text(values.get("result")),
            result_count=len(result or []),
            was_cancelled=cancelled,
            ground_truth=bool(values.get("ground_truth")),
            lead_time=_sum(values.get("lead_time"), drafts),
            draft_created_at=drafted_at,
            unique_id=values.get("unique_id"),
            last_action="skipped" if cancelled else "submitted",
            parent_prediction_id=values.get("parent_prediction"),
            parent_annotation_id=values.get("parent_annotation"),
            prediction=_shown_prediction(session, task.id, values.get("parent_prediction")),
        )
        session.add(annotation)
        session.flush()
        counters.add_labels(session, annotation, result)
        if annotation.ground_truth:
            _only_ground_truth(session, annotation, task)
        labelling.release(session, task.id, caller.user_id)
        counters.change_annotation(
            session, task, before=None, after=_weight(annotation), skip_queue=project.skip_queue
        )
        labelling.remember(
            session, project.id, caller.user_id, task.id, annotation.id, ctx.settings.tasks_history_limit
        )
        task.updated_at, task.updated_by_id = now(), caller.user_id
        event = AnnotationsChanged(project.id, created=(annotation.id,), tasks=(task.id,))
        ctx.plan(session, "plan_annotations_changed", event, caller)
    ctx.tell("on_annotations_changed", event)
    return annotation


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
        if annotation.ground_truth and not before.ground_truth:
            _only_ground_truth(session, annotation, task)
        session.flush()
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


def _end_drafts(session: Session, caller: Caller, task: Task, draft_id: int | None) -> tuple[float, Any]:
    """Delete the caller's drafts of a task that belong to no annotation.

    :returns: the seconds of work in them, and when the first began (``None`` without any).
    """
    query = select(Draft).where(
        Draft.task_id == task.id, Draft.user_id == caller.user_id, Draft.annotation_id.is_(None)
    )
    drafts = list(session.scalars(query))
    counted = [draft for draft in drafts if draft_id is None or draft.id == draft_id]
    for draft in drafts:
        session.delete(draft)
    task.total_drafts -= len(drafts)
    began = min((draft.created_at for draft in drafts), default=None)
    return sum(draft.lead_time or 0.0 for draft in counted), began


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


def _only_ground_truth(session: Session, annotation: Annotation, task: Task) -> None:
    """A task has one ground truth: the others stop being it."""
    others = session.execute(
        sql_update(Annotation)
        .where(
            Annotation.task_id == task.id, Annotation.id != annotation.id, Annotation.ground_truth.is_(True)
        )
        .values(ground_truth=False)
        .execution_options(synchronize_session=False)
    ).rowcount  # type: ignore[attr-defined]
    if others:
        task.total_ground_truths -= others
        counters.add_delta(session, task.project_id, {"ground_truths": -others})
