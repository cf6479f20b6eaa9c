"""Routes that declare themselves: who may call, what they read, what they answer.

The declaration is the one fact: it validates the request, makes OpenAPI, and is what the tests walk. Every
route works with and without a trailing slash (``web/wsgi.py`` takes it off before routing).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Blueprint, Response, current_app, g

from labelwright.errors import NotFound
from labelwright.services.context import Caller, Context

from . import answers
from .fields import Schema

Auth = Literal["required", "optional", "none"]
Scope = Literal["organization", "user", "server", "public"]
Csrf = Literal["origin", "form", "exempt"]


@dataclass(frozen=True)
class Route:
    """One operation.

    :param auth: ``required``: 401 without a caller; ``optional``: it looks; ``none``: it does not ask.
    :param scope: whose data it may touch: the caller's organisation, the caller alone, the server's own, or public.
    :param csrf: for unsafe methods with a session cookie: ``origin`` refuses cross-site requests, ``form``
        wants the form's token, ``exempt`` takes no cookie as proof.
    :param rate: the class of the limiter that counts its calls; ``""``: none.
    :param body: fields of the body; ``None``: the handler reads the stream itself, or there is none.
    :param answers: status to a schema, or to words where the answer is no JSON object of ours.
    """

    method: str
    rule: str
    endpoint: str
    summary: str
    auth: Auth
    scope: Scope
    csrf: Csrf
    rate: str
    query: type[Schema] | None
    body: type[Schema] | None
    answers: Mapping[int, Any]
    tags: Sequence[str]
    hidden: bool
    description: str = ""
    many: bool = False


@dataclass
class Routes:
    """The routes of one noun: a blueprint and their declarations.

    Handlers get the path's parameters, ``query=`` and ``body=`` where declared, and return a value to be sent as
    JSON, a ``(value, status)`` pair, or a finished response.
    """

    name: str
    tag: str = ""
    declared: list[Route] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blueprint = Blueprint(self.name, __name__)

    def route(
        self,
        method: str,
        *rules: str,
        auth: Auth = "required",
        scope: Scope = "organization",
        csrf: Csrf = "origin",
        rate: str = "",
        query: type[Schema] | None = None,
        body: type[Schema] | None = None,
        answers: Mapping[int, Any] | None = None,
        hidden: bool = False,
        many: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            summary, _, description = (view.__doc__ or "").strip().partition("\n")
            for number, rule in enumerate(rules):
                endpoint = f"{method.lower()}_{view.__name__}" + (f"_{number}" if number else "")
                route = Route(
                    method, rule, f"{self.name}.{endpoint}", summary.strip(), auth, scope, csrf, rate, query, body,
                    answers or {200: "done"}, [self.tag or self.name], hidden or number > 0, description.strip(), many,
                )  # fmt: skip
                self.declared.append(route)
                self.blueprint.add_url_rule(
                    rule, endpoint, _handler(view, route), methods=[method], provide_automatic_options=False
                )
            return view

        return declare

    get = functools.partialmethod(route, "GET")
    post = functools.partialmethod(route, "POST")
    patch = functools.partialmethod(route, "PATCH")
    put = functools.partialmethod(route, "PUT")
    delete = functools.partialmethod(route, "DELETE")


def context() -> Context:
    """The running application's parts."""
    found: Context = current_app.extensions["labelwright"]
    return found


def caller() -> Caller:
    """Who asks; only in routes with ``auth="required"``."""
    known: Caller = g.caller
    return known


def _handler(view: Callable[..., Any], route: Route) -> Callable[..., Response]:
    @functools.wraps(view)
    def handle(**params: Any) -> Response:
        from . import requests

        requests.admit(route)
        if any(isinstance(value, str) and "\x00" in value for value in params.values()):
            raise NotFound("Not found.")  # nothing is called so, and PostgreSQL would not even look
        if route.query is not None:
            params["query"] = requests.query(route.query)
        if route.body is not None:
            params["body"] = requests.body(route.body, many=route.many)
        value = view(**params)
        if isinstance(value, Response):
            return value
        value, status = value if isinstance(value, tuple) else (value, 200)
        if value is None and status == 204:
            return Response(status=204)
        return answers.json(value, status)

    handle.labelwright_route = route  # type: ignore[attr-defined]
    return handle
