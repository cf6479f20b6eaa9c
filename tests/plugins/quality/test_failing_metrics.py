"""A metric of somebody's plugin that fails: it is named and counted, and everything else is compared all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import labelwright_quality
from labelwright.api import Answer, Metric, ProjectSnapshot, Question, Unavailable, hookimpl
from labelwright.errors import PluginError
from labelwright.label_config import parse
from labelwright.testing import make_registry
from labelwright_quality.comparing import Comparer, comparison_of
from tests.web.application import SENTIMENT, mood


class Broken(Metric):
    name, title, preference = "broken", "Broken", 99

    def serves(self, control: Any) -> bool:
        return bool(control.name == "mood")

    def score(self, a: Any, b: Any, question: Question) -> float:
        return a[0]["no such thing"]


class Plugin:
    name = "metric_broken"

    @hookimpl
    def register_metrics(self) -> list[type[Metric]]:
        return [Broken]


def test_a_metric_that_fails_is_named_and_the_rest_is_compared(tags: Any) -> None:
    registry = make_registry(labelwright_quality, Plugin())
    config = parse(SENTIMENT.replace("</View>", '<Rating name="stars" toName="text"/></View>'), tags)
    project = ProjectSnapshot(1, "Test", 1, config, datetime(2026, 1, 1, tzinfo=UTC))
    comparer = Comparer(comparison_of(project, registry.metrics, {}), registry.measure)
    rated = '{"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": 2}}'
    chosen = '{"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["Good"]}}'
    figures = comparer.figures([Answer(n, 1, f"[{chosen}, {rated}]", author=n) for n in (1, 2)])
    assert figures.pairs == [(1, 2, 1_000_000, {"stars": 1_000_000})]
    assert comparer.problems == {"mood": {"control": "mood", "metric": "broken", "error": "KeyError"}}
    with pytest.raises(Unavailable, match="metric_broken"):
        registry.measure("broken", [mood()], [mood()], Question(config.controls["mood"]))
    [report] = [report for report in registry.report() if report.name == "metric_broken"]
    assert (report.state, report.hook_errors) == ("loaded", 2)


def test_two_metrics_of_one_name_are_refused() -> None:
    with pytest.raises(PluginError, match="'broken' is already given by metric_broken"):
        make_registry(Plugin(), type("Other", (Plugin,), {"name": "metric_other"})())
