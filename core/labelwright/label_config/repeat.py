"""Elements that are repeated for each item of a list in the task."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from labelwright.errors import InvalidTask
from labelwright.label_config.links import link
from labelwright.label_config.nodes import Node
from labelwright.label_config.paths import field_of, look_up

MAX_NODES = 50_000
MOST_FLAGS = 4


def expand(root: Node, data: Mapping[str, Any]) -> Node:
    """The elements as they are for one task: what stands in a repeater is there once for each item.

    :raises InvalidTask: if that would be more than ``MAX_NODES`` elements.
    """
    made = [0]
    expanded = _copy(root, data, {}, "", made)
    for _ in link(expanded):
        pass  # a task's data changes nothing that its author could mend
    return expanded


def _copy(node: Node, data: Mapping[str, Any], indices: dict[str, int], suffix: str, made: list[int]) -> Node:
    made[0] += 1
    if made[0] > MAX_NODES:
        raise InvalidTask(
            f"The configuration repeats to more than {MAX_NODES:,} elements",
            code="too-many-repeats",
            params={"limit": MAX_NODES},
        )
    attrs = {name: _indexed(value, indices) for name, value in node.attrs.items()}
    children = [copy for child in node.children for copy in _copies(child, data, indices, suffix, made)]
    return Node(
        node.id + suffix,
        node.element,
        node.tag,
        MappingProxyType(attrs),
        tuple(children),
        node.text,
        node.line,
        labels=node.labels,
    )


def _copies(
    node: Node, data: Mapping[str, Any], indices: dict[str, int], suffix: str, made: list[int]
) -> Iterator[Node]:
    repeats = node.tag.repeats if node.tag else None
    if repeats is None:
        yield _copy(node, data, indices, suffix, made)
        return
    path = field_of(str(_indexed(node.attrs.get(repeats.over, ""), indices)))
    items = look_up(path, data) if path else None
    flag = str(node.get(repeats.flag))
    for index in range(len(items) if isinstance(items, list) else 0):
        for child in node.children:
            yield from _copies(child, data, {**indices, flag: index}, f"{suffix}-{index}", made)


def _indexed(value: Any, indices: Mapping[str, int]) -> Any:
    if isinstance(value, list):
        return [_indexed(item, indices) for item in value]
    if isinstance(value, str):
        for flag, index in indices.items():
            value = value.replace(flag, str(index))
    return value


def name_patterns(root: Node) -> list[tuple[re.Pattern[str], Node]]:
    """For each control in a repeater, what its names look like once it is repeated."""
    return [(pattern, node) for pattern, node in _patterns(root, ()) if node.tag and node.tag.result_type]


def pattern_of(name: str, flags: Iterable[str]) -> re.Pattern[str] | None:
    """What a name looks like once its flags are indices; None if it has no flag.

    A flag that comes again must be the same index again, which also keeps the search short.
    """
    present = [flag for flag in dict.fromkeys(flags) if flag and flag in name][:MOST_FLAGS]
    if not present:
        return None
    seen: set[str] = set()
    pattern = ""
    for part in re.split("(" + "|".join(map(re.escape, present)) + ")", name):
        group = f"i{present.index(part)}" if part in present else ""
        pattern += (
            (f"(?P={group})" if part in seen else rf"(?P<{group}>\d{{1,9}})") if group else re.escape(part)
        )
        seen.add(part)
    return re.compile(pattern)


def _patterns(node: Node, flags: tuple[str, ...]) -> Iterator[tuple[re.Pattern[str], Node]]:
    if node.tag and node.tag.repeats:
        flags = (*flags, str(node.get(node.tag.repeats.flag)))
    pattern = pattern_of(node.name, flags) if node.name and flags else None
    if pattern:
        yield pattern, node
    for child in node.children:
        yield from _patterns(child, flags)
