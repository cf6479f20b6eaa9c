"""/api/tasks: lists for the data manager, and single tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from labelwright.doors import json_body
from labelwright.errors import InvalidFields, InvalidInput, NotFound
from labelwright.models import Task, View
from labelwright.services import avatars, projects, removal, serializers, tasks
from labelwright.services.data_manager import listing, views
from labelwright.services.data_manager.requests import Request, over_view
from labelwright.services.permissions import require

from . import answers, fields, requests, shapes
from .routing import Routes, caller, context
from .users import initials

routes = Routes("tasks", "Tasks")
ROUTES = [routes]


class TasksQuery(fields.Schema):
    project = fields.Whole(least=1)
    view = fields.Whole(least=1)
    query = fields.Text(blank=True)
    page = fields.Text(blank=True)
    page_size = fields.Whole()
    fields_ = fields.Text(data_key="fields", blank=True)
    include = fields.Text(blank=True)
    ordering = fields.Text(blank=True)
    search = fields.Text(blank=True)
    only_annotated = fields.Flag()
    resolve_uri = fields.Flag()
    review = fields.Flag()


class TaskIn(fields.Schema):
    data = fields.RawField()
    meta = fields.RawField(allow_none=True)
    project = fields.Whole(least=1)


class TasksOut(fields.Schema):
    total = fields.Whole()
    total_annotations = fields.Whole()
    total_predictions = fields.Whole()
    tasks = fields.Many(fields.Mapping())


class NoneNamed(fields.Schema):
    detail = fields.Text()


@routes.get("/api/tasks", query=TasksQuery, answers={200: TasksOut, 404: NoneNamed})
def list_tasks(query: Mapping[str, Any]) -> Any:
    """List the tasks of a project or a tab, page by page, with the totals of all that match.

    ``query`` holds ``{"filters", "ordering", "selectedItems", "search"}`` as JSON; what it names counts before what the
    tab says. ``include`` cuts each task to these members.
    """
    ctx = context()
    if "project" not in query and "view" not in query:
        return answers.json({"detail": "Neither project nor view id specified"}, 404)
    number = _page_number(query.get("page"))
    _, size = requests.page(
        {**query, "page": 1}, ctx.settings.tasks_page_size, most=ctx.settings.tasks_page_size_max or None
    )
    with ctx.database.read() as session:
        view = None
        if "view" in query:
            view = views.get(session, caller(), query["view"])
            if query.get("project", view.project_id) != view.project_id:
                raise InvalidFields({"view": ["Project and View mismatch"]})
        project = projects.get(session, caller(), view.project_id if view else query["project"])
        found = listing.page(
            ctx, session, caller(), project, wanted(query, view), number=number, size=size,
            full=query.get("fields_") == "all", include=_names(query.get("include")),
        )  # fmt: skip
    return {
        "total_annotations": found.total_annotations,
        "total_predictions": found.total_predictions,
        "total": found.total,
        "tasks": found.tasks,
    }


def wanted(query: Mapping[str, Any], view: View | None) -> Request:
    """Which tasks, in what order: what the query string says, over what the tab says."""
    asked: Any = {}
    if query.get("query"):
        try:
            asked = json_body.parse(query["query"].encode())
        except InvalidInput as error:
            raise InvalidFields({"query": [error.message]}) from error
        if not isinstance(asked, dict):
            raise InvalidFields({"query": ["Expected an object."]})
    if query.get("ordering") and "ordering" not in asked:
        asked["ordering"] = _ordering(query["ordering"])
    if query.get("search") and "search" not in asked:
        asked["search"] = query["search"]
    request = over_view(view, asked)
    if request.selected and not request.selected.all and not request.selected.ids:
        request = replace(
            request, selected=None
        )  # nothing is ticked in a list: it shows all, as Label Studio's does
    return replace(request, annotated_only=bool(query.get("only_annotated")))


def _ordering(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def _page_number(text: str | None) -> int:
    """:raises NotFound: of what is no number, as of a page past the end."""
    if not text:
        return 1
    if not text.isdecimal() or len(text) > 18:
        raise NotFound("Invalid page.", code="no-page", params={"page": text[:40]})
    return int(text)


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
