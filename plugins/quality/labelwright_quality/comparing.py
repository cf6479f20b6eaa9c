"""How a project's answers are compared, and what comes of it for one task. Nothing here knows a database."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import orjson

from labelwright.api import (
    Answer,
    InvalidInput,
    LabelConfig,
    LabelwrightError,
    Measured,
    Metric,
    Node,
    ProjectSnapshot,
    Question,
    Result,
)
from labelwright_quality.tables import WHOLE

MOST_PEOPLE = 30
"""Of a task: those who answered first are compared, each with each."""
LONGEST_LABEL = 255
LONGEST_NAME = 255

log = logging.getLogger(__name__)

Measure = Callable[[str, Sequence[Result], Sequence[Result], Question], Measured]


@dataclass(frozen=True)
class Compared:
    """A control whose answers are compared: by which metric, and how much it counts."""

    metric: str
    question: Question
    weight: float


@dataclass(frozen=True)
class Comparison:
    """All controls of a project that are compared, by name."""

    config: LabelConfig
    controls: Mapping[str, Compared]

    @property
    def fingerprint(self) -> str:
        """The same as long as the same answers give the same figures."""
        facts = [
            (name, one.metric, dict(one.question.params), one.weight, sorted(one.question.weights.items()))
            for name, one in sorted(self.controls.items())
        ]
        return hashlib.sha256(orjson.dumps([self.config.essential_hash, facts])).hexdigest()


def comparison_of(
    project: ProjectSnapshot, metrics: Mapping[str, Metric], chosen: Mapping[str, Any]
) -> Comparison:
    """How a project compares answers: what was chosen, and otherwise what suits each control best."""
    controls: dict[str, Compared] = {}
    for name, control in project.label_config.controls.items():
        own = chosen.get(name) or {}
        metric = metric_for(control, metrics, own.get("metric", ""))
        if metric is None or len(name) > LONGEST_NAME:
            continue
        weights = project.control_weights.get(name) or {}
        labels = {label: float(one) for label, one in (weights.get("labels") or {}).items() if one != 1}
        question = Question(control, _params(metric, own.get("params") or {}), labels)
        controls[name] = Compared(metric.name, question, float(weights.get("overall", 1.0)))
    return Comparison(project.label_config, controls)


def metrics_for(control: Node, metrics: Mapping[str, Metric]) -> list[Metric]:
    """The metrics that can compare answers to a control, the best first."""
    if control.tag is None or control.tag.result_type is None:
        return []
    serving = [metric for metric in metrics.values() if _serves(metric, control)]
    return sorted(serving, key=lambda metric: (-metric.preference, metric.name))


def metric_for(control: Node, metrics: Mapping[str, Metric], chosen: str) -> Metric | None:
    """The one that was chosen, or else the best. A choice whose plugin is gone is as none."""
    serving = metrics_for(control, metrics)
    return next((metric for metric in serving if metric.name == chosen), serving[0] if serving else None)


def _serves(metric: Metric, control: Node) -> bool:
    try:
        return metric.serves(control)
    except Exception:
        log.exception("the metric %s cannot say whether it serves %s", metric.name, control.element)
        return False


def _params(metric: Metric, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return metric.read_params(given)
    except InvalidInput:  # set for another version of the metric
        return metric.read_params({})


# --- one task


@dataclass
class Figures:
    """What came of the comparison of one task's answers. Shares are in millionths."""

    agreement: int | None = None
    pairs: list[tuple[int, int, int, dict[str, int]]] = field(default_factory=list)
    """Two people, the lower id first; how far they agree; the same by control."""
    labels: Counter[tuple[str, int, int, str, str]] = field(default_factory=Counter)
    """Control, two people, what each said."""

    def to_json(self) -> str:
        return orjson.dumps(
            {"pairs": self.pairs, "labels": [[*key, n] for key, n in sorted(self.labels.items())]}
        ).decode()

    @classmethod
    def from_json(cls, agreement: int, detail: str) -> Figures:
        facts = orjson.loads(detail)
        labels = Counter({tuple(key): n for *key, n in facts["labels"]})
        return cls(agreement, [tuple(pair) for pair in facts["pairs"]], labels)


