"""Drafts: whole, as Label Studio's clients send them, or by small changes against a revision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.errors import InvalidFields
from labelwright.models import Draft
from labelwright.services import drafts, serializers

from . import fields, shapes
from .routing import Routes, caller, context

routes = Routes("drafts", "Drafts")
ROUTES = [routes]


class DraftIn(fields.Schema):
    """A draft. ``revision``, ``client``, ``seq`` and ``ops`` together are one change: see ``services/drafts.py``."""

    result = fields.RawField()
    lead_time = fields.Decimal(allow_none=True)
    was_postponed = fields.Flag(allow_none=True)
    client = fields.Text(most=64, allow_none=True)
    seq = fields.Whole(least=0, most=2**31 - 1, allow_none=True)
    revision = fields.Whole(least=1, most=2**31 - 1)
    ops = fields.Many(fields.Mapping())


@routes.get("/api/tasks/<int:task_id>/drafts", scope="user", answers={200: [shapes.DraftOut]})
def list_drafts(task_id: int) -> list[Any]:
    """List the caller's drafts of a task."""
    with context().database.read() as session:
        return _all(session, drafts.of_task(session, caller(), task_id))


@routes.post("/api/tasks/<int:task_id>/drafts", scope="user", body=DraftIn, answers={201: shapes.DraftOut})
def create_draft(task_id: int, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Begin a draft of a task."""
    return _shown(drafts.create(context(), caller(), task_id, body)), 201


@routes.get(
    "/api/tasks/<int:task_id>/annotations/<int:annotation_id>/drafts",
    scope="user",
    answers={200: [shapes.DraftOut]},
)
def list_annotation_drafts(task_id: int, annotation_id: int) -> list[Any]:
    """List the caller's drafts of an annotation."""
    with context().database.read() as session:
        return _all(session, drafts.of_task(session, caller(), task_id, annotation_id))


@routes.post("/api/tasks/<int:task_id>/annotations/<int:annotation_id>/drafts", scope="user", body=DraftIn,
             answers={201: shapes.DraftOut})  # fmt: skip
def create_annotation_draft(task_id: int, annotation_id: int, body: Mapping[str, Any]) -> tuple[Any, int]:
    """Begin a draft of changes to an annotation."""
    return _shown(drafts.create(context(), caller(), task_id, body, annotation_id)), 201


@routes.get("/api/drafts/<int:draft_id>", scope="user", answers={200: shapes.DraftOut})
def get_draft(draft_id: int) -> Any:
    """Show a draft of the caller's."""
    with context().database.read() as session:
        return _shown(drafts.get(session, caller(), draft_id))


@routes.patch("/api/drafts/<int:draft_id>", scope="user", body=DraftIn,
              answers={200: shapes.DraftOut, 409: "it was changed elsewhere; the answer holds it"})  # fmt: skip
def change_draft(draft_id: int, body: Mapping[str, Any]) -> Any:
    """Change a draft: whole, or by operations against a revision."""
    if "ops" not in body:
        return _shown(drafts.replace(context(), caller(), draft_id, body))
    missing = {name: [fields.REQUIRED] for name in ("revision", "client", "seq") if body.get(name) is None}
    if missing:
        raise InvalidFields(missing)
    return _shown(
        drafts.apply(
            context(), caller(), draft_id, revision=body["revision"], client=body["client"], seq=body["seq"],
            ops=body["ops"], lead_time=body.get("lead_time"),
        )
    )  # fmt: skip


@routes.put(
    "/api/drafts/<int:draft_id>", scope="user", body=DraftIn, answers={200: shapes.DraftOut}, hidden=True
)
def replace_draft(draft_id: int, body: Mapping[str, Any]) -> Any:
    """Put a whole draft in the place of what there was."""
    return _shown(drafts.replace(context(), caller(), draft_id, body))


@routes.delete("/api/drafts/<int:draft_id>", scope="user", answers={204: "deleted"})
def delete_draft(draft_id: int) -> tuple[None, int]:
    """Throw a draft away."""
    drafts.remove(context(), caller(), draft_id)
    return None, 204


def _all(session: Any, rows: list[Draft]) -> list[dict[str, Any]]:
    persons = serializers.people(session, {row.user_id for row in rows})
    return [serializers.draft(row, persons) for row in rows]


def _shown(row: Draft) -> dict[str, Any]:
    with context().database.read() as session:
        return _all(session, [row])[0]
