"""A labelling configuration, read once and asked many times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree

from labelwright.errors import InvalidLabelConfig
from labelwright.label_config import sdk_view
from labelwright.label_config.build import Builder
from labelwright.label_config.links import link, name_problems
from labelwright.label_config.nodes import Node
from labelwright.label_config.problems import Problem
from labelwright.label_config.xml import read_xml
from labelwright.tags import Tag, TagSet

CACHED = 512


@dataclass(frozen=True, eq=False)
class LabelConfig:
    """A configuration that was accepted. It never changes, and answers what everyone asks."""

    xml: str
    hash: str
    """SHA-256 of the text, in hexadecimal."""
    tags: TagSet
    root: Node
    warnings: tuple[Problem, ...]
    _element: etree._Element

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

    def parsed(self) -> dict[str, dict[str, Any]]:
        """What ``label_studio_sdk``'s ``parse_config`` gives; a new object each time."""
        return sdk_view.parsed(self._element)


def parse(xml: str, tags: TagSet | Mapping[str, Tag] | Iterable[type[Tag]]) -> LabelConfig:
    """Read a configuration, or answer from the cache.

    :param tags: the application's set of tags; anything else is made into a set, and not cached.
    :raises InvalidLabelConfig: if Label Studio would refuse it, with every problem found, errors first.
    """
    known = _tag_set(tags)
    if not isinstance(xml, str):
        read_xml(xml)
    key = hashlib.sha256(xml.encode(errors="surrogatepass")).hexdigest()
    config = known.cache.get(key)
    if config is None:
        config = known.cache[key] = _parse(xml, key, known)
        while len(known.cache) > CACHED:
            known.cache.pop(next(iter(known.cache)), None)
    return config


def _tag_set(tags: TagSet | Mapping[str, Tag] | Iterable[type[Tag]]) -> TagSet:
    if isinstance(tags, TagSet):
        return tags
    return TagSet(type(tag) for tag in tags.values()) if isinstance(tags, Mapping) else TagSet(tags)


def _parse(xml: str, key: str, tags: TagSet) -> LabelConfig:
    element = read_xml(xml)
    builder = Builder(tags)
    root = builder.build(element)
    problems = [*builder.problems, *name_problems(element), *link(root), *_whole(root)]
    for node in root.walk():
        if node.tag:
            problems.extend(node.tag.check_config(node))
    errors = [problem for problem in problems if problem.level == "error"]
    warnings = sorted(
        (problem for problem in problems if problem.level == "warning"), key=lambda found: found.line
    )
    if errors:
        raise InvalidLabelConfig(
            errors[0].message, problems=[problem.to_json() for problem in (*errors, *warnings)]
        )
    return LabelConfig(xml, key, tags, root, tuple(warnings), element)


def _whole(root: Node) -> Iterable[Problem]:
    if root.tag and root.tag.kind != "visual":
        yield Problem(
            "warning",
            "odd-root",
            f"The configuration begins with {root.element}",
            "Put everything into one <View>.",
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
