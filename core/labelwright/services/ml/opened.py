"""A model at work: the object of its kind, made from what was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson

from labelwright.errors import NotFound
from labelwright.label_config import LabelConfig
from labelwright.ml import MLConnector, MLContext
from labelwright.models import MLBackend, Organization, Project
from labelwright.services import declared_options, projects, tokens
from labelwright.services.context import Context
from labelwright.services.exports.downloads import snapshot_of
from labelwright.services.purposes import PurposeClient


def kind_of(ctx: Context, name: str) -> type[MLConnector]:
    """The class of a kind.

    :raises NotFound: if no plugin at work has it.
    """
    kind = ctx.registry.ml_connectors.get(name)
    if kind is None:
        raise NotFound(
            f"No plugin at work knows the kind of model {name!r}.",
            code="unknown-model",
            params={"kind": name},
        )
    return kind


def config_of(ctx: Context, project: Project) -> LabelConfig:
    """The project's configuration."""
    return projects.config_of(ctx, project)


@contextmanager
def opened(ctx: Context, row: MLBackend, project: Project) -> Iterator[MLConnector]:
    """What works with a model, for as long as the block lasts.

    :raises NotFound: if its kind is of a plugin that is not at work.
    """
    kind = kind_of(ctx, row.kind)
    with made(ctx, kind, options_of(ctx, row), project, row.timeout_s, row.connected_by_id) as connector:
        yield connector


@contextmanager
def made(
    ctx: Context,
    kind: type[MLConnector],
    options: Mapping[str, Any],
    project: Project,
    timeout_s: float,
    user_id: int | None,
) -> Iterator[MLConnector]:
    """The same, of what was filled in and is not kept yet.

    :raises Unavailable: if the plugin fails, with its name.
    """
    context = MLContext(
        project=snapshot_of(project, config_of(ctx, project)),
        settings=ctx.registry.settings_for("register_ml_connectors", kind.kind, ctx.settings),
        outbound=PurposeClient(ctx.outbound, "ml"),
        timeout_s=timeout_s,
        server_url=ctx.settings.base_url,
        access_token=_token(ctx, project, user_id) if kind.wants_token else "",
    )
    with declared_options.fenced(ctx):
        connector = kind(options, context)
    try:
        with declared_options.fenced(ctx):
            yield connector
    finally:
        connector.close()


def options_of(ctx: Context, row: MLBackend) -> dict[str, Any]:
    """What was filled in, secrets too, with defaults for what was not.

    :raises Unavailable: if the key that encrypted them is not in the ring.
    """
    defaults = {one.name: one.default for one in kind_of(ctx, row.kind).fields}
    secrets = orjson.loads(ctx.keys.decrypt(row.secrets)) if row.secrets else {}
    return defaults | orjson.loads(row.options) | secrets


def _token(ctx: Context, project: Project, user_id: int | None) -> str:
    with ctx.database.read() as session:
        organization = session.get(Organization, project.organization_id)
        is_on = organization is not None and organization.legacy_api_tokens_enabled
    return tokens.legacy(ctx, user_id) if is_on and user_id is not None else ""
