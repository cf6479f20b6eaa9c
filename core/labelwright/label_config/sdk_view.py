"""The configuration as ``label_studio_sdk`` reads it: what the API answers as ``parsed_label_config``.

That format is part of Label Studio's contract and must be the same whether or not the plugin of a tag is loaded. So
this module reads the XML alone, in the exact spelling that the SDK looks for, and it is the one place in the core
that knows the SDK's own words for labels and for what only looks like a control.
"""

from __future__ import annotations

import re
from typing import Any

from labelwright.label_config.xml import Element

SDK_LABEL_ELEMENTS = frozenset({"Label", "Choice", "Relation"})
SDK_NOT_CONTROLS = frozenset({"Filter"})

_FIELD = re.compile(r"\$[A-Za-z_]+")
_CONDITIONS = (("whenTagName", "tag"), ("whenLabelValue", "label"), ("whenChoiceValue", "choice"))


def parsed(root: Element) -> dict[str, dict[str, Any]]:
    """Each control by its name: type, targets, their inputs, labels with their attributes, in the SDK's words."""
    controls: dict[str, dict[str, Any]] = {}
    inputs: dict[str, dict[str, Any]] = {}
    labels: dict[str, dict[str, dict[str, str]]] = {}
    flags: list[str] = []
    _read(root, [], flags, controls, inputs, labels)
    for name, control in controls.items():
        control["inputs"] = [dict(inputs[target]) for target in control["to_name"] if target in inputs]
        control["labels"] = list(labels.get(name, {}))
        control["labels_attrs"] = labels.get(name, {})
    return controls


def _read(
    element: Element,
    above: list[str],
    flags: list[str],
    controls: dict[str, dict[str, Any]],
    inputs: dict[str, dict[str, Any]],
    labels: dict[str, dict[str, dict[str, str]]],
) -> None:
    """Read an element and all inside it. :param above: the names of the elements around it, outermost first."""
    attrs = element.attrs
    if "indexFlag" in attrs:
        flags.append(attrs["indexFlag"])
    name = attrs.get("name")
    if name and attrs.get("toName") and element.tag not in SDK_NOT_CONTROLS:
        controls[name] = _control(element, flags)
    elif name and (attrs.get("value") or attrs.get("valueList")):
        inputs[name] = _input(element)
    if element.tag in SDK_LABEL_ELEMENTS:
        owner = next((outer for outer in reversed(above) if outer in controls), None)
        stored = attrs.get("alias") or attrs.get("value") or attrs.get("valueList")
        if owner is not None and stored:
            labels.setdefault(owner, {})[stored] = dict(attrs)
    for child in element.children:
        _read(child, [*above, *([name] if name else [])], flags, controls, inputs, labels)


def _control(element: Element, flags: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"type": element.tag, "to_name": element.attrs["toName"].split(",")}
    repeated = {flag: ".*" for flag in flags if any(flag in target for target in facts["to_name"])}
    if repeated:
        facts["regex"] = repeated
    if element.attrs.get("perRegion") == "true":
        for attribute, kind in _CONDITIONS:
            if element.attrs.get(attribute):
                facts["conditionals"] = {"type": kind, "name": element.attrs.get(attribute)}
                break
    if _FIELD.fullmatch(element.attrs.get("value", "")) or element.attrs.get("apiUrl"):
        facts["dynamic_labels"] = True
    return facts


def _input(element: Element) -> dict[str, Any]:
    field = "value" if "value" in element.attrs else "valueList"
    return {
        "type": element.tag,
        "valueType": element.attrs.get("valueType"),
        field: element.attrs[field].lstrip("$"),
    }
