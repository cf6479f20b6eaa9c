"""The configuration as ``label_studio_sdk`` reads it: what the API answers as ``parsed_label_config``.

That format is part of Label Studio's contract and must be the same whether or not the plugin of a tag is loaded. So
this module reads the XML alone, in the exact spelling that the SDK looks for, and it is the one place in the core
that knows the SDK's own words for labels and for what only looks like a control.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

SDK_LABEL_ELEMENTS = frozenset({"Label", "Choice", "Relation"})
SDK_NOT_CONTROLS = frozenset({"Filter"})

_FIELD = re.compile(r"\$[A-Za-z_]+")
_CONDITIONS = (("whenTagName", "tag"), ("whenLabelValue", "label"), ("whenChoiceValue", "choice"))


def parsed(root: etree._Element) -> dict[str, dict[str, Any]]:
    """Each control by its name: type, targets, their inputs, labels with their attributes, in the SDK's words."""
    controls: dict[str, dict[str, Any]] = {}
    inputs: dict[str, dict[str, Any]] = {}
    labels: dict[str, dict[str, dict[str, str]]] = {}
    flags: list[str] = []
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        if "indexFlag" in element.attrib:
            flags.append(element.attrib["indexFlag"])
        name = element.get("name")
        if name and element.get("toName") and element.tag not in SDK_NOT_CONTROLS:
            controls[name] = _control(element, flags)
        elif name and (element.get("value") or element.get("valueList")):
            inputs[name] = _input(element)
        if element.tag in SDK_LABEL_ELEMENTS:
            owner = _owner(element, controls)
            stored = element.get("alias") or element.get("value") or element.get("valueList")
            if owner is not None and stored:
                labels.setdefault(owner, {})[stored] = dict(element.attrib)
    for name, control in controls.items():
        control["inputs"] = [dict(inputs[target]) for target in control["to_name"] if target in inputs]
        control["labels"] = list(labels.get(name, {}))
        control["labels_attrs"] = labels.get(name, {})
    return controls


def _control(element: etree._Element, flags: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"type": element.tag, "to_name": element.attrib["toName"].split(",")}
    repeated = {flag: ".*" for flag in flags if any(flag in target for target in facts["to_name"])}
    if repeated:
        facts["regex"] = repeated
    if element.get("perRegion") == "true":
        for attribute, kind in _CONDITIONS:
            if element.get(attribute):
                facts["conditionals"] = {"type": kind, "name": element.get(attribute)}
                break
    if _FIELD.fullmatch(element.get("value", "")) or element.get("apiUrl"):
        facts["dynamic_labels"] = True
    return facts


def _input(element: etree._Element) -> dict[str, Any]:
    field = "value" if "value" in element.attrib else "valueList"
    return {
        "type": element.tag,
        "valueType": element.get("valueType"),
        field: element.attrib[field].lstrip("$"),
    }


def _owner(element: etree._Element, controls: dict[str, dict[str, Any]]) -> str | None:
    """The control that a label stands in, the nearest one that has been read by then."""
    for parent in element.iterancestors():
        name = parent.get("name")
        if name in controls:
            return str(name)
    return None
