"""/api/annotations, and those of a task."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import post_load

from labelwright.doors import json_body
from labelwright.models import Annotation
from labelwright.services import annotations as rules
from labelwright.services import serializers

from . import fields, shapes
from .routing import Routes, caller, context

routes = Routes("annotations", "Annotations")
ROUTES = [routes]


class AnnotationIn(fields.Schema):
    """What a labeller's page or a script sends. Author, task and project are never taken from here."""

    result = fields.RawField(allow_none=True)
    was_cancelled = fields.Flag(allow_none=True)
    ground_truth = fields.Flag(allow_none=True)
    lead_time = fields.Decimal(allow_none=True)
    draft_id = fields.Whole(least=0, allow_none=True)
    unique_id = fields.Text(most=64, allow_none=True)
    parent_prediction = fields.Whole(least=1, allow_none=True)
    parent_annotation = fields.Whole(least=1, allow_none=True)

    @post_load
    def unwrap(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A result that was written as JSON twice, as some clients do, is the list inside."""
        result = values.get("result")
        if isinstance(result, bytes) and result[:1] == b'"' and (inner := json.loads(result))[:1] == "[":
            values["result"] = inner.strip().encode("utf-8", "surrogatepass")
            json_body.check(values["result"])
        return values


class SkipQuery(fields.Schema):
    was_cancelled = fields.Flag()


@routes.get("/api/tasks/<int:task_id>/annotations", answers={200: [shapes.AnnotationOut]})
def list_annotations(task_id: int) -> list[Any]:
    """List a task's annotations, oldest first."""
    with context().database.read() as session:
        rows = rules.of_task(session, caller(), task_id)
        persons = serializers.people(session, {row.completed_by_id for row in rows})
    return [serializers.annotation(row, persons) for row in rows]


@routes.post("/api/tasks/<int:task_id>/annotations", query=SkipQuery, body=AnnotationIn,
             answers={201: shapes.AnnotationOut, 409: "the unique_id is another answer's"})  # fmt: skip
def create_annotation(task_id: int, query: Mapping[str, Any], body: Mapping[str, Any]) -> tuple[Any, int]:
    """Save the caller's answer for a task; ``?was_cancelled=1`` skips it."""
    saved = rules.submit(context(), caller(), task_id, body, skip=query.get("was_cancelled"))
    return serializers.annotation(saved, {caller().user_id: serializers.person_of(caller())}), 201


@routes.get("/api/annotations/<int:annotation_id>", answers={200: shapes.AnnotationOut})
def get_annotation(annotation_id: int) -> Any:
    """Show an annotation."""
    with context().database.read() as session:
        return _shown(rules.get(session, caller(), annotation_id))


@routes.patch("/api/annotations/<int:annotation_id>", body=AnnotationIn, answers={200: shapes.AnnotationOut})
def change_annotation(annotation_id: int, body: Mapping[str, Any]) -> Any:
    """Change an annotation; only what is named changes."""
    return _shown(rules.change(context(), caller(), annotation_id, body))


@routes.put(
    "/api/annotations/<int:annotation_id>",
    body=AnnotationIn,
    answers={200: shapes.AnnotationOut},
    hidden=True,
)
def replace_annotation(annotation_id: int, body: Mapping[str, Any]) -> Any:
    """Change an annotation; the same as PATCH."""
    return _shown(rules.change(context(), caller(), annotation_id, body))


@routes.delete("/api/annotations/<int:annotation_id>", answers={204: "deleted"})
def delete_annotation(annotation_id: int) -> tuple[None, int]:
    """Delete an annotation with its drafts."""
    rules.remove(context(), caller(), annotation_id)
    return None, 204


@routes.post("/api/annotations/<int:annotation_id>/convert-to-draft", answers={201: shapes.DraftOut})
def convert_to_draft(annotation_id: int) -> tuple[Any, int]:
    """Turn an annotation back into a draft."""
    draft = rules.to_draft(context(), caller(), annotation_id)
    with context().database.read() as session:
        return serializers.draft(draft, serializers.people(session, {draft.user_id})), 201


def _shown(row: Annotation) -> dict[str, Any]:
    with context().database.read() as session:
        return serializers.annotation(row, serializers.people(session, {row.completed_by_id}))
