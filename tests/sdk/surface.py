"""Every public method of the official client, found by looking at it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from label_studio_sdk.client import AsyncLabelStudio, LabelStudio
from label_studio_sdk.core.api_error import ApiError

NOBODY = 999_999_999
"""An id that no server has."""


def methods(client: LabelStudio | AsyncLabelStudio) -> dict[str, Callable[..., Any]]:
    """``{"projects.exports.as_json": method, ...}``, of all resource clients."""
    return dict(_walk(client, ()))


def _walk(resource: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in dir(type(resource)):
        if name.startswith("_") or name == "with_raw_response":
            continue
        declared = inspect.getattr_static(type(resource), name)
        if isinstance(declared, property):
            below = getattr(resource, name)
            if type(below).__module__.startswith("label_studio_sdk"):
                yield from _walk(below, (*path, name))
        elif inspect.isfunction(declared):
            yield ".".join((*path, name)), getattr(resource, name)
    for name, below in vars(resource).items():
        if not name.startswith("_") and type(below).__module__.startswith("label_studio_sdk"):
            yield from _walk(below, (*path, name))


def call_blindly(method: Callable[..., Any]) -> None:
    """Call a method with whatever its parameters take. What the server refuses is no failure."""
    positional, named = [], {}
    for name, parameter in inspect.signature(method).parameters.items():
        if name == "request_options" or parameter.default is not parameter.empty:
            continue
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            positional.append(_some(str(parameter.annotation)))
        elif parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = _some(str(parameter.annotation))
    try:
        answer = method(*positional, **named)
        if inspect.isgenerator(answer):
            list(answer)
    except ApiError:
        pass


def _some(annotation: str) -> Any:
    """A value for a parameter of this type."""
    if "core.File" in annotation or "IO[bytes]" in annotation:
        return ("x.csv", b"x")
    if "Sequence" in annotation:
        return []
    for word, value in (
        ("bool", False),
        ("datetime", datetime(2026, 1, 1, tzinfo=UTC)),
        ("int", NOBODY),
        ("float", 0.5),
        ("str", "x"),
    ):
        if word in annotation:
            return value
    return {}
