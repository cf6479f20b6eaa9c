"""Numbers and stars: the nearer, the more alike."""

from __future__ import annotations

import math
from typing import Any, ClassVar, TypeGuard

from labelwright.api import Attribute, Question
from labelwright_quality.metrics.answers import AnswerMetric


class Nearness(AnswerMetric):
    """How near two numbers are, by the range in which they may lie."""

    name = "nearness"
    title = "Nearness of numbers"
    help = "1 for the same number, 0 for numbers that lie the whole range apart."
    types: ClassVar = frozenset({"number", "rating"})
    params: ClassVar = {
        "range": Attribute(
            default=0,
            minimum=0,
            help="Numbers this far apart have nothing in common; 0: the range that the control allows.",
        ),
        "tolerance": Attribute(default=0, minimum=0, help="Numbers this near count as the same."),
    }
    preference: ClassVar = 5

    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        if not _is_number(a) or not _is_number(b):
            return float(a == b)
        apart = abs(float(a) - float(b))
        if apart <= question.params.get("tolerance", 0):
            return 1.0
        range_ = question.params.get("range", 0) or _range(question) or max(abs(a), abs(b))
        return max(0.0, 1 - apart / range_)


def _range(question: Question) -> float:
    """What the control allows; 0 if it does not say."""
    if _is_number(most := question.control.get("maxRating")):
        return float(most)
    least, most = question.control.get("min"), question.control.get("max")
    return float(most - least) if _is_number(least) and _is_number(most) and most > least else 0.0


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
