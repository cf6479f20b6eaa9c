"""/api/tasks: lists for the data manager, and single tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.errors import InvalidFields
from labelwright.models import Task
from labelwright.services import avatars, projects, removal, serializers, tasks
from labelwright.services.permissions import require

from . import answers, fields, requests, shapes
from .routing import Routes, caller, context
from .users import initials

routes = Routes("tasks", "Tasks")
ROUTES = [routes]


class TasksQuery(fields.Schema):
    project = fields.Whole(least=1)
    view = fields.Whole(least=1)
    page = fields.Whole()
    page_size = fields.Whole()
    fields_ = fields.Text(data_key="fields", blank=True)
    ordering = fields.Text(blank=True)


class TaskIn(fields.Schema):
    data = fields.RawField()
    meta = fields.RawField(allow_none=True)
    project = fields.Whole(least=1)


@routes.get("/api/tasks", query=TasksQuery)
def list_tasks(query: Mapping[str, Any]) -> Any:
    """List a project's tasks, page by page, with the totals of the project."""
    ctx = context()
    if "project" not in query:
        return answers.json({"detail": "Neither project nor view id specified"}, 404)
    number, size = requests.page(
        query, ctx.settings.tasks_page_size, most=ctx.settings.tasks_page_size_max or None
    )
    with ctx.database.read() as session:
        found = tasks.page(
            ctx, session, caller(), query["project"], page=number, size=size,
            newest_first=query.get("ordering") in ("-id", "-tasks:id"), full=query.get("fields_") == "all",
        )  # fmt: skip
    return {
        "total_annotations": found.total_annotations,
        "total_predictions": found.total_predictions,
        "total": found.total,
        "tasks": found.tasks,
    }


@routes.post("/api/tasks", body=TaskIn, answers={201: shapes.BaseTask})
def create_task(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Add one task to a project."""
    missing = {name: [fields.REQUIRED] for name in ("data", "project") if body.get(name) is None}
    if missing:
        raise InvalidFields(missing)
    task = tasks.create(context(), caller(), body["project"], body["data"], body.get("meta"))
    return serializers.base_task(task), 201


@routes.get("/api/tasks/<int:task_id>", answers={200: shapes.TaskOut})
def get_task(task_id: int) -> Any:
    """Show a task with its annotations, predictions and the caller's drafts."""
    ctx = context()
    with ctx.database.read() as session:
        task = tasks.get(session, caller(), task_id)
        require(ctx, caller(), "tasks.view", session=session, project=task.project_id)
        shown = full(task, session)
        authors = serializers.people(session, {one["completed_by"] for one in shown["annotations"]})
    for one in shown["annotations"]:
        if (author := authors.get(one["completed_by"])) is not None:
            one["completed_by"] = _author(author)
    return shown | {"annotations_results": "", "predictions_results": ""}


@routes.patch("/api/tasks/<int:task_id>", body=TaskIn, answers={200: shapes.SimpleTask})
def change_task(task_id: int, body: Mapping[str, Any]) -> Any:
    """Replace a task's data or meta."""
    return _changed(task_id, body)


@routes.put("/api/tasks/<int:task_id>", body=TaskIn, answers={200: shapes.SimpleTask}, hidden=True)
def replace_task(task_id: int, body: Mapping[str, Any]) -> Any:
    """Replace a task's data or meta."""
    if body.get("data") is None:
        raise InvalidFields({"data": [fields.REQUIRED]})
    return _changed(task_id, body)


@routes.delete("/api/tasks/<int:task_id>", answers={204: "deleted"})
def delete_task(task_id: int) -> tuple[None, int]:
    """Delete a task with all that hangs on it."""
    removal.delete_task(context(), caller(), task_id)
    return None, 204


def _changed(task_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    ctx = context()
    task = tasks.change(ctx, caller(), task_id, body.get("data"), body.get("meta"))
    with ctx.database.read() as session:
        return tasks.with_answers(session, [task])[0]


def _author(person: serializers.Person) -> dict[str, Any]:
    """An annotation's author, as only a single task names them."""
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "avatar": avatars.url(context(), person.avatar),
        "email": person.email,
        "initials": initials(person.first_name, person.last_name, person.email),
    }


def full(task: Task, session: Any) -> dict[str, Any]:
    """A task with everything that the labelling page needs."""
    ctx = context()
    project = projects.get(session, caller(), task.project_id)
    return tasks.to_json(ctx, session, caller(), project, [task], full=True)[0]
