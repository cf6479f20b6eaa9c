"""The pieces of a result's ``value``: each checks what comes in, describes itself as JSON Schema and has a sample.

Checks are as tolerant as Label Studio, which stores what it is sent: keys that nobody declared are kept, and only
what no program could use (a width of ``"abc"``) is refused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from labelwright.errors import InvalidRegion


@dataclass(frozen=True, kw_only=True)
class Value:
    """One key of a value. This class accepts anything."""

    required: bool = True
    help: str = ""
    sample: Any = None

    def check(self, given: Any, path: str) -> None:
        """:raises InvalidRegion: with ``path`` as its field."""

    def schema(self) -> dict[str, Any]:
        return {"description": self.help} if self.help else {}


@dataclass(frozen=True, kw_only=True)
class Number(Value):
    """A finite number; ``minimum`` and ``maximum`` are allowed themselves."""

    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    sample: Any = 1

    def check(self, given: Any, path: str) -> None:
        if not self._fits(given):
            raise InvalidRegion(
                f"{_last(path)} must be {self._wanted()}",
                code="invalid-number",
                params={"key": _last(path)},
                field=path,
            )

    def _fits(self, given: Any) -> bool:
        if isinstance(given, bool) or not isinstance(given, int | float):
            return False
        try:
            given = float(given)  # an integer of a thousand digits is no number that anybody could use
        except OverflowError:
            return False
        if not math.isfinite(given):
            return False
        if self.integer and given != int(given):
            return False
        return (self.minimum is None or given >= self.minimum) and (
            self.maximum is None or given <= self.maximum
        )

    def _wanted(self) -> str:
        noun = "a whole number" if self.integer else "a number"
        match self.minimum, self.maximum:
            case None, None:
                return noun
            case low, None:
                return f"{noun}, {low:g} or more"
            case None, high:
                return f"{noun}, {high:g} or less"
        return f"{noun} from {self.minimum:g} to {self.maximum:g}"

    def schema(self) -> dict[str, Any]:
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        return {
            "type": "integer" if self.integer else "number",
            **{key: limit for key, limit in limits.items() if limit is not None},
            **super().schema(),
        }


@dataclass(frozen=True, kw_only=True)
class String(Value):
    """A text; with ``choices``, one of them."""

    choices: tuple[str, ...] = ()
    sample: Any = "text"

    def check(self, given: Any, path: str) -> None:
        if not isinstance(given, str):
            raise InvalidRegion(f"{_last(path)} must be a text", code="invalid-text", field=path)
        if self.choices and given not in self.choices:
            raise InvalidRegion(
                f"{_last(path)} must be one of: {', '.join(self.choices)}", code="invalid-choice", field=path
            )

    def schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            **({"enum": list(self.choices)} if self.choices else {}),
            **super().schema(),
        }


@dataclass(frozen=True, kw_only=True)
class Flag(Value):
    """True or false."""

    sample: Any = True

    def check(self, given: Any, path: str) -> None:
        if not isinstance(given, bool):
            raise InvalidRegion(f"{_last(path)} must be true or false", code="invalid-flag", field=path)

    def schema(self) -> dict[str, Any]:
        return {"type": "boolean", **super().schema()}


@dataclass(frozen=True, kw_only=True)
class Items(Value):
    """A list of at least ``least`` things, each an ``of``."""

    of: Value
    least: int = 0

    def __post_init__(self) -> None:
        if self.required and self.sample is None and self.of.sample is not None:
            object.__setattr__(self, "sample", [self.of.sample] * max(1, self.least))

    def check(self, given: Any, path: str) -> None:
        if not isinstance(given, list):
            raise InvalidRegion(f"{_last(path)} must be a list", code="invalid-list", field=path)
        if len(given) < self.least:
            raise InvalidRegion(
                f"{_last(path)} must have at least {self.least} items",
                code="list-too-short",
                params={"least": self.least},
                field=path,
            )
        for index, item in enumerate(given):
            self.of.check(item, f"{path}.{index}")

    def schema(self) -> dict[str, Any]:
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.of.schema(), **least, **super().schema()}


@dataclass(frozen=True, kw_only=True)
class Record(Value):
    """An object with these keys; others are kept."""

    keys: Mapping[str, Value]

    def __post_init__(self) -> None:
        if self.required and self.sample is None and self.keys:
            parts = {key: value.sample for key, value in self.keys.items() if value.sample is not None}
            object.__setattr__(self, "sample", parts)

    def check(self, given: Any, path: str) -> None:
        if not isinstance(given, dict):
            raise InvalidRegion(f"{_last(path)} must be an object", code="invalid-object", field=path)
        check_keys(given, self.keys, path + ".")

    def schema(self) -> dict[str, Any]:
        return {**object_schema(self.keys), **super().schema()}


@dataclass(frozen=True, kw_only=True)
class LabelList(Value):
    """The labels of a region or the choices of an answer: texts, or with ``nested`` paths of texts too."""

    nested: bool = False
    required: bool = False

    def check(self, given: Any, path: str) -> None:
        if not isinstance(given, list):
            raise InvalidRegion(f"{_last(path)} must be a list of labels", code="invalid-labels", field=path)
        for index, label in enumerate(given):
            if not self._is_label(label):
                raise InvalidRegion("a label must be a text", code="invalid-label", field=f"{path}.{index}")

    def _is_label(self, label: Any) -> bool:
        if isinstance(label, str):
            return True
        return (
            self.nested
            and isinstance(label, list)
            and bool(label)
            and all(isinstance(part, str) for part in label)
        )

    def schema(self) -> dict[str, Any]:
        one: dict[str, Any] = {"type": "string"}
        if self.nested:
            one = {"anyOf": [one, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
        return {"type": "array", "items": one, **super().schema()}


@dataclass(frozen=True, kw_only=True)
class Either(Value):
    """Any one of several declarations."""

    of: tuple[Value, ...]

    def check(self, given: Any, path: str) -> None:
        for one in self.of[:-1]:
            try:
                return one.check(given, path)
            except InvalidRegion:
                continue
        self.of[-1].check(given, path)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [one.schema() for one in self.of], **super().schema()}


def check_keys(given: Mapping[str, Any], keys: Mapping[str, Value], prefix: str = "") -> None:
    """Check the declared keys of an object; what is not declared is left alone.

    :param prefix: what comes before each key in the field of the error, e.g. ``ranges.0.``.
    :raises InvalidRegion: if a required key is missing, or a key holds what it cannot.
    """
    for key, declaration in keys.items():
        if key in given and not (given[key] is None and not declaration.required):
            declaration.check(given[key], prefix + key)
        elif declaration.required:
            raise InvalidRegion(
                f"{key} is missing", code="missing-key", params={"key": key}, field=prefix + key
            )


def object_schema(keys: Mapping[str, Value]) -> dict[str, Any]:
    """JSON Schema of an object with these keys."""
    required = [key for key, declaration in keys.items() if declaration.required]
    return {
        "type": "object",
        "properties": {key: declaration.schema() for key, declaration in keys.items()},
        **({"required": required} if required else {}),
    }


def _last(path: str) -> str:
    return path.rpartition(".")[2]
