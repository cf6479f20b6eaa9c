"""OpenAPI 3, made from the same declarations that validate the requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Response, current_app, g, redirect, render_template, request

from labelwright import __version__
from labelwright.errors import NotAuthenticated

from . import answers, fields, i18n
from .headers import nonce
from .pages import static_url
from .routing import Route, Routes, context

routes = Routes("openapi", "Server")
ROUTES = [routes]
CONVERTERS = {
    "int": {"type": "integer", "format": "int64"},
    "path": {"type": "string"},
    "string": {"type": "string"},
}
Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""In C where it is there: ten times as fast."""
BODY_KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
ERROR = {
    "type": "object",
    "required": ["id", "status_code", "version", "detail", "exc_info"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status_code": {"type": "integer"},
        "version": {"type": "string"},
        "detail": {"type": "string"},
        "exc_info": {"type": "string", "nullable": True},
        "code": {"type": "string", "description": "The reason, kebab-case; stable, unlike the words."},
        "params": {"type": "object", "additionalProperties": True},
        "validation_errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}


@routes.get("/docs/api/schema", "/docs/api/schema/yaml", auth="optional", scope="server", hidden=True)
def schema_yaml() -> Response:
    """The description of the API as YAML."""
    _admit()
    return Response(_kept("yaml", _as_yaml), mimetype="application/vnd.oai.openapi")


@routes.get("/docs/api/schema/json", auth="optional", scope="server", hidden=True)
def schema_json() -> Response:
    """The description of the API as JSON."""
    _admit()
    return answers.json(_described())


@routes.get(
    "/docs/api", "/swagger", "/swagger.json", "/swagger.yaml", auth="optional", scope="server", hidden=True
)
def index() -> Response:
    """Go to the description: the page, or the document."""
    _admit()
    kind = {"/swagger": "swagger-ui", "/swagger.json": "json", "/swagger.yaml": "yaml"}.get(
        request.path, "redoc"
    )
    if request.args.get("format") == "openapi":
        kind = "json"
    return redirect(f"{request.script_root}/docs/api/schema/{kind}/")  # type: ignore[return-value]


@routes.get(
    "/docs/api/schema/redoc", "/docs/api/schema/swagger-ui", auth="optional", scope="server", hidden=True
)
def page() -> Response:
    """The description as a page to read; it needs no script."""
    _admit()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in _described()["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation["tags"][0], []).append({"method": method, "path": path, **operation})
    text = render_template(
        "api.html", groups=groups, fields_of=_fields_of, locale=i18n.locale(g.caller), theme=i18n.theme(),
        nonce=nonce(), static=static_url, base=request.script_root,
    )  # fmt: skip
    return Response(text, mimetype="text/html")


def _fields_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Names and types of what a body or an answer holds."""
    schema = content.get("content", {}).get("application/json", {}).get("schema", {})
    while schema.get("type") == "array":
        schema = schema.get("items", {})
    return {
        name: field.get("format") or field.get("type") or "any"
        for name, field in schema.get("properties", {}).items()
    }


def _admit() -> None:
    if g.caller is None and not context().settings.public_api_docs:
        raise NotAuthenticated("Authentication credentials were not provided.")


def _described() -> dict[str, Any]:
    declared = current_app.extensions["labelwright_routes"]
    document: dict[str, Any] = _kept("document", lambda: describe(declared, request.script_root))
    return document


def _as_yaml() -> str:
    text: str = yaml.dump(_described(), Dumper=Dumper, sort_keys=False, allow_unicode=True)
    return text


def _kept(name: str, make: Callable[[], Any]) -> Any:
    """What takes long to make and is always the same, for the address that is asked."""
    kept: dict[tuple[str, str], Any] = current_app.extensions.setdefault("labelwright_openapi", {})
    key = (name, request.script_root)
    if key not in kept:
        kept[key] = make()
    return kept[key]


def describe(declared: Iterable[Route], base: str = "") -> dict[str, Any]:
    """The OpenAPI 3 document of these routes."""
    spec = APISpec(
        title="Labelwright",
        version=__version__,
        openapi_version="3.0.3",
        plugins=[MarshmallowPlugin(schema_name_resolver=_inline)],  # type: ignore[arg-type]
        servers=[{"url": base or "/"}],
        info={"description": "Label Studio's API, and what Labelwright adds to it."},
    )
    spec.components.security_scheme("token", {"type": "apiKey", "in": "header", "name": "Authorization"})
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "sessionid"})
    spec.components.schema("Error", ERROR)
    for path, group in _by_path(declared):
        spec.path(path=path, operations={route.method.lower(): _operation(route) for route in group})
    document: dict[str, Any] = spec.to_dict()
    return document


def _inline(_schema: object) -> None:
    """Every schema stands where it is used: names of Python classes are no part of the API."""


def _by_path(declared: Iterable[Route]) -> list[tuple[str, list[Route]]]:
    paths: dict[str, list[Route]] = {}
    for route in declared:
        if not route.hidden:
            paths.setdefault(PARAMETER.sub(r"{\g<name>}", route.rule), []).append(route)
    return sorted(paths.items())


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.endpoint.replace(".", "_"),
        "summary": route.summary,
        "tags": list(route.tags),
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(status): _answer(status, content) for status, content in route.answers.items()},
    }
    if route.description:
        operation["description"] = route.description
    if route.body is not None:
        schema = _listed(route.body) if route.many else route.body
        operation["requestBody"] = {"content": {kind: {"schema": schema} for kind in BODY_KINDS}}
    if route.auth == "required":
        operation["security"] = [{"token": []}, {"session": []}]
        operation["responses"]["401"] = _refusal("Nobody is known to be asking.")
        if "<" in route.rule or route.scope == "organization":  # a query or a body names things, too
            gone = _refusal("It does not exist, or belongs to another organisation.")
            operation["responses"].setdefault("404", gone)
    if route.body is not None or route.query is not None:
        operation["responses"].setdefault("400", _refusal("What was sent cannot be accepted."))
    return operation


def _listed(schema: type[fields.Schema]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": match["name"],
            "in": "path",
            "required": True,
            "schema": CONVERTERS.get(match["converter"] or "string", {"type": "string"}),
        }
        for match in PARAMETER.finditer(route.rule)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [{"in": "query", "schema": route.query}] if route.query is not None else []


def _answer(status: int, content: Any) -> dict[str, Any]:
    words = "refused" if status >= 400 else "done"
    if isinstance(content, list):
        return {"description": words, "content": {"application/json": {"schema": _listed(content[0])}}}
    if isinstance(content, type) and issubclass(content, fields.Schema):
        return {"description": words, "content": {"application/json": {"schema": content}}}
    if status >= 400:
        return _refusal(str(content))
    return {"description": str(content)}


def _refusal(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Error"}
    return {"description": words, "content": {"application/json": {"schema": schema}}}
