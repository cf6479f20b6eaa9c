"""In which state a task, an annotation or a project is, and how it came to be so: told from the rows that are there.

Nothing is written for it. What the counters say is the state; what the rows remember of their making is the history.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Annotation, Project, Task

from . import counters, projects, serializers, tasks
from .annotations import get as find_annotation
from .context import Caller, Context
from .permissions import require

CREATED, IN_PROGRESS, COMPLETED = "CREATED", "IN_PROGRESS", "COMPLETED"
AUTOMATIC = frozenset({"task_created", "annotation_created", "annotation_updated", "project_created"})
ASKED_FOR: Mapping[str, Mapping[str, str]] = {
    "task": {"task_in_progress": IN_PROGRESS, "task_completed": COMPLETED},
    "annotation": {},
    "project": {
        "project_in_progress": IN_PROGRESS,
        "project_completed": COMPLETED,
        "project_in_progress_from_completed": IN_PROGRESS,
    },
}
"""Kind of entity to the transitions that Label Studio lets people ask for, and the state that each leads to."""
NAMESPACE = uuid.UUID("3e1f0d5c-6c0f-4e0e-8a54-5f6a3f8c7d21")
REASON = "Derived from the stored answers"


@dataclass(frozen=True, slots=True)
class Step:
    """An entity has come into a state."""

    state: str
    transition: str
    at: datetime
    by: int | None = None


def history(
    ctx: Context, session: Session, caller: Caller, entity: str, entity_id: int
) -> list[dict[str, Any]]:
    """The states that an entity has come through, oldest first.

    :param entity: ``task``, ``annotation`` or ``project``.
    :raises NotFound: if there is no such entity.
    """
    steps = _steps(ctx, session, caller, entity, entity_id)
    persons = serializers.people(session, {step.by for step in steps})
    rows = []
    before: str | None = None
    for step in steps:
        person = persons.get(step.by or 0)
        rows.append(
            {
                "id": str(uuid.uuid5(NAMESPACE, f"{entity}:{entity_id}:{step.transition}")),
                "state": step.state,
                "previous_state": before,
                "transition_name": step.transition,
                "triggered_by": {"id": person.id, "email": person.email} if person else None,
                "reason": REASON,
                "created_at": serializers.moment(step.at),
                "context_data": {},
            }
        )
        before = step.state
    return rows


def execute(
    ctx: Context, session: Session, caller: Caller, entity: str, entity_id: int, transition: str
) -> dict[str, Any]:
    """Answer a request for a transition. States follow the answers, so none is made: it succeeds if it has been made.

    :raises InvalidFields: of a transition that the entity does not have, or that nobody can ask for.
    """
    if entity not in ASKED_FOR:
        raise NotFound("Not found.", code="no-entity", params={"entity": entity[:80]})
    rows = history(ctx, session, caller, entity, entity_id)
    wanted = ASKED_FOR[entity].get(transition)
    if wanted is None:
        words = "Unknown transition for this entity"
        if transition in AUTOMATIC and transition.startswith(f"{entity}_"):
            words = "Transition is auto-triggered and cannot be executed manually"
        raise InvalidFields({"transition_name": [words]}, code="no-transition")
    newest = rows[-1]
    return {"success": newest["state"] == wanted, "new_state": newest["state"], "state_record": newest}


def _steps(ctx: Context, session: Session, caller: Caller, entity: str, entity_id: int) -> Sequence[Step]:
    if entity == "task":
        task = tasks.get(session, caller, entity_id)
        require(ctx, caller, "tasks.view", session=session, project=task.project_id)
        return _of_task(session, task)
    if entity == "annotation":
        annotation = find_annotation(session, caller, entity_id)
        require(ctx, caller, "annotations.view", session=session, project=annotation.project_id)
        return _of_annotation(annotation)
    if entity == "project":
        project = projects.get(session, caller, entity_id)
        require(ctx, caller, "projects.view", session=session, project=project.id)
        return _of_project(session, project)
    raise NotFound("Not found.", code="no-entity", params={"entity": entity[:80]})


def _of_task(session: Session, task: Task) -> list[Step]:
    steps = [Step(CREATED, "task_created", task.created_at)]
    own = select(Annotation.created_at, Annotation.completed_by_id).where(Annotation.task_id == task.id)
    first = session.execute(own.order_by(Annotation.id).limit(1)).first()
    if first is not None and (not task.is_labeled or task.overlap > 1):
        steps.append(Step(IN_PROGRESS, "task_in_progress", first.created_at, first.completed_by_id))
    if task.is_labeled:
        last = session.execute(own.order_by(Annotation.id.desc()).limit(1)).first()
        by = last.completed_by_id if last is not None else None
        steps.append(Step(COMPLETED, "task_completed", task.completed_at or task.updated_at, by))
    return steps


def _of_annotation(row: Annotation) -> list[Step]:
    """An annotation is an answer that was given: what is not finished is a draft."""
    steps = [Step(COMPLETED, "annotation_created", row.created_at, row.completed_by_id)]
    if row.last_action == "updated":
        steps.append(Step(COMPLETED, "annotation_updated", row.updated_at, row.updated_by_id))
    return steps


def _of_project(session: Session, project: Project) -> list[Step]:
    """Begun with its first answer, completed with its last, as far as its tasks are all finished."""
    steps = [Step(CREATED, "project_created", project.created_at, project.created_by_id)]
    own = select(Annotation.created_at, Annotation.completed_by_id).where(Annotation.project_id == project.id)
    first = session.execute(own.order_by(Annotation.id).limit(1)).first()
    if first is None:
        return steps
    steps.append(Step(IN_PROGRESS, "project_in_progress", first.created_at, first.completed_by_id))
    total = counters.totals(session, [project.id])[project.id]
    if 0 < total["tasks"] == total["finished_tasks"]:
        last = session.execute(own.order_by(Annotation.id.desc()).limit(1)).one()
        steps.append(Step(COMPLETED, "project_completed", last.created_at, last.completed_by_id))
    return steps
