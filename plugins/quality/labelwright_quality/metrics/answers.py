"""Answers to questions: one for the task, or one for each region or item, which are then paired by where they lie."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from labelwright.api import LabelPair, Metric, Node, Question, Result
from labelwright_quality.metrics.matching import matched
from labelwright_quality.metrics.places import overlap, place_of
from labelwright_quality.metrics.regions import SAME_THING, called


class AnswerMetric(Metric):
    """A metric of single answers; those to the same question about two regions are averaged."""

    types: ClassVar[frozenset[str]]
    """Result types that it serves."""

    @abstractmethod
    def likeness(self, a: Any, b: Any, question: Question) -> float | None:
        """How alike two answers are, 0..1: what stands under the control's key in each value."""

    def named(self, answer: Any, question: Question) -> frozenset[str]:
        """An answer in names, for the table of what is taken for what; none by default."""
        return frozenset()

    def serves(self, control: Node) -> bool:
        assert control.tag is not None
        return control.tag.result_type in self.types

    def score(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> float | None:
        scores = [self.likeness(one, other, question) for one, other in paired(a, b, question)]
        known = [score for score in scores if score is not None]
        return sum(known) / len(known) if known else None

    def labels(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterable[LabelPair]:
        if not a or not b:
            return
        for one, other in paired(a, b, question):
            yield from called(self.named(one, question), self.named(other, question))


def paired(a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterator[tuple[Any, Any]]:
    """The answers of two people to the same question. An answer about a region that the other did not draw has none;
    one for an item that the other left out is paired with ``None``."""
    key = question.control.tag.main_key if question.control.tag else None
    if question.control.get("perRegion"):
        ours, theirs = (
            [(_where(one), place_of(one, key), _answer(one, key)) for one in side] for side in (a, b)
        )
        pairs = matched(
            ours, theirs, lambda one, other: overlap(one[1], other[1]) if one[0] == other[0] else 0.0
        )
        yield from ((ours[i][2], theirs[j][2]) for i, j, value in pairs if value >= SAME_THING)
        return
    mine, others = ({_item(one): _answer(one, key) for one in side} for side in (a, b))
    for item in {**mine, **others}:
        yield mine.get(item), others.get(item)


def _where(result: Result) -> tuple[Any, Any]:
    return result.get("to_name"), result.get("item_index")


def _item(result: Result) -> Any:
    return result.get("item_index")


def _answer(result: Result, key: str | None) -> Any:
    value = result.get("value")
    return value.get(key) if isinstance(value, Mapping) and key else None
