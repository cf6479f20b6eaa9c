"""Orders: of how many pairs of items do both say the same?"""

from __future__ import annotations

from itertools import combinations
from typing import Any, ClassVar

from labelwright.api import Question
from labelwright_quality.metrics.answers import AnswerMetric

MOST = 300
"""Items that are compared: the work grows with the square. The first ones of each group count."""


class RankOrder(AnswerMetric):
    """The share of pairs of items that both put into the same groups, and within a group into the same order."""

    name = "rank-order"
    title = "Same order"
    help = "The share of pairs of items that both have put into the same groups and the same order."
    types: ClassVar = frozenset({"ranker"})
    preference: ClassVar = 10

    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        ours, theirs = _places(a), _places(b)
        items = sorted({*ours, *theirs})
        if len(items) < 2:
            return float(ours == theirs)
        pairs = list(combinations(items, 2))
        return sum(_relation(ours, *pair) == _relation(theirs, *pair) for pair in pairs) / len(pairs)


def _places(answer: Any) -> dict[str, tuple[str, int]]:
    """Item to its group and its place there."""
    groups = answer if isinstance(answer, dict) else {"": answer}
    return {
        str(item): (str(name), place)
        for name, items in groups.items()
        if isinstance(items, list)
        for place, item in enumerate(items[:MOST])
    }


def _relation(places: dict[str, tuple[str, int]], one: str, other: str) -> tuple[Any, ...]:
    here, there = places.get(one), places.get(other)
    if here is None or there is None:
        return (here and here[0], there and there[0])
    return (here[0], there[0], here[0] == there[0] and here[1] < there[1])