class Comparer:
    """Compares the answers of one task after the other.

    A metric that fails is not asked again, and its control does not count; ``problems`` says so.
    """

    def __init__(self, comparison: Comparison, measure: Measure) -> None:
        self._comparison, self._measure = comparison, measure
        self.problems: dict[str, dict[str, str]] = {}
        """Control to the metric that failed, and the kind of its error."""

    def figures(self, answers: Iterable[Answer]) -> Figures:
        """What the answers to one task have in common. One person's newest answer counts; nobody's do not."""
        newest = {answer.author: answer for answer in answers if answer.author is not None}
        first = sorted(newest.values(), key=lambda answer: answer.id)[:MOST_PEOPLE]
        said = {answer.author: self._by_control(answer) for answer in first if answer.author is not None}
        figures = Figures()
        for one, other in combinations(sorted(said), 2):
            pair = self._pair(said[one], said[other], one, other, figures.labels)
            if pair is not None:
                figures.pairs.append((one, other, *pair))
        if figures.pairs:
            figures.agreement = round(sum(share for _, _, share, _ in figures.pairs) / len(figures.pairs))
        return figures

    def _by_control(self, answer: Answer) -> dict[str, list[tuple[str, list[Result]]]]:
        """Control to its answers: one, or with a repeater one for each item, under its own name."""
        named: dict[str, list[Result]] = {}
        for result in answer.result:
            if isinstance(result, dict) and isinstance(result.get("from_name"), str):
                named.setdefault(result["from_name"], []).append(result)
        found: dict[str, list[tuple[str, list[Result]]]] = {}
        for name, results in named.items():
            control = self._comparison.config.control(name)
            if control is not None and control.name:
                found.setdefault(control.name, []).append((name, results))
        return found

    def _pair(self, a: Mapping[str, Any], b: Mapping[str, Any], one: int, other: int,
              labels: Counter[tuple[str, int, int, str, str]]) -> tuple[int, dict[str, int]] | None:  # fmt: skip
        """How far two people agree, and by control; ``None`` where there is nothing to be said."""
        if not a and not b:
            return WHOLE, {}
        shares: dict[str, int] = {}
        for name in {**a, **b}:
            compared = self._comparison.controls.get(name)
            if compared is None or compared.weight <= 0 or name in self.problems:
                continue
            ours, theirs = dict(a.get(name, ())), dict(b.get(name, ()))
            measured = [
                self._ask(name, compared, ours.get(unit, []), theirs.get(unit, []))
                for unit in {**ours, **theirs}
            ]
            scores = [one_.score for one_ in measured if one_ is not None and one_.score is not None]
            if scores:
                shares[name] = round(WHOLE * sum(scores) / len(scores))
            for said in measured:
                for mine, others in said.labels if said else ():
                    labels[
                        name, one, other, (mine or "")[:LONGEST_LABEL], (others or "")[:LONGEST_LABEL]
                    ] += 1
        weights = {name: self._comparison.controls[name].weight for name in shares}
        if not shares:
            return None
        return round(sum(shares[name] * weights[name] for name in shares) / sum(weights.values())), shares

    def _ask(
        self, name: str, compared: Compared, a: Sequence[Result], b: Sequence[Result]
    ) -> Measured | None:
        if name in self.problems or (compared.question.control.get("perRegion") and not (a and b)):
            return None  # who has drawn nothing was not asked: the control that draws says how bad that is
        try:
            return self._measure(compared.metric, a, b, compared.question)
        except LabelwrightError as error:
            kind = type(error.__cause__ or error).__name__
            self.problems[name] = {"control": name, "metric": compared.metric, "error": kind}
            return None
