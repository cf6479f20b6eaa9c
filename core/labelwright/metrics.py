"""What a measure of agreement can be: how alike the answers of two people to one question are.

A metric compares what two annotations of a task hold of one control. Which people are compared, what the figures add up
to, where they are kept and shown is others' work: a metric is one function and a few words::

    class SameStars(Metric):
        "Stars, the nearer the better."

        name = "stars-distance"
        title = "Nearness of stars"

        def serves(self, control):
            return control.tag.result_type == "stars"

        def score(self, a, b, question):
            [one], [other] = a, b
            return 1 - abs(one["value"]["stars"] - other["value"]["stars"]) / question.control.get("max")
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from labelwright.errors import InvalidInput
from labelwright.tags.attributes import Attribute, BadAttribute, declared

if TYPE_CHECKING:
    from labelwright.label_config.nodes import Node

Result = Mapping[str, Any]
"""One result of an annotation, as Label Studio has it: ``from_name``, ``to_name``, ``type``, ``value``."""
LabelPair = tuple[str | None, str | None]
"""What one said and what the other said of the same thing; ``None``: nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: a control of the configuration, and how the project has set up its comparison."""

    control: Node
    params: Mapping[str, Any] = field(default_factory=dict)
    """Every parameter that the metric declares: what the project chose, or the default."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """The weight of each label, 0 or more; those that are not named have 1."""

    def weight(self, label: str) -> float:
        """How much agreement about this label counts; 0: not at all."""
        return max(0.0, self.weights.get(label, 1.0))


@dataclass(frozen=True, slots=True)
class Measured:
    """What a metric said of two answers.

    :param score: from 0 to 1; ``None``: there is nothing to be said.
    :param labels: what was called how by the two.
    """

    score: float | None
    labels: tuple[LabelPair, ...] = ()


class Metric(ABC):
    """A way to tell how alike two answers are. Instances have no state: there is one for each application.

    The order of the two answers must not matter (but for that of ``labels``), and an answer is wholly like itself.
    """

    name: ClassVar[str]
    """What a project's choice is stored as, kebab-case: ``box-overlap``. Unique among all plugins."""
    title: ClassVar[str]
    """What people choose it by; English msgid."""
    help: ClassVar[str] = ""
    """What it says, in one sentence; English msgid."""
    params: ClassVar[Mapping[str, Any]] = {}
    """Name to :class:`~labelwright.api.Attribute`, or to a bare default: what a project may set."""
    preference: ClassVar[int] = 0
    """Of the metrics that serve a control, the one with the highest is taken until somebody chooses another."""

    @abstractmethod
    def serves(self, control: Node) -> bool:
        """Whether it can compare answers to this control. ``control.tag`` is never ``None``."""

    @abstractmethod
    def score(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> float | None:
        """How alike two answers are.

        :param a: the results of one annotation for the control, in the order of the annotation; at least one.
        :param b: those of the other, at least one. Where only one of the two has answered, 0 is the score and nobody
            is asked; where neither has, the control does not count.
        :returns: 0 (nothing in common) to 1 (the same); ``None`` where there is nothing to be said.
        """

    def labels(self, a: Sequence[Result], b: Sequence[Result], question: Question) -> Iterable[LabelPair]:
        """What was called how by the two, for the table of what is taken for what; nothing by default.

        :param a: as in :meth:`score`, but either may be empty; :param b: likewise.
        :returns: a pair for each thing that both speak of, and one with ``None`` for each that only one does.
        """
        return ()

    def read_params(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check what a project has set.

        :returns: all parameters, with defaults where nothing is set.
        :raises InvalidInput: with the parameter's name as ``field``.
        """
        known = declared(self.params)
        if odd := next((name for name in given if name not in known), None):
            names = ", ".join(known) or "none"
            raise InvalidInput(f"There is no parameter {odd!r}; there are: {names}.", field=odd)
        return {name: _read(name, one, given[name]) if name in given else one.default
                for name, one in known.items()}  # fmt: skip

    @classmethod
    def info(cls) -> dict[str, Any]:
        """As the browser gets it."""
        params = {
            name: one.info() | {"minimum": one.minimum, "maximum": one.maximum}
            for name, one in declared(cls.params).items()
        }
        return {"name": cls.name, "title": cls.title, "help": cls.help, "params": params}


def measure(metric: Metric, a: Sequence[Result], b: Sequence[Result], question: Question) -> Measured:
    """Ask a metric about two answers, of which one may be empty.

    :raises ValueError: if what it says is no score.
    """
    labels = tuple(metric.labels(a, b, question))
    if not a or not b:
        return Measured(0.0, labels)
    score = metric.score(a, b, question)
    if score is None:
        return Measured(None, labels)
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise ValueError(f"the metric {metric.name} must give a number from 0 to 1, not {score!r}")
    if not -1e-9 <= score <= 1 + 1e-9:
        raise ValueError(f"the metric {metric.name} must give a number from 0 to 1, not {score!r}")
    return Measured(min(1.0, max(0.0, float(score))), labels)


def _read(name: str, attribute: Attribute, value: Any) -> Any:
    is_bool = isinstance(value, bool)
    if not isinstance(value, str | int | float) or is_bool is not (attribute.kind == "bool"):
        raise InvalidInput(f"The parameter {name!r} cannot be this.", field=name)
    text = str(value).lower() if is_bool else str(value)
    if attribute.kind != "string" and text.startswith("$"):
        raise InvalidInput(f"The parameter {name!r} cannot name a field of the task.", field=name)
    try:
        return attribute.read(text)
    except BadAttribute as error:
        raise InvalidInput(f"The parameter {name!r} {error}.", field=name) from error
