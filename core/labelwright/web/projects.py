"""/api/projects: the nouns that everything else hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from labelwright.errors import InvalidFields, InvalidInput
from labelwright.models import Project
from labelwright.services import avatars, model_versions, predictions, projects, removal, serializers, tasks
from labelwright.services.ml import kept

from . import fields, ml_shapes, requests, shapes
from .routing import Routes, caller, context

routes = Routes("projects", "Projects")
ROUTES = [routes]
PROJECTS = shapes.page_of(shapes.ProjectOut)
COUNTS = shapes.page_of(shapes.ProjectCounts)


class ProjectIn(fields.Schema):
    """A project's settings, as they are written. Read-only ones are ignored."""

    title = fields.Text(blank=True, least=3, most=50, allow_none=True)
    description = fields.Text(blank=True, allow_none=True)
    label_config = fields.Text(blank=True)
    expert_instruction = fields.Text(blank=True, allow_none=True)
    show_instruction = fields.Flag()
    show_skip_button = fields.Flag()
    enable_empty_annotation = fields.Flag()
    show_annotation_history = fields.Flag()
    color = fields.Text(blank=True, most=16, allow_none=True)
    maximum_annotations = fields.Whole(least=1, most=1_000_000)
    is_published = fields.Flag()
    is_draft = fields.Flag()
    model_version = fields.Text(blank=True, allow_none=True)
    min_annotations_to_start_training = fields.Whole(least=0, most=2**31 - 1)
    start_training_on_annotation_update = fields.Flag()
    show_collab_predictions = fields.Flag()
    sampling = fields.Text(most=40)
    show_ground_truth_first = fields.Flag()
    annotator_evaluation_enabled = fields.Flag()
    show_overlap_first = fields.Flag()
    overlap_cohort_percentage = fields.Whole(least=0, most=100)
    task_data_login = fields.Text(blank=True, most=256, allow_none=True)
    task_data_password = fields.Text(blank=True, most=256, allow_none=True)
    control_weights = fields.Mapping(allow_none=True)
    evaluate_predictions_automatically = fields.Flag()
    skip_queue = fields.Choice(projects.SKIP_QUEUES)
    reveal_preannotations_interactively = fields.Flag()
    pinned_at = fields.Moment(allow_none=True)


class ProjectsQuery(fields.Schema):
    ids = fields.Numbers()
    include = fields.Text(blank=True)
    filter = fields.Text(blank=True)
    search = fields.Text(blank=True)
    title = fields.Text(blank=True)
    ordering = fields.Text(blank=True)
    page = fields.Whole()
    page_size = fields.Whole()


class VersionsQuery(fields.Schema):
    extended = fields.Flag()
    include_live_models = fields.Flag()
    limit = fields.Whole(least=1, most=10_000)


class VersionIn(fields.Schema):
    model_version = fields.Text(blank=True, allow_none=True)


class IncludeQuery(fields.Schema):
    include = fields.Text(blank=True)


