"""/api/ml: models that are connected to projects, whatever their kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
from flask import Response

from labelwright.errors import InvalidFields, NotFound
from labelwright.ml import MLConnector
from labelwright.services import projects
from labelwright.services.ml import asked, kept, opened

from . import fields
from . import ml_shapes as shapes
from .requests import flattened
from .routing import Routes, caller, context

routes = Routes("ml", "Machine learning")
ROUTES = [routes]


class ListQuery(fields.Schema):
    project = fields.Whole(least=1)
    is_interactive = fields.Flag()


class TestQuery(fields.Schema):
    random = fields.Flag()


@routes.get("/api/ml", query=ListQuery, answers={200: [shapes.MLBackendOut]})
def list_backends(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the models of a project, each with the state it is found in now."""
    if "project" not in query:
        raise NotFound("No Project matches the given query.", code="no-project")
    ctx = context()
    with ctx.database.read() as session:
        rows = kept.find(ctx, session, caller(), query["project"], query.get("is_interactive"))
        project = projects.get(session, caller(), query["project"])
    asked.refresh(ctx, project, rows)
    return [shapes.shown(kept.to_json(ctx, row)) for row in rows]


@routes.get("/api/ml/kinds", answers={200: [shapes.MLKind]})
def list_kinds() -> list[dict[str, Any]]:
    """List the kinds of models with what is to be filled in for each: forms are made from it."""
    registry = context().registry
    messages = registry.ui()
    found = []
    for kind in registry.ml_connectors.values():
        plugin = registry.owner("register_ml_connectors", kind.kind)
        found.append(kind.info() | {"plugin": plugin, "messages": messages.get(plugin, {})})
    return found


@routes.post("/api/ml", body=shapes.NewMLBackend, answers={201: shapes.MLBackendOut})
def create_backend(body: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Connect a model to a project. It is tried first; without ``kind``, ``url`` names an ML backend."""
    kind = _kind(body)
    wanted = [one.name for one in kind.fields if one.required] + ["project"]
    if missing := [name for name in wanted if body.get(name) in (None, "")]:
        raise InvalidFields({name: ["This field is required."] for name in missing})
    row = kept.create(context(), caller(), kind, _checked(kind, body))
    return shapes.shown(kept.to_json(context(), row)), 201


@routes.post("/api/ml/validate", body=shapes.TriedMLBackend, answers={200: "it can be reached"})
def validate_backend(body: Mapping[str, Any]) -> dict[str, Any]:
    """Try whether a model can be reached, without keeping it."""
    backend_id = body.get("id")
    if backend_id is None:
        if "project" not in body:
            raise InvalidFields({"project": ["This field is required."]})
        kind = _kind(body)
    else:
        kind = _kind_of(backend_id)
    kept.tried(context(), caller(), {**_checked(kind, body), "kind": kind.kind}, backend_id)
    return {}


@routes.get("/api/ml/<int:backend_id>", answers={200: shapes.MLBackendOut})
def get_backend(backend_id: int) -> dict[str, Any]:
    """Show a model, with the state it is found in now. Its secrets are never shown."""
    row, project = kept.get_for(context(), caller(), backend_id, "models.view")
    asked.refresh(context(), project, [row])
    return shapes.shown(kept.to_json(context(), row))


@routes.patch("/api/ml/<int:backend_id>", body=shapes.ChangedMLBackend, answers={200: shapes.MLBackendOut})
def update_backend(backend_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a model. It is tried first; a secret that is sent empty stays as it is."""
    kind = _kind_of(backend_id)
    row = kept.change(context(), caller(), backend_id, _checked(kind, body))
    return shapes.shown(kept.to_json(context(), row))


@routes.delete("/api/ml/<int:backend_id>", answers={204: "forgotten"})
def delete_backend(backend_id: int) -> tuple[None, int]:
    """Forget a model. Its predictions stay."""
    kept.remove(context(), caller(), backend_id)
    return None, 204


@routes.get("/api/ml/<int:backend_id>/versions", answers={200: shapes.Versions})
def list_versions(backend_id: int) -> dict[str, Any]:
    """List the versions that a model has to choose from."""
    return asked.versions(context(), caller(), backend_id)


@routes.post(
    "/api/ml/<int:backend_id>/predict/test",
    query=TestQuery,
    answers={200: shapes.Tried, 501: "without ``random=true``"},
)
def test_prediction(backend_id: int, query: Mapping[str, Any]) -> Any:
    """Have a model predict one task of its project, drawn by lot. Nothing is stored."""
    if not query.get("random"):
        kept.get_for(context(), caller(), backend_id, "models.view")
        return {"error": "Not implemented - you must provide random=true query parameter"}, 501
    return asked.try_one(context(), caller(), backend_id)


@routes.post("/api/ml/<int:backend_id>/train", body=shapes.Training, answers={200: "nothing"})
def train_model(backend_id: int, body: Mapping[str, Any]) -> Response:
    """Have a model learn from the project's answers. What goes wrong stands on the model."""
    asked.train(context(), caller(), backend_id)
    return Response(status=200)


@routes.post(
    "/api/ml/<int:backend_id>/interactive-annotating", body=shapes.Interactive, answers={200: shapes.Said}
)
def annotate_interactively(backend_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Have a model answer to what a labeller has drawn. Nothing is stored."""
    said = body.get("context")
    return asked.interactive(
        context(), caller(), backend_id, body["task"], said if isinstance(said, Mapping) else None
    )


def _kind(body: Mapping[str, Any]) -> type[MLConnector]:
    """:raises InvalidFields: if no plugin at work knows it; the message names those there are."""
    wanted = body.get("kind") or shapes.DEFAULT_KIND
    known = context().registry.ml_connectors
    if wanted not in known:
        words = f'"{wanted}" is not a valid choice; there are {", ".join(sorted(known)) or "none"}.'
        raise InvalidFields({"kind": [words]}, code="unknown-model", params={"kind": wanted})
    return known[wanted]


def _kind_of(backend_id: int) -> type[MLConnector]:
    row, _ = kept.get_for(context(), caller(), backend_id, "models.change")
    return opened.kind_of(context(), row.kind)


def _checked(kind: Any, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the kind's own fields checked.

    :raises InvalidFields: with a message for each field at fault.
    """
    schema = shapes.own_fields(kind)
    given = {name: value for name, value in body.items() if name in schema._declared_fields}
    try:
        return {**body, **schema().load(given)}
    except marshmallow.ValidationError as error:
        raise InvalidFields(flattened(error.normalized_messages())) from error
