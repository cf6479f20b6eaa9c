"""The label stream over HTTP: the next task, the way back, and giving a task back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.services import labelling, leases, tasks

from . import fields
from .routing import Routes, caller, context

routes = Routes("labelling", "Labelling")
ROUTES = [routes]


class NextQuery(fields.Schema):
    prefetch = fields.Whole(least=1)


@routes.get(
    "/api/projects/<int:project_id>/next", query=NextQuery, answers={200: "the task", 404: "nothing is left"}
)
def next_task(project_id: int, query: Mapping[str, Any]) -> dict[str, Any]:
    """Give the caller the next task of a project, and lease it.

    ``prefetch`` names the task that is being labelled now: then the one after it is given, to be loaded ahead.
    """
    ctx = context()
    given = labelling.next_task(ctx, caller(), project_id, ahead_of=query.get("prefetch"))
    with ctx.database.read() as session:
        task = tasks.to_json(ctx, session, caller(), given.project, [given.task])[0]
    return task | {"queue": given.queue, "unique_lock_id": given.unique_id, "allow_postpone": True}


@routes.get("/api/projects/<int:project_id>/label-stream-history", scope="user")
def history(project_id: int) -> list[dict[str, Any]]:
    """List the caller's last tasks in a project's stream."""
    return labelling.history(context(), caller(), project_id)


@routes.delete("/api/tasks/<int:task_id>/lease", scope="user", answers={204: "given back"})
def give_back(task_id: int) -> tuple[None, int]:
    """Give a task back: others may have it at once. Nothing happens when the caller does not hold it."""
    leases.give_back(context(), caller(), task_id)
    return None, 204