@routes.get("/api/projects", query=ProjectsQuery, answers={200: PROJECTS})
def list_projects(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the organisation's projects: pinned ones first, then the newest."""
    ctx = context()
    number, size = requests.page(query, ctx.settings.projects_page_size, most=100)
    pinned = {"pinned_only": True, "exclude_pinned": False}.get(query.get("filter", ""))
    with ctx.database.read() as session:
        found = projects.find(
            session, caller(), ids=query.get("ids"), search=query.get("search") or query.get("title") or "",
            pinned=pinned, ordering=query.get("ordering", ""), page=number, size=size,
        )  # fmt: skip
        rows = projects.to_json(ctx, session, caller(), found.projects, include=_names(query))
    return envelope(rows, found.total, number, size)


@routes.get("/api/projects/counts", query=ProjectsQuery, answers={200: COUNTS})
def count_projects(query: Mapping[str, Any]) -> dict[str, Any]:
    """List the projects' counts alone."""
    return list_projects(
        {**query, "include": query.get("include") or ",".join(shapes.ProjectCounts().fields)}
    )


@routes.post("/api/projects", body=ProjectIn, answers={201: shapes.ProjectOut})
def create_project(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Make a project. An empty body makes one with an empty configuration."""
    return _shown(projects.create(context(), caller(), _without_nulls(body))), 201


@routes.get("/api/projects/<int:project_id>", query=IncludeQuery, answers={200: shapes.ProjectOut})
def get_project(project_id: int, query: Mapping[str, Any]) -> Any:
    """Show a project with its counts."""
    ctx = context()
    with ctx.database.read() as session:
        project = projects.get(session, caller(), project_id)
        return projects.to_json(ctx, session, caller(), [project], include=_names(query))[0]


@routes.patch("/api/projects/<int:project_id>", body=ProjectIn, answers={200: shapes.ProjectOut})
def change_project(project_id: int, body: Mapping[str, Any]) -> Any:
    """Change some of a project's settings. A configuration that would orphan stored answers is refused."""
    return _shown(projects.change(context(), caller(), project_id, _without_nulls(body)))


@routes.put("/api/projects/<int:project_id>", body=ProjectIn, answers={200: shapes.ProjectOut}, hidden=True)
def replace_project(project_id: int, body: Mapping[str, Any]) -> Any:
    """Change a project's settings; the same as PATCH."""
    return _shown(projects.change(context(), caller(), project_id, _without_nulls(body)))


@routes.delete("/api/projects/<int:project_id>", answers={204: "deleted"})
def delete_project(project_id: int) -> tuple[None, int]:
    """Delete a project with all that is in it."""
    removal.delete_project(context(), caller(), project_id)
    return None, 204


@routes.get("/api/projects/<int:project_id>/summary", answers={200: shapes.ProjectSummary}, hidden=True)
def project_summary(project_id: int) -> dict[str, Any]:
    """Say which data fields, labels and kinds of results a project's rows hold."""
    ctx = context()
    with ctx.database.read() as session:
        return projects.summary(session, caller(), project_id)


@routes.post("/api/projects/<int:project_id>/summary/reset", answers={200: "nothing"}, hidden=True)
def reset_summary(project_id: int) -> Response:
    """Count a project's data fields and labels anew. They are exact at any time, so nothing changes."""
    with context().database.read() as session:
        projects.get(session, caller(), project_id)
    return Response(status=200)


@routes.get(
    "/api/projects/<int:project_id>/model-versions",
    query=VersionsQuery, answers={200: "how many predictions each version has"}, hidden=True,
)  # fmt: skip
def project_model_versions(project_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Say how many predictions each model version has.

    ``extended`` gives a list, the newest version first, at most ``limit``; ``include_live_models`` adds
    connected models.
    """
    with context().database.read() as session:
        projects.get(session, caller(), project_id)
        if not query.get("extended"):
            live = dict.fromkeys(model_versions.titles(session, project_id), 0)
            return live | projects.versions(session, project_id)
        static = projects.versions_in_full(session, project_id, query.get("limit"))
        rows = (
            kept.find(context(), session, caller(), project_id) if query.get("include_live_models") else None
        )
    return {
        "static": static,
        "live": rows and [ml_shapes.shown(kept.to_json(context(), row)) for row in rows],
    }


@routes.delete(
    "/api/projects/<int:project_id>/model-versions",
    body=VersionIn, answers={200: shapes.PredictionsDeleted}, hidden=True,
)  # fmt: skip
def delete_model_version(project_id: int, body: Mapping[str, Any]) -> dict[str, int]:
    """Delete the predictions of a model version."""
    if "model_version" not in body:
        raise InvalidFields({"non_field_errors": ["model_version param is required"]})
    count = predictions.remove_version(context(), caller(), project_id, body["model_version"])
    return {"deleted_predictions": count}


@routes.get("/api/projects/<int:project_id>/annotators", answers={200: [shapes.UserSimple]})
def project_annotators(project_id: int) -> list[dict[str, Any]]:
    """List the people who have answered tasks of a project."""
    ctx = context()
    with ctx.database.read() as session:
        projects.get(session, caller(), project_id)
        return [
            {"id": person.id, "first_name": person.first_name, "last_name": person.last_name, "email": person.email,
             "avatar": avatars.url(ctx, person.avatar)}
            for person in projects.annotators(session, project_id)
        ]  # fmt: skip


class TasksQuery(fields.Schema):
    page = fields.Whole()
    page_size = fields.Whole()


@routes.get("/api/projects/<int:project_id>/tasks", query=TasksQuery, answers={200: [shapes.SimpleTask]})
def list_project_tasks(project_id: int, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List a project's tasks with their annotations and predictions, as a bare list."""
    ctx = context()
    number, size = requests.page(query, 50)
    with ctx.database.read() as session:
        return tasks.simple_page(ctx, session, caller(), project_id, page=number, size=size)


@routes.delete("/api/projects/<int:project_id>/tasks", answers={204: "deleted"})
def delete_project_tasks(project_id: int) -> tuple[None, int]:
    """Delete all tasks of a project, with their annotations."""
    removal.delete_tasks(context(), caller(), project_id)
    return None, 204


class NewTaskIn(fields.Schema):
    data = fields.RawField(required=True)
    meta = fields.RawField()


@routes.post(
    "/api/projects/<int:project_id>/tasks", body=NewTaskIn, answers={201: shapes.BaseTask}, hidden=True
)
def create_project_task(project_id: int, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Add one task."""
    ctx = context()
    task = tasks.create(ctx, caller(), project_id, body["data"], body.get("meta"))
    return serializers.base_task(task), 201


def envelope(rows: list[Any], total: int, page: int, size: int) -> dict[str, Any]:
    """A page of a list as Label Studio answers it: ``count``, ``next``, ``previous``, ``results``."""
    return {
        "count": total,
        "next": _page_url(page + 1) if page * size < total else None,
        "previous": _page_url(page - 1) if page > 1 else None,
        "results": rows,
    }


def _page_url(page: int) -> str:
    values = [(key, value) for key, value in request.args.items(multi=True) if key != "page"]
    if page > 1:
        values.append(("page", str(page)))
    return request.base_url + (f"?{urlencode(values)}" if values else "")


def _names(query: Mapping[str, Any]) -> list[str]:
    return [name.strip() for name in (query.get("include") or "").split(",") if name.strip()]


def _without_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    """``null`` in a text that has no null of its own is the empty text."""
    values = dict(body)
    if "title" in values and values["title"] is None:
        del values["title"]
    if values.get("label_config") == "":
        raise InvalidInput("Label config is empty.", code="empty-label-config", field="label_config")
    return values


def _shown(project: Project) -> Any:
    ctx = context()
    with ctx.database.read() as session:
        return projects.to_json(ctx, session, caller(), [project])[0]
