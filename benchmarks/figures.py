"""What was measured, beside what was wanted."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    :param at_most: the target, when less is better.
    :param at_least: the target, when more is better.
    :param cpu_s: processor time that the server spent on it; steadier than the clock on a busy machine.
    :param calls: how many requests that was for.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    cpu_s: float | None = None
    calls: int = 1

    @property
    def is_met(self) -> bool | None:
        """``None`` when nothing was promised."""
        if math.isnan(self.value):
            return False
        if self.at_most is not None:
            return self.value <= self.at_most
        if self.at_least is not None:
            return self.value >= self.at_least
        return None

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"≤ {_number(self.at_most)}"
        if self.at_least is not None:
            return f"≥ {_number(self.at_least)}"
        return ""

    def row(self) -> str:
        verdict = {True: "yes", False: "**no**", None: ""}[self.is_met]
        return f"| {self.what} | {_number(self.value)} {self.unit} | {self.target} | {verdict} | {self.cpu} |"

    @property
    def cpu(self) -> str:
        """Processor time of one request."""
        return "" if self.cpu_s is None else f"{_number(1000 * self.cpu_s / self.calls)} ms"


def table(title: str, figures: Iterable[Figure]) -> str:
    """The figures as a table in Markdown."""
    head = [
        f"## {title}",
        "",
        "| work | measured | target | met | server's CPU, each |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(figure.row() for figure in figures), ""])


def comparison(title: str, ours: Sequence[Figure], theirs: Sequence[Figure]) -> str:
    """Both servers' figures side by side, with how many times ours is better."""
    others = {figure.what: figure for figure in theirs}
    lines = [f"## {title}", "", "| work | ours | the other's | times better |", "|---|---|---|---|"]
    for figure in ours:
        other = others.get(figure.what)
        if other is not None and figure.value and other.value:
            ratio = figure.value / other.value if figure.unit.endswith("/s") else other.value / figure.value
            lines.append(
                f"| {figure.what} | {_number(figure.value)} {figure.unit} | {_number(other.value)} {other.unit} | "
                f"{_number(ratio)} |"
            )
    return "\n".join([*lines, ""])


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def slowest(values: Sequence[float], share: float = 0.95) -> float:
    """The value that ``share`` of all stay below."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
