"""Answers: JSON by orjson, times as Label Studio writes them, the error shape."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response

from labelwright.errors import InvalidFields, InvalidLabelConfig, LabelwrightError

LABEL_STUDIO_VERSION = "1.23.2"
"""The release whose API this one speaks; errors and ``/api/version`` name it."""


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in strict JSON.

    :param value: what orjson takes; an ``orjson.Fragment`` goes out as the text it holds.
    """
    return Response(dump(value), status=status, mimetype="application/json", headers=dict(headers or {}))


def dump(value: Any) -> bytes:
    return orjson.dumps(
        value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME, default=_default
    )


def fragment(text: str | None) -> Any:
    """Stored JSON, to be sent without a look inside; ``None`` becomes ``null``."""
    return None if text is None else orjson.Fragment(text)


def moment(value: datetime | None) -> str | None:
    """A time as the API writes it: UTC, microseconds, ``Z``."""
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def problem(error: LabelwrightError) -> dict[str, Any]:
    """An error as the API answers it: Label Studio's shape, plus ``code`` and ``params``."""
    body: dict[str, Any] = problem_body(error.status, error.message, error.code, error.params)
    if isinstance(error, InvalidFields):
        body["validation_errors"] = error.fields
    elif error.status == 400 and error.field is not None:
        body["detail"] = "Validation error"
        body["validation_errors"] = {error.field: [error.message]}
    if isinstance(error, InvalidLabelConfig):
        body["problems"] = error.problems
    body.update(getattr(error, "state", {}))
    return body


def problem_body(
    status: int, detail: str, code: str, params: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "status_code": status,
        "version": LABEL_STUDIO_VERSION,
        "detail": detail,
        "exc_info": None,
        "code": code,
        "params": dict(params or {}),
    }
