"""What a configuration reads from a task: which fields, of which types, and an example of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from labelwright.errors import InvalidTask
from labelwright.label_config.nodes import Node
from labelwright.label_config.paths import MISSING, field_of, look_up, top_key

if TYPE_CHECKING:
    from labelwright.label_config.config import LabelConfig

UNDEFINED = "$undefined$"
"""The key under which an uploaded file is kept until a configuration says what its field is called."""

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")
_LARGEST_INDEX = 100
_SHOWN = 500


def field_paths(node: Node) -> Iterator[tuple[str, str]]:
    """The attributes of an element that name task fields, each with the path that it names."""
    attributes = node.tag.field_attributes if node.tag else ("value", "valueList")
    for attribute in attributes:
        text = node.attrs.get(attribute)
        if isinstance(text, str) and not (text == node.text and node.tag and node.tag.markup):
            path = field_of(text)
            if path:
                yield attribute, path


def data_types(root: Node) -> dict[str, Node]:
    """Path to the last element that names it as ``value``: what an imported task must hold, as Label Studio says.

    Only elements with a name count, and never the root; a list of images (``valueList``) is not asked for.
    """
    found: dict[str, Node] = {}
    for node in root.walk():
        value = node.attrs.get("value")
        if node is root or not node.name or not isinstance(value, str) or value == node.text:
            continue
        path = field_of(value)
        if path:
            found[path] = node
    return found


def check_data(types: Mapping[str, Node], data: Any) -> None:
    """Refuse a task without a field that the configuration reads, or with one of a type that it cannot show.

    :raises InvalidTask: with Label Studio's text and the field.
    """
    if not isinstance(data, Mapping):
        raise InvalidTask(
            "Task is empty (None)" if data is None else "Task data must be an object", code="no-data"
        )
    for path, node in types.items():
        is_list = "[" in path
        path = path.partition("[")[0]
        held = look_up(path, data)
        if held is MISSING:
            raise InvalidTask(
                f'"{path}" key is expected in task data',
                code="field-missing",
                params={"field": path},
                field=path,
            )
        expected = (list,) if is_list else node.tag.input_types if node.tag else (str,)
        if not isinstance(held, expected):
            shown = str(held)
            raise InvalidTask(
                f"data['{path}']={shown[:_SHOWN]} is of type '{type(held).__name__}', but the object tag "
                f"{node.element} expects the following types: {[one.__name__ for one in expected]}",
                code="field-type",
                params={"field": path, "type": type(held).__name__, "tag": node.element},
                field=path,
            )


def bind_upload(types: Mapping[str, Node], data: Mapping[str, Any]) -> dict[str, Any]:
    """Give an uploaded file's value the name of the first field that the configuration reads."""
    if UNDEFINED not in data or not types:
        return dict(data)
    bound = {key: value for key, value in data.items() if key != UNDEFINED}
    return {**bound, next(iter(types)): data[UNDEFINED]}


def sample_task(config: LabelConfig) -> dict[str, Any]:
    """Task data to preview a configuration with, one value for each field that it reads.

    A first comment that holds JSON, as in ``<!-- {"text": "Hello"} -->``, says what the sample is.
    """
    data: dict[str, Any] = {}
    for node in config.nodes:
        for attribute, path in field_paths(node):
            whole = str(node.attrs[attribute]).startswith("$")
            value = node.tag.sample_data(node, attribute) if node.tag and whole else "Sample text"
            data = _grow(data, [(key, index) for key, index in _STEP.findall(path)], value)
    return {**data, **_sample_in_comment(config.xml)}


def _grow(held: Any, steps: list[tuple[str, str]], value: Any) -> Any:
    """The same data with a value at a path; what is there already stays. An index that is no number means two items."""
    if not steps:
        return value if held is None else held
    (key, index), rest = steps[0], steps[1:]
    if key:
        inside = held if isinstance(held, dict) else {}
        return {**inside, key: _grow(inside.get(key), rest, value)}
    items = list(held) if isinstance(held, list) else []
    places = [min(int(index), _LARGEST_INDEX)] if index.isdecimal() else [0, 1]
    items += [None] * (max(places) + 1 - len(items))
    for place in places:
        items[place] = _grow(items[place], rest, value)
    return items


def _sample_in_comment(xml: str) -> dict[str, Any]:
    start = next((at for at in (xml.find("<!-- {"), xml.find("<!--{")) if at >= 0), -1)
    end = xml.find("-->", start)
    if start < 0 or end < 0:
        return {}
    try:
        body = json.loads(xml[start + 4 : end])
    except (ValueError, RecursionError):
        return {}
    sample = body.get("data", {} if "predictions" in body or "annotations" in body else body)
    return sample if isinstance(sample, dict) else {}


def top_fields(root: Node) -> tuple[str, ...]:
    """The keys of the task's data that the configuration reads, in the order of the document."""
    return tuple(dict.fromkeys(top_key(path) for node in root.walk() for _, path in field_paths(node)))
