"""Shapes in percent of their picture, as YOLO counts them: in parts of 1, boxes by their centre. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def box(value: Mapping[str, Any], width: float, height: float) -> tuple[float, float, float, float] | None:
    """A box, or the upright hull of a turned one.

    :param value: ``x``, ``y``, ``width``, ``height`` in percent, ``rotation`` in degrees clockwise about ``x, y``.
    :param width, height: of the picture in pixels; only their ratio counts, and only for a turned box.
    :returns: centre x, centre y, width, height, each 0..1; ``None`` if something is missing.
    """
    given = [_number(value.get(name)) for name in ("x", "y", "width", "height")]
    if None in given:
        return None
    x, y, w, h = (number for number in given if number is not None)
    turn = math.radians(_number(value.get("rotation")) or 0.0)
    if turn:
        x, y, w, h = _hull(x, y, w, h, turn, (width / height) if width and height else 1.0)
    return (x + w / 2) / 100, (y + h / 2) / 100, w / 100, h / 100


def polygon(points: Any) -> list[float] | None:
    """The corners of a polygon in turn: x, y, x, y ..., each 0..1."""
    if not isinstance(points, Sequence) or len(points) < 3:
        return None
    flat = [_number(part) for point in points for part in point]
    return None if None in flat else [number / 100 for number in flat if number is not None]


def _hull(
    x: float, y: float, w: float, h: float, turn: float, ratio: float
) -> tuple[float, float, float, float]:
    """The smallest upright box around one that is turned about its corner ``x, y``.

    One percent of the width is longer than one of the height by ``ratio``: it is turned in units of the height.
    """
    cos, sin = math.cos(turn), math.sin(turn)
    corners = [(0.0, 0.0), (w * ratio, 0.0), (w * ratio, h), (0.0, h)]
    xs = [x + (a * cos - b * sin) / ratio for a, b in corners]
    ys = [y + a * sin + b * cos for a, b in corners]
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if is_number else None
