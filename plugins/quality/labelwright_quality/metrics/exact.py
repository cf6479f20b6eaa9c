"""The same, or not: what can be said of answers of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from labelwright.api import LabelPair, Metric, Node, Question, Result
from labelwright_quality.metrics.choices import CHOSEN, SetOverlap


class ExactMatch(Metric):
    """1 where both have answered the same, 0 otherwise. It serves every control, those of other plugins too."""

    name = "exact-match"
    title = "The same or not"
    help = "1 where both have answered exactly the same, 0 otherwise."

    def serves(self, control: Node) -> bool:
        return True

    def score(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> float:
        return float(sorted(map(_said, a)) == sorted(map(_said, b)))

    def labels(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterable[LabelPair]:
        if question.control.tag and question.control.tag.result_type in CHOSEN:
            yield from SetOverlap().labels(a, b, question)


def _said(result: Result) -> bytes:
    """What a result says, however it is spelt: the order of labels and choices means nothing."""
    value = result.get("value")
    said = (
        {name: _ordered(one, result) for name, one in value.items()} if isinstance(value, Mapping) else value
    )
    return orjson.dumps([result.get("to_name"), result.get("item_index"), said], option=orjson.OPT_SORT_KEYS)


def _ordered(value: Any, result: Result) -> Any:
    if not isinstance(value, list) or result.get("type") == "ranker":
        return value
    return sorted(value, key=lambda one: orjson.dumps(one, option=orjson.OPT_SORT_KEYS))
