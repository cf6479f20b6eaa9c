"""Declared routes made to answer: the request is admitted, read and checked, the view called, its value sent as JSON.

Every route works with and without a trailing slash (``web/wsgi.py`` takes it off before routing).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g

from labelwright.errors import NotFound
from labelwright.routes import Route as Route
from labelwright.routes import Routes as Routes
from labelwright.services.context import Caller, Context

from . import answers


def context() -> Context:
    """The running application's parts."""
    found: Context = current_app.extensions["labelwright"]
    return found


def caller() -> Caller:
    """Who asks; only in routes with ``auth="required"``."""
    known: Caller = g.caller
    return known


def add(app: Flask, routes: Routes, first: Callable[[], tuple[Any, ...]] = tuple) -> None:
    """Let an application answer these routes.

    :param first: what their views get before the parameters.
    """
    for route in routes.declared:
        app.add_url_rule(
            route.rule, route.endpoint, _handler(route, first), methods=[route.method], provide_automatic_options=False
        )  # fmt: skip
    app.extensions["labelwright_routes"].extend(routes.declared)


def _handler(route: Route, first: Callable[[], tuple[Any, ...]]) -> Callable[..., Response]:
    @functools.wraps(route.view)
    def handle(**params: Any) -> Response:
        from . import requests

        requests.admit(route)
        if any(isinstance(value, str) and "\x00" in value for value in params.values()):
            raise NotFound("Not found.")  # nothing is called so, and PostgreSQL would not even look
        if route.query is not None:
            params["query"] = requests.query(route.query)
        if route.body is not None:
            params["body"] = requests.body(route.body, many=route.many)
        value = route.view(*first(), **params)
        if isinstance(value, Response):
            return value
        value, status = value if isinstance(value, tuple) else (value, 200)
        if value is None and status == 204:
            return Response(status=204)
        return answers.json(value, status)

    handle.labelwright_route = route  # type: ignore[attr-defined]
    return handle
