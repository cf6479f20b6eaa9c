"""Bulk actions on tasks, as the data manager asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from labelwright.errors import InvalidFields, InvalidInput
from labelwright.models import Task
from labelwright.services import projects, removal
from labelwright.services.visible import published

from . import fields
from .routing import Routes, caller, context

routes = Routes("data_manager", "Data manager")
ROUTES = [routes]

ACTIONS = {
    "delete_tasks": {
        "title": "Delete Tasks",
        "order": 100,
        "permission": "tasks.delete",
        "dialog": {"type": "confirm"},
    }
}


class ActionQuery(fields.Schema):
    id = fields.Text()
    project = fields.Whole(least=1)


class ActionIn(fields.Schema):
    selectedItems = fields.Mapping(allow_none=True)


@routes.get("/api/dm/actions", query=ActionQuery)
def list_actions(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what can be done with many tasks at once."""
    return [{"id": name, "experimental": False, **facts} for name, facts in ACTIONS.items()]


@routes.post("/api/dm/actions", query=ActionQuery, body=ActionIn)
def perform(query: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Do something with the selected tasks; without ``selectedItems``, with all of the project's."""
    action = query.get("id")
    if action not in ACTIONS:
        raise InvalidInput(
            f"There is no action {action!r}; known are {', '.join(ACTIONS)}.",
            code="unknown-action",
            field="id",
        )
    if "project" not in query:
        raise InvalidFields({"project": [fields.REQUIRED]})
    count = removal.delete_tasks(context(), caller(), query["project"], _selected(query["project"], body))
    return {"processed_items": count, "reload": True, "detail": f"Deleted {count} tasks"}


def _selected(project_id: int, body: Mapping[str, Any]) -> list[int] | None:
    """The ids of ``{"all": bool, "included": [...], "excluded": [...]}``; ``None`` for all."""
    selection = body.get("selectedItems") or {}
    included, excluded = selection.get("included", []), selection.get("excluded", [])
    for name, ids in (("included", included), ("excluded", excluded)):
        if not isinstance(ids, list) or not all(isinstance(item, int) and 0 < item < 2**63 for item in ids):
            raise InvalidFields({f"selectedItems.{name}": ["Expected a list of task ids."]})
    if not selection:
        return None
    if not selection.get("all"):
        return included
    if not excluded:
        return None
    with context().database.read() as session:
        projects.get(session, caller(), project_id)
        ids = session.scalars(select(Task.id).where(Task.project_id == project_id, published(project_id)))
        return sorted(set(ids) - set(excluded))
