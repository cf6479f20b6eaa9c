"""What happens becomes rows to be sent, in the transaction in which it happens: nothing is lost, nothing is made up."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, bindparam, insert, select
from sqlalchemy.orm import Session

from labelwright.api import (
    AnnotationsChanged,
    JobSpec,
    LabelLinksChanged,
    ProjectsChanged,
    TasksCreated,
    TasksDeleted,
    hookimpl,
    now,
)
from labelwright_webhooks.actions import ACTIONS
from labelwright_webhooks.tables import Delivery, Webhook

KIND = "webhook"

Happening = tuple[str, int, dict[str, Any]]
"""An action, the project it is about, and the facts that its payload is made of."""


@hookimpl
def plan_tasks_created(event: TasksCreated, session: Session, organization: int) -> list[JobSpec]:
    return note(
        session, organization, event.project, [("TASKS_CREATED", event.project, {"tasks": event.tasks})]
    )


@hookimpl
def plan_tasks_deleted(event: TasksDeleted, session: Session, organization: int) -> list[JobSpec]:
    return note(
        session, organization, event.project, [("TASKS_DELETED", event.project, {"tasks": event.tasks})]
    )


@hookimpl
def plan_annotations_changed(event: AnnotationsChanged, session: Session, organization: int) -> list[JobSpec]:
    return note(session, organization, event.project, list(_of_annotations(event)))


@hookimpl
def plan_projects_changed(event: ProjectsChanged, session: Session, organization: int) -> list[JobSpec]:
    happened: list[Happening] = [("PROJECT_CREATED", project, {}) for project in event.created]
    happened += [("PROJECT_UPDATED", project, {}) for project in event.updated]
    happened += [("PROJECT_DELETED", project, {}) for project in event.deleted]
    return [spec for one in happened for spec in note(session, organization, one[1], [one])]


@hookimpl
def plan_label_links_changed(event: LabelLinksChanged, session: Session, organization: int) -> list[JobSpec]:
    happened: list[Happening] = []
    if event.created:
        happened.append(("LABEL_LINK_CREATED", event.project, {"links": event.created}))
    happened += [("LABEL_LINK_UPDATED", event.project, {"links": (link,)}) for link in event.updated]
    happened += [("LABEL_LINK_DELETED", event.project, {"links": (link,)}) for link in event.deleted]
    return note(session, organization, event.project, happened)


def _of_annotations(event: AnnotationsChanged) -> Iterator[Happening]:
    if len(event.created) == 1:
        yield "ANNOTATION_CREATED", event.project, {"annotations": event.created}
    elif event.created:
        yield "ANNOTATIONS_CREATED", event.project, {"annotations": event.created}
    for annotation in event.updated:
        yield "ANNOTATION_UPDATED", event.project, {"annotations": (annotation,)}
    if event.deleted:
        yield "ANNOTATIONS_DELETED", event.project, {"annotations": event.deleted}


LISTENING = select(Webhook.id, Webhook.project_id, Webhook.send_for_all_actions, Webhook.actions).where(
    Webhook.organization_id == bindparam("organization"),
    Webhook.is_active,
    (Webhook.project_id == bindparam("project")) | Webhook.project_id.is_(None),
)
"""Asked at every change: made once."""


def note(session: Session, organization: int, project: int, happened: Sequence[Happening]) -> list[JobSpec]:
    """Write a row for each webhook that wants to hear of it.

    :returns: a job for each webhook that has something to be told.
    """
    hooks = session.connection().execute(LISTENING, {"organization": organization, "project": project}).all()
    rows = [
        row_of(hook.id, action, {"project": about, **facts})
        for hook in hooks
        for action, about, facts in happened
        if _wants(hook, action)
    ]
    if not rows:
        return []
    session.execute(insert(Delivery), rows)
    return [job_for(hook) for hook, count in Counter(row["webhook_id"] for row in rows).items()
            if not _is_awaited(session, hook, count)]  # fmt: skip


def _is_awaited(session: Session, webhook: int, count: int) -> bool:
    """Whether more waits for a webhook than the rows just written: then somebody sees to it, and to ours.

    Who ends a job for the webhook locks its row and looks once more. Our rows refer to that row, so either the job's
    end waits for our commit and finds them, or we have waited for the job's end and find nothing but ours.
    """
    waiting = select(Delivery.id).where(*pending(webhook)).limit(count + 1)
    return len(session.execute(waiting).all()) > count


def row_of(webhook: int, action: str, facts: dict[str, Any], **values: Any) -> dict[str, Any]:
    """A delivery that waits."""
    text = orjson.dumps(facts).decode()
    return {"webhook_id": webhook, "uid": str(uuid.uuid4()), "action": action, "facts": text, "status": "pending",
            "created_at": now(), "by_hand": False, "attempts": 0, "sent": 0, "error": "", **values}  # fmt: skip


def pending(webhook: int) -> tuple[ColumnElement[bool], ...]:
    """The condition of what waits for its turn."""
    return Delivery.webhook_id == webhook, Delivery.status == "pending", Delivery.by_hand.is_(False)


def job_for(webhook: int, not_before: datetime | None = None) -> JobSpec:
    """The job that tells a webhook all that waits."""
    return JobSpec(KIND, {"webhook": webhook}, not_before=not_before, is_internal=True)


def _wants(hook: Any, action: str) -> bool:
    if hook.project_id is not None and ACTIONS[action].organization_only:
        return False
    return bool(hook.send_for_all_actions) or action in orjson.loads(hook.actions)
