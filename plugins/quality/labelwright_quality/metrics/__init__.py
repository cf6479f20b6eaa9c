"""The metrics of this plugin: for what the tags that are kept with Labelwright produce, and one for anything."""

from labelwright.api import Metric
from labelwright_quality.metrics.choices import PathOverlap, SetOverlap
from labelwright_quality.metrics.exact import ExactMatch
from labelwright_quality.metrics.numbers import Nearness
from labelwright_quality.metrics.ranking import RankOrder
from labelwright_quality.metrics.regions import BoxOverlap, SpanOverlap
from labelwright_quality.metrics.texts import EditDistance

METRICS: list[type[Metric]] = [
    SetOverlap,
    PathOverlap,
    Nearness,
    EditDistance,
    RankOrder,
    BoxOverlap,
    SpanOverlap,
    ExactMatch,
]
