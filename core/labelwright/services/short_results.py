"""Short forms of a prediction's result, written out: what people write by hand becomes what the editor draws.

* a list is a result already;
* a mapping of control names to values: ``{"sentiment": "Positive"}``;
* the value of one region, of the first control that takes it: ``{"choices": ["Positive"]}``;
* one text or number: the answer of the first control that takes it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from labelwright.errors import InvalidRegion
from labelwright.label_config import LabelConfig, Node


def expand(result: Any, label_config: LabelConfig) -> list[Any]:
    """A result in its full form.

    :raises InvalidRegion: if no control of the configuration takes such a value.
    """
    if isinstance(result, list):
        return result
    if isinstance(result, Mapping):
        names_none = not result.keys() & label_config.controls.keys()
        if names_none and (node := _taking_whole(result, label_config)) is not None:
            return [_item(node, result)]
        return [item for name, value in result.items() for item in _of_control(name, value, label_config)]
    if isinstance(result, str | int | float) and not isinstance(result, bool):
        for node in label_config.controls.values():
            if _takes(node, result):
                return [_item(node, [result] if _is_listed(node) else result)]
        raise InvalidRegion(
            f"no control of the configuration takes the value {str(result)[:80]!r}",
            code="no-control-for-value", params={"value": str(result)[:80]}, field="result",
        )  # fmt: skip
    raise InvalidRegion(
        "a result must be a list, or a short form of one", code="result-not-list", field="result"
    )


def _of_control(name: str, value: Any, label_config: LabelConfig) -> list[Any]:
    node = label_config.controls.get(name)
    if node is None or node.tag is None:
        raise InvalidRegion(
            f"the configuration has no control named {name!r}",
            code="no-control",
            params={"name": name},
            field="result",
        )
    values = value if isinstance(value, list) and value and isinstance(value[0], Mapping) else [value]
    return [_item(node, one if isinstance(one, list) or not _is_listed(node) else [one]) for one in values]


def _item(node: Node, value: Any) -> dict[str, Any]:
    tag = node.tag
    assert tag is not None
    given = dict(value) if isinstance(value, Mapping) else {str(tag.main_key): value}
    return {
        "id": uuid.uuid4().hex[:10],
        "from_name": node.name,
        "to_name": node.to_name,
        "type": tag.result_type,
        "value": given,
    }


def _taking_whole(value: Mapping[str, Any], label_config: LabelConfig) -> Node | None:
    """The first control that has such values."""
    for node in label_config.controls.values():
        if node.tag is not None and str(node.tag.main_key) in value and _is_accepted(node, dict(value)):
            return node
    return None


def _takes(node: Node, value: str | float) -> bool:
    tag = node.tag
    if tag is None or len(tag.keys) != 1:
        return False
    if not _is_accepted(node, {str(tag.main_key): [value] if _is_listed(node) else value}):
        return False
    return not node.labels or str(value) in node.labels


def _is_accepted(node: Node, value: dict[str, Any]) -> bool:
    assert node.tag is not None
    try:
        node.tag.check(value, node)
    except InvalidRegion:
        return False
    return True


def _is_listed(node: Node) -> bool:
    """Whether the control's value is a list: one that has labels, or declares items."""
    tag = node.tag
    assert tag is not None
    schema = tag.schema(node)["properties"].get(tag.main_key, {})
    return schema.get("type") == "array"
