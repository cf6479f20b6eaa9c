"""Answers to questions: one for the task, or one for each region or item, which are then paired by where they lie."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from labelwright.api import LabelPair, Metric, Node, Question, Result
from labelwright_quality.metrics.matching import matched
from labelwright_quality.metrics.places import Place, overlap, place_of
from labelwright_quality.metrics.regions import HAIR, SAME_THING, called


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
        scores = [self.likeness(one, other, question) for one, other in self._paired(a, b, question)]
        known = [score for score in scores if score is not None]
        return sum(known) / len(known) if known else None

    def labels(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterable[LabelPair]:
        if not a or not b:
            return
        for one, other in self._paired(a, b, question):
            yield from called(self.named(one, question), self.named(other, question))

    def _paired(
        self, a: Sequence[Result], b: Sequence[Result], question: Question
    ) -> Iterator[tuple[Any, Any]]:
        """The answers of two people to the same question.

        An answer about a region that the other did not draw has no partner; one for an item that the other left out
        is paired with ``None``.
        """
        key = question.control.tag.main_key if question.control.tag else None
        if not question.control.get("perRegion"):
            mine, others = ({_item(one): _answer(one, key) for one in side} for side in (a, b))
            yield from ((mine.get(item), others.get(item)) for item in {**mine, **others})
            return

        def near(one: Located, other: Located) -> float:
            value = overlap(one.place, other.place) if one.where == other.where else 0.0
            return value + HAIR * (self.likeness(one.answer, other.answer, question) or 0) if value else 0.0

        ours, theirs = ([_located(one, key) for one in side] for side in (a, b))
        yield from (
            (ours[i].answer, theirs[j].answer)
            for i, j, value in matched(ours, theirs, near)
            if value >= SAME_THING
        )


@dataclass(frozen=True)
class Located:
    """An answer about a region."""

    where: tuple[Any, Any]
    place: Place
    answer: Any


def _located(result: Result, key: str | None) -> Located:
    return Located(_where(result), place_of(result, key), _answer(result, key))


def _where(result: Result) -> tuple[Any, Any]:
    return result.get("to_name"), result.get("item_index")


def _item(result: Result) -> Any:
    return result.get("item_index")


def _answer(result: Result, key: str | None) -> Any:
    value = result.get("value")
    return value.get(key) if isinstance(value, Mapping) and key else None
