"""Regions: boxes and stretches that two people drew, paired by what they cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from labelwright.api import Attribute, LabelPair, Metric, Node, Question, Result
from labelwright_quality.metrics.matching import matched
from labelwright_quality.metrics.places import Place, overlap, place_of

SAME_THING = 0.5
"""From this overlap on, two regions are one thing that may have been called by two names."""
HAIR = 1e-6
"""Of two that overlap alike, the one that was called the same is the partner."""


@dataclass(frozen=True)
class Region:
    where: tuple[object, object]
    """The object, and the item of it."""
    place: Place
    labels: frozenset[str]
    weight: float


class Overlap(Metric):
    """Regions that cover the same are paired, one with one; what has no partner counts as missed."""

    params: ClassVar = {
        "labels": Attribute(
            default=True, help="Regions agree only as far as their labels do; off: their places alone count."
        ),
        "threshold": Attribute(
            default=0,
            minimum=0,
            maximum=1,
            help="From this overlap on, two regions agree fully, and below not at all; 0: the overlap itself counts.",
        ),
    }
    preference: ClassVar = 20
    region: ClassVar[str]
    """The type of region that the controls draw which it serves."""

    def serves(self, control: Node) -> bool:
        assert control.tag is not None
        return control.tag.region == self.region

    def score(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> float | None:
        ours, theirs = regions_of(a, question), regions_of(b, question)
        whole = sum(one.weight for one in (*ours, *theirs))
        if whole <= 0:
            return None
        pairs = matched(ours, theirs, lambda one, other: self._likeness(one, other, question))
        return sum(value for *_, value in pairs) / whole

    def labels(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterable[LabelPair]:
        """What was called how: regions that cover the same, whatever their labels."""
        ours, theirs = regions_of(a, question), regions_of(b, question)
        pairs = [(i, j) for i, j, value in matched(ours, theirs, _one_thing) if value >= SAME_THING]
        for i, j in pairs:
            yield from called(ours[i].labels, theirs[j].labels)
        for i in set(range(len(ours))) - {i for i, _ in pairs}:
            yield from called(ours[i].labels, frozenset())
        for j in set(range(len(theirs))) - {j for _, j in pairs}:
            yield from called(frozenset(), theirs[j].labels)

    def _likeness(self, one: Region, other: Region, question: Question) -> float:
        """What a pair adds to the sum of both weights."""
        value = _covered(one, other)
        if value and (least := question.params.get("threshold", 0)):
            value = float(value >= least)
        if value and question.params.get("labels", True) and one.labels != other.labels:
            value *= _shared(one, other)
        return value * (one.weight + other.weight)


class BoxOverlap(Overlap):
    """Boxes, turned ones too: the shared area by the whole area."""

    name = "box-overlap"
    title = "Overlap of boxes"
    help = "Boxes are paired one with one; each pair counts by its shared area, each box without a partner as missed."
    region = "rectangle"


class SpanOverlap(Overlap):
    """Ranges of characters: the shared characters by all."""

    name = "span-overlap"
    title = "Overlap of marked text"
    help = "Marked parts are paired one with one; each pair counts by what it shares, each without a partner as missed."
    region = "span"


def regions_of(results: Sequence[Result], question: Question) -> list[Region]:
    """The regions that count, once each however many results speak of one."""
    key = question.control.tag.main_key if question.control.tag else None
    found = []
    for result in results:
        value = result.get("value")
        names = value.get(key) if isinstance(value, dict) and key else None
        labels = (
            frozenset(name for name in names if isinstance(name, str))
            if isinstance(names, list)
            else frozenset()
        )
        weight = max((question.weight(label) for label in labels), default=1.0)
        if weight > 0:
            where = (result.get("to_name"), result.get("item_index"))
            found.append(Region(where, place_of(result, key), labels, weight))
    return found


def called(ours: frozenset[str], theirs: frozenset[str]) -> Iterable[LabelPair]:
    """What two people called one thing."""
    yield from ((label, label) for label in sorted(ours & theirs))
    mine, others = sorted(ours - theirs), sorted(theirs - ours)
    if len(mine) == 1 == len(others):
        yield mine[0], others[0]
        return
    yield from ((label, None) for label in mine)
    yield from ((None, label) for label in others)


def _covered(one: Region, other: Region) -> float:
    return overlap(one.place, other.place) if one.where == other.where else 0.0


def _one_thing(one: Region, other: Region) -> float:
    value = _covered(one, other)
    return value + HAIR * _shared(one, other) if value else 0.0


def _shared(one: Region, other: Region) -> float:
    return len(one.labels & other.labels) / (len(one.labels | other.labels) or 1)
