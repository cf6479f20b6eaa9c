"""What is wrong with a prediction, in the words of Label Studio's own check of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from labelwright.errors import InvalidRegion
from labelwright.label_config.nodes import Node
from labelwright.label_config.results import RELATION, check_result, foreign_labels

if TYPE_CHECKING:
    from labelwright.label_config.config import LabelConfig

_NEEDED = ("from_name", "to_name", "type", "value")


def prediction_errors(config: LabelConfig, prediction: Mapping[str, Any]) -> list[str]:
    """Hold a prediction to the configuration: its controls, its objects, its types, its labels.

    :param prediction: with ``result``, a list of results, and perhaps ``score``, 0..1.
    :returns: a sentence for each thing that is wrong; none if it fits.
    """
    if "result" not in prediction:
        return ["Missing required field 'result'"]
    result = prediction["result"]
    if not isinstance(result, list):
        return ["'result' must be a list"]
    errors = list(_score_errors(prediction.get("score")))
    regions = (item for item in result if isinstance(item, dict) and item.get("type") != RELATION)
    ids = {str(item["id"]) for item in regions if "id" in item}
    for index, item in enumerate(result):
        errors += _item_errors(config, index, item, ids)
    return errors


def _score_errors(score: Any) -> Iterator[str]:
    if score is None:
        return
    try:
        number = float(score)
    except (TypeError, ValueError, OverflowError):
        yield f"Score must be a valid number, got {score}"
        return
    if not 0.0 <= number <= 1.0:
        yield f"Score must be between 0.00 and 1.00 inclusive, got {number}"


def _item_errors(config: LabelConfig, index: int, item: Any, ids: set[str]) -> list[str]:
    if not isinstance(item, dict):
        return [f"Region must be a dictionary. Got {type(item)}: {item}"]
    if item.get("type") == RELATION:
        return [
            f"Relation {index}: '{end}' '{item.get(end)}' not found in regions"
            for end in ("from_id", "to_id")
            if str(item.get(end)) not in ids
        ]
    missing = [f"Region {index}: Missing required field '{key}'" for key in _NEEDED if key not in item]
    return missing or [f"Region {index}: {error}" for error in _region_errors(config, item)]


def _region_errors(config: LabelConfig, item: dict[str, Any]) -> Iterator[str]:
    name, to_name = item["from_name"], item["to_name"]
    control = config.facts_of(name)
    if control is None:
        yield f"'from_name' '{name}' not found in configuration"
        return
    several = [name] if len(control["to_name"]) > 1 else []  # what compares objects may name itself
    valid = (",".join(control["to_name"]), *control["to_name"], *several)
    if to_name not in valid and not control.get("regex"):
        yield f"'to_name' '{to_name}' is not valid for control '{name}'. Valid options: {control['to_name']}"
    node = config.control(name)
    actual, expected = str(item["type"]).lower(), _type_of(config, name, control)
    # A set of labels without a shape of its own may write the labelled type of the tool beside it.
    plain = bool(node and node.tag and node.tag.labels and not node.tag.value)
    if actual != expected and not (plain and actual.endswith(expected)):
        yield f"Type '{actual}' does not match expected type '{expected}' for control '{name}'"
        return
    try:
        if not isinstance(item["value"], dict):
            raise InvalidRegion("value must be an object", field="result.0.value")
        check_result(config, [item])
    except InvalidRegion as error:
        at = (error.field or "").removeprefix("result.0.")
        yield f"Invalid value for control '{name}'. Got: {item['value']}. {at}: {error.message}"
        return
    if node and actual == expected and not _has_own_labels(node, item["value"]):
        yield f"Invalid value for control '{name}'. Got: {item['value']}. Valid options: {list(node.labels)}"


def _has_own_labels(node: Node, value: Mapping[str, Any]) -> bool:
    if node.tag is None or node.tag.labels is None:
        return True
    return node.tag.main_key in value and not any(foreign_labels(node, value))


def _type_of(config: LabelConfig, name: str, control: Mapping[str, Any]) -> str:
    node = config.control(name)
    declared = node.tag.result_type if node and node.tag else None
    return declared or str(control["type"]).lower()
