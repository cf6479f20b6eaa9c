"""Whether work that is done survives a change of the configuration."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labelwright.label_config import repeat

if TYPE_CHECKING:
    from labelwright.label_config.config import LabelConfig

Parsed = Mapping[str, Mapping[str, Any]]


def takes(config: LabelConfig, from_name: str, to_name: str, kind: str) -> bool:
    """Whether results that carry this triple still belong to a control of the configuration."""
    parsed = config._parsed
    tag = config.tags.of_result(kind)
    if tag and (tag.any_target or (tag.kind == "object" and from_name == to_name)):
        return True
    control = parsed.get(from_name)
    if control and ",".join(control["to_name"]) == to_name and control["type"].lower() == kind.lower():
        return True
    return (
        any(_matches(name, facts, from_name) for name, facts in parsed.items())
        and any(_matches(target, facts, to_name) for facts in parsed.values() for target in facts["to_name"])
        and kind in {facts["type"].lower() for facts in parsed.values()}
    )


def takes_label(config: LabelConfig, from_name: str, label: str) -> bool:
    """Whether results of this control may still have the label.

    A control whose labels come with the data, or that has none, takes them all; one that is gone takes none.
    """
    parsed = config._parsed
    owner = original_name(parsed, from_name)
    facts = parsed.get(owner)
    if facts is None:
        return False
    node = config.controls.get(owner)
    has_labels = bool(facts["labels"]) or bool(node and node.tag and node.tag.labels)
    if not has_labels or facts.get("dynamic_labels") or label in facts["labels"]:
        return True
    borrowed = any(node.tag and node.tag.borrows_labels for node in config.nodes)
    return borrowed and any(label in others["labels"] for others in parsed.values())


def original_name(parsed: Parsed, from_name: str) -> str:
    """The name in the configuration that a result's ``from_name`` was made of by a repeater."""
    if from_name in parsed:
        return from_name
    return next((name for name, facts in parsed.items() if _matches(name, facts, from_name)), from_name)


def _matches(name: str, facts: Mapping[str, Any], given: str) -> bool:
    pattern = repeat.pattern_of(name, facts.get("regex", ()))
    return name == given if pattern is None else pattern.fullmatch(given) is not None


def essential_hash(parsed: Parsed) -> str:
    """A hash of what results depend on: types, inputs and labels of the controls, not how they look."""
    essence = {
        name: [facts["type"], facts["inputs"], sorted(facts["labels"])] for name, facts in parsed.items()
    }
    return hashlib.sha256(json.dumps(essence, sort_keys=True).encode()).hexdigest()


def essence_has_changed(new: Parsed, old: Parsed) -> bool:
    """Whether a control is new, has another type or input, or has lost a label. Removed controls do not count."""
    for name, facts in new.items():
        before = old.get(name)
        if before is None or facts["type"] != before["type"] or facts["inputs"] != before["inputs"]:
            return True
        if not set(before["labels"]) <= set(facts["labels"]):
            return True
    return False


def control_weights(parsed: Parsed, before: Mapping[str, Any] | None = None) -> dict[str, dict[str, Any]]:
    """The weight of each control and label in agreement: 1.0, or what was set before."""
    before = before or {}
    return {
        name: {
            "overall": _weight(before.get(name, {}).get("overall")),
            "type": facts["type"],
            "labels": {
                label: _weight(before.get(name, {}).get("labels", {}).get(label)) for label in facts["labels"]
            },
        }
        for name, facts in parsed.items()
    }


def _weight(before: Any) -> Any:
    return 1.0 if before is None else before
