"""/api/dm/actions: what can be done with many tasks at once, doing it, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
from flask import request

from labelwright.errors import NotFound
from labelwright.services import jobs, projects
from labelwright.services.bulk import perform, runs, undo

from . import fields
from .requests import is_async
from .routing import Routes, caller, context

routes = Routes("actions", "Data manager")
ROUTES = [routes]


class ProjectQuery(fields.Schema):
    project = fields.Whole(least=1)


class ActionQuery(ProjectQuery):
    id = fields.Text(most=160)
    view = fields.Whole(least=1)


class ActionIn(fields.Schema):
    """The selection, and whatever the form of the action asks."""

    class Meta:
        unknown = marshmallow.INCLUDE

    selectedItems = fields.Mapping(allow_none=True)
    filters = fields.Mapping(allow_none=True)
    ordering = fields.Many(fields.Text(), allow_none=True)


class ActionOut(fields.Schema):
    processed_items = fields.Whole()
    detail = fields.Text()
    reload = fields.Flag()


class OfferedAction(fields.Schema):
    id = fields.Text()
    title = fields.Text()
    order = fields.Whole()
    permission = fields.Anything()
    experimental = fields.Flag()
    reload = fields.Flag()
    undo = fields.Flag()
    dialog = fields.Mapping(allow_none=True)
    messages = fields.Mapping()


@routes.get("/api/dm/actions", query=ProjectQuery, answers={200: [OfferedAction]})
def list_actions(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what can be done with many tasks at once."""
    return perform.find(context(), caller(), _project(query))


@routes.get(
    "/api/dm/actions/<action_id>/form", query=ProjectQuery, answers={200: "the questions of its dialog"}
)
def get_form(action_id: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Show what an action asks before it begins."""
    return perform.form(context(), caller(), _project(query), action_id)


@routes.post(
    "/api/dm/actions",
    query=ActionQuery,
    body=ActionIn,
    answers={
        200: ActionOut,
        202: "the job, with ``Prefer: respond-async``",
        409: "what is searched for is not found by words yet",
        413: "more tasks than an action may work on inside a request",
        422: "no action is named",
    },
)
def perform_action(query: Mapping[str, Any], body: Mapping[str, Any]) -> Any:
    """Do something with the chosen tasks; without ``selectedItems`` and ``view``, with all of the project's."""
    project_id, action = _project(query), query.get("id")
    if action is None:
        with context().database.read() as session:
            projects.get(session, caller(), project_id)
        return {"detail": 'No action id "None", use ?id=<action-id>'}, 422
    asked = {**request.form.to_dict(), **body}
    if is_async() and perform.action_of(context(), action).is_recorded:
        return _shown(perform.later(context(), caller(), project_id, action, asked, query.get("view"))), 202
    return perform.at_once(context(), caller(), project_id, action, asked, query.get("view"))


@routes.get("/api/dm/actions/runs", query=ProjectQuery, answers={200: "the newest first"})
def list_runs(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the actions that were begun in a project, and which of them can be taken back."""
    with context().database.read() as session:
        return runs.find(session, caller(), _project(query))


@routes.post(
    "/api/dm/actions/runs/<int:run_id>/undo",
    answers={
        200: ActionOut,
        202: "the job, with ``Prefer: respond-async``",
        409: "it cannot be taken back, or newer work would be lost",
        413: "more than may be taken back inside a request",
    },
)
def undo_run(run_id: int) -> Any:
    """Take an action back: all of it, or nothing where something has been changed since."""
    if is_async():
        return _shown(undo.begin(context(), caller(), run_id, in_job=True)), 202
    return perform.undo_at_once(context(), caller(), run_id)


def _project(query: Mapping[str, Any]) -> int:
    """:raises NotFound: where none is named, as Label Studio answers."""
    if "project" not in query:
        raise NotFound("No Project matches the given query.", code="no-project")
    return int(query["project"])


def _shown(job: int) -> dict[str, Any]:
    with context().database.read() as session:
        return jobs.to_json(jobs.get(session, caller(), job))
