"""/api/storages: places outside from which tasks come and to which answers go; the same addresses for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask

from labelwright.errors import InvalidFields
from labelwright.services import jobs
from labelwright.services.context import Context
from labelwright.services.storages import begun, kept, objects
from labelwright.storages import Side, Storage

from . import fields, requests, routing
from . import storage_shapes as shapes
from .routing import Routes, caller, context

routes = Routes("storages", "Storages")
ROUTES = [routes]
PREFIX: dict[Side, str] = {"source": "/api/storages", "target": "/api/storages/export"}


class OfProject(fields.Schema):
    project = fields.Text(blank=True)
    ordering = fields.Text(blank=True)


@routes.get("/api/storages", query=OfProject, answers={200: [shapes.AnyStorage]})
def list_sources(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the storages from which a project's tasks come, of all kinds."""
    return _listed("source", None, query)


@routes.get("/api/storages/export", query=OfProject, answers={200: [shapes.AnyStorage]})
def list_targets(query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List the storages to which a project's answers go, of all kinds."""
    return _listed("target", None, query)


@routes.get("/api/storages/types", answers={200: [shapes.StorageType]})
def source_types() -> list[dict[str, Any]]:
    """List the kinds of storages that tasks can come from."""
    return _types("source")


@routes.get("/api/storages/export/types", answers={200: [shapes.StorageType]})
def target_types() -> list[dict[str, Any]]:
    """List the kinds of storages that answers can go to."""
    return _types("target")


@routes.get("/api/storages/kinds", answers={200: [shapes.StorageKind]})
def list_kinds() -> list[dict[str, Any]]:
    """List the kinds of storages with what is to be filled in for each: forms are made from it."""
    registry = context().registry
    messages = registry.ui()
    found = []
    for kind in registry.storages.values():
        plugin = registry.owner("register_storages", kind.name)
        settings = registry.settings_for("register_storages", kind.name, context().settings)
        told = {
            "plugin": plugin,
            "unavailable": kind.why_unavailable(settings),
            "messages": messages.get(plugin, {}),
        }
        found.append(kind.info() | told)
    return found


def add(app: Flask) -> None:
    """Let an application answer the addresses of each kind of storage that its plugins bring."""
    ctx: Context = app.extensions["labelwright"]
    for kind in ctx.registry.storages.values():
        for side in kind.sides:
            routing.add(app, routes_of(kind, side))


def routes_of(kind: type[Storage], side: Side) -> Routes:
    """The addresses of one kind, for sources or for targets."""
    made = Routes(f"storages_{kind.name}_{side}".replace("-", "_"), "Storages")
    base = f"{PREFIX[side]}/{kind.name}"
    one, out = f"{base}/<int:storage_id>", shapes.shown(kind, side)
    new, changed = (shapes.sent(kind, side, wants_project=wanted) for wanted in (True, False))
    tried = shapes.tried(kind, side)
    word = "tasks come" if side == "source" else "answers go"
    made.get(base, query=OfProject, answers={200: [out]})(
        _view("list_all", f"List the storages of the kind {kind.name} {_way(side)} a project's {word}.",
              lambda query: _listed(side, kind, query))
    )  # fmt: skip
    made.post(base, body=new, answers={201: out})(
        _view("create", f"Set up a storage of the kind {kind.name}. It is tried first.",
              lambda body: (_create(kind, side, body), 201))
    )  # fmt: skip
    made.get(one, answers={200: out})(
        _view(
            "show",
            "Show a storage. Its secrets are never shown.",
            lambda storage_id: _show(kind, side, storage_id),
        )
    )
    for method in (made.patch, made.put):
        method(one, body=changed, answers={200: out}, hidden=method is made.put)(
            _view("change", "Change a storage. A secret that is sent empty stays as it is.",
                  lambda storage_id, body: _change(kind, side, storage_id, body))
        )  # fmt: skip
    made.delete(one, answers={204: "forgotten"})(
        _view("remove", "Forget a storage. What is in it, and what came from it, stays.",
              lambda storage_id: _remove(kind, side, storage_id))
    )  # fmt: skip
    made.post(f"{one}/sync", answers={200: out, 202: "the job, with ``Prefer: respond-async``"})(
        _view("sync", "Synchronise a storage: what is new comes in, or goes out.",
              lambda storage_id: _sync(kind, side, storage_id))
    )  # fmt: skip
    made.post(f"{base}/validate", body=tried, answers={200: "it can be reached"})(
        _view("validate", "Try whether a storage can be reached, without keeping it.",
              lambda body: _try(kind, side, body))
    )  # fmt: skip
    made.post(f"{base}/files", body=tried, answers={200: shapes.StoredFiles})(
        _view("files", "List the first objects that a storage would bring. A row without a key: there may be more.",
              lambda body: _files(kind, side, body))
    )  # fmt: skip
    return made


def _way(side: Side) -> str:
    return "from which" if side == "source" else "to which"


def _view(name: str, summary: str, view: Callable[..., Any]) -> Callable[..., Any]:
    view.__name__, view.__doc__ = name, summary
    return view


def _types(side: Side) -> list[dict[str, Any]]:
    kinds = context().registry.storages.values()
    return [{"name": kind.name, "title": kind.title} for kind in kinds if side in kind.sides]


def _listed(side: Side, kind: type[Storage] | None, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    """:raises InvalidFields: without a project."""
    text = query.get("project") or ""
    if not text and kind is None:
        return []  # as Label Studio, which does not ask for one there
    if not text.isdecimal() or len(text) > 18:
        words = "A valid integer is required." if text else 'query parameter "project" is required'
        raise InvalidFields({"project" if text else "non_field_errors": [words]})
    ctx = context()
    with ctx.database.read() as session:
        rows = kept.find(ctx, session, caller(), int(text), side, kind.name if kind else None)
        return kept.to_json(ctx, session, rows)


def _create(kind: type[Storage], side: Side, body: Mapping[str, Any]) -> dict[str, Any]:
    ctx = context()
    row = kept.create(ctx, caller(), side, kind, body)
    if side == "target" and ctx.settings["storage.sync_targets_on_creation"] and row.synchronizable:
        begun.begin(ctx, caller(), side, kind.name, row.id)
    return _show(kind, side, row.id)


def _show(kind: type[Storage], side: Side, storage_id: int) -> dict[str, Any]:
    ctx = context()
    with ctx.database.read() as session:
        return kept.to_json(
            ctx, session, [kept.get_to_view(ctx, session, caller(), side, kind.name, storage_id)]
        )[0]


def _change(kind: type[Storage], side: Side, storage_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    kept.change(context(), caller(), side, kind, storage_id, body)
    return _show(kind, side, storage_id)


def _remove(kind: type[Storage], side: Side, storage_id: int) -> tuple[None, int]:
    kept.remove(context(), caller(), side, kind.name, storage_id)
    return None, 204


def _sync(kind: type[Storage], side: Side, storage_id: int) -> tuple[Any, int]:
    ctx = context()
    if not requests.is_async():
        begun.at_once(ctx, caller(), side, kind.name, storage_id)
        return _show(kind, side, storage_id), 200
    job, _ = begun.begin(ctx, caller(), side, kind.name, storage_id)
    with ctx.database.read() as session:
        return jobs.to_json(jobs.get(session, caller(), job)), 202


def _try(kind: type[Storage], side: Side, body: Mapping[str, Any]) -> dict[str, Any]:
    kept.tried(context(), caller(), side, kind, body)
    return {}


def _files(kind: type[Storage], side: Side, body: Mapping[str, Any]) -> dict[str, Any]:
    ctx = context()
    options = kept.tried(ctx, caller(), side, kind, body)
    limit = body.get("limit") or ctx.settings["storage.previewed"]
    return {"files": objects.preview(ctx, side, kind, options, body, limit)}
