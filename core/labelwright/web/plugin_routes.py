"""Routes of plugins: their views get what a request has at hand, and nothing of Flask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, g

from labelwright.errors import NotAuthenticated
from labelwright.services import permissions, projects
from labelwright.services.context import Caller, Context
from labelwright.services.plugin_scope import PluginScope
from labelwright.services.storages import objects

from . import routing, stored_files
from .projects import envelope


def add(app: Flask) -> None:
    """Let an application answer the routes of its plugins."""
    ctx: Context = app.extensions["labelwright"]
    for plugin, routes in ctx.registry.routes:
        routing.add(app, routes, _context_for(ctx, plugin))


def _context_for(ctx: Context, plugin: str) -> Callable[[], tuple[Any, ...]]:
    settings = ctx.settings.of_plugin(plugin)
    return lambda: (PluginRequest(ctx, g.caller, settings),)


class PluginRequest(PluginScope):
    """The context that :class:`~labelwright.plugin_context.RequestContext` promises.

    Of a route that asks nobody who they are, ``organization`` is ``None`` and nothing is permitted.
    """

    def __init__(self, ctx: Context, caller: Caller | None, settings: dict[str, Any]) -> None:
        self._caller = caller
        super().__init__(
            ctx,
            organization=caller.organization_id if caller else None,
            owner=caller.user_id if caller else None,
            settings=settings,
        )

    @property
    def user(self) -> int:
        return self._known.user_id

    @property
    def role(self) -> str:
        return self._known.role

    @property
    def _known(self) -> Caller:
        if self._caller is None:
            raise NotAuthenticated("Authentication credentials were not provided.")
        return self._caller

    def require(self, permission: str, project: int | None = None) -> None:
        with self._ctx.database.read() as session:
            if project is not None:
                projects.get(session, self._known, project)
            permissions.require(self._ctx, self._known, permission, session=session, project=project)

    def send_object(self, kind: str, uri: str) -> Any:
        with self._ctx.database.read() as session:
            place = objects.of_kind(self._ctx, session, self._known, kind, uri)
        return stored_files.sent(place)

    def envelope(self, results: Sequence[Any], *, total: int, page: int, size: int) -> dict[str, Any]:
        return envelope(list(results), total, page, size)
