"""Choices, taxonomies, comparisons: answers out of a set."""

from __future__ import annotations

from typing import Any, ClassVar

from labelwright.api import Question
from labelwright_quality.metrics.answers import AnswerMetric
from labelwright_quality.metrics.matching import matched

Path = tuple[str, ...]
CHOSEN = frozenset({"choices", "taxonomy", "pairwise", "rating"})


def chosen(answer: Any) -> frozenset[Path]:
    """What was chosen, each as its path: ``{("Animal", "Cat"), ("Car",)}``."""
    if answer is None:
        return frozenset()
    listed = answer if isinstance(answer, list) else [answer]
    return frozenset(
        tuple(map(str, one)) if isinstance(one, list) else (str(one),) for one in listed if one is not None
    )


def spoken(path: Path) -> str:
    return " / ".join(path)


class SetOverlap(AnswerMetric):
    """What both have chosen, by what either has."""

    name = "set-overlap"
    title = "Shared choices"
    help = "What both have chosen, by what either has: 1 for the same, 0.5 where one of two is shared."
    types: ClassVar = CHOSEN
    preference: ClassVar = 10

    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        ours, theirs = chosen(a), chosen(b)
        whole = self._weight(ours | theirs, question)
        return self._weight(ours & theirs, question) / whole if whole > 0 else None

    def named(self, answer: Any, question: Question) -> frozenset[str]:
        return frozenset(spoken(path) for path in chosen(answer))

    def _weight(self, paths: frozenset[Path], question: Question) -> float:
        return sum(question.weight(path[-1]) for path in sorted(paths) if path)


class PathOverlap(SetOverlap):
    """Paths of a taxonomy, by how far they go together."""

    name = "path-overlap"
    title = "Shared paths"
    help = "Paths of a taxonomy are paired one with one; each pair counts by how far it goes the same way."
    types: ClassVar = frozenset({"taxonomy"})
    preference: ClassVar = 15

    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        ours, theirs = (
            sorted(path for path in chosen(one) if path and question.weight(path[-1]) > 0) for one in (a, b)
        )
        if not ours and not theirs:
            return None
        return 2 * sum(value for *_, value in matched(ours, theirs, _together)) / (len(ours) + len(theirs))


def _together(one: Path, other: Path) -> float:
    same = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        same += 1
    return same / max(len(one), len(other))
