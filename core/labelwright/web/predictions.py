"""/api/predictions: models' answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelwright.errors import InvalidFields
from labelwright.services import predictions, projects, serializers, tasks

from . import fields, shapes
from .routing import Routes, caller, context

routes = Routes("predictions", "Predictions")
ROUTES = [routes]


class PredictionIn(fields.Schema):
    task = fields.Whole(least=1)
    result = fields.RawField()
    score = fields.Decimal(allow_none=True)
    model_version = fields.Text(blank=True, allow_none=True)
    cluster = fields.Whole(allow_none=True, least=-(2**31), most=2**31 - 1)
    neighbors = fields.RawField(allow_none=True)
    mislabeling = fields.Decimal(allow_none=True)


class PredictionsQuery(fields.Schema):
    task = fields.Whole(least=1)
    project = fields.Whole(least=1)


@routes.get("/api/predictions", query=PredictionsQuery, answers={200: [shapes.PredictionOut]})
def list_predictions(query: Mapping[str, Any]) -> list[Any]:
    """List predictions, of a task, of a project, or all."""
    with context().database.read() as session:
        if "project" in query:
            projects.get(session, caller(), query["project"])
        if "task" in query:
            tasks.get(session, caller(), query["task"])
        rows = predictions.find(session, caller(), task_id=query.get("task"), project_id=query.get("project"))
    return [serializers.prediction(row) for row in rows]


@routes.post("/api/predictions", body=PredictionIn, answers={201: shapes.PredictionOut})
def create_prediction(body: Mapping[str, Any]) -> tuple[Any, int]:
    """Store a prediction for a task. Label Studio's short forms of a result are expanded."""
    missing = {name: [fields.REQUIRED] for name in ("task", "result") if body.get(name) is None}
    if missing:
        raise InvalidFields(missing)
    return serializers.prediction(predictions.create(context(), caller(), body)), 201


@routes.get("/api/predictions/<int:prediction_id>", answers={200: shapes.PredictionOut})
def get_prediction(prediction_id: int) -> Any:
    """Show a prediction."""
    with context().database.read() as session:
        return serializers.prediction(predictions.get(session, caller(), prediction_id))


@routes.patch("/api/predictions/<int:prediction_id>", body=PredictionIn, answers={200: shapes.PredictionOut})
def change_prediction(prediction_id: int, body: Mapping[str, Any]) -> Any:
    """Change a prediction; it stays at its task."""
    return serializers.prediction(predictions.change(context(), caller(), prediction_id, body))


@routes.put("/api/predictions/<int:prediction_id>", body=PredictionIn, answers={200: shapes.PredictionOut})
def replace_prediction(prediction_id: int, body: Mapping[str, Any]) -> Any:
    """Change a prediction; the same as PATCH."""
    return serializers.prediction(predictions.change(context(), caller(), prediction_id, body))


@routes.delete("/api/predictions/<int:prediction_id>", answers={204: "deleted"})
def delete_prediction(prediction_id: int) -> tuple[None, int]:
    """Delete a prediction."""
    predictions.remove(context(), caller(), prediction_id)
    return None, 204
