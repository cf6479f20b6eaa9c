"""Where a result lies: a box on a picture, a range of characters, a stretch of time; and how much two of them overlap.

A result that names no place lies nowhere, and overlaps with nothing but what has the same place to the letter.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeGuard

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """In a unit that is the same in both directions."""

    x: float
    y: float
    width: float
    height: float
    rotation: float = 0.0
    """Degrees, clockwise about the first corner."""

    @property
    def area(self) -> float:
        return self.width * self.height

    @cached_property
    def corners(self) -> list[Point]:
        turn = math.radians(self.rotation)
        across = (self.width * math.cos(turn), self.width * math.sin(turn))
        down = (-self.height * math.sin(turn), self.height * math.cos(turn))
        return [
            (self.x, self.y),
            (self.x + across[0], self.y + across[1]),
            (self.x + across[0] + down[0], self.y + across[1] + down[1]),
            (self.x + down[0], self.y + down[1]),
        ]

    def overlap(self, other: Box) -> float:
        """The shared area by the whole area, 0..1."""
        if self == other:
            return 1.0
        shared = self._shared(other)
        whole = self.area + other.area - shared
        return min(1.0, shared / whole) if whole > 0 else 0.0

    def _shared(self, other: Box) -> float:
        if self.rotation == 0 == other.rotation:
            width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
            height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
            return max(0.0, width) * max(0.0, height)
        if not self.area or not other.area:
            return 0.0
        return min(self.area, other.area, _area(_clipped(self.corners, other.corners)))


@dataclass(frozen=True)
class Stretch:
    """From ``start`` up to ``end``: of characters, of seconds."""

    start: float
    end: float

    def overlap(self, other: Stretch) -> float:
        if self == other:
            return 1.0
        shared = max(0.0, min(self.end, other.end) - max(self.start, other.start))
        whole = max(self.end, other.end) - min(self.start, other.start)
        return shared / whole if shared and whole > 0 else 0.0


@dataclass(frozen=True)
class Somewhere:
    """A place of a kind that we cannot measure: the same, or another."""

    value: str

    def overlap(self, other: Somewhere) -> float:
        return float(self == other)


Place = Box | Stretch | Somewhere
OTHER_KEYS = frozenset({"text", "labels", "score", "hypertextlabels", "globalOffsets"})


def place_of(result: Mapping[str, Any], answer_key: str | None) -> Place:
    """Where a result lies.

    :param answer_key: the key of the value that holds labels or the answer, which says nothing of the place.
    """
    value = result.get("value") or {}
    if all(_is_number(value.get(name)) for name in ("x", "y", "width", "height")):
        across, down = _unit(result)
        return Box(
            value["x"] * across,
            value["y"] * down,
            max(0.0, value["width"]) * across,
            max(0.0, value["height"]) * down,
            value["rotation"] % 360 if _is_number(value.get("rotation")) else 0.0,
        )
    offsets = value.get("globalOffsets")
    for range_ in (offsets if isinstance(offsets, Mapping) else {}, value):
        start, end = range_.get("start"), range_.get("end")
        if _is_number(start) and _is_number(end):
            return Stretch(min(start, end), max(start, end))
    rest = {name: one for name, one in value.items() if name != answer_key and name not in OTHER_KEYS}
    return Somewhere(repr(sorted(rest.items())))


def overlap(one: Place, other: Place) -> float:
    """How much of what two places cover is shared, 0..1; places of different kinds share nothing."""
    return one.overlap(other) if type(one) is type(other) else 0.0  # type: ignore[arg-type]


def _unit(result: Mapping[str, Any]) -> Point:
    """What a percent is, across and down: boxes that are turned need the picture's shape."""
    width, height = result.get("original_width"), result.get("original_height")
    if _is_number(width) and _is_number(height) and width > 0 and height > 0:
        return 1.0, height / width
    return 1.0, 1.0


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _area(corners: Sequence[Point]) -> float:
    following = [*corners[1:], *corners[:1]]
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, following, strict=True))) / 2


def _clipped(corners: Sequence[Point], by: Sequence[Point]) -> list[Point]:
    """What of a convex shape lies within another, whose corners go round clockwise (y grows downwards)."""
    left = list(corners)
    for at, edge in zip(by, [*by[1:], *by[:1]], strict=True):
        shape, left = left, []
        for one, following in zip(shape, [*shape[1:], *shape[:1]], strict=True):
            side, next_side = _side(at, edge, one), _side(at, edge, following)
            if side >= 0:
                left.append(one)
            if (side < 0) != (next_side < 0):
                part = side / (side - next_side)
                left.append(
                    (one[0] + part * (following[0] - one[0]), one[1] + part * (following[1] - one[1]))
                )
    return left


def _side(at: Point, edge: Point, point: Point) -> float:
    """Above 0: inside."""
    return (edge[0] - at[0]) * (point[1] - at[1]) - (edge[1] - at[1]) * (point[0] - at[0])
