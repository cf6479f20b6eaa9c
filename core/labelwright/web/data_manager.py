"""The data manager: tabs and columns. What is done with many tasks at once: ``web/actions.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response
from sqlalchemy import select

from labelwright.errors import InvalidFields, NotFound
from labelwright.models import Project
from labelwright.services import projects
from labelwright.services.data_manager import described, views
from labelwright.services.permissions import permissions_of, project_role, require

from . import fields
from .routing import Routes, caller, context

routes = Routes("data_manager", "Data manager")
ROUTES = [routes]


class ProjectQuery(fields.Schema):
    project = fields.Whole(least=1)


class ViewIn(fields.Schema):
    """``data`` holds title, type, filters, ordering, hidden columns and so on."""

    project = fields.Whole(required=True, least=1)
    data = fields.Anything(allow_none=True)


class OrderIn(fields.Schema):
    project = fields.Whole(required=True, least=1)
    ids = fields.Many(fields.Whole(), required=True)


class ViewOut(fields.Schema):
    id = fields.Whole()
    data = fields.Mapping()
    order = fields.Whole()
    user = fields.Whole(allow_none=True)
    project = fields.Whole()


class ColumnsOut(fields.Schema):
    columns = fields.Many(fields.Mapping())


@routes.get("/api/dm/views", query=ProjectQuery, answers={200: [ViewOut]})
def list_views(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the tabs of a project; without one, those of all projects."""
    ctx, project_id = context(), query.get("project")
    with ctx.database.read() as session:
        if project_id is not None:
            try:
                projects.get(session, caller(), project_id)
            except NotFound:
                words = "Select a valid choice. That choice is not one of the available choices."
                raise InvalidFields({"project": [words]}) from None
        require(ctx, caller(), "views.view", session=session, project=project_id)
        return [views.to_json(view) for view in views.find(session, caller(), project_id)]


@routes.post("/api/dm/views", body=ViewIn, answers={201: ViewOut})
def create_view(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Add a tab to a project."""
    return views.to_json(views.create(context(), caller(), body["project"], body.get("data"))), 201


@routes.post("/api/dm/views/order", body=OrderIn, answers={200: "an empty body"})
def order_views(body: Mapping[str, Any]) -> Any:
    """Put the tabs of a project in another order."""
    views.arrange(context(), caller(), body["project"], body["ids"])
    return Response(status=200)


@routes.delete("/api/dm/views/reset", query=ProjectQuery, body=ProjectQuery, answers={204: "deleted"})
def reset_views(query: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[None, int]:
    """Delete all tabs of a project."""
    project_id = query.get("project", body.get("project"))
    if project_id is None:
        raise InvalidFields({"project": [fields.NULL]})
    views.remove_all(context(), caller(), project_id)
    return None, 204


@routes.get("/api/dm/views/<int:view_id>", answers={200: ViewOut})
def get_view(view_id: int) -> dict[str, Any]:
    """Show a tab."""
    ctx = context()
    with ctx.database.read() as session:
        view = views.get(session, caller(), view_id)
        require(ctx, caller(), "views.view", session=session, project=view.project_id)
        return views.to_json(view)


@routes.patch("/api/dm/views/<int:view_id>", body=ViewIn, answers={200: ViewOut})
def change_view(view_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a tab's settings; filters and ordering stay when they are not named."""
    ctx = context()
    if "data" not in body:
        return get_view(view_id)
    return views.to_json(views.change(ctx, caller(), view_id, body["data"]))


@routes.put("/api/dm/views/<int:view_id>", body=ViewIn, answers={200: ViewOut})
def replace_view(view_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Replace a tab's settings; filters and ordering stay when they are not named."""
    return change_view(view_id, body)


@routes.delete("/api/dm/views/<int:view_id>", answers={204: "deleted"})
def delete_view(view_id: int) -> tuple[None, int]:
    """Delete a tab."""
    views.remove(context(), caller(), view_id)
    return None, 204


@routes.get("/api/dm/columns", query=ProjectQuery, answers={200: ColumnsOut, 404: "no such project"})
def list_columns(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the columns that tasks can be shown, filtered and sorted by."""
    ctx = context()
    with ctx.database.read() as session:
        project = projects.get(session, caller(), query["project"]) if "project" in query else None
        require(ctx, caller(), "tasks.view", session=session, project=query.get("project"))
        return {"columns": described.describe(ctx, session, caller(), project)}


@routes.get("/api/dm/project", query=ProjectQuery, answers={200: "the project, with what is going on in it"})
def show_project(query: Mapping[str, Any]) -> dict[str, Any]:
    """Show a project to its data manager; without ``project``, the first one."""
    ctx = context()
    with ctx.database.read() as session:
        project_id = query.get("project") or session.scalar(
            select(Project.id)
            .where(Project.organization_id == caller().organization_id, Project.deleting.is_(False))
            .order_by(Project.id)
            .limit(1)
        )
        project = projects.get(session, caller(), project_id or 0)
        require(ctx, caller(), "projects.view", session=session, project=project.id)
        shown = projects.to_json(ctx, session, caller(), [project])[0]
        held = permissions_of(caller(), project_role(session, caller(), project.id))
    return shown | {
        "target_syncing": False,
        "source_syncing": False,
        "task_count": shown["task_number"],
        "annotation_count": shown["total_annotations_number"],
        "can_manage_tasks": "tasks.change" in held,
        "can_manage_annotations": "annotations.change" in held,
        "can_delete_tasks": "tasks.delete" in held,
    }
