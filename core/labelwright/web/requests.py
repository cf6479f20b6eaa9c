"""Reading a request: may it come in, and what does it say.

The body of every JSON endpoint may also come as a form or as multipart, as Label Studio's clients send it.
Members declared as :class:`~labelwright.fields.RawField` keep the text they came in; the rest is parsed
and checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
from flask import g, request

from labelwright.doors import json_body
from labelwright.errors import InvalidFields, InvalidInput, NotAuthenticated, TooLarge, UnsupportedMedia

from . import fields, identity
from .routing import Route, context

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
JSON_BODY_LIMIT = 256 * 1024 * 1024
"""Bytes of a JSON body, except for imports, which stream."""
PIECE = 1024 * 1024


def admit(route: Route) -> None:
    """Let the request in, or refuse it. Leaves the caller, or ``None``, in ``g.caller``.

    :raises NotAuthenticated: nobody is known, and the route asks for somebody.
    :raises NotAllowed: a cookie came from another site's page.
    :raises TooManyRequests: the route's rate is used up.
    """
    g.caller = None if route.auth == "none" else identity.find(context())
    if route.auth == "required" and g.caller is None:
        raise NotAuthenticated("Authentication credentials were not provided.")
    if request.method in UNSAFE and route.csrf != "exempt":
        identity.refuse_cross_site(context(), route)
    if route.rate:
        identity.count(context(), route.rate)


def query(schema: type[fields.Schema]) -> dict[str, Any]:
    """The query string, checked. ``ids[]=1&ids[]=2`` and ``ids=1,2`` are both lists.

    :raises InvalidFields: with a message for each parameter at fault.
    """
    return _load(schema, _gathered(schema, request.args))


def body(schema: type[fields.Schema], *, many: bool = False) -> Any:
    """The body, checked.

    :raises InvalidFields: with a message for each field at fault.
    :raises InvalidInput: if it is no JSON at all.
    :raises UnsupportedMedia: if it is neither JSON nor a form.
    """
    kind = (request.mimetype or "").lower()
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        values: Any = _gathered(schema, request.form)
        return _load(schema, [values] if many else values, many=many)
    data = read_body()
    if not data:
        return _load(schema, [] if many else {}, many=many)
    if kind not in ("application/json", "text/json", "") and not kind.endswith("+json"):
        raise UnsupportedMedia(f'Unsupported media type "{request.content_type}" in request.')
    refuse_charsets()
    values = json_body.parse(data, raw=raw_names(schema))
    if not many and not isinstance(values, dict):
        raise InvalidFields(
            {"non_field_errors": [f"Invalid data. Expected a dictionary, but got {_kind(values)}."]}
        )
    if many and isinstance(values, dict):
        values = [values]
    return _load(schema, values, many=many)


def refuse_charsets() -> None:
    """JSON is UTF-8. :raises UnsupportedMedia: if the request calls it something else."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMedia(
            f'JSON is read as UTF-8, not as "{charset}".', code="not-utf-8", params={"charset": charset}
        )


def read_body(limit: int = JSON_BODY_LIMIT) -> bytes:
    """The body's bytes. :raises TooLarge: before reading when it says so itself, else while reading."""
    length = request.content_length
    if length is not None and length > limit:
        raise TooLarge(f"The request is larger than {limit} bytes.", params={"limit": limit})
    pieces, size = [], 0
    while piece := request.stream.read(PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLarge(f"The request is larger than {limit} bytes.", params={"limit": limit})
    return b"".join(pieces)


def raw_names(schema: type[fields.Schema]) -> frozenset[str]:
    """The members whose text is kept."""
    declared = schema._declared_fields
    return frozenset(name for name, field in declared.items() if isinstance(field, fields.RawField))


def page(values: Mapping[str, Any], size: int, *, most: int | None = None) -> tuple[int, int]:
    """Page number (from 1) and size, of ``page`` and ``page_size``."""
    wanted = values.get("page_size") or size
    if wanted <= 0:
        wanted = size
    return values.get("page") or 1, min(wanted, most) if most else wanted


def _gathered(schema: type[fields.Schema], source: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in schema._declared_fields.items():
        key = field.data_key or name
        listed = source.getlist(key) + source.getlist(f"{key}[]")
        if not listed:
            continue
        values[key] = listed if isinstance(field, fields.Many) else listed[-1]
        if isinstance(field, fields.RawField | fields.Mapping | fields.Part | fields.Anything):
            values[key] = _form_json(key, values[key], isinstance(field, fields.RawField))
    return values


def _form_json(key: str, text: str, raw: bool) -> Any:
    """JSON inside a form's field."""
    try:
        parsed = json_body.parse(text.encode())
    except InvalidInput as error:
        raise InvalidFields({key: ["Value must be valid JSON."]}) from error
    return text.encode() if raw else parsed


def _load(schema: type[fields.Schema], values: Any, *, many: bool = False) -> Any:
    try:
        return schema().load(values, many=many, partial=request.method == "PATCH" or None)
    except marshmallow.ValidationError as error:
        raise InvalidFields(flattened(error.normalized_messages())) from error


def flattened(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, list[str]]:
    """Nested messages by path: ``{"items": {0: {"id": [...]}}}`` becomes ``{"items.0.id": [...]}``."""
    flat: dict[str, list[str]] = {}
    for key, value in messages.items():
        name = "non_field_errors" if key == "_schema" else str(key)
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            flat.update(flattened(value, path + "."))
        else:
            flat[path] = [str(message) for message in value]
    return flat


def _kind(value: Any) -> str:
    return "list" if isinstance(value, list) else "str" if isinstance(value, str) else type(value).__name__
