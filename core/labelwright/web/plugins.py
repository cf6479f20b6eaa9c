"""/api/plugins: what is loaded, what failed, and what failed in browsers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from labelwright.services.permissions import require

from . import fields
from .routing import Routes, caller, context

routes = Routes("plugins", "Plugins")
ROUTES = [routes]


class BrowserErrorIn(fields.Schema):
    tag = fields.Text(blank=True, allow_none=True)
    message = fields.Text(blank=True, allow_none=True)
    stack = fields.Text(blank=True, allow_none=True)
    url = fields.Text(blank=True, allow_none=True)


@routes.get("/api/plugins", scope="server")
def list_plugins() -> list[dict[str, Any]]:
    """List every plugin that was found: its state, and why it is not at work if it is not."""
    ctx = context()
    require(ctx, caller(), "plugins.view")
    is_admin = caller().is_superuser or caller().role == "owner"
    return [report.to_json(is_admin=is_admin) for report in ctx.registry.report()]


@routes.get("/api/plugins/pages", scope="server")
def list_pages() -> list[dict[str, Any]]:
    """List the pages that plugins add to the browser application, with the address of each one's module."""
    registry = context().registry
    owners = {page.name: registry.owner("register_pages", page.name) for page in registry.pages.values()}
    return [
        {
            "name": page.name,
            "title": page.title,
            "plugin": owners[page.name],
            "module": registry.asset_url(owners[page.name], page.ui, request.script_root),
            "messages": registry.ui()[owners[page.name]],
        }
        for page in registry.pages.values()
    ]


@routes.post("/api/plugins/<name>/browser-errors", scope="server", body=BrowserErrorIn,
             answers={204: "noted"})  # fmt: skip
def browser_error(name: str, body: Mapping[str, Any]) -> tuple[None, int]:
    """Tell of a plugin that failed in the caller's browser."""
    context().registry.browser_error(name, {key: value or "" for key, value in body.items()})
    return None, 204
