"""A labelling configuration, read once and asked many times."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Any

from labelwright.errors import InvalidLabelConfig
from labelwright.label_config import changes, data, predictions, repeat, results, sdk_view
from labelwright.label_config.build import MAX_PROBLEMS, Builder
from labelwright.label_config.cache import Cache
from labelwright.label_config.links import link, name_problems
from labelwright.label_config.nodes import Node
from labelwright.label_config.problems import Problem
from labelwright.label_config.xml import Element, read_xml
from labelwright.tags import Tag, TagSet

CACHE = Cache()
LONGEST_NAME = 1_000


@dataclass(frozen=True, eq=False)
class LabelConfig:
    """A configuration that was accepted. It never changes, and answers what everyone asks."""

    xml: str
    hash: str
    """SHA-256 of the text, in hexadecimal."""
    tags: TagSet
    root: Node
    warnings: tuple[Problem, ...]
    _element: Element

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every element, in the order of the document."""
        return tuple(self.root.walk())

    @cached_property
    def controls(self) -> dict[str, Node]:
        """Name to each element that writes results."""
        return {node.name: node for node in self.nodes if node.name and node.tag and node.tag.result_type}

    @cached_property
    def objects(self) -> dict[str, Node]:
        """Name to each element that shows task data."""
        return {
            node.name: node for node in self.nodes if node.name and node.tag and node.tag.kind == "object"
        }

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Name of each set of labels to what its results may hold, in the order of the document."""
        return {name: node.labels for name, node in self.controls.items() if node.tag and node.tag.labels}

    def tree(self) -> dict[str, Any]:
        """The elements as the browser gets them."""
        return self.root.to_json()

    @cached_property
    def used_tags(self) -> tuple[Tag, ...]:
        """The tags in use, each once, in the order of the document."""
        return tuple({node.tag.name: node.tag for node in self.nodes if node.tag}.values())

    @cached_property
    def data_types(self) -> dict[str, Node]:
        """Path in the task's data to the element that shows it: what an imported task must hold."""
        return data.data_types(self.root)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The keys of the task's data that are read for anything, in the order of the document."""
        return data.top_fields(self.root)

    def sample_task(self) -> dict[str, Any]:
        """Task data to preview the configuration with."""
        return data.sample_task(self)

    def check_task(self, task_data: Any) -> dict[str, Any]:
        """Check a task's data on its way in, and give an uploaded file's value its name.

        :returns: the data to show; what was given is not changed.
        :raises InvalidTask: with Label Studio's text; ``field`` is the path that is missing or of a wrong type.
        """
        bound = self.bind_upload(task_data) if isinstance(task_data, Mapping) else task_data
        data.check_data(self.data_types, bound)
        return bound

    def bind_upload(self, task_data: Mapping[str, Any]) -> dict[str, Any]:
        """The data with ``$undefined$`` named as the first field that the configuration reads."""
        return data.bind_upload(self.data_types, task_data)

    @property
    def upload_field(self) -> str | None:
        """The field that ``$undefined$`` stands for: the first that an object or control with a name shows."""
        return next(iter(self.data_types), None)

    @cached_property
    def takes_files(self) -> bool:
        """Whether a file by itself can be a task: only where at most one field is read."""
        return len(self.data_types) <= 1

    def expand(self, task_data: Mapping[str, Any]) -> Node:
        """The elements as they are for one task, what is repeated there once for each item."""
        return repeat.expand(self.root, task_data)

    def control(self, from_name: object) -> Node | None:
        """The control that a result names, be it one of those that a repeater makes."""
        if not isinstance(from_name, str):
            return None
        node = self.controls.get(from_name)
        if node or len(from_name) > LONGEST_NAME:
            return node
        return next((node for pattern, node in self._patterns if pattern.fullmatch(from_name)), None)

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Node]]:
        return repeat.name_patterns(self.root)

    def check(self, result: Any, task_data: Mapping[str, Any] | None = None) -> tuple[Problem, ...]:
        """Check an annotation's results: refuse what nobody could read, and name what is odd.

        :returns: warnings, each with ``path`` in its params.
        :raises InvalidRegion: with the path at fault, e.g. ``result.2.value.width``.
        """
        return results.check_result(self, result, task_data)

    def prediction_errors(self, prediction: Mapping[str, Any]) -> list[str]:
        """What Label Studio's check would say against a prediction; empty if it fits the configuration."""
        return predictions.prediction_errors(self, prediction)

    def result_schema(self) -> dict[str, Any]:
        """JSON Schema of the results of one annotation."""
        return results.result_schema(self)

    def sample_result(self) -> list[dict[str, Any]]:
        """One result of each control, such as a labeller might give."""
        return results.sample_result(self)

    def takes(self, from_name: str, to_name: str, result_type: str) -> bool:
        """Whether stored results of this triple still belong to one of the controls, as Label Studio decides it."""
        return changes.takes(self, from_name, to_name, result_type)

    def takes_label(self, from_name: str, label: str) -> bool:
        """Whether stored results of this control may still have this label."""
        return changes.takes_label(self, from_name, label)

    def suits_bulk(self) -> bool:
        """Whether one answer can be given to many tasks at once: nothing is asked of a part or of a task."""
        return all(node.tag.suits_bulk(node) for node in self.nodes if node.tag)

    @cached_property
    def essential_hash(self) -> str:
        """A hash that stays when only looks change."""
        return changes.essential_hash(self._parsed)

    def essence_has_changed(self, old: LabelConfig) -> bool:
        """Whether a control is new, has another type or input, or lost a label since ``old``."""
        return changes.essence_has_changed(self._parsed, old._parsed)

    def control_weights(self, before: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
        """The weight of each control and label in agreement: 1.0, or what was set before."""
        return changes.control_weights(self._parsed, before)

    def facts_of(self, from_name: object) -> Mapping[str, Any] | None:
        """What :meth:`parsed` says of the control that a result names, known tag or not."""
        name = changes.original_name(self._parsed, from_name) if isinstance(from_name, str) else None
        return self._parsed.get(name) if name is not None else None

    @property
    def asks_nothing(self) -> bool:
        """Whether there is no control, known tag or not: what answers say is then nobody's to judge."""
        return not self._parsed

    @cached_property
    def _parsed(self) -> dict[str, dict[str, Any]]:
        return sdk_view.parsed(self._element)

    def parsed(self) -> dict[str, dict[str, Any]]:
        """What ``label_studio_sdk``'s ``parse_config`` gives; yours to change."""
        return copy.deepcopy(self._parsed)


def parse(xml: str, tags: TagSet | Mapping[str, Tag] | Iterable[type[Tag]]) -> LabelConfig:
    """Read a configuration, or answer from the cache.

    :param tags: the application's set of tags; anything else is made into a set, and not cached.
    :raises InvalidLabelConfig: if Label Studio would refuse it, with every problem found, errors first.
    """
    known = _tag_set(tags)
    if not isinstance(xml, str):
        read_xml(xml)
    key = hashlib.sha256(xml.encode(errors="surrogatepass")).hexdigest()
    config = CACHE.get(known, key)
    if config is None:
        config = _parse(xml, key, known)
        CACHE.put(config)
    return config


def _tag_set(tags: TagSet | Mapping[str, Tag] | Iterable[type[Tag]]) -> TagSet:
    if isinstance(tags, TagSet):
        return tags
    return TagSet(type(tag) for tag in tags.values()) if isinstance(tags, Mapping) else TagSet(tags)


def _parse(xml: str, key: str, tags: TagSet) -> LabelConfig:
    element = read_xml(xml)
    builder = Builder(tags)
    root = builder.build(element)
    linked = list(link(root))  # all of it: it ties the nodes together
    found = chain(name_problems(element), linked, _whole(root), _own_checks(root))
    problems = [*builder.problems, *islice(found, MAX_PROBLEMS)]
    errors = [problem for problem in problems if problem.level == "error"]
    warnings = sorted(
        (problem for problem in problems if problem.level == "warning"), key=lambda found: found.line
    )
    if errors:
        raise InvalidLabelConfig(
            errors[0].message, problems=[problem.to_json() for problem in (*errors, *warnings)]
        )
    return LabelConfig(xml, key, tags, root, tuple(warnings), element)


def _own_checks(root: Node) -> Iterable[Problem]:
    return (problem for node in root.walk() if node.tag for problem in node.tag.check_config(node))


def _whole(root: Node) -> Iterable[Problem]:
    if root.tag and root.tag.kind != "visual":
        yield Problem(
            "warning",
            "odd-root",
            f"The configuration begins with {root.element}",
            "Put everything into one element that arranges the others.",
            root.line,
            root.element,
        )
    if not any(node.tag and node.tag.result_type for node in root.walk()):
        yield Problem(
            "warning",
            "no-controls",
            "Nothing is asked: there is no control",
            "Add a control that says what to label.",
            root.line,
            root.element,
        )
