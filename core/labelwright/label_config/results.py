"""Checking what was labelled against the configuration.

Label Studio stores the results that it is sent. We keep that open door: keys nobody declared, results of controls or
types that the configuration does not have, labels that it has no more, all pass, and are named in the warnings. What
no program could read is refused with the path at fault: a result that is no object, a width of ``"abc"``.

Predictions are held to more, as Label Studio's own check of them does: see :func:`prediction_errors`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from labelwright.errors import InvalidRegion
from labelwright.label_config.nodes import Node
from labelwright.label_config.problems import Problem
from labelwright.tags import Either, Number, String, Tag, Value
from labelwright.tags.values import check_keys, object_schema

if TYPE_CHECKING:
    from labelwright.label_config.config import LabelConfig

RELATION = "relation"
MAX_WARNINGS = 100
DIRECTIONS = ("left", "right", "bi")

ID = Either(of=(Number(), String()), required=False, help="Results of one region share it.")
ITEM: Mapping[str, Value] = {
    "id": ID,
    "from_name": String(required=False),
    "to_name": String(required=False),
    "type": String(required=False),
    "original_width": Number(required=False, minimum=0, help="Pixels."),
    "original_height": Number(required=False, minimum=0, help="Pixels."),
    "image_rotation": Number(required=False, help="Degrees, clockwise."),
    "item_index": Number(required=False, minimum=0, integer=True),
    "original_length": Number(required=False, minimum=0, help="Seconds."),
    "score": Number(required=False),
    "parentID": ID,
}
LINK: Mapping[str, Value] = {"from_id": replace(ID, required=True), "to_id": replace(ID, required=True)}


def check_result(
    config: LabelConfig, result: Any, data: Mapping[str, Any] | None = None
) -> tuple[Problem, ...]:
    """Refuse what nobody could read, and say what is odd.

    :param data: the task's data, if at hand: tags may look whether a region lies within it.
    :returns: at most ``MAX_WARNINGS`` warnings, each with ``path`` in its params.
    :raises InvalidRegion: with the path at fault, e.g. ``result.2.value.width``.
    """
    if not isinstance(result, list):
        raise InvalidRegion(
            'annotation "result" field in annotation must be list', code="result-is-no-list", field="result"
        )
    warnings: list[Problem] = []
    for index, item in enumerate(result):
        for warning in _check_item(config, item, f"result.{index}", data):
            if len(warnings) < MAX_WARNINGS:
                warnings.append(warning)
    return tuple(warnings)


def _check_item(
    config: LabelConfig, item: Any, path: str, data: Mapping[str, Any] | None
) -> Iterator[Problem]:
    if not isinstance(item, dict):
        raise InvalidRegion("a result must be an object", code="result-is-no-object", field=path)
    if item.get("type") == RELATION:
        check_keys(item, LINK, path + ".")
        return
    check_keys(item, ITEM, path + ".")
    value = item.get("value")
    if value is not None and not isinstance(value, dict):
        raise InvalidRegion("value must be an object", code="value-is-no-object", field=path + ".value")
    node, tag = _writer(config, item)
    if node is None:
        yield _odd(
            "unknown-control",
            f'the configuration has no control "{item.get("from_name")}"',
            path + ".from_name",
        )
    elif tag is not node.tag:
        yield _odd("unexpected-type", f'{node.element} does not write "{item.get("type")}"', path + ".type")
    if tag is None or value is None:
        return
    _check_value(tag, value, node or Node("n0", tag.name, tag), path + ".value")
    if node is not None and tag is node.tag:
        for label in foreign_labels(node, value):
            yield _odd(
                "unknown-label",
                f'{node.element} "{node.name}" has no label "{label}"',
                f"{path}.value.{tag.main_key}",
            )
        if data is not None:
            for code, message in tag.doubts(value, node, data):
                yield _odd(code, message, path + ".value")


def _writer(config: LabelConfig, item: Mapping[str, Any]) -> tuple[Node | None, Tag | None]:
    """The control that the result names, and the tag that knows its type: not always the control's own."""
    node = config.control(item.get("from_name"))
    kind = item.get("type")
    if node and node.tag and node.tag.result_type == kind:
        return node, node.tag
    return node, config.tags.of_result(kind) if isinstance(kind, str) else None


def _check_value(tag: Tag, value: dict[str, Any], node: Node, path: str) -> None:
    try:
        tag.check(value, node)
    except InvalidRegion as error:
        field = f"{path}.{error.field}" if error.field else path
        raise InvalidRegion(error.message, code=error.code, params=error.params, field=field) from None


def foreign_labels(node: Node, value: Mapping[str, Any]) -> Iterator[str]:
    """The labels in a value that the control does not have, unless some of its labels come with the data."""
    tag = node.tag
    if tag is None or tag.labels is None or not node.labels or node.has_dynamic_labels:
        return
    given = value.get(tag.main_key or "")
    for label in given if isinstance(given, list) else ():
        for part in label if isinstance(label, list) else (label,):
            if part not in node.labels:
                yield str(part)


def _odd(code: str, message: str, path: str) -> Problem:
    return Problem("warning", code, message, params={"path": path})


def result_schema(config: LabelConfig) -> dict[str, Any]:
    """JSON Schema of the results that this configuration's controls write."""
    items = [_item_schema(name, node) for name, node in config.controls.items()]
    relation = object_schema(LINK)
    relation["properties"].update(
        {"type": {"const": RELATION}, "direction": {"enum": list(DIRECTIONS)}, "labels": _texts()}
    )
    relation["required"].append("type")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "items": {"anyOf": [*items, relation]},
    }


def _item_schema(name: str, node: Node) -> dict[str, Any]:
    assert node.tag
    schema = object_schema(ITEM)
    schema["properties"].update(
        {
            "from_name": {"const": name},
            "to_name": {"const": _speaks_of(node)},
            "type": {"const": node.tag.result_type},
            "value": node.tag.schema(node),
        }
    )
    return {**schema, "required": ["from_name", "to_name", "type", "value"]}


def _speaks_of(node: Node) -> str:
    """``to_name`` of a control's results: its object; what compares several, and what labels itself, names itself."""
    return str((node.to_name if len(node.targets) < 2 else None) or node.name)


def _texts() -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}}


def sample_result(config: LabelConfig) -> list[dict[str, Any]]:
    """One result of each control, such as a labeller might give."""
    return [
        {
            "id": f"sample{index:04d}",
            "from_name": name,
            "to_name": _speaks_of(node),
            "type": node.tag.result_type,
            "value": node.tag.sample(node),
        }
        for index, (name, node) in enumerate(config.controls.items(), 1)
        if node.tag
    ]
