"""Routes that declare themselves: who may call, what they read, what they answer.

The declaration is the one fact: it validates the request, makes OpenAPI, and is what the tests walk. Every route works
with and without a trailing slash. The core's routes and those of plugins are declared alike; ``web`` makes them answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from labelwright.fields import Schema

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
    view: Callable[..., Any]
    description: str = ""
    many: bool = False


@dataclass
class Routes:
    """The routes of one noun::

        routes = Routes("stars", "Stars")

        @routes.get("/api/stars/<int:project_id>", query=StarsQuery, answers={200: "the stars"})
        def list_stars(context, project_id, query):
            "List the stars of a project."

    A view gets the path's parameters, ``query=`` and ``body=`` where declared (of a plugin: first a
    :class:`~labelwright.api.RequestContext`), and returns a value to be sent as JSON, or a ``(value, status)`` pair.
    The first line of its docstring is the summary.

    :param name: of the noun, unique among all: views are ``<name>.<method>_<view>`` in logs and in OpenAPI.
    :param tag: the chapter of the API's documents; the name if not given.
    """

    name: str
    tag: str = ""
    declared: list[Route] = field(default_factory=list)

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
                    answers or {200: "done"}, [self.tag or self.name], hidden or number > 0, view,
                    description.strip(), many,
                )  # fmt: skip
                self.declared.append(route)
            return view

        return declare

    get = functools.partialmethod(route, "GET")
    post = functools.partialmethod(route, "POST")
    patch = functools.partialmethod(route, "PATCH")
    put = functools.partialmethod(route, "PUT")
    delete = functools.partialmethod(route, "DELETE")
